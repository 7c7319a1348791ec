//! `/health`, `/ready`, `/metrics`, at the root.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use axum::extract::{ConnectInfo, State};
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use axum::{Extension, Router};
use http::{HeaderMap, StatusCode, header};
use serde_json::json;
use subtle::ConstantTimeEq as _;
use vitrine_kernel::{Error, ErrorCode};

use super::{ApiResult, Json};
use crate::{Ctx, telemetry};

/// All parts must answer within this time.
const PATIENCE: Duration = Duration::from_secs(1);

/// A part of the instance that can say whether it works.
#[async_trait]
pub trait Probe: Send + Sync {
    /// Key in the reply of `/ready`.
    fn name(&self) -> &'static str;
    async fn check(&self, ctx: &Ctx) -> Result<(), Error>;
}

struct Database;
struct Storage;
struct Events;

#[async_trait]
impl Probe for Database {
    fn name(&self) -> &'static str {
        "database"
    }

    async fn check(&self, ctx: &Ctx) -> Result<(), Error> {
        Ok(ctx.db.ping().await?)
    }
}

#[async_trait]
impl Probe for Storage {
    fn name(&self) -> &'static str {
        "storage"
    }

    async fn check(&self, ctx: &Ctx) -> Result<(), Error> {
        Ok(ctx.files.probe().await?)
    }
}

#[async_trait]
impl Probe for Events {
    fn name(&self) -> &'static str {
        "events"
    }

    async fn check(&self, ctx: &Ctx) -> Result<(), Error> {
        ctx.db
            .fetch_optional(&telemetry::sql::PROBE_EVENTS, Vec::new())
            .await?;
        Ok(())
    }
}

/// Every probe: those of the platform, and those that areas add. It hangs on the context.
#[derive(Clone)]
pub struct Probes(Arc<[Arc<dyn Probe>]>);

impl Probes {
    pub fn new(more: impl IntoIterator<Item = Arc<dyn Probe>>) -> Self {
        let own: [Arc<dyn Probe>; 3] = [Arc::new(Database), Arc::new(Storage), Arc::new(Events)];
        Self(own.into_iter().chain(more).collect())
    }
}

pub(super) fn routes() -> Router<Ctx> {
    Router::new()
        .route("/health", get(health))
        .route("/ready", get(ready))
        .route("/metrics", get(metrics))
}

async fn health() -> Response {
    let body = json!({ "status": "ok", "service": "vitrine", "version": env!("CARGO_PKG_VERSION") });
    let mut response = Json(body).into_response();
    response.headers_mut().insert(
        header::CACHE_CONTROL,
        header::HeaderValue::from_static("no-store"),
    );
    response
}

/// Asks every part; `false` is one that said no or did not answer within a second. A part that appears twice works when
/// both do.
pub async fn check_parts(ctx: &Ctx) -> BTreeMap<&'static str, bool> {
    let probes = ctx
        .extension::<Probes>()
        .cloned()
        .unwrap_or_else(|| Probes::new([]));
    let checks = probes.0.iter().map(|probe| {
        let ctx = ctx.clone();
        async move {
            let is_ok = match tokio::time::timeout(PATIENCE, probe.check(&ctx)).await {
                Ok(Ok(())) => true,
                Ok(Err(error)) => {
                    tracing::warn!("{} is not ready: {error}", probe.name());
                    false
                }
                Err(_) => {
                    tracing::warn!("{} did not answer within a second", probe.name());
                    false
                }
            };
            (probe.name(), is_ok)
        }
    });
    let mut parts: BTreeMap<&'static str, bool> = BTreeMap::new();
    for (name, is_ok) in futures_util::future::join_all(checks).await {
        *parts.entry(name).or_insert(true) &= is_ok;
    }
    parts
}

async fn ready(State(ctx): State<Ctx>) -> Response {
    let parts = check_parts(&ctx).await;
    let all = parts.values().all(|is_ok| *is_ok);
    let word = |is_ok: bool| if is_ok { "ok" } else { "unavailable" };
    let mut body = json!({ "status": word(all) });
    for (name, is_ok) in parts {
        body[name] = json!(word(is_ok));
    }
    let status = if all {
        StatusCode::OK
    } else {
        StatusCode::SERVICE_UNAVAILABLE
    };
    let mut response = (status, Json(body)).into_response();
    response.headers_mut().insert(
        header::CACHE_CONTROL,
        header::HeaderValue::from_static("no-store"),
    );
    response
}

/// With a token set it must be sent; without one only this machine may read, and nobody through a proxy.
async fn metrics(
    State(ctx): State<Ctx>,
    peer: Option<Extension<ConnectInfo<SocketAddr>>>,
    headers: HeaderMap,
) -> ApiResult<Response> {
    match &ctx.settings.metrics_token {
        Some(token) => {
            let sent = headers
                .get(header::AUTHORIZATION)
                .and_then(|value| value.to_str().ok());
            let sent = sent
                .and_then(|text| text.strip_prefix("Bearer "))
                .unwrap_or_default();
            if !bool::from(sent.as_bytes().ct_eq(token.expose().as_bytes())) {
                let detail = "Send the metrics token as Authorization: Bearer.";
                return Err(Error::new(ErrorCode::Unauthorized, detail).into());
            }
        }
        None => {
            let is_local =
                peer.is_none_or(|Extension(ConnectInfo(peer))| peer.ip().to_canonical().is_loopback());
            let is_forwarded = headers.contains_key("x-forwarded-for") || headers.contains_key("forwarded");
            if !ctx.settings.is_loopback || !is_local || is_forwarded {
                return Err(Error::not_found().into());
            }
        }
    }
    Ok(render())
}

/// For a listener of its own, which needs no token.
pub(super) fn open_metrics() -> Router {
    Router::new().route("/metrics", get(|| async { render() }))
}

fn render() -> Response {
    let kind = "text/plain; version=0.0.4; charset=utf-8";
    (
        [(header::CONTENT_TYPE, kind), (header::CACHE_CONTROL, "no-store")],
        telemetry::render_metrics(),
    )
        .into_response()
}
