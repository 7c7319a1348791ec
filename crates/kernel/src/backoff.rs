//! When to try again: exponential with full-range jitter, capped.

use chrono::Duration;

/// A retry schedule.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Backoff {
    pub first_ms: i64,
    pub cap_ms: i64,
}

impl Backoff {
    pub const fn new(first_ms: i64, cap_ms: i64) -> Self {
        Self { first_ms, cap_ms }
    }

    /// The wait after the given number of failed attempts (1 or more). `jitter` in 0..1 spreads the wait over
    /// 50 % to 150 % of its nominal length, so that what failed together does not return together.
    pub fn wait(&self, failed_attempts: u32, jitter: f64) -> Duration {
        let doublings = failed_attempts.saturating_sub(1).min(30);
        let nominal = self.first_ms.saturating_mul(1 << doublings).min(self.cap_ms);
        Duration::milliseconds((nominal as f64 * (0.5 + jitter.clamp(0.0, 1.0))) as i64)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_double_up_to_the_cap_and_jitter_spreads_them() {
        let backoff = Backoff::new(1_000, 10_000);
        assert_eq!(backoff.wait(1, 0.5).num_milliseconds(), 1_000);
        assert_eq!(backoff.wait(2, 0.5).num_milliseconds(), 2_000);
        assert_eq!(backoff.wait(9, 0.5).num_milliseconds(), 10_000);
        assert_eq!(backoff.wait(60, 0.5).num_milliseconds(), 10_000);
        assert!(backoff.wait(1, 0.0) < backoff.wait(1, 1.0));
    }
}
