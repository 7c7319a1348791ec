//! Flags of readers, and what moderators make of them.
//!
//! Each account flags a thing once. When enough did, it is hidden until a moderator decides; what a moderator kept is
//! hidden again only by as many new flags. Moderators are the operators of the instance.

pub mod flags;
pub mod model;
pub mod notices;
pub mod routes;
pub mod service;
pub mod sql;
