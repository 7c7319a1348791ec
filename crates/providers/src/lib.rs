//! Clients of outside services, each a folder with its trait, the real client and what stands in for it without one.

pub mod http;
pub mod mail;
pub mod oidc;
pub mod redis;
