//! The router of the whole server.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::response::{IntoResponse as _, Response};
use axum::routing::MethodRouter;
use axum::{Extension, Router, middleware};
use tower::ServiceExt as _;
use utoipa_axum::router::OpenApiRouter;
use vitrine_kernel::Error;

use super::etag::etags;
use super::facts::Facts;
use super::frame::{Frame, frame};
use super::health;
use super::idempotency::idempotency;
use super::limits::limits;
use super::openapi::{self, OpenApi};
use super::security::SecurityHeaders;
use super::{Problem, cors};
use crate::accounts::setup::SetupHooks;
use crate::{Ctx, Module, telemetry};

/// Pages at the root that the server writes itself, outside of the API and its document.
pub type Pages = Router<Ctx>;

const API: &str = "/api/v1";

/// All routes of the modules under `/api/v1`, the document and its viewer, and `/health`, `/ready`, `/metrics`.
pub fn router(ctx: &Ctx, modules: Vec<Module>) -> Router {
    router_with_fallback(
        ctx,
        modules,
        axum::routing::any(async || Problem(Error::not_found())),
    )
}

/// The same, with something to answer everything that is not the API. Its answers get the same headers.
///
/// Serve it with `into_make_service_with_connect_info::<SocketAddr>()`, or nobody has an address.
pub fn router_with_fallback(ctx: &Ctx, modules: Vec<Module>, fallback: MethodRouter<Ctx>) -> Router {
    telemetry::start_metrics();
    let setup_hooks = SetupHooks(
        modules
            .iter()
            .flat_map(|module| module.setup_hooks.iter().cloned())
            .collect(),
    );
    let pages = modules
        .iter()
        .fold(Pages::new(), |all, module| all.merge(module.pages.clone()));
    let (api, document) = merge(modules);
    let document = openapi::finish(&document);
    let facts = Arc::new(Facts::new(&document.0));
    let frame_state = Arc::new(Frame {
        facts: facts.clone(),
        security: SecurityHeaders::new(ctx),
        ctx: ctx.clone(),
    });
    // Layers run from the last to the first. Limits stand around idempotency, and inside of CORS, so that refusals can
    // be read by browsers.
    let routes = api
        .clone()
        .layer(Extension(setup_hooks.clone()))
        .with_state(ctx.clone());
    api.merge(openapi::routes(&document))
        .layer(middleware::from_fn_with_state((ctx.clone(), routes), etags))
        .layer(middleware::from_fn_with_state(
            (ctx.clone(), facts.clone()),
            idempotency,
        ))
        .layer(middleware::from_fn_with_state((ctx.clone(), facts), limits))
        .layer(Extension(setup_hooks))
        .merge(health::routes())
        .merge(pages)
        .fallback(move |State(ctx): State<Ctx>, request: Request| elsewhere(fallback, ctx, request))
        .layer(cors::layer(&ctx.settings))
        .layer(middleware::from_fn_with_state(frame_state, frame))
        .with_state(ctx.clone())
}

/// `/metrics` alone, for `VITRINE_METRICS_ADDR`.
pub fn metrics_router() -> Router {
    health::open_metrics()
}

/// The document alone, as JSON.
pub fn openapi(modules: Vec<Module>) -> OpenApi {
    openapi::finish(&merge(modules).1)
}

fn merge(modules: Vec<Module>) -> (Router<Ctx>, utoipa::openapi::OpenApi) {
    let mut all = OpenApiRouter::new();
    for module in modules {
        all = all.merge(module.routes);
    }
    OpenApiRouter::with_openapi(openapi::base())
        .nest(API, all)
        .split_for_parts()
}

/// Unknown addresses: within the API a problem, elsewhere whatever the fallback says.
async fn elsewhere(fallback: MethodRouter<Ctx>, ctx: Ctx, request: Request) -> Response {
    let path = request.uri().path();
    if path == "/api" || path.starts_with("/api/") {
        return Problem(Error::not_found()).into_response();
    }
    match fallback.with_state(ctx).oneshot(request).await {
        Ok(response) => response,
        Err(never) => match never {},
    }
}
