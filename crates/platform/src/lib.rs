//! What every product area needs: accounts, files, jobs, events, quotas, audit, and the HTTP kit.
//!
//! An area exports one [`module::Module`]; the composition root mounts it. Everything an area may touch at run time
//! hangs on [`Ctx`].

pub mod accounts;
pub mod admin;
pub mod api_keys;
pub mod audit;
pub mod billing;
pub mod csp;
pub mod ctx;
pub mod events;
pub mod files;
pub mod idempotency;
pub mod jobs;
pub mod limits;
pub mod mail;
pub mod module;
pub mod notifications;
pub mod telemetry;
pub mod vault;
pub mod web;
pub mod workspaces;

pub use accounts::Actor;
pub use ctx::{Ctx, Environment, Settings};
pub use module::{Module, module};
