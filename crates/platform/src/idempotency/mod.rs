//! `Idempotency-Key`: a request that is repeated has one effect and one answer.
//!
//! The layer claims the key, lets the handler work inside a database unit that holds its commit back, and commits the
//! answer together with the effect. So there is no moment at which one exists without the other: a process that is
//! killed leaves either both, and the repeat is answered from the record, or neither, and the repeat runs once the
//! claim has ended. It covers every POST and PATCH under the API by default; [`is_exempt`] names the exceptions.

pub mod jobs;
pub(crate) mod record;
pub mod sql;

pub use jobs::PurgeRecords;

/// Routes whose answers hold secrets or sign somebody in: a record of them would be a copy of the secret.
const EXEMPT: [&str; 7] = [
    "/api/v1/auth/",
    "/api/v1/events/ticket",
    "/api/v1/setup",
    "/api/v1/api-keys",
    "/api/v1/webhooks",
    "/api/v1/stripe/",
    "/api/v1/files/",
];

/// Whether a path ignores the header.
pub fn is_exempt(path: &str) -> bool {
    !path.starts_with("/api/v1/") || EXEMPT.iter().any(|prefix| path.starts_with(prefix))
}
