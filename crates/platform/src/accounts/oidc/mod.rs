//! Signing in with another service (OpenID Connect), and bearer tokens that it issued.
//!
//! ```text
//! /auth/oidc/login ──► issuer ──► /auth/oidc/callback ──► session and refresh cookie ──► a page of the app
//! Authorization: Bearer <token of the issuer> ──► the account of (issuer, subject)
//! ```
//!
//! What surprises people: who somebody is stands in the issuer's subject and never in the address. An address joins an
//! existing account once, when the issuer vouches for it; whatever an unproven owner left in that account is removed.

mod identity;
mod issuer;
pub mod linked;
mod login;
pub mod routes;
pub mod sql;
mod token;

pub use issuer::{Oidc, OidcSettings};

pub(super) use identity::session_of_bearer;
pub(super) use login::purge;
