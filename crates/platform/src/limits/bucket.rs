//! A token bucket: it holds a burst and fills evenly.

use vitrine_kernel::Time;

/// How many in how long; the burst is the same number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rate {
    pub count: u32,
    pub period_s: u32,
}

impl Rate {
    pub const fn per_minute(count: u32) -> Self {
        Self { count, period_s: 60 }
    }

    pub const fn per_hour(count: u32) -> Self {
        Self {
            count,
            period_s: 3_600,
        }
    }

    /// Tokens per second.
    fn speed(self) -> f64 {
        f64::from(self.count) / f64::from(self.period_s)
    }
}

/// What came of asking for a token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Decision {
    pub is_allowed: bool,
    pub rate: Rate,
    /// Whole tokens that are left.
    pub remaining: u32,
    /// Seconds until the next token; 0 when there is one.
    pub retry_after_s: u64,
    /// Seconds until the bucket is full again.
    pub reset_s: u64,
}

#[derive(Debug, Clone, Copy)]
pub(super) struct Bucket {
    tokens: f64,
    at: Time,
}

impl Bucket {
    pub fn full(rate: Rate, now: Time) -> Self {
        Self {
            tokens: f64::from(rate.count),
            at: now,
        }
    }

    fn fill(&mut self, rate: Rate, now: Time) {
        let passed = (now - self.at).num_microseconds().unwrap_or(i64::MAX).max(0);
        #[expect(
            clippy::cast_precision_loss,
            reason = "a day in microseconds is far below 2^53"
        )]
        let seconds = passed as f64 / 1e6;
        self.tokens = (self.tokens + seconds * rate.speed()).min(f64::from(rate.count));
        self.at = self.at.max(now);
    }

    pub fn is_full(&self, rate: Rate, now: Time) -> bool {
        let mut later = *self;
        later.fill(rate, now);
        later.tokens >= f64::from(rate.count)
    }

    pub fn take(&mut self, rate: Rate, now: Time) -> Decision {
        self.fill(rate, now);
        let is_allowed = self.tokens >= 1.0;
        if is_allowed {
            self.tokens -= 1.0;
        }
        let seconds_to = |tokens: f64| whole((tokens.max(0.0) / rate.speed()).ceil());
        Decision {
            is_allowed,
            rate,
            remaining: u32::try_from(whole(self.tokens.floor())).unwrap_or(u32::MAX),
            retry_after_s: if is_allowed {
                0
            } else {
                seconds_to(1.0 - self.tokens)
            },
            reset_s: seconds_to(f64::from(rate.count) - self.tokens),
        }
    }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "small and never negative"
)]
fn whole(value: f64) -> u64 {
    value as u64
}

#[cfg(test)]
mod tests {
    use chrono::Duration;

    use super::*;

    #[test]
    fn a_burst_goes_through_and_then_one_for_every_part_of_the_period() {
        let (rate, start) = (Rate::per_minute(60), Time::UNIX_EPOCH);
        let mut bucket = Bucket::full(rate, start);
        for left in (0..60).rev() {
            let decision = bucket.take(rate, start);
            assert!(decision.is_allowed && decision.remaining == left);
        }
        let refused = bucket.take(rate, start);
        assert_eq!(
            (refused.is_allowed, refused.retry_after_s, refused.reset_s),
            (false, 1, 60)
        );
        // Asking does not make it worse.
        assert!(!bucket.take(rate, start + Duration::milliseconds(999)).is_allowed);
        assert!(
            bucket
                .take(rate, start + Duration::milliseconds(1_000))
                .is_allowed
        );
        assert!(
            !bucket
                .take(rate, start + Duration::milliseconds(1_500))
                .is_allowed
        );
        assert!(!bucket.is_full(rate, start + Duration::seconds(60)));
        assert!(bucket.is_full(rate, start + Duration::seconds(62)));
    }

    #[test]
    fn a_clock_that_goes_back_gives_nothing_and_takes_nothing() {
        let rate = Rate::per_hour(5);
        let start = Time::UNIX_EPOCH + Duration::hours(1);
        let mut bucket = Bucket::full(rate, start);
        for _ in 0..5 {
            assert!(bucket.take(rate, start - Duration::minutes(10)).is_allowed);
        }
        let refused = bucket.take(rate, start);
        assert_eq!((refused.is_allowed, refused.retry_after_s), (false, 720));
    }
}
