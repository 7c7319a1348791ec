//! The Atom feed: one entry for every incident and every maintenance, with ids that stay.

pub mod routes;

use askama::Template;
use chrono::{Duration, SecondsFormat};
use vitrine_kernel::{Error, Time};
use vitrine_platform::Ctx;

use super::incidents::{self, model::Incident};
use super::maintenance::{self, model::Maintenance};
use super::model::IncidentState;
use super::subscribers::letters::moment;

/// Days for which something stays in the feed.
const FEED_DAYS: i64 = 90;

#[derive(Template)]
#[template(path = "status_feed.xml")]
struct Feed<'a> {
    url: &'a str,
    updated: String,
    entries: Vec<Entry>,
}

struct Entry {
    /// A UUID, the same for as long as the thing exists.
    id: String,
    title: String,
    anchor: String,
    published: String,
    updated: String,
    text: String,
}

/// The feed as XML.
pub async fn load(ctx: &Ctx) -> Result<String, Error> {
    let now = ctx.now();
    let since = now - Duration::days(FEED_DAYS);
    let incidents = incidents::service::recent(ctx, since).await?;
    let windows = maintenance::service::recent(ctx, since).await?;
    let mut all: Vec<(Time, Entry)> = incidents.iter().map(of_incident).collect();
    all.extend(windows.iter().map(of_maintenance));
    all.sort_by_key(|(at, _)| std::cmp::Reverse(*at));
    // A feed has to say when it changed, also before anything happened.
    let updated = all.first().map_or(Time::UNIX_EPOCH, |(at, _)| *at);
    let feed = Feed {
        url: &ctx.settings.public_url,
        updated: stamp(updated),
        entries: all.into_iter().map(|(_, entry)| entry).collect(),
    };
    feed.render()
        .map_err(|error| Error::internal("could not write the feed").with_source(error))
}

fn of_incident(incident: &Incident) -> (Time, Entry) {
    let steps: Vec<String> = incident
        .updates
        .iter()
        .map(|update| {
            format!(
                "{} ({})\n{}",
                update.state.shown(),
                moment(update.created_at),
                update.body
            )
        })
        .collect();
    let prefix = match incident.state {
        IncidentState::Resolved => "Resolved: ",
        _ => "",
    };
    let entry = Entry {
        id: incident.id.to_string(),
        title: format!("{prefix}{}", incident.title),
        anchor: format!("incident-{}", incident.id),
        published: stamp(incident.created_at),
        updated: stamp(incident.updated_at),
        text: steps.join("\n\n"),
    };
    (incident.updated_at, entry)
}

fn of_maintenance(window: &Maintenance) -> (Time, Entry) {
    let times = format!(
        "From {} until {}.",
        moment(window.starts_at),
        moment(window.ends_at)
    );
    let text = if window.description.is_empty() {
        times
    } else {
        format!("{times}\n\n{}", window.description)
    };
    let entry = Entry {
        id: window.id.to_string(),
        title: format!("Maintenance: {}", window.title),
        anchor: format!("maintenance-{}", window.id),
        published: stamp(window.created_at),
        updated: stamp(window.updated_at),
        text,
    };
    (window.updated_at, entry)
}

fn stamp(at: Time) -> String {
    at.to_rfc3339_opts(SecondsFormat::Secs, true)
}
