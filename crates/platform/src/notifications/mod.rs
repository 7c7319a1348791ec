//! What people are told: a row in the app, live over the event stream, and by preference a letter.
//!
//! A slice declares its [`Kind`]s, lists them in its module's `notices`, and calls [`service::notify`] in the
//! transaction that makes the news, so that the news is told when it is true and only then. What surprises people:
//! a notification belongs to an account, not to a workspace; it is told in all of the account's streams and in nobody
//! else's. Letters that have to wait (digests, groups) carry their hour in the row and are collected by
//! [`jobs::Tick`].
//! [`jobs::Tick`].

pub mod clockwork;
mod drafts;
pub mod jobs;
pub mod kinds;
mod letters;
mod model;
pub mod news;
pub mod preferences;
pub mod routes;
pub mod rules;
pub mod schedules;
pub mod service;
pub mod sql;
pub mod unsubscribe;

pub use kinds::NoticeKinds;
pub use model::{Cadence, Channels, Group, Kind, Notice};
