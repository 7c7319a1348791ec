//! Planned maintenance: a window of time in which services may be away without it counting as an outage.
//!
//! ```text
//! scheduled ──► active ──► completed
//!     └────────────┴─────► canceled          (one that is called off while it is active counts until then)
//! ```

pub mod jobs;
pub mod model;
pub mod routes;
pub mod service;
pub mod sql;
