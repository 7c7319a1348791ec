//! When something returns: every so many hours, days or weeks, at an hour of somebody's own time zone.
//!
//! Days and weeks are counted on the calendar of the zone, so that eight o'clock stays eight o'clock when the clocks
//! change. A time that the change skips is the same distance later, one that comes twice is its first.

use chrono::DateTime;
use jiff::civil::{Date, Time as Civil};
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp};
use serde::{Deserialize, Serialize};
use vitrine_kernel::Time;

/// What is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Unit {
    Hours,
    Days,
    Weeks,
}

/// A day of the week.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Weekday {
    Monday,
    Tuesday,
    Wednesday,
    Thursday,
    Friday,
    Saturday,
    Sunday,
}

/// Words as they are stored and sent.
macro_rules! words {
    ($name:ident { $($variant:ident $word:literal),+ }) => {
        impl $name {
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word),+ }
            }
        }

        impl std::str::FromStr for $name {
            type Err = String;

            fn from_str(text: &str) -> Result<Self, String> {
                match text {
                    $($word => Ok(Self::$variant),)+
                    other => Err(format!("{other:?} is no {}", stringify!($name))),
                }
            }
        }
    };
}

words! { Unit { Hours "hours", Days "days", Weeks "weeks" } }
words! { Weekday {
    Monday "monday", Tuesday "tuesday", Wednesday "wednesday", Thursday "thursday", Friday "friday",
    Saturday "saturday", Sunday "sunday"
} }
pub(super) use words;

/// How something returns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rhythm {
    pub unit: Unit,
    /// 1 or more.
    pub every: u32,
    /// Minutes after midnight; for days and weeks.
    pub at_minute: u32,
    /// For weeks.
    pub weekday: Weekday,
    /// Name of the IANA database, such as `Europe/Berlin`; an unknown one counts as UTC.
    pub timezone: String,
}

impl Rhythm {
    /// The first moment after `now`.
    pub fn first(&self, now: Time) -> Time {
        match self.unit {
            Unit::Hours => now + chrono::Duration::hours(i64::from(self.every)),
            Unit::Days | Unit::Weeks => self.on_calendar(local_date(now, &self.zone()), 1, now),
        }
    }

    /// The moment after `last` that lies behind `now`: what nobody was there for is not made up for.
    pub fn next(&self, last: Time, now: Time) -> Time {
        match self.unit {
            Unit::Hours => {
                let period = chrono::Duration::hours(i64::from(self.every)).num_seconds();
                let missed = (now - last).num_seconds().max(0) / period;
                last + chrono::Duration::seconds(period * (missed + 1))
            }
            Unit::Days => {
                let start = local_date(last, &self.zone());
                self.on_calendar(later(start, i64::from(self.every)), i64::from(self.every), now)
            }
            Unit::Weeks => {
                let days = i64::from(self.every) * 7;
                self.on_calendar(later(local_date(last, &self.zone()), days), days, now)
            }
        }
    }

    fn zone(&self) -> TimeZone {
        zone(&self.timezone).unwrap_or(TimeZone::UTC)
    }

    /// The first such day from `start` on, in steps, whose hour lies behind `now`.
    fn on_calendar(&self, start: Date, step: i64, now: Time) -> Time {
        let zone = self.zone();
        let at =
            Civil::midnight().saturating_add(Span::new().minutes(i64::from(self.at_minute.min(24 * 60 - 1))));
        let mut day = start;
        // A thousand steps are years of days; the end of the calendar is never reached.
        for _ in 0..1_000 {
            let fits = self.unit != Unit::Weeks || weekday_of(day) == self.weekday;
            if fits && let Ok(moment) = day.to_datetime(at).to_zoned(zone.clone()) {
                let moment = to_chrono(moment.timestamp());
                if moment > now {
                    return moment;
                }
            }
            // The first week is looked for day by day.
            day = later(day, if fits { step } else { 1 });
        }
        now + chrono::Duration::days(1)
    }
}

fn weekday_of(day: Date) -> Weekday {
    use jiff::civil::Weekday as Day;
    match day.weekday() {
        Day::Monday => Weekday::Monday,
        Day::Tuesday => Weekday::Tuesday,
        Day::Wednesday => Weekday::Wednesday,
        Day::Thursday => Weekday::Thursday,
        Day::Friday => Weekday::Friday,
        Day::Saturday => Weekday::Saturday,
        Day::Sunday => Weekday::Sunday,
    }
}

/// The zone of a name, if there is one.
pub fn zone(name: &str) -> Option<TimeZone> {
    TimeZone::get(name).ok()
}

fn local_date(time: Time, zone: &TimeZone) -> Date {
    to_jiff(time).to_zoned(zone.clone()).date()
}

fn later(day: Date, days: i64) -> Date {
    day.saturating_add(Span::new().days(days))
}

fn to_jiff(time: Time) -> Timestamp {
    Timestamp::from_microsecond(time.timestamp_micros()).unwrap_or_default()
}

fn to_chrono(timestamp: Timestamp) -> Time {
    DateTime::from_timestamp_micros(timestamp.as_microsecond()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Time {
        text.parse().expect("a time")
    }

    fn rhythm(unit: Unit, every: u32) -> Rhythm {
        Rhythm {
            unit,
            every,
            at_minute: 8 * 60,
            weekday: Weekday::Monday,
            timezone: "Europe/Berlin".to_owned(),
        }
    }

    #[test]
    fn eight_o_clock_stays_eight_o_clock_when_the_clocks_change() {
        let daily = rhythm(Unit::Days, 1);
        // Berlin goes back to winter time on 2026-10-25.
        assert_eq!(
            daily.first(at("2026-10-24T05:59:00Z")),
            at("2026-10-24T06:00:00Z")
        );
        assert_eq!(
            daily.next(at("2026-10-24T06:00:00Z"), at("2026-10-24T06:00:00Z")),
            at("2026-10-25T07:00:00Z")
        );
    }

    #[test]
    fn a_time_that_is_skipped_comes_as_much_later() {
        let early = Rhythm {
            at_minute: 150,
            ..rhythm(Unit::Days, 1)
        };
        // On 2026-03-29 Berlin has no half past two.
        assert_eq!(
            early.first(at("2026-03-28T22:00:00Z")),
            at("2026-03-29T01:30:00Z")
        );
        assert_eq!(
            early.next(at("2026-03-29T01:30:00Z"), at("2026-03-29T01:30:00Z")),
            at("2026-03-30T00:30:00Z")
        );
    }

    #[test]
    fn weeks_begin_on_their_day_and_keep_it() {
        let weekly = rhythm(Unit::Weeks, 2);
        let first = weekly.first(at("2026-11-04T12:00:00Z"));
        assert_eq!(first, at("2026-11-09T07:00:00Z"));
        assert_eq!(weekly.next(first, first), at("2026-11-23T07:00:00Z"));
    }

    #[test]
    fn what_was_missed_is_not_made_up_for() {
        let hourly = rhythm(Unit::Hours, 6);
        assert_eq!(
            hourly.first(at("2026-11-02T09:00:00Z")),
            at("2026-11-02T15:00:00Z")
        );
        assert_eq!(
            hourly.next(at("2026-11-02T15:00:00Z"), at("2026-11-04T16:00:00Z")),
            at("2026-11-04T21:00:00Z")
        );
        let daily = rhythm(Unit::Days, 3);
        assert_eq!(
            daily.next(at("2026-11-02T07:00:00Z"), at("2026-11-09T12:00:00Z")),
            at("2026-11-11T07:00:00Z")
        );
    }

    #[test]
    fn an_unknown_zone_is_none() {
        assert!(zone("Mars/Olympus").is_none() && zone("Asia/Kolkata").is_some() && zone("UTC").is_some());
    }
}
