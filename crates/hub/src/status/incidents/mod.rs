//! Incidents: what went wrong, told step by step.
//!
//! ```text
//! investigating ──► identified ──► monitoring ──► resolved       (in any order; a resolved one may be opened again)
//! ```
//!
//! What surprises people: an open incident says by its impact how its services are, through events of theirs. When it is
//! resolved, a service that nobody said anything else about meanwhile is operational again.

pub mod model;
pub mod routes;
pub mod service;
pub mod sql;
