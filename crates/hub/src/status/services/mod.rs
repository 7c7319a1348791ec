//! Services: what the status page is about. Operators make them; three are Vitrine's own.

pub mod routes;
pub mod service;
