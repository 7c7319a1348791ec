//! The product area of customers and community: support, posts, the public status page.
//!
//! [`tickets`] are questions to the support, with their [`attachments`].

use std::time::Duration;

use utoipa_axum::router::OpenApiRouter;
use vitrine_platform::Module;
use vitrine_platform::jobs::{JobKind, Schedule};

pub mod attachments;
mod author;
mod markdown;
mod staff;
mod text;
pub mod tickets;
mod words;

/// Everything of this area, for the composition root.
pub fn module() -> Module {
    Module {
        name: "hub",
        routes: OpenApiRouter::new()
            .merge(attachments::routes::router())
            .merge(tickets::routes::router()),
        jobs: vec![JobKind::of::<attachments::jobs::PurgeAttachments>()],
        schedules: vec![Schedule::every(
            "hub.purge_attachments",
            Duration::from_secs(6 * 3600),
            attachments::jobs::PurgeAttachments::default(),
        )],
        statements: vec![attachments::sql::STATEMENTS, tickets::sql::STATEMENTS],
        ..Module::default()
    }
}
