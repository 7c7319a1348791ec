//! Stories through the API of the platform, on both engines.

mod accounts;
mod billing;
mod events;
mod jobs;
mod sessions;
mod setup;
mod web;

/// The platform alone.
fn modules() -> Vec<vitrine_platform::Module> {
    vec![vitrine_platform::module()]
}
