//! The catalogue: every piece the built-in engine can make, by kind, form and style, and the pieces people imported.
//!
//! What the engine makes is part of the program and the same for everybody, so there is no table behind it: lists are cut
//! from memory, in one order. Portraits are rendered when somebody first looks at a piece and kept in object storage under
//! a key made of what they show, so that a piece that changes gets another picture. Imported pieces ([`assets`]) come by
//! [`imports`] or from the operator's command line; they follow in the list.

pub mod assets;
pub mod imports;
pub mod jobs;
pub mod library;
pub mod model;
pub mod models;
pub mod routes;
pub mod service;
pub mod sql;

pub use model::{Category, Entry};
