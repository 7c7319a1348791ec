//! The layer that counts requests by who asks; the tiers are told in [`crate::limits`].

use std::sync::Arc;

use axum::extract::{OptionalFromRequestParts, Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use http::{HeaderMap, HeaderName, HeaderValue, Method};

use super::facts::Facts;
use super::{Client, Problem};
use crate::accounts::Credential;
use crate::limits::{self, Decision, Tier};
use crate::{Actor, Ctx};

/// Signed links carry their permission in themselves, and a page shows many pictures at once.
const UNCOUNTED: [&str; 2] = ["/api/v1/files/", "/api/v1/openapi.json"];

pub(super) async fn limits(
    State((ctx, facts)): State<(Ctx, Arc<Facts>)>,
    mut request: Request,
    next: Next,
) -> Response {
    let path = request.uri().path().to_owned();
    let is_picture = path.starts_with("/api/v1/furniture/") && path.ends_with("/thumb");
    let is_counted = path.starts_with("/api/v1/") && !is_picture;
    if !ctx.settings.rate_limits || !is_counted || UNCOUNTED.iter().any(|prefix| path.starts_with(prefix)) {
        return next.run(request).await;
    }
    let client = request.extensions().get::<Client>().cloned().unwrap_or_default();
    let address = limits::origin_key(client.ip);
    let actor = actor(&ctx, &mut request).await;
    let (tier, key) = match &actor {
        None => (Tier::Anonymous, address.clone()),
        Some(actor) => (tier_of(request.method(), &path, actor), bucket_of(actor)),
    };
    let mut decision = limits::take(&ctx, tier, &key).await;
    let is_allowed = |decision: &Option<Decision>| decision.as_ref().is_none_or(|one| one.is_allowed);
    if is_allowed(&decision) && facts.of_request(&request).is_some_and(|fact| fact.signs_in) {
        decision = tighter(decision, limits::take(&ctx, Tier::Auth, &address).await);
    }
    let mut response = if is_allowed(&decision) {
        if let Some(actor) = actor {
            request.extensions_mut().insert(actor);
        }
        next.run(request).await
    } else {
        super::body::drain(request.into_body()).await;
        let refused = decision.as_ref().map(limits::refusal);
        refused.map_or_else(
            || Response::new(axum::body::Body::empty()),
            |error| Problem(error).into_response(),
        )
    };
    if let Some(decision) = decision {
        tell(response.headers_mut(), &decision, ctx.now().timestamp());
    }
    response
}

/// Who asks, if the token is good; whether a bad one is refused is the handler's to say.
async fn actor(ctx: &Ctx, request: &mut Request) -> Option<Actor> {
    let taken = std::mem::replace(request, Request::new(axum::body::Body::empty()));
    let (mut parts, body) = taken.into_parts();
    let actor = <Actor as OptionalFromRequestParts<Ctx>>::from_request_parts(&mut parts, ctx).await;
    *request = Request::from_parts(parts, body);
    actor.ok().flatten()
}

/// People share a bucket between their devices, every key has its own.
fn bucket_of(actor: &Actor) -> String {
    match actor.credential {
        Credential::Session(_) => actor.account_id.to_string(),
        Credential::ApiKey { id, .. } => format!("key {id}"),
    }
}

fn tier_of(method: &Method, path: &str, actor: &Actor) -> Tier {
    if path.starts_with("/api/v1/uploads/") {
        return Tier::Uploads;
    }
    if method == Method::POST && (path.ends_with("/scene/preview") || path.ends_with("/scene/solve")) {
        return Tier::Interactive;
    }
    Tier::of_plan(&actor.plan)
}

fn tighter(one: Option<Decision>, other: Option<Decision>) -> Option<Decision> {
    match (one, other) {
        (Some(one), Some(other)) if other.is_allowed && one.remaining <= other.remaining => Some(one),
        (_, Some(other)) => Some(other),
        (one, None) => one,
    }
}

/// The older headers that most clients know, and those of the IETF draft.
fn tell(headers: &mut HeaderMap, decision: &Decision, now: i64) {
    let rate = decision.rate;
    let reset_at = now.saturating_add(i64::try_from(decision.reset_s).unwrap_or(i64::MAX));
    let values = [
        ("x-ratelimit-limit", rate.count.to_string()),
        ("x-ratelimit-remaining", decision.remaining.to_string()),
        ("x-ratelimit-reset", reset_at.to_string()),
        (
            "ratelimit",
            format!("\"default\";r={};t={}", decision.remaining, decision.reset_s),
        ),
        (
            "ratelimit-policy",
            format!("\"default\";q={};w={}", rate.count, rate.period_s),
        ),
    ];
    for (name, value) in values {
        if let Ok(value) = HeaderValue::from_str(&value) {
            headers.insert(HeaderName::from_static(name), value);
        }
    }
}
