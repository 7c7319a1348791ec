//! The catalogue: every piece the built-in engine can make, by kind, form and style.
//!
//! It is part of the program and the same for everybody, so there is no table behind it: lists are cut from memory, in one
//! order. Portraits are rendered when somebody first looks at a piece and kept in object storage under a key made of what
//! they show, so that a piece that changes gets another picture.

pub mod model;
pub mod routes;
pub mod service;

pub use model::{Category, Entry};
