//! Accounts of everybody.

pub mod routes;
pub mod service;
