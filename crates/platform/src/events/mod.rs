//! What clients may see live: an outbox written in the transaction that made the news, delivered as server-sent events.
//!
//! [`publish`] inserts a row; every process that serves streams tails the table ([`tail`]) and hands each event to the
//! streams of its workspace. What surprises people: on PostgreSQL rows become visible in another order than their
//! numbers, so an event is delivered only when every older transaction has ended. To tell new streams about one more
//! kind of thing: implement [`SnapshotSource`] and list it in the module.

mod hub;
mod jobs;
mod model;
pub mod routes;
mod service;
pub mod sql;
mod stream;
mod ticket;

pub use hub::{Hub, tail};
pub use jobs::PurgeEvents;
pub use model::{NewEvent, Position, SnapshotSource, StreamFilter};
pub use service::{publish, publish_to_account};

#[cfg(test)]
mod tests;
