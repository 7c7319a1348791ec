//! Second factors: authenticator apps (TOTP) and recovery codes.
//!
//! ```text
//! none ── setup ──► seed waits ── first code ──► on ── disable ──► none
//! password right, factor on ──► challenge (5 minutes) ── code ──► session
//! ```
//!
//! What surprises people: while a factor is on, the right password alone does not forget wrong tries; only a finished
//! sign-in does. Otherwise who knows the password could guess codes without end.

mod base32;
mod challenge;
mod letters;
mod qr;
mod recovery_codes;
pub mod routes;
mod service;
pub mod sql;
pub mod totp;

pub(super) use challenge::{ask, end as end_challenges, purge};
pub use service::SEALED;
pub(super) use service::{WRONG_CODE, forget, is_on, status, use_up};
