//! Plans as data, billing periods, what a reservation is.

use chrono::{Datelike as _, Months, NaiveTime};
use vitrine_kernel::{Currency, Money, Time};

/// What is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Metric {
    /// Stagings, one per image.
    Images,
}

impl Metric {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Images => "images",
        }
    }
}

/// What a workspace may use and pays.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Plan {
    pub code: &'static str,
    pub name: &'static str,
    /// `None` is without limit.
    pub images_per_month: Option<u32>,
    /// Images rendered at the same time.
    pub concurrency: u32,
    /// People in a workspace, open invitations included; `None` is without limit.
    pub seats: Option<u32>,
    /// Per month; `None` cannot be bought.
    pub price: Option<Money>,
}

const fn usd(cents: i64) -> Option<Money> {
    Some(Money {
        amount: cents,
        currency: Currency::Usd,
    })
}

/// Every plan, cheapest first. The last one is for the operator and for private instances.
pub const PLANS: [Plan; 5] = [
    Plan {
        code: "free",
        name: "Free",
        images_per_month: Some(100),
        concurrency: 2,
        seats: Some(2),
        price: usd(0),
    },
    Plan {
        code: "starter",
        name: "Starter",
        images_per_month: Some(500),
        concurrency: 4,
        seats: Some(3),
        price: usd(1_900),
    },
    Plan {
        code: "pro",
        name: "Pro",
        images_per_month: Some(2_000),
        concurrency: 8,
        seats: Some(10),
        price: usd(4_900),
    },
    Plan {
        code: "business",
        name: "Business",
        images_per_month: Some(10_000),
        concurrency: 16,
        seats: Some(50),
        price: usd(14_900),
    },
    Plan {
        code: UNLIMITED,
        name: "Unlimited",
        images_per_month: None,
        concurrency: 16,
        seats: None,
        price: None,
    },
];

/// Code of the plan without limits.
pub const UNLIMITED: &str = "unlimited";

impl Plan {
    pub fn find(code: &str) -> Option<&'static Self> {
        PLANS.iter().find(|plan| plan.code == code)
    }

    /// The plan of a stored code; a code that is gone counts as the smallest plan.
    pub fn of(code: &str) -> &'static Self {
        Self::find(code).unwrap_or(&PLANS[0])
    }

    pub fn limit(&self, metric: Metric) -> Option<u32> {
        match metric {
            Metric::Images => self.images_per_month,
        }
    }
}

/// A calendar month, UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Period {
    pub start: Time,
    /// The first moment after it.
    pub end: Time,
}

impl Period {
    pub fn containing(now: Time) -> Self {
        let first = now.date_naive().with_day(1).expect("every month has a first day");
        let start = first.and_time(NaiveTime::MIN).and_utc();
        let end = start
            .checked_add_months(Months::new(1))
            .expect("the calendar goes on past the next month");
        Self { start, end }
    }
}

/// What was reserved of a quota.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reservation {
    /// How many of those asked for; fewer when the rest does not fit.
    pub granted: u32,
    /// The period they count in; needed to settle them.
    pub period_start: Time,
}

/// How a reservation ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Settle {
    /// It was delivered and counts.
    Use,
    /// It failed or was canceled and never counts.
    Release,
}

/// What a workspace used of a metric in a period.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Usage {
    pub plan: &'static Plan,
    pub period: Period,
    pub used: u32,
    pub reserved: u32,
    /// `None` is without limit.
    pub limit: Option<u32>,
}

impl Usage {
    pub fn remaining(&self) -> Option<u32> {
        self.limit
            .map(|limit| limit.saturating_sub(self.used).saturating_sub(self.reserved))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_period_is_the_calendar_month_and_december_ends_in_january() {
        let at = |text: &str| text.parse::<Time>().expect("a time");
        let period = Period::containing(at("2026-12-31T23:59:59.999999Z"));
        assert_eq!(
            period,
            Period {
                start: at("2026-12-01T00:00:00Z"),
                end: at("2027-01-01T00:00:00Z")
            }
        );
        assert_eq!(Period::containing(period.end).start, period.end);
    }
}
