//! What a service may touch: database, clock, randomness, files, settings. Passed as `&Ctx`, never global.

use std::net::IpAddr;
use std::ops::Deref;
use std::path::PathBuf;
use std::sync::Arc;

use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;
use vitrine_db::Db;
use vitrine_kernel::{Clock, Entropy, Secret, Time};

use crate::files::Files;

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
}

#[derive(Debug)]
pub struct Inner {
    pub db: Db,
    pub clock: Arc<dyn Clock>,
    pub entropy: Arc<dyn Entropy>,
    pub files: Files,
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
        let secret = self.0.settings.secret_key.expose();
        let mut mac = Hmac::<Sha256>::new_from_slice(secret).expect("HMAC takes a key of any length");
        mac.update(label.as_bytes());
        mac.finalize().into_bytes().into()
    }

    /// A new time-sorted id of any kind: `ctx.id::<ProjectId>()`.
    pub fn id<T: From<uuid::Uuid>>(&self) -> T {
        T::from(vitrine_kernel::id::new_uuid(self.now(), &*self.0.entropy))
    }
}

impl Deref for Ctx {
    type Target = Inner;

    fn deref(&self) -> &Inner {
        &self.0
    }
}
