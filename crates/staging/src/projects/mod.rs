//! A project is a named set of photos, usually one property. It owns nothing but its name: originals are linked to
//! it, images are made in it.
//!
//! This is the **reference slice**: `model` says what it is, `service` what happens, `sql` what is stored, `routes`
//! who may ask. What surprises people: deleting only marks the row, and everything except `restore` then treats the
//! project as unknown.
//!
//! ```text
//! create ──► live ◄──► deleted ──► purged        (restore within RESTORE_DAYS)
//! ```

pub mod jobs;
pub mod model;
mod purge;
pub mod routes;
pub mod service;
pub mod sql;
