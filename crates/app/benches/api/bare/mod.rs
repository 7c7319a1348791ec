//! The yardstick: axum and sqlx, nothing between them. It sends the statements of the product, taken from its own
//! `sql.rs` files so that they cannot drift apart, in the same order and the same transactions, and answers the rows
//! as JSON. What it leaves out is what the product adds: checks of the input, tokens, problem documents, headers,
//! signed links, metrics, signals to other processes.
//!
//! One source, [`server`](sqlite::server), is compiled once per engine, as a program written for one engine would be.

pub mod postgres;
pub mod sqlite;
