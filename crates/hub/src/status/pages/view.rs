//! What the page says, in words.

use askama::Template;
use vitrine_kernel::{Error, Time};

use crate::status::board::{Board, Seen};
use crate::status::incidents::model::{Affected, Incident};
use crate::status::maintenance::model::Maintenance;
use crate::status::model::{MaintenanceState, Status};
use crate::status::subscribers::letters::moment;
use crate::status::uptime::{self, Day};

/// Days with trouble that are named in the text of a chart.
const NAMED_DAYS: usize = 5;
/// Width of a bar with its gap, in units of the chart.
const BAR: usize = 4;

/// The page with everything.
#[derive(Template)]
#[template(path = "status.html")]
pub struct Page {
    overall: &'static str,
    overall_class: &'static str,
    checked: String,
    services: Vec<ServiceView>,
    open: Vec<IncidentView>,
    past: Vec<IncidentView>,
    windows: Vec<WindowView>,
}

struct ServiceView {
    name: String,
    description: String,
    status: &'static str,
    class: &'static str,
    uptime: String,
    /// The chart in words.
    summary: String,
    bars: Vec<Bar>,
}

struct Bar {
    x: usize,
    class: &'static str,
    title: String,
}

struct IncidentView {
    id: String,
    title: String,
    impact: &'static str,
    class: &'static str,
    services: String,
    steps: Vec<Step>,
}

struct Step {
    state: &'static str,
    at: String,
    stamp: String,
    body: String,
}

struct WindowView {
    id: String,
    title: String,
    state: &'static str,
    times: String,
    description: String,
    services: String,
}

/// A page that says one thing, and may have one button.
#[derive(Template)]
#[template(path = "status_note.html")]
pub struct Note {
    pub title: &'static str,
    pub text: String,
    pub button: Option<Button>,
}

/// A form of one button.
pub struct Button {
    pub label: &'static str,
    pub action: &'static str,
    pub token: String,
}

impl Page {
    pub fn new(board: Board, now: Time) -> Self {
        let (open, past): (Vec<_>, Vec<_>) = board
            .incidents
            .iter()
            .partition(|incident| incident.resolved_at.is_none());
        Self {
            overall: headline(board.status),
            overall_class: class_of(board.status),
            checked: moment(now),
            services: board.services.iter().map(service).collect(),
            open: open.into_iter().map(incident).collect(),
            past: past.into_iter().map(incident).collect(),
            windows: board
                .maintenance
                .iter()
                .filter(|one| one.state(now) != MaintenanceState::Completed)
                .map(|one| window(one, now))
                .collect(),
        }
    }
}

/// Writes a page.
pub fn write(page: &impl Template) -> Result<String, Error> {
    page.render()
        .map_err(|error| Error::internal("could not write the status page").with_source(error))
}

const fn headline(status: Status) -> &'static str {
    match status {
        Status::Operational => "Everything works",
        Status::Maintenance => "Maintenance is in progress",
        Status::Degraded => "Some things are slower or less than they should be",
        Status::PartialOutage => "Some things do not work",
        Status::MajorOutage => "Something important does not work",
    }
}

const fn class_of(status: Status) -> &'static str {
    match status {
        Status::Operational => "good",
        Status::Maintenance => "planned",
        Status::Degraded => "slow",
        Status::PartialOutage => "partly",
        Status::MajorOutage => "down",
    }
}

fn service(seen: &Seen) -> ServiceView {
    let uptime = match seen.history.share() {
        Some(share) => format!("{} % of 90 days", uptime::percent(share)),
        None => "new".to_owned(),
    };
    ServiceView {
        name: seen.service.name.clone(),
        description: seen.service.description.clone(),
        status: seen.status.shown(),
        class: class_of(seen.status),
        summary: summary(&seen.history.days, &uptime),
        uptime,
        bars: seen.history.days.iter().enumerate().map(bar).collect(),
    }
}

fn bar((index, day): (usize, &Day)) -> Bar {
    Bar {
        x: index * BAR,
        class: day.worst.map_or("none", class_of),
        title: describe(day),
    }
}

/// A day in words.
fn describe(day: &Day) -> String {
    let date = day.date.format("%-d %B %Y");
    let Some(worst) = day.worst else {
        return format!("{date}: not observed");
    };
    let minutes = day.down_us.div_euclid(60_000_000);
    match (day.down_us, minutes) {
        (0, _) => format!("{date}: {}", worst.shown().to_lowercase()),
        (_, 0) => format!("{date}: {}, less than a minute", worst.shown().to_lowercase()),
        (_, 1) => format!("{date}: {}, 1 minute", worst.shown().to_lowercase()),
        _ => format!("{date}: {}, {minutes} minutes", worst.shown().to_lowercase()),
    }
}

fn summary(days: &[Day], uptime: &str) -> String {
    let mut troubled: Vec<&Day> = days
        .iter()
        .filter(|day| day.worst.is_some_and(|worst| worst > Status::Maintenance))
        .collect();
    if troubled.is_empty() {
        return format!("Without an outage: {uptime}. No trouble on any day.");
    }
    let count = troubled.len();
    troubled.reverse();
    let named: Vec<String> = troubled
        .iter()
        .take(NAMED_DAYS)
        .map(|day| describe(day))
        .collect();
    let more = if count > NAMED_DAYS {
        format!("; and {} more days", count - NAMED_DAYS)
    } else {
        String::new()
    };
    format!(
        "Without an outage: {uptime}. Trouble on {}{more}.",
        named.join("; ")
    )
}

fn incident(incident: &Incident) -> IncidentView {
    let class = if incident.resolved_at.is_some() {
        "good"
    } else {
        class_of(incident.impact.status().max(Status::Degraded))
    };
    IncidentView {
        id: incident.id.to_string(),
        title: incident.title.clone(),
        impact: incident.impact.shown(),
        class,
        services: names(&incident.services),
        steps: incident
            .updates
            .iter()
            .map(|update| Step {
                state: update.state.shown(),
                at: moment(update.created_at),
                stamp: update.created_at.to_rfc3339(),
                body: update.body.clone(),
            })
            .collect(),
    }
}

fn window(window: &Maintenance, now: Time) -> WindowView {
    WindowView {
        id: window.id.to_string(),
        title: window.title.clone(),
        state: window.state(now).shown(),
        times: format!("{} – {}", moment(window.starts_at), moment(window.ends_at)),
        description: window.description.clone(),
        services: names(&window.services),
    }
}

fn names(services: &[Affected]) -> String {
    let names: Vec<&str> = services.iter().map(|service| service.name.as_str()).collect();
    names.join(", ")
}
