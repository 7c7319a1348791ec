//! Scenes: what stands where in a staging, and every saved state of it.
//!
//! ```text
//!            changed: If-Match                      rendered
//! ready n ─────────────────────► queued n+1 ──────────────────────► ready n+1
//!    ▲                               │  failed or canceled
//!    └───────────────────────────────┘  (n is shown again; n+1 is never used for anything else)
//! ```
//!
//! A version is a [`SceneDocument`](vitrine_scene::document::SceneDocument) and the picture made of it. Versions are
//! added, never rewritten: bringing an older one back copies it to a new number. What surprises people: an image the
//! engine refused has a scene as well, its best guess without furniture, and correcting that guess is what gets the
//! photo staged after all.

pub mod carry;
pub mod check;
pub mod model;
pub mod prints;
pub mod replies;
pub mod routes;
pub mod service;
pub mod shelf;
pub mod sql;
pub mod versions;
pub mod workbench;

pub use model::{SceneChange, Version, VersionStatus};
