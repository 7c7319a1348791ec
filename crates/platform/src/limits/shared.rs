//! Buckets that all processes share, and what happens while their server does not answer.
//!
//! The first call that fails is the only one that waits: for the pause after it nobody asks the server, then one request
//! tries again.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest as _, Sha256};
use vitrine_providers::redis::{BucketRule, Buckets, RedisError};

use super::Tier;
use super::bucket::Decision;

/// Longest that a request waits for the server.
pub const PATIENCE: Duration = Duration::from_millis(40);
/// How long a server that did not answer is left alone.
pub const PAUSE: Duration = Duration::from_secs(1);
/// A bucket is full after its period; its key stays a little longer, in seconds.
const GRACE_S: i64 = 60;

/// The buckets of a Redis server.
#[derive(Debug)]
pub struct Shared {
    buckets: Buckets,
    pause: Duration,
    /// While the server is lost: when to ask it again.
    lost_until: Mutex<Option<Instant>>,
}

impl Shared {
    /// `pause` is how long a server that did not answer is left alone; [`PAUSE`] unless a test is in a hurry.
    pub fn new(buckets: Buckets, pause: Duration) -> Self {
        Self {
            buckets,
            pause,
            lost_until: Mutex::default(),
        }
    }

    /// Makes the connection before the first request, and says so when there is none.
    pub(super) async fn greet(&self) {
        match self.buckets.ping().await {
            Ok(()) => self.found(),
            Err(error) => self.lose(&error),
        }
    }

    /// Takes one token, if there is one; `None`: the server does not answer.
    pub(super) async fn take(&self, tier: Tier, key: &str, now_us: i64) -> Option<Decision> {
        if !self.may_ask() {
            return None;
        }
        let rate = tier.rate();
        let rule = BucketRule {
            full_us: rate.full_us(),
            price_us: rate.price_us(),
            expiry_s: i64::from(rate.period_s) + GRACE_S,
        };
        match self.buckets.take(&name(tier, key), rule, now_us).await {
            Ok(taken) => {
                self.found();
                Some(Decision::of(rate, taken.is_allowed, taken.level_us))
            }
            Err(error) => {
                self.lose(&error);
                None
            }
        }
    }

    /// While the server is lost, one caller per pause.
    fn may_ask(&self) -> bool {
        let mut lost_until = self.lost_until.lock().unwrap_or_else(PoisonError::into_inner);
        let now = Instant::now();
        match *lost_until {
            Some(until) if now < until => false,
            Some(_) => {
                *lost_until = Some(now + self.pause);
                true
            }
            None => true,
        }
    }

    fn found(&self) {
        let mut lost_until = self.lost_until.lock().unwrap_or_else(PoisonError::into_inner);
        if lost_until.take().is_some() {
            tracing::info!("rate limits are shared again through {}", self.buckets.describe());
        }
    }

    fn lose(&self, error: &RedisError) {
        let mut lost_until = self.lost_until.lock().unwrap_or_else(PoisonError::into_inner);
        if lost_until.replace(Instant::now() + self.pause).is_none() {
            tracing::warn!(
                "rate limits are no longer shared, {} does not answer: {error}",
                self.buckets.describe()
            );
        }
    }
}

/// The key of a bucket. Addresses and e-mails are hashed: they are nobody's business in another server, and as long as
/// callers make them.
fn name(tier: Tier, key: &str) -> String {
    let hash = URL_SAFE_NO_PAD.encode(&Sha256::digest(key)[..16]);
    format!("vitrine:bucket:{}:{hash}", tier.as_str())
}
