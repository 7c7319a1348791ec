//! A support ticket: a question with the messages about it.
//!
//! It belongs to who asked, in whichever workspace; the staff, which is the operators of the instance, sees all of
//! them. What surprises people: a note of the staff changes nothing the requester can see, not even `updated_at`.
//!
//! ```text
//! open ──staff replies──► pending ──requester replies──► open
//!   └──────────── either of them ────────────► resolved, closed ──requester replies──► open
//! ```

pub mod messages;
pub mod model;
pub mod notices;
pub mod routes;
pub mod service;
pub mod sql;
