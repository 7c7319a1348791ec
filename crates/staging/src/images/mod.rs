//! Images: one staging of an original.
//!
//! ```text
//! queued ──► processing ──► ready
//!    ▲  ▲        │ │
//!    │  └────────┘ └──► error      (a failed attempt that is tried again goes back to queued)
//!    │                    │
//!    └──── retry ─────────┴── canceled
//! ```
//!
//! Quota is reserved when an image is queued, used when it is ready, given back otherwise. To add a step to the
//! way, add it where the engine reports progress; clients show the text as it comes.

pub mod jobs;
pub mod model;
pub mod replies;
pub mod requests;
pub mod routes;
pub mod service;
pub mod snapshot;
pub mod sql;

pub use model::{Image, ImageStatus};
