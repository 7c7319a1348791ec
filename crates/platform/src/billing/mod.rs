//! Plans and quotas: what a workspace may use in a month, reserved before work starts and settled when it ends.
//!
//! What surprises people: a reservation counts against the quota at once, so two batches that start together cannot
//! exceed it; failed and canceled work gives its part back.

pub mod model;
pub mod routes;
pub mod service;
pub mod sql;

pub use model::{Metric, PLANS, Period, Plan, Reservation, Settle, UNLIMITED, Usage};
pub use service::{reserve, settle, usage};

/// The plan with this code, if there is one.
pub fn plan(code: &str) -> Option<&'static Plan> {
    Plan::find(code)
}
