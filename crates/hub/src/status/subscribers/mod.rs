//! Who gets letters about incidents and maintenance.
//!
//! An address counts once it was confirmed through a link that works once; every letter has a link that ends it without
//! signing in. What surprises people: asking always gets the same answer, because it must not tell who is subscribed;
//! what happens is decided by a job.

pub mod jobs;
pub mod letters;
pub mod routes;
pub mod service;
pub mod sql;
