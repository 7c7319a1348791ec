//! How much of the last 90 days a service was not in an outage, to the microsecond.
//!
//! A state holds from its event to the next one. Time in a maintenance window never counts as an outage, whatever the
//! events say meanwhile; time before the service was made is not observed at all. Days are those of UTC.

use chrono::{Days, Duration, NaiveDate, NaiveTime};
use vitrine_kernel::Time;

use super::model::Status;

/// Days that are shown, the present one included.
pub const DAYS: usize = 90;

/// A state that begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Change {
    pub at: Time,
    pub status: Status,
}

/// Planned maintenance of a service, from the first moment to the one after the last.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Window {
    pub from: Time,
    pub to: Time,
}

/// One bar: a day of UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Day {
    pub date: NaiveDate,
    /// Microseconds of the day at which the service was there to be observed.
    pub observed_us: i64,
    /// Microseconds of those in an outage outside of maintenance.
    pub down_us: i64,
    /// The worst state of the day; `None` when nothing was observed.
    pub worst: Option<Status>,
}

/// The bars of a service, oldest first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct History {
    pub days: Vec<Day>,
}

impl History {
    /// Share of the observed time without an outage, 0 to 1; `None` when nothing was observed.
    pub fn share(&self) -> Option<f64> {
        let observed = self.days.iter().map(|day| day.observed_us).sum();
        let down = self.days.iter().map(|day| day.down_us).sum();
        share(observed, down)
    }
}

impl Day {
    /// The same for one day.
    pub fn share(&self) -> Option<f64> {
        share(self.observed_us, self.down_us)
    }
}

#[expect(
    clippy::cast_precision_loss,
    reason = "90 days in microseconds are far below 2^53"
)]
fn share(observed_us: i64, down_us: i64) -> Option<f64> {
    (observed_us > 0).then(|| (observed_us - down_us) as f64 / observed_us as f64)
}

/// A share as percent with three decimals, rounded down: 100 is said only when there was no outage at all.
pub fn percent(share: f64) -> f64 {
    if share >= 1.0 {
        return 100.0;
    }
    // What is exact in decimals may lie a hair below itself in binary.
    ((share * 100_000.0 + 1e-6).floor() / 1_000.0).min(99.999)
}

/// First moment of the first day that is shown.
pub fn beginning(now: Time) -> Time {
    let first = now.date_naive() - Days::new(DAYS as u64 - 1);
    first.and_time(NaiveTime::MIN).and_utc()
}

/// The bars of a service that was made at `since`. `before` is its state when the first day began, `changes` those since
/// then, oldest first; the windows may be in any order and overlap.
pub fn history(since: Time, before: Status, changes: &[Change], windows: &[Window], now: Time) -> History {
    let start = beginning(now);
    let mut days: Vec<Day> = (0..DAYS as u64)
        .map(|index| Day {
            date: start.date_naive() + Days::new(index),
            observed_us: 0,
            down_us: 0,
            worst: None,
        })
        .collect();
    let first = since.max(start);
    let mut cuts = cuts(first, changes, windows, now);
    cuts.dedup();
    let (mut status, mut next) = (before, 0);
    for pair in cuts.windows(2) {
        let (from, to) = (pair[0], pair[1]);
        while let Some(change) = changes.get(next).filter(|change| change.at <= from) {
            status = change.status;
            next += 1;
        }
        let is_planned = windows
            .iter()
            .any(|window| window.from <= from && from < window.to);
        let counted = if is_planned { Status::Maintenance } else { status };
        let index = usize::try_from((from - start).num_days()).unwrap_or(0);
        let Some(day) = days.get_mut(index) else { continue };
        let length = (to - from).num_microseconds().unwrap_or(0);
        day.observed_us += length;
        if counted.is_outage() {
            day.down_us += length;
        }
        day.worst = day.worst.max(Some(counted));
    }
    History { days }
}

/// Every moment from `first` to `now` at which the state or the day may differ from the one before, in order.
fn cuts(first: Time, changes: &[Change], windows: &[Window], now: Time) -> Vec<Time> {
    if first >= now {
        return Vec::new();
    }
    let mut cuts = vec![first, now];
    cuts.extend(changes.iter().map(|change| change.at));
    cuts.extend(windows.iter().flat_map(|window| [window.from, window.to]));
    let mut midnight = first.date_naive().and_time(NaiveTime::MIN).and_utc() + Duration::days(1);
    while midnight < now {
        cuts.push(midnight);
        midnight += Duration::days(1);
    }
    cuts.retain(|at| *at >= first && *at <= now);
    cuts.sort_unstable();
    cuts
}

#[cfg(test)]
#[path = "uptime_tests.rs"]
mod tests;
