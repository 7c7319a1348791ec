//! Stories through the API of the platform, on both engines.

mod accounts;
mod admin;
mod api_keys;
mod authenticator;
mod billing;
mod closed;
mod confirm;
mod events;
mod full_disk;
mod identities;
mod issuer;
mod jobs;
mod leaving;
mod limits;
mod limits_shared;
mod mfa;
mod notification_clock;
mod notification_preferences;
mod notification_rules;
mod notifications;
mod oidc;
mod oidc_server;
mod operators;
mod passkeys;
mod profile;
mod recovery;
mod sessions;
mod setup;
mod sql;
mod vault;
mod web;
mod workspace_deletion;
mod workspaces;

/// The platform alone.
fn modules() -> Vec<vitrine_platform::Module> {
    vec![vitrine_platform::module()]
}
