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
//! A change to the scene of a ready image makes it queued again, with the next version; see [`crate::scenes`]. Until that has
//! a picture, files and numbers are those of the version before, and a failure leads back to it.
//!
//! Quota is reserved when an image is queued, used when it is ready, given back otherwise. To add a step to the
//! way, add it where the engine reports progress; clients show the text as it comes.

pub mod jobs;
pub mod model;
pub mod notices;
pub mod replies;
pub mod requests;
pub mod routes;
pub mod service;
pub mod snapshot;
pub mod sql;

pub use model::{Image, ImageStatus};
