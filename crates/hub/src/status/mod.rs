//! The public status page: services and how they are, incidents, planned maintenance, 90 days of uptime.
//!
//! Everybody reads, operators write. A service's state is what its newest event says; a maintenance window that is open
//! lies over it, and the worse of the two is shown. What surprises people: windows need nobody to open or close them,
//! they are computed when somebody looks; the job only notes that they began and ended.

pub mod board;
pub mod events;
pub mod feed;
pub mod health;
pub mod incidents;
pub mod maintenance;
pub mod model;
pub mod pages;
pub mod services;
pub mod sql;
pub mod subscribers;
pub mod uptime;

use utoipa_axum::router::OpenApiRouter;
use vitrine_platform::Ctx;

/// Routes under `/api/v1`.
pub fn router() -> OpenApiRouter<Ctx> {
    OpenApiRouter::new()
        .merge(board::routes::router())
        .merge(services::routes::router())
        .merge(events::routes::router())
        .merge(incidents::routes::router())
        .merge(maintenance::routes::router())
        .merge(subscribers::routes::router())
        .merge(feed::routes::router())
}
