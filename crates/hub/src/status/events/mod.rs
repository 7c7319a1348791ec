//! Events: what was told of a service, and when. They are never changed; the newest one is how it is.

pub mod routes;
pub mod service;
