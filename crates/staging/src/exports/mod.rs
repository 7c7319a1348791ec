//! Exports: handing results out, one by signed link or a whole project as a ZIP archive.
//!
//! The archive is written while it is sent: one photo at a time is in memory, nothing is on disk. What surprises
//! people: an object that has vanished does not break the archive. It is left out and named in `MISSING.txt`.

pub mod archive;
pub mod manifest;
pub mod names;
pub mod routes;
pub mod service;
pub mod sql;
