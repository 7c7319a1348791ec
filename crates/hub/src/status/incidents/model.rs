//! What an incident is, and which ones may be told.

use uuid::Uuid;
use vitrine_kernel::id::{IncidentId, ServiceId};
use vitrine_kernel::{Error, Time};
use vitrine_platform::web::Fields;

use crate::status::model::{Impact, IncidentState, check_text, check_title};

/// Services of one incident or maintenance.
pub const SERVICES_MAX: usize = 50;

/// Something that went wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Incident {
    pub id: IncidentId,
    pub title: String,
    pub impact: Impact,
    pub state: IncidentState,
    pub services: Vec<Affected>,
    /// Newest first.
    pub updates: Vec<Update>,
    pub created_at: Time,
    pub updated_at: Time,
    pub resolved_at: Option<Time>,
}

/// A service that is touched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Affected {
    pub id: ServiceId,
    pub name: String,
}

/// A step of an incident.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Update {
    pub id: Uuid,
    pub state: IncidentState,
    pub body: String,
    pub created_at: Time,
}

/// Checked fields of an incident to open.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewIncident {
    pub title: String,
    pub impact: Impact,
    pub state: IncidentState,
    pub body: String,
    pub service_ids: Vec<ServiceId>,
}

impl NewIncident {
    pub fn check(
        title: &str,
        impact: Impact,
        state: IncidentState,
        body: &str,
        service_ids: Vec<ServiceId>,
    ) -> Result<Self, Error> {
        let mut fields = Fields::new();
        let title = check_title(&mut fields, Some(title));
        let body = check_text(&mut fields, "body", Some(body), true);
        let service_ids = check_services(&mut fields, service_ids);
        fields.finish()?;
        Ok(Self {
            title: title.unwrap_or_default(),
            impact,
            state,
            body: body.unwrap_or_default(),
            service_ids,
        })
    }
}

/// Checked fields to change; what is `None` stays as it is.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct IncidentChange {
    pub title: Option<String>,
    pub impact: Option<Impact>,
    pub service_ids: Option<Vec<ServiceId>>,
}

impl IncidentChange {
    pub fn check(
        title: Option<&str>,
        impact: Option<Impact>,
        service_ids: Option<Vec<ServiceId>>,
    ) -> Result<Self, Error> {
        let mut fields = Fields::new();
        let title = check_title(&mut fields, title);
        let service_ids = service_ids.map(|ids| check_services(&mut fields, ids));
        fields.finish()?;
        Ok(Self {
            title,
            impact,
            service_ids,
        })
    }
}

/// Notes too many, and names each service once.
pub fn check_services(fields: &mut Fields, ids: Vec<ServiceId>) -> Vec<ServiceId> {
    fields.check(
        ids.len() <= SERVICES_MAX,
        "service_ids",
        "too_long",
        "May name 50 services at most.",
    );
    let mut once: Vec<ServiceId> = Vec::with_capacity(ids.len());
    for id in ids {
        if !once.contains(&id) {
            once.push(id);
        }
    }
    once
}
