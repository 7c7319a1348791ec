//! Jobs of everybody; the dead ones wait here for somebody to look.

pub mod routes;
pub mod service;
