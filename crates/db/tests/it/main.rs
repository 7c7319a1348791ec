//! Storage tests of the layer itself, on both engines.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod engine;
mod lists;
mod migrations;
mod schema;
mod statements;
mod unit;
mod wake;
