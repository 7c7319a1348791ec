//! What a maintenance is, and which ones may be planned.

use chrono::Duration;
use vitrine_kernel::id::{MaintenanceId, ServiceId};
use vitrine_kernel::{Error, Time};
use vitrine_platform::web::Fields;

use crate::status::incidents::model::{Affected, check_services};
use crate::status::model::{MaintenanceState, check_text, check_title};

/// Longest window.
const LONGEST: Duration = Duration::days(30);
/// A window that begins "now" may have begun this long ago when it arrives.
const PATIENCE: Duration = Duration::minutes(5);

/// A planned maintenance.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Maintenance {
    pub id: MaintenanceId,
    pub title: String,
    pub description: String,
    pub starts_at: Time,
    pub ends_at: Time,
    pub canceled_at: Option<Time>,
    pub services: Vec<Affected>,
    pub created_at: Time,
    pub updated_at: Time,
}

impl Maintenance {
    pub fn state(&self, now: Time) -> MaintenanceState {
        if self.canceled_at.is_some() {
            MaintenanceState::Canceled
        } else if now < self.starts_at {
            MaintenanceState::Scheduled
        } else if now < self.ends_at {
            MaintenanceState::Active
        } else {
            MaintenanceState::Completed
        }
    }
}

/// Checked fields of a maintenance to plan, or to change: what is `None` stays as it is.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct MaintenanceChange {
    pub title: Option<String>,
    pub description: Option<String>,
    pub starts_at: Option<Time>,
    pub ends_at: Option<Time>,
    pub service_ids: Option<Vec<ServiceId>>,
}

impl MaintenanceChange {
    pub fn check(
        title: Option<&str>,
        description: Option<&str>,
        times: (Option<Time>, Option<Time>),
        service_ids: Option<Vec<ServiceId>>,
    ) -> Result<Self, Error> {
        let mut fields = Fields::new();
        let title = check_title(&mut fields, title);
        let description = check_text(&mut fields, "description", description, false);
        if service_ids.as_ref().is_some_and(Vec::is_empty) {
            fields.add("service_ids", "too_short", "Name at least one service.");
        }
        let service_ids = service_ids.map(|ids| check_services(&mut fields, ids));
        fields.finish()?;
        Ok(Self {
            title,
            description,
            starts_at: times.0.map(vitrine_kernel::clock::to_micros),
            ends_at: times.1.map(vitrine_kernel::clock::to_micros),
            service_ids,
        })
    }
}

/// Whether a window may be planned; `begun` is its beginning when that is in the past and cannot be moved any more.
pub fn check_window(starts_at: Time, ends_at: Time, begun: Option<Time>, now: Time) -> Result<(), Error> {
    let mut fields = Fields::new();
    match begun {
        Some(begun) => fields.check(
            starts_at == begun,
            "starts_at",
            "in_the_past",
            "It has begun, so its beginning stays.",
        ),
        None => fields.check(
            starts_at >= now - PATIENCE,
            "starts_at",
            "in_the_past",
            "A maintenance is planned ahead.",
        ),
    }
    if ends_at <= starts_at {
        fields.add("ends_at", "out_of_range", "Must be after starts_at.");
    } else if ends_at - starts_at > LONGEST {
        fields.add("ends_at", "out_of_range", "A window is 30 days long at most.");
    } else {
        fields.check(ends_at > now, "ends_at", "in_the_past", "Must lie ahead.");
    }
    fields.finish()
}
