//! `Idempotency-Key`: a request that is repeated has one effect and one answer.
//!
//! The layer claims the key, lets the handler work inside a database unit that holds its commit back, and commits the
//! answer together with the effect. So there is no moment at which one exists without the other: a process that is
//! killed leaves either both, and the repeat is answered from the record, or neither, and the repeat runs once the
//! claim has ended. It covers every POST and PATCH whose answer
//! holds no secret (a field of the format `password` in the OpenAPI document), except signing in and out.

pub mod jobs;
pub(crate) mod record;
pub mod sql;

pub use jobs::PurgeRecords;
