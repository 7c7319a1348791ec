//! Rate limits: token buckets by tier, the same in every environment.
//!
//! The layer in `web` takes one token for every request of the API, by who asks; signing in and everything that sends
//! mail to an address also take from buckets of their own, by address and by the account that is tried. What surprises
//! people: buckets live in this process, so two processes allow twice as much.

mod bucket;
mod tier;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use bucket::Bucket;
pub use bucket::Decision;
pub use tier::Tier;
use vitrine_kernel::{Error, ErrorCode, Time};

use crate::Ctx;

/// Above this many buckets the full ones are thrown away: a full bucket says nothing that a new one does not.
const SWEEP_AT: usize = 20_000;

/// All buckets of this process. Cheap to clone.
#[derive(Debug, Clone, Default)]
pub struct Limiter(Arc<Mutex<HashMap<(Tier, String), Bucket>>>);

impl Limiter {
    /// Takes one token, if there is one.
    fn take(&self, tier: Tier, key: &str, now: Time) -> Decision {
        let mut buckets = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if buckets.len() >= SWEEP_AT {
            buckets.retain(|(tier, _), bucket| !bucket.is_full(tier.rate(), now));
        }
        buckets
            .entry((tier, key.to_owned()))
            .or_insert_with(|| Bucket::full(tier.rate(), now))
            .take(tier.rate(), now)
    }
}

/// Takes one token of a tier, if limits are on. `None`: they are off.
pub fn take(ctx: &Ctx, tier: Tier, key: &str) -> Option<Decision> {
    if !ctx.settings.rate_limits {
        return None;
    }
    let decision = ctx.limiter.take(tier, key, ctx.now());
    if !decision.is_allowed {
        metrics::counter!("vitrine_rate_limited_total", "tier" => tier.as_str()).increment(1);
    }
    Some(decision)
}

/// The same for whoever has nothing to do without a token.
pub fn require(ctx: &Ctx, tier: Tier, key: &str) -> Result<(), Error> {
    match take(ctx, tier, key) {
        Some(decision) if !decision.is_allowed => Err(refusal(&decision)),
        _ => Ok(()),
    }
}

/// For what stays silent about its limits, such as sending mail.
pub fn allows(ctx: &Ctx, tier: Tier, key: &str) -> bool {
    take(ctx, tier, key).is_none_or(|decision| decision.is_allowed)
}

pub(crate) fn refusal(decision: &Decision) -> Error {
    Error::new(ErrorCode::RateLimited, "Too many requests. Wait a moment.")
        .with_retry_after(decision.retry_after_s.max(1))
}
