//! Rate limits: token buckets by tier, the same in every environment.
//!
//! The layer in `web` takes one token for every request of the API, by who asks; signing in and everything that sends
//! mail to an address also take from buckets of their own, by address and by the account that is tried. With a Redis
//! server all processes share the buckets. What surprises people: without one, or while it does not answer, each
//! process has its own, and two allow twice as much.

mod bucket;
mod shared;
mod tier;

use std::collections::HashMap;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Arc, Mutex, PoisonError};

use bucket::Bucket;
pub use bucket::Decision;
pub use shared::{PATIENCE, PAUSE, Shared};
pub use tier::Tier;
use vitrine_kernel::{Error, ErrorCode};

use crate::Ctx;

/// From this many buckets on the full ones are thrown away now and then: a full bucket says nothing that a new one does
/// not.
const SWEEP_AT: usize = 20_000;

/// All buckets. Cheap to clone; the default is those of this process alone.
#[derive(Debug, Clone, Default)]
pub struct Limiter(Arc<Inner>);

#[derive(Debug, Default)]
struct Inner {
    here: Mutex<Here>,
    shared: Option<Shared>,
}

/// The buckets of this process.
#[derive(Debug, Default)]
struct Here {
    buckets: HashMap<(Tier, String), Bucket>,
    /// How many there were when they were last looked through.
    kept: usize,
}

impl Here {
    fn take(&mut self, tier: Tier, key: &str, now_us: i64) -> Decision {
        // Not before they have doubled, so that a crowd does not pay for it with every request.
        if self.buckets.len() >= SWEEP_AT.max(2 * self.kept) {
            self.buckets
                .retain(|(tier, _), bucket| !bucket.is_full(tier.rate(), now_us));
            self.kept = self.buckets.len();
        }
        self.buckets
            .entry((tier, key.to_owned()))
            .or_insert_with(|| Bucket::full(tier.rate(), now_us))
            .take(tier.rate(), now_us)
    }
}

impl Limiter {
    /// Buckets that other processes take from as well.
    pub fn shared(shared: Shared) -> Self {
        Self(Arc::new(Inner {
            here: Mutex::default(),
            shared: Some(shared),
        }))
    }

    /// Says so at the start when buckets are to be shared and cannot be.
    pub async fn greet(&self) {
        if let Some(shared) = &self.0.shared {
            shared.greet().await;
        }
    }

    /// Takes one token, if there is one; `now_us` are microseconds since 1970.
    async fn take(&self, tier: Tier, key: &str, now_us: i64) -> Decision {
        if let Some(shared) = &self.0.shared {
            if let Some(decision) = shared.take(tier, key, now_us).await {
                return decision;
            }
            metrics::counter!("vitrine_rate_limit_fallbacks_total").increment(1);
        }
        let mut here = self.0.here.lock().unwrap_or_else(PoisonError::into_inner);
        here.take(tier, key, now_us)
    }
}

/// Takes one token of a tier, if limits are on. `None`: they are off.
pub async fn take(ctx: &Ctx, tier: Tier, key: &str) -> Option<Decision> {
    if !ctx.settings.rate_limits {
        return None;
    }
    let decision = ctx.limiter.take(tier, key, ctx.now().timestamp_micros()).await;
    if !decision.is_allowed {
        metrics::counter!("vitrine_rate_limited_total", "tier" => tier.as_str()).increment(1);
    }
    Some(decision)
}

/// The same for whoever has nothing to do without a token.
pub async fn require(ctx: &Ctx, tier: Tier, key: &str) -> Result<(), Error> {
    match take(ctx, tier, key).await {
        Some(decision) if !decision.is_allowed => Err(refusal(&decision)),
        _ => Ok(()),
    }
}

/// For what stays silent about its limits, such as sending mail.
pub async fn allows(ctx: &Ctx, tier: Tier, key: &str) -> bool {
    take(ctx, tier, key)
        .await
        .is_none_or(|decision| decision.is_allowed)
}

/// The key of whoever comes from an address. Of IPv6 it is the network: one customer has all addresses of it, and would
/// have as many buckets.
pub fn origin_key(ip: Option<IpAddr>) -> String {
    match ip.map(|ip| ip.to_canonical()) {
        None => "unknown".to_owned(),
        Some(IpAddr::V4(ip)) => ip.to_string(),
        Some(IpAddr::V6(ip)) => {
            let [a, b, c, d, ..] = ip.segments();
            format!("{}/64", Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0))
        }
    }
}

pub(crate) fn refusal(decision: &Decision) -> Error {
    Error::new(ErrorCode::RateLimited, "Too many requests. Wait a moment.")
        .with_retry_after(decision.retry_after_s.max(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn full_buckets_are_forgotten_and_a_crowd_is_not_looked_through_with_every_request() {
        const MINUTE: i64 = 60_000_000;
        let mut here = Here::default();
        for index in 0..SWEEP_AT {
            here.take(Tier::Anonymous, &index.to_string(), 0);
        }
        here.take(Tier::Anonymous, "one more", 0);
        assert_eq!((here.buckets.len(), here.kept), (SWEEP_AT + 1, SWEEP_AT));
        for index in 0..SWEEP_AT {
            here.take(Tier::Anonymous, &format!("later {index}"), 2 * MINUTE);
        }
        assert!(here.buckets.len() <= SWEEP_AT + 1, "{}", here.buckets.len());
    }

    #[test]
    fn addresses_of_one_network_are_one_caller() {
        let key = |text: &str| origin_key(Some(text.parse().expect("an address")));
        assert_eq!(key("2001:db8:1:2::1"), key("2001:db8:1:2:ffff:1:2:3"));
        assert_ne!(key("2001:db8:1:2::1"), key("2001:db8:1:3::1"));
        assert_eq!(key("::ffff:203.0.113.9"), key("203.0.113.9"));
        assert_ne!(key("203.0.113.9"), key("203.0.113.8"));
    }
}
