//! What we know of the issuer: its endpoints and keys, fetched when needed and kept for a while.

use std::sync::Arc;

use chrono::Duration;
use jsonwebtoken::jwk::{Jwk, JwkSet};
use tokio::sync::Mutex;
use vitrine_kernel::{Error, ErrorCode, Secret, Time};
use vitrine_providers::http::HttpError;
use vitrine_providers::oidc::{Discovery, Issuer};

use crate::Ctx;

/// Keys are asked for again after this long, so that one that was withdrawn does not stay good here.
const KEYS_FRESH: Duration = Duration::hours(1);
/// An unknown key id makes us ask again, but not more often than this: anybody can make ids up.
const REFETCH_AFTER: Duration = Duration::seconds(60);
/// An issuer that did not answer is left alone for this long: everybody who shows one of its tokens waits behind the one
/// that asks.
const RETRY_AFTER: Duration = Duration::seconds(10);

/// Who is believed, and what we are called there.
#[derive(Debug, Clone)]
pub struct OidcSettings {
    pub issuer: String,
    /// Who foreign bearer tokens must be for; none are taken without it.
    pub audience: Option<String>,
    /// Our name for the code flow; nobody can sign in there without it.
    pub client_id: Option<String>,
    pub client_secret: Option<Secret<String>>,
}

/// The configured issuer; one per process, in the context's extensions.
#[derive(Debug, Clone)]
pub struct Oidc(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    settings: OidcSettings,
    issuer: Arc<dyn Issuer>,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    known: Option<Known>,
    /// When the issuer was asked last, whatever came of it.
    asked_at: Option<Time>,
}

#[derive(Debug, Clone)]
struct Known {
    discovery: Discovery,
    keys: JwkSet,
    fetched_at: Time,
}

impl State {
    fn was_asked_within(&self, ctx: &Ctx, time: Duration) -> bool {
        self.asked_at.is_some_and(|at| ctx.now() - at < time)
    }
}

impl Oidc {
    pub fn new(settings: OidcSettings, issuer: Arc<dyn Issuer>) -> Self {
        Self(Arc::new(Inner {
            settings,
            issuer,
            state: Mutex::default(),
        }))
    }

    /// The one of this instance.
    pub fn of(ctx: &Ctx) -> Result<&Self, Error> {
        ctx.extension::<Self>().ok_or_else(|| {
            Error::new(
                ErrorCode::NotConfigured,
                "This server is not connected to another sign-in service.",
            )
        })
    }

    pub fn settings(&self) -> &OidcSettings {
        &self.0.settings
    }

    /// Name of the issuer's host, for people.
    pub fn host(&self) -> String {
        url::Url::parse(&self.0.settings.issuer)
            .ok()
            .and_then(|url| url.host_str().map(str::to_owned))
            .unwrap_or_else(|| self.0.settings.issuer.clone())
    }

    pub fn http(&self) -> &dyn Issuer {
        &*self.0.issuer
    }

    /// The issuer's endpoints.
    pub async fn discovery(&self, ctx: &Ctx) -> Result<Discovery, Error> {
        let mut state = self.0.state.lock().await;
        Ok(self.fresh(ctx, &mut state).await?.discovery.clone())
    }

    /// The key that signed a token: of this id, or the only one when the token names none.
    pub async fn key(&self, ctx: &Ctx, id: Option<&str>) -> Result<Option<Jwk>, Error> {
        let mut state = self.0.state.lock().await;
        if let Some(key) = find(&self.fresh(ctx, &mut state).await?.keys, id) {
            return Ok(Some(key));
        }
        if state.was_asked_within(ctx, REFETCH_AFTER) {
            return Ok(None);
        }
        let anew = self.ask(ctx, &mut state).await?;
        Ok(find(&anew.keys, id))
    }

    /// What is known, fetched when it is nothing or old. While the issuer is away, old keys go on.
    async fn fresh<'s>(&self, ctx: &Ctx, state: &'s mut State) -> Result<&'s Known, Error> {
        let is_fresh = state
            .known
            .as_ref()
            .is_some_and(|known| ctx.now() - known.fetched_at < KEYS_FRESH);
        if !is_fresh
            && !state.was_asked_within(ctx, RETRY_AFTER)
            && let Err(error) = self.ask(ctx, state).await
        {
            if state.known.is_none() {
                return Err(error);
            }
            tracing::warn!("could not refresh the sign-in service's keys: {error}");
        }
        let away = || failed().with_context("the issuer did not answer a moment ago");
        state.known.as_ref().ok_or_else(away)
    }

    async fn ask<'s>(&self, ctx: &Ctx, state: &'s mut State) -> Result<&'s Known, Error> {
        state.asked_at = Some(ctx.now());
        let anew = self.fetch(ctx).await?;
        Ok(state.known.insert(anew))
    }

    async fn fetch(&self, ctx: &Ctx) -> Result<Known, Error> {
        let wanted = &self.0.settings.issuer;
        let discovery = self.0.issuer.discover(wanted).await.map_err(outside)?;
        // Otherwise another issuer could be put in the place of ours (Discovery 1.0, section 4.3).
        if discovery.issuer != *wanted {
            let context = format!(
                "the issuer calls itself {}, configured is {wanted}",
                discovery.issuer
            );
            return Err(failed().with_context(context));
        }
        let keys = self.0.issuer.keys(&discovery.jwks_uri).await.map_err(outside)?;
        let keys = usable(keys).map_err(|error| {
            failed()
                .with_context("the issuer's keys cannot be read")
                .with_source(error)
        })?;
        Ok(Known {
            discovery,
            keys,
            fetched_at: ctx.now(),
        })
    }
}

/// Keys of kinds we cannot read are passed over, so that one of them does not hide the others.
fn usable(set: serde_json::Value) -> Result<JwkSet, serde_json::Error> {
    #[derive(serde::Deserialize)]
    struct Loose {
        keys: Vec<serde_json::Value>,
    }
    let loose: Loose = serde_json::from_value(set)?;
    let keys = loose
        .keys
        .into_iter()
        .filter_map(|key| serde_json::from_value(key).ok())
        .collect();
    Ok(JwkSet { keys })
}

fn find(keys: &JwkSet, id: Option<&str>) -> Option<Jwk> {
    match (id, keys.keys.as_slice()) {
        (Some(id), _) => keys.find(id).cloned(),
        (None, [only]) => Some(only.clone()),
        (None, _) => None,
    }
}

fn failed() -> Error {
    Error::new(
        ErrorCode::ProviderFailed,
        "The sign-in service could not be asked. Try again shortly.",
    )
}

/// What went wrong outside; its words stay in our log.
pub(super) fn outside(error: HttpError) -> Error {
    let known = match error {
        HttpError::TimedOut => Error::new(
            ErrorCode::ProviderTimeout,
            "The sign-in service did not answer in time.",
        ),
        _ => failed(),
    };
    known.with_context(error.to_string()).with_source(error)
}
