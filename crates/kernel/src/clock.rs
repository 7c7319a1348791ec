//! Time as a value that is passed in. Everything is UTC and cut to microseconds, the precision both databases keep.

use std::sync::{Arc, Mutex};

use chrono::{DateTime, Duration, DurationRound, Utc};

/// A moment, UTC, whole microseconds.
pub type Time = DateTime<Utc>;

/// Cuts a moment to whole microseconds.
pub fn to_micros(time: Time) -> Time {
    time.duration_trunc(Duration::microseconds(1)).unwrap_or(time)
}

/// Tells the time.
pub trait Clock: Send + Sync + std::fmt::Debug {
    fn now(&self) -> Time;
}

/// The machine's clock.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(
        clippy::disallowed_methods,
        reason = "this is the one place that asks the machine"
    )]
    fn now(&self) -> Time {
        to_micros(Utc::now())
    }
}

/// A clock that stands still until told to move; for tests.
#[derive(Debug, Clone)]
pub struct ManualClock(Arc<Mutex<Time>>);

impl ManualClock {
    pub fn at(time: Time) -> Self {
        Self(Arc::new(Mutex::new(to_micros(time))))
    }

    pub fn advance(&self, by: Duration) {
        let mut now = self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        *now += by;
    }

    pub fn set(&self, time: Time) {
        *self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner) = to_micros(time);
    }
}

impl Clock for ManualClock {
    fn now(&self) -> Time {
        *self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}
