//! Workspaces of everybody, and their plans.

pub mod routes;
pub mod service;
