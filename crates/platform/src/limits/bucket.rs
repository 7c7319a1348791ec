//! A token bucket: it holds a burst and fills evenly.

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

    /// What a token takes off a level that gains one per microsecond.
    pub(super) fn price_us(self) -> i64 {
        i64::from(self.period_s) * 1_000_000 / i64::from(self.count)
    }

    /// The level at which nothing more goes in.
    pub(super) fn full_us(self) -> i64 {
        self.price_us() * i64::from(self.count)
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

impl Decision {
    /// `level_us` is what the bucket holds afterwards.
    pub(super) fn of(rate: Rate, is_allowed: bool, level_us: i64) -> Self {
        let price = rate.price_us();
        let seconds_to = |level: i64| whole((level - level_us + 999_999) / 1_000_000);
        Self {
            is_allowed,
            rate,
            remaining: u32::try_from(level_us / price).unwrap_or(0),
            retry_after_s: if is_allowed { 0 } else { seconds_to(price) },
            reset_s: seconds_to(rate.full_us()),
        }
    }
}

/// A bucket of this process. `redis/take.lua` of the providers keeps shared ones by the same rules.
#[derive(Debug, Clone, Copy)]
pub(super) struct Bucket {
    /// What it held at `at_us`, in microseconds of filling.
    level_us: i64,
    at_us: i64,
}

impl Bucket {
    pub fn full(rate: Rate, now_us: i64) -> Self {
        Self {
            level_us: rate.full_us(),
            at_us: now_us,
        }
    }

    /// Filled up to now; a clock that went back fills nothing.
    fn filled(self, rate: Rate, now_us: i64) -> Self {
        let at_us = self.at_us.max(now_us);
        Self {
            level_us: rate.full_us().min(self.level_us + at_us - self.at_us),
            at_us,
        }
    }

    pub fn is_full(self, rate: Rate, now_us: i64) -> bool {
        self.filled(rate, now_us).level_us == rate.full_us()
    }

    pub fn take(&mut self, rate: Rate, now_us: i64) -> Decision {
        let mut filled = self.filled(rate, now_us);
        let is_allowed = filled.level_us >= rate.price_us();
        if is_allowed {
            filled.level_us -= rate.price_us();
            *self = filled;
        }
        Decision::of(rate, is_allowed, filled.level_us)
    }
}

fn whole(seconds: i64) -> u64 {
    u64::try_from(seconds).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: i64 = 1_000_000;

    #[test]
    fn a_burst_goes_through_and_then_one_for_every_part_of_the_period() {
        let rate = Rate::per_minute(60);
        let mut bucket = Bucket::full(rate, 0);
        for left in (0..60).rev() {
            let decision = bucket.take(rate, 0);
            assert!(decision.is_allowed && decision.remaining == left);
        }
        let refused = bucket.take(rate, 0);
        assert_eq!(
            (refused.is_allowed, refused.retry_after_s, refused.reset_s),
            (false, 1, 60)
        );
        // Asking does not make it worse.
        assert!(!bucket.take(rate, SECOND - 1).is_allowed);
        assert!(bucket.take(rate, SECOND).is_allowed);
        assert!(!bucket.take(rate, SECOND * 3 / 2).is_allowed);
        assert!(!bucket.is_full(rate, 60 * SECOND));
        assert!(bucket.is_full(rate, 61 * SECOND));
    }

    #[test]
    fn a_clock_that_goes_back_gives_nothing_and_takes_nothing() {
        let rate = Rate::per_hour(5);
        let start = 3_600 * SECOND;
        let mut bucket = Bucket::full(rate, start);
        for _ in 0..5 {
            assert!(bucket.take(rate, start - 600 * SECOND).is_allowed);
        }
        let refused = bucket.take(rate, start);
        assert_eq!((refused.is_allowed, refused.retry_after_s), (false, 720));
    }
}
