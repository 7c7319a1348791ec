//! Passkeys (WebAuthn): signing in with a device that checks its owner, in the place of password and second factor.
//!
//! ```text
//! start ──► ceremony (5 minutes, one use) ── the device's answer ──► passkey, or session
//! ```
//!
//! What surprises people: a device's answer is bound to the host name, so that a passkey made under one public URL is
//! of no use under another.

mod ceremony;
mod letters;
pub mod model;
mod relying_party;
pub mod routes;
mod service;
pub mod sql;

pub(super) use ceremony::purge;
