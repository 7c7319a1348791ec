//! API keys: how programs sign in.
//!
//! A key belongs to one account in one workspace and opens what its scopes allow, never more than that account may do
//! there at the moment it is used. Its secret is shown once and kept as a hash. What a key may never do, such as making
//! keys or changing a password, is refused where requests are authenticated ([`crate::web`]), not route by route.

pub mod model;
pub mod routes;
pub mod service;
pub mod sql;

pub use model::Scope;
pub use service::is_key;
