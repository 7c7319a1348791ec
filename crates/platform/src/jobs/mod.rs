//! Background work: kinds, retries, leases, progress, cancelling, schedules.
//!
//! A job is queued in the transaction that makes the work necessary ([`enqueue`]) and run by a [`Worker`] of any
//! process. What surprises people: a job may run twice. A worker holds a lease that it renews; when it dies another
//! one takes over, and from then on the first one can no longer finish the job, only its own idempotent commits count.
//! To add a kind of work: implement [`Job`] in your slice's `jobs.rs` and list `JobKind::of::<YourJob>()` in its module.

mod alone;
mod finisher;
mod job;
mod keeper;
mod kind;
mod model;
mod purge;
mod queue;
pub mod routes;
mod run;
mod schedule;
pub mod service;
mod settle;
pub mod sql;
mod worker;

pub use job::{Failure, Job, JobEnd, JobError, Priority, Subject};
pub use kind::{JobKind, Kinds};
pub use model::JobView;
pub use purge::PurgeJobs;
pub(crate) use queue::revive;
pub use queue::{EnqueueOptions, cancel, cancel_subject, enqueue, enqueue_with, lock_subject};
pub use run::JobRun;
pub use schedule::Schedule;
pub use service::{JobSnapshot, subject_of};
pub use worker::{Worker, WorkerOptions, drain};

#[cfg(test)]
pub(crate) mod tests;
