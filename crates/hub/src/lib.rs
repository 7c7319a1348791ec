//! The product area of customers and community: support, posts, the public status page.
//!
//! [`tickets`] are questions to the support, with their [`attachments`] and the staff's [`canned_replies`]. [`posts`] are
//! what the community writes, with [`comments`], [`votes`] and [`moderation`]. [`status`] is how everything is.

use std::sync::Arc;
use std::time::Duration;

use utoipa_axum::router::OpenApiRouter;
use vitrine_platform::Module;
use vitrine_platform::jobs::{JobKind, Schedule};

pub mod attachments;
mod author;
mod body;
pub mod canned_replies;
pub mod comments;
mod markdown;
pub mod moderation;
pub mod posts;
mod public;
mod staff;
pub mod status;
mod text;
pub mod tickets;
pub mod votes;
mod words;

const MINUTE: Duration = Duration::from_secs(60);
const HOUR: Duration = Duration::from_secs(3_600);

/// Everything of this area, for the composition root.
pub fn module() -> Module {
    Module {
        name: "hub",
        routes: OpenApiRouter::new()
            .merge(status::router())
            .merge(attachments::routes::router())
            .merge(tickets::routes::router())
            .merge(canned_replies::routes::router())
            .merge(posts::routes::router())
            .merge(comments::routes::router())
            .merge(votes::routes::router())
            .merge(moderation::routes::router()),
        pages: status::pages::routes::router(),
        jobs: vec![
            JobKind::of::<status::maintenance::jobs::TellMaintenance>(),
            JobKind::of::<status::health::jobs::WatchHealth>(),
            JobKind::of::<status::subscribers::jobs::SendConfirmation>(),
            JobKind::of::<status::subscribers::jobs::TellSubscribers>(),
            JobKind::of::<status::subscribers::jobs::PurgeSubscribers>(),
            JobKind::of::<attachments::jobs::PurgeAttachments>(),
        ],
        schedules: vec![
            Schedule::every(
                "hub.tell_maintenance",
                MINUTE,
                status::maintenance::jobs::TellMaintenance {},
            ),
            Schedule::every("hub.watch_health", MINUTE, status::health::jobs::WatchHealth {}),
            Schedule::every(
                "hub.purge_subscribers",
                HOUR,
                status::subscribers::jobs::PurgeSubscribers {},
            ),
            Schedule::every(
                "hub.purge_attachments",
                Duration::from_secs(6 * 3600),
                attachments::jobs::PurgeAttachments::default(),
            ),
        ],
        statements: vec![
            status::sql::STATEMENTS,
            status::incidents::sql::STATEMENTS,
            status::maintenance::sql::STATEMENTS,
            status::subscribers::sql::STATEMENTS,
            status::health::sql::STATEMENTS,
            attachments::sql::STATEMENTS,
            tickets::sql::STATEMENTS,
            canned_replies::sql::STATEMENTS,
            posts::sql::STATEMENTS,
            comments::sql::STATEMENTS,
            votes::sql::STATEMENTS,
            moderation::sql::STATEMENTS,
        ],
        notices: tickets::notices::KINDS
            .into_iter()
            .chain([
                &comments::notices::REPLIED,
                &moderation::notices::DECIDED,
                &moderation::notices::FLAGGED,
                &status::health::notices::HEALTH,
            ])
            .collect(),
        attendants: vec![Arc::new(status::health::HealthWatch)],
        ..Module::default()
    }
}
