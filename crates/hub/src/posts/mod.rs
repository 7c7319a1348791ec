//! Posts of the community: everybody reads them, accounts write, vote and flag, operators moderate.
//!
//! What surprises people: a post with enough flags is hidden before anybody looked at it, and then only its author and
//! the moderators see it. What was removed or deleted is unknown to everybody but the moderators.
//!
//! ```text
//! visible ──flags──► hidden ──moderator keeps──► visible
//!    │                 └──────moderator removes──► removed ──moderator keeps──► visible
//!    └──author deletes──► deleted
//! ```

pub mod model;
pub mod routes;
pub mod service;
pub mod sql;
