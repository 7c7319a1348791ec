//! Tenants and who belongs to them.
//!
//! Every account has a personal workspace from the start, which stays its own; everything a person makes belongs to a
//! workspace. Shared workspaces have members, whom invitations bring in. What surprises people: an open invitation
//! takes a seat, so that accepting it cannot fail for want of one.

pub mod deletion;
pub mod invitations;
pub mod members;
pub mod model;
pub mod routes;
pub mod service;
pub mod sql;

pub use deletion::PurgeWorkspace;
pub use invitations::PurgeInvitations;
pub use model::{Membership, Role};
