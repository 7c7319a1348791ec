//! The product area of customers and community: support, posts, the public status page.

use utoipa_axum::router::OpenApiRouter;
use vitrine_platform::Module;

/// Everything of this area, for the composition root.
pub fn module() -> Module {
    Module {
        name: "hub",
        routes: OpenApiRouter::new(),
        jobs: Vec::new(),
        schedules: Vec::new(),
        statements: Vec::new(),
        ..Module::default()
    }
}
