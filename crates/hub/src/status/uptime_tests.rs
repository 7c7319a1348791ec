use proptest::prelude::*;

use super::*;

const HOURS: i64 = 90 * 24;

fn at(hour: i64) -> Time {
    "2026-08-01T00:00:00Z".parse::<Time>().expect("a time") + Duration::hours(hour)
}

fn all_well(since: i64, now: i64) -> History {
    history(at(since), Status::Operational, &[], &[], at(now))
}

#[test]
fn a_quiet_service_was_up_for_as_long_as_it_is_there() {
    let old = all_well(-10_000, HOURS - 1);
    assert_eq!((old.days.len(), old.share()), (90, Some(1.0)));
    assert!(old.days.iter().all(|day| day.worst == Some(Status::Operational)));
    let young = all_well(HOURS - 30, HOURS - 1);
    let seen: Vec<i64> = young
        .days
        .iter()
        .map(|day| day.observed_us / 3_600_000_000)
        .filter(|hours| *hours > 0)
        .collect();
    assert_eq!(seen, [6, 23], "the rest of the day it was made, and today so far");
    assert_eq!(young.days[0].share(), None);
    assert_eq!(all_well(HOURS, HOURS).share(), None, "made this moment");
}

#[test]
fn an_outage_over_midnight_counts_on_both_days_and_not_during_maintenance() {
    let changes = [
        Change {
            at: at(HOURS - 26),
            status: Status::MajorOutage,
        },
        Change {
            at: at(HOURS - 22),
            status: Status::Operational,
        },
    ];
    let now = at(HOURS - 1);
    let plain = history(at(-99), Status::Operational, &changes, &[], now);
    let hours = |history: &History| -> Vec<i64> {
        history.days[88..]
            .iter()
            .map(|day| day.down_us / 3_600_000_000)
            .collect()
    };
    assert_eq!(hours(&plain), [2, 2]);
    assert_eq!(plain.days[89].worst, Some(Status::MajorOutage));
    let windows = [
        Window {
            from: at(HOURS - 25),
            to: at(HOURS - 23),
        },
        Window {
            from: at(HOURS - 24),
            to: at(HOURS - 22),
        },
    ];
    let planned = history(at(-99), Status::Operational, &changes, &windows, now);
    assert_eq!(hours(&planned), [1, 0]);
    assert_eq!(planned.days[89].worst, Some(Status::Maintenance));
}

#[test]
fn a_hundred_percent_is_said_only_of_no_outage_at_all() {
    assert_eq!(percent(1.0).to_string(), "100");
    assert_eq!(percent(0.999_999_999).to_string(), "99.999");
    assert_eq!(percent(0.9).to_string(), "90");
    assert_eq!(percent(0.987_654_3).to_string(), "98.765");
    assert_eq!(percent(0.0).to_string(), "0");
}

fn status() -> impl Strategy<Value = Status> {
    prop::sample::select(Status::ALL.to_vec())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    /// Hour by hour, asking everything anew.
    #[test]
    fn bars_agree_with_counting_hours(
        since in -400..HOURS,
        before in status(),
        mut changes in prop::collection::vec((0..HOURS, status()), 0..30),
        windows in prop::collection::vec((-50..HOURS, 0..200i64), 0..6),
        now_hour in 0..24i64,
    ) {
        let now = HOURS - 24 + now_hour;
        changes.sort_by_key(|(hour, _)| *hour);
        changes.retain(|(hour, _)| *hour >= since && *hour <= now);
        let given: Vec<Change> = changes.iter().map(|(hour, status)| Change { at: at(*hour), status: *status }).collect();
        let planned: Vec<Window> = windows.iter().map(|(from, long)| Window { from: at(*from), to: at(from + long) }).collect();
        let found = history(at(since), before, &given, &planned, at(now));
        for (index, day) in (0..90i64).zip(&found.days) {
            let (mut observed, mut down, mut worst) = (0, 0, None);
            for hour in index * 24..(index + 1) * 24 {
                if hour < since || hour >= now {
                    continue;
                }
                let told = changes.iter().filter(|(at, _)| *at <= hour).map(|(_, status)| *status).next_back();
                let in_window = windows.iter().any(|(from, long)| (*from..from + long).contains(&hour));
                let counted = if in_window { Status::Maintenance } else { told.unwrap_or(before) };
                observed += 3_600_000_000i64;
                down += if matches!(counted, Status::PartialOutage | Status::MajorOutage) { 3_600_000_000 } else { 0 };
                worst = worst.max(Some(counted));
            }
            prop_assert_eq!((day.observed_us, day.down_us, day.worst), (observed, down, worst), "day {}", index);
        }
    }
}
