//! Files people attach to messages of tickets: announced, sent to the storage by a signed link, looked at when a
//! message takes them, and from then on only handed out as downloads.
//!
//! What surprises people: the row is there before the bytes are, and the bytes go before the row does, so that nothing
//! stored is ever without one.

pub mod jobs;
pub mod model;
pub mod routes;
pub mod service;
pub mod sql;
