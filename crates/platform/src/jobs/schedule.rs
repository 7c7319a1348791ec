//! Work that returns by the clock.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use chrono::DateTime;
use vitrine_db::jobs::{self as engine, NewJob};
use vitrine_kernel::{Error, Time};

use super::Job;
use super::queue::{self, EnqueueOptions};
use crate::Ctx;

type Make = dyn Fn(&Ctx) -> Result<NewJob, Error> + Send + Sync;

/// Queues a job once per period, however many processes run.
#[derive(Clone)]
pub struct Schedule {
    name: &'static str,
    every: Duration,
    make: Arc<Make>,
}

impl Schedule {
    /// Periods are counted from 1970-01-01T00:00Z: an hourly schedule fires on the hour. A period nobody was there for
    /// is caught up with once, at the next start.
    pub fn every<J: Job>(name: &'static str, every: Duration, job: J) -> Self {
        let make = move |ctx: &Ctx| queue::new_job(ctx, None, &job, EnqueueOptions::default());
        Self {
            name,
            every: every.max(Duration::from_secs(1)),
            make: Arc::new(make),
        }
    }

    pub fn name(&self) -> &'static str {
        self.name
    }

    pub fn period(&self) -> Duration {
        self.every
    }

    /// Start of the period that a moment lies in.
    fn period_of(&self, now: Time) -> Time {
        let every = i64::try_from(self.every.as_micros()).unwrap_or(i64::MAX);
        let micros = now.timestamp_micros();
        DateTime::from_timestamp_micros(micros - micros.rem_euclid(every)).unwrap_or(now)
    }

    fn next_after(&self, now: Time) -> Time {
        self.period_of(now) + self.every
    }
}

impl fmt::Debug for Schedule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Schedule")
            .field("name", &self.name)
            .field("every", &self.every)
            .finish()
    }
}

/// A worker's view of the schedules: what fires next, and when.
#[derive(Debug)]
pub(super) struct Timetable {
    /// With the moment each has to be looked at again.
    entries: Vec<(Schedule, Option<Time>)>,
}

impl Timetable {
    pub fn new(schedules: Vec<Schedule>) -> Self {
        Self {
            entries: schedules.into_iter().map(|schedule| (schedule, None)).collect(),
        }
    }

    /// The next moment at which something fires; `None` before the first look.
    pub fn next(&self) -> Option<Time> {
        self.entries.iter().filter_map(|(_, next)| *next).min()
    }

    /// Fires what is due and was not fired by another process.
    pub async fn fire(&mut self, ctx: &Ctx) -> Result<(), Error> {
        let now = ctx.now();
        let is_due = |next: &Option<Time>| next.is_none_or(|next| next <= now);
        if !self.entries.iter().any(|(_, next)| is_due(next)) {
            return Ok(());
        }
        let fired = engine::schedules(&ctx.db).await?;
        for (schedule, next) in &mut self.entries {
            if !is_due(next) {
                continue;
            }
            let period = schedule.period_of(now);
            let is_fired = fired
                .iter()
                .any(|(name, last)| name == schedule.name && *last >= period);
            if !is_fired {
                fire_one(ctx, schedule, period).await?;
            }
            *next = Some(schedule.next_after(now));
        }
        Ok(())
    }
}

async fn fire_one(ctx: &Ctx, schedule: &Schedule, period: Time) -> Result<(), Error> {
    let mut tx = ctx.db.begin().await?;
    if engine::fire_schedule(&mut tx, schedule.name, period).await? {
        queue::insert(&mut tx, &(schedule.make)(ctx)?).await?;
        tx.commit().await?;
    }
    Ok(())
}
