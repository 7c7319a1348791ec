//! The status page as people see it: whole from the server, without a script, readable on a phone and by a screen reader.

pub mod routes;
mod view;
