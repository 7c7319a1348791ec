//! Originals: the photos people upload, and the uploads they arrive by.
//!
//! ```text
//! presign ──► announced ──► (bytes go to the storage) ──► complete ──► original: processing ──► ready
//!                 └── not completed in time: expired                                └──► rejected
//! ```
//!
//! What is declared about a file is only a claim. `complete` looks at size, first bytes, dimensions and hash and
//! answers at once; [`jobs::PrepareOriginal`] decodes the whole picture, keeps it without personal metadata and makes
//! the upright pictures that pages show. What surprises people: bytes arrive under an `incoming/` key and are copied to a key of their own
//! before they are looked at, so that nobody can swap them between the check and the use. The same bytes are kept once
//! per workspace, however often they are uploaded.

pub mod inspect;
pub mod jobs;
pub mod model;
pub mod routes;
pub mod service;
pub mod sql;
mod strip;
pub mod sweep;

pub use model::{Original, OriginalStatus};

/// Long side of the picture that pages show, in pixels.
pub const PREVIEW_SIDE: u32 = 2048;
/// Long side of the picture on cards and in lists, in pixels.
pub const THUMB_SIDE: u32 = 400;
