//! The catalogue: every piece the built-in engine can make, by kind, form and style.
//!
//! It is part of the program and the same for everybody, so there is no table behind it: lists are cut from memory.

pub mod model;
