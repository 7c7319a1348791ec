//! What the letters say.

use uuid::Uuid;
use vitrine_kernel::Time;
use vitrine_platform::Ctx;
use vitrine_platform::mail::Letter;

use crate::status::incidents::model::{Affected, Incident};
use crate::status::maintenance::model::Maintenance;
use crate::status::model::IncidentState;

const FOOTNOTE: &str = "You get this because you subscribed to the status page.";

/// Asks whether the address wants letters.
pub fn confirmation(ctx: &Ctx, token: &str) -> Letter {
    let url = &ctx.settings.public_url;
    Letter {
        subject: "Confirm your subscription to the status page".to_owned(),
        heading: "One more step".to_owned(),
        paragraphs: vec![format!(
            "Somebody asked for letters about incidents and planned maintenance at {url} to be sent to this address. \
             The link works for 48 hours."
        )],
        action: Some((
            "Yes, send me letters".to_owned(),
            format!("{url}/status/confirm?token={token}"),
        )),
        footnote: "If it was not you, do nothing: without a confirmation nothing is sent.".to_owned(),
        unsubscribe_url: None,
    }
}

/// Tells a step of an incident.
pub fn incident(ctx: &Ctx, incident: &Incident, update: Uuid) -> Option<Letter> {
    let update = incident.updates.iter().find(|one| one.id == update)?;
    let is_first = incident.updates.last().is_some_and(|first| first.id == update.id);
    let word = match update.state {
        IncidentState::Resolved => "Resolved",
        _ if is_first => "Incident",
        state => state.shown(),
    };
    let mut paragraphs = vec![update.body.clone()];
    paragraphs.extend(touched(&incident.services));
    paragraphs.push(format!(
        "{}, {}.",
        update.state.shown(),
        moment(update.created_at)
    ));
    Some(Letter {
        subject: format!("{word}: {}", incident.title),
        heading: incident.title.clone(),
        paragraphs,
        action: Some((
            "See the status page".to_owned(),
            format!("{}/status#incident-{}", ctx.settings.public_url, incident.id),
        )),
        footnote: FOOTNOTE.to_owned(),
        unsubscribe_url: None,
    })
}

/// What is told of a maintenance.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Moment {
    Planned,
    Begun,
    Ended,
    Canceled,
}

/// Tells a step of a maintenance.
pub fn maintenance(ctx: &Ctx, maintenance: &Maintenance, at: Moment) -> Letter {
    let word = match at {
        Moment::Planned => "Planned maintenance",
        Moment::Begun => "Maintenance has begun",
        Moment::Ended => "Maintenance is over",
        Moment::Canceled => "Maintenance was called off",
    };
    let mut paragraphs = vec![format!(
        "From {} until {}.",
        moment(maintenance.starts_at),
        moment(maintenance.ends_at)
    )];
    paragraphs.extend(Some(maintenance.description.clone()).filter(|text| !text.is_empty()));
    paragraphs.extend(touched(&maintenance.services));
    Letter {
        subject: format!("{word}: {}", maintenance.title),
        heading: maintenance.title.clone(),
        paragraphs,
        action: Some((
            "See the status page".to_owned(),
            format!(
                "{}/status#maintenance-{}",
                ctx.settings.public_url, maintenance.id
            ),
        )),
        footnote: FOOTNOTE.to_owned(),
        unsubscribe_url: None,
    }
}

fn touched(services: &[Affected]) -> Option<String> {
    let names: Vec<&str> = services.iter().map(|service| service.name.as_str()).collect();
    (!names.is_empty()).then(|| format!("Services: {}.", names.join(", ")))
}

/// A moment for people, in UTC.
pub fn moment(at: Time) -> String {
    at.format("%-d %B %Y, %H:%M UTC").to_string()
}
