//! What a service may touch: database, clock, randomness, files, settings. Passed as `&Ctx`, never global.

use std::net::IpAddr;
use std::ops::Deref;
use std::path::PathBuf;
use std::sync::Arc;

use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;
use vitrine_db::Db;
use vitrine_kernel::{Clock, Entropy, Secret, Time};
use vitrine_providers::mail::Mailer;

use crate::files::Files;
use crate::limits::Limiter;

/// Which rules of safety apply.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Environment {
    Development,
    Test,
    Production,
}

/// Settings of the instance that services and routes read; made and checked by `app/config`.
#[derive(Debug, Clone)]
pub struct Settings {
    pub environment: Environment,
    /// Where people reach this instance, without a trailing slash.
    pub public_url: String,
    /// 32 bytes or more; signs tokens and links.
    pub secret_key: Secret<Vec<u8>>,
    /// The secret before it was changed; opens what was sealed under it and nothing else.
    pub previous_secret_key: Option<Secret<Vec<u8>>>,
    pub cors_origins: Vec<String>,
    /// Peers whose `X-Forwarded-For` is believed.
    pub trusted_proxies: Vec<IpAddr>,
    pub upload_max_bytes: u64,
    /// Plan of new workspaces.
    pub default_plan: String,
    pub metrics_token: Option<Secret<String>>,
    /// The listener is a loopback address, so metrics may be open.
    pub is_loopback: bool,
    pub data_dir: PathBuf,
    pub worker_concurrency: usize,
    /// Off for load tests alone.
    pub rate_limits: bool,
    /// Seconds for which anybody may keep lists that everybody may read; 0: not without asking.
    pub public_cache_seconds: u32,
}

#[derive(Debug)]
pub struct Inner {
    pub db: Db,
    pub clock: Arc<dyn Clock>,
    pub entropy: Arc<dyn Entropy>,
    pub files: Files,
    pub mailer: Arc<dyn Mailer>,
    pub limiter: Limiter,
    pub settings: Settings,
    /// What the areas above need at run time and this level cannot name, such as the engines; set at assembly.
    pub extensions: http::Extensions,
}

/// The context; cheap to clone.
#[derive(Debug, Clone)]
pub struct Ctx(Arc<Inner>);

impl Ctx {
    pub fn new(inner: Inner) -> Self {
        Self(Arc::new(inner))
    }

    pub fn now(&self) -> Time {
        self.0.clock.now()
    }

    /// What an area above put into the context at assembly.
    pub fn extension<T: Clone + Send + Sync + 'static>(&self) -> Option<&T> {
        self.0.extensions.get()
    }

    /// A key for one purpose, derived from the instance's secret; another label gives an unrelated key.
    pub fn derive_key(&self, label: &str) -> [u8; 32] {
        derive(&self.0.settings.secret_key, label)
    }

    /// The same from the present secret and then the one before it, for opening what was sealed earlier.
    pub fn derived_keys(&self, label: &str) -> Vec<[u8; 32]> {
        let settings = &self.0.settings;
        std::iter::once(&settings.secret_key)
            .chain(&settings.previous_secret_key)
            .map(|secret| derive(secret, label))
            .collect()
    }

    /// A new time-sorted id of any kind: `ctx.id::<ProjectId>()`.
    pub fn id<T: From<uuid::Uuid>>(&self) -> T {
        T::from(vitrine_kernel::id::new_uuid(self.now(), &*self.0.entropy))
    }
}

fn derive(secret: &Secret<Vec<u8>>, label: &str) -> [u8; 32] {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.expose()).expect("HMAC takes a key of any length");
    mac.update(label.as_bytes());
    mac.finalize().into_bytes().into()
}

impl Deref for Ctx {
    type Target = Inner;

    fn deref(&self) -> &Inner {
        &self.0
    }
}
