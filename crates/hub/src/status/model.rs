//! Words of the status page, and their order.

use std::str::FromStr;

use serde::{Deserialize, Serialize};
use vitrine_kernel::Error;
use vitrine_kernel::Time;
use vitrine_kernel::id::{IncidentId, ServiceId, StatusEventId};
use vitrine_kernel::text::checked_title;
use vitrine_platform::web::Fields;

const NAME_MAX_CHARS: usize = 100;
const TITLE_MAX_CHARS: usize = 200;
const TEXT_MAX_CHARS: usize = 5_000;

/// The text is no word of the status page; the database holds something else.
#[derive(Debug, thiserror::Error)]
#[error("{0:?} is not known to the status page")]
pub struct UnknownWord(String);

/// An enum that is stored, sent and read as one word.
macro_rules! words {
    ($(#[$doc:meta])* $schema:ident $name:ident { $($(#[$variant_doc:meta])* $variant:ident $word:literal $shown:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, utoipa::ToSchema)]
        #[serde(rename_all = "snake_case")]
        #[schema(as = $schema)]
        pub enum $name { $($(#[$variant_doc])* $variant),+ }

        impl $name {
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The stored word, the same as on the wire.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word),+ }
            }

            /// For people.
            pub const fn shown(self) -> &'static str {
                match self { $(Self::$variant => $shown),+ }
            }
        }

        impl FromStr for $name {
            type Err = UnknownWord;

            fn from_str(text: &str) -> Result<Self, UnknownWord> {
                Self::ALL.iter().copied().find(|one| one.as_str() == text).ok_or_else(|| UnknownWord(text.to_owned()))
            }
        }
    };
}

words! {
    /// How a service is, from best to worst.
    ServiceStatus Status {
        Operational "operational" "Operational",
        Maintenance "maintenance" "Under maintenance",
        Degraded "degraded" "Degraded",
        PartialOutage "partial_outage" "Partial outage",
        MajorOutage "major_outage" "Major outage",
    }
}

impl Status {
    /// Whether it counts against uptime.
    pub const fn is_outage(self) -> bool {
        matches!(self, Self::PartialOutage | Self::MajorOutage)
    }
}

words! {
    /// Where the work on an incident stands.
    IncidentState IncidentState {
        Investigating "investigating" "Investigating",
        Identified "identified" "Identified",
        Monitoring "monitoring" "Monitoring",
        Resolved "resolved" "Resolved",
    }
}

words! {
    /// How much an incident takes away. While it is open its services are operational (`none`), degraded (`minor`), in
    /// a partial outage (`major`) or in a major one (`critical`).
    IncidentImpact Impact {
        None "none" "No impact",
        Minor "minor" "Minor impact",
        Major "major" "Major impact",
        Critical "critical" "Critical impact",
    }
}

impl Impact {
    /// What the incident makes of its services.
    pub const fn status(self) -> Status {
        match self {
            Self::None => Status::Operational,
            Self::Minor => Status::Degraded,
            Self::Major => Status::PartialOutage,
            Self::Critical => Status::MajorOutage,
        }
    }
}

words! {
    /// Where a planned maintenance stands at the moment of the answer.
    MaintenanceState MaintenanceState {
        Scheduled "scheduled" "Scheduled",
        Active "active" "In progress",
        Completed "completed" "Completed",
        Canceled "canceled" "Called off",
    }
}

words! {
    /// Who told of a change. Those of a maintenance are notes: its window counts by its own times.
    StatusEventSource Source {
        Operator "operator" "Operator",
        Probe "probe" "Vitrine itself",
        Incident "incident" "Incident",
        Maintenance "maintenance" "Maintenance",
    }
}

/// A part of the offer whose state is public.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Service {
    pub id: ServiceId,
    pub name: String,
    pub description: String,
    pub position: i64,
    /// `api`, `worker` or `storage`: what Vitrine reports itself.
    pub builtin: Option<String>,
    /// By its newest event; a maintenance window may lie over it.
    pub told: Status,
    /// When that event was, or when the service was made.
    pub told_at: Time,
    pub created_at: Time,
    pub updated_at: Time,
}

/// A change of a service's state.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    pub id: StatusEventId,
    pub service_id: ServiceId,
    pub service_name: String,
    pub status: Status,
    pub description: String,
    pub source: Source,
    pub incident_id: Option<IncidentId>,
    pub created_at: Time,
}

/// Checks a name in place.
pub fn check_name(fields: &mut Fields, text: Option<&str>) -> Option<String> {
    text.and_then(|text| {
        fields.require(
            checked_title(text, NAME_MAX_CHARS),
            "name",
            "invalid_length",
            "A name has 1 to 100 characters and no control characters.",
        )
    })
}

/// Checks the title of an incident or a maintenance in place.
pub fn check_title(fields: &mut Fields, text: Option<&str>) -> Option<String> {
    text.and_then(|text| {
        fields.require(
            checked_title(text, TITLE_MAX_CHARS),
            "title",
            "invalid_length",
            "A title has 1 to 200 characters and no control characters.",
        )
    })
}

/// Checks a text of several lines in place; `required` refuses an empty one.
pub fn check_text(
    fields: &mut Fields,
    field: &'static str,
    text: Option<&str>,
    required: bool,
) -> Option<String> {
    let text = text.map(|text| text.trim().replace("\r\n", "\n"))?;
    let length = text.chars().count();
    let is_plain = !text.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\t'));
    let is_good = is_plain && length <= TEXT_MAX_CHARS && !(required && length == 0);
    fields.check(
        is_good,
        field,
        "invalid_length",
        if required {
            "Must have 1 to 5000 characters and no control characters other than line breaks."
        } else {
            "May have 5000 characters at most and no control characters other than line breaks."
        },
    );
    is_good.then_some(text)
}

/// Says that an id inside a body is not one of a service.
pub fn unknown_service(field: impl Into<String>) -> Error {
    Error::field(field, "unknown", "There is no such service.")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn states_are_ranked_from_best_to_worst_and_survive_storage() {
        let mut sorted = Status::ALL.to_vec();
        sorted.sort();
        assert_eq!(sorted, Status::ALL);
        for status in Status::ALL {
            assert_eq!(status.as_str().parse::<Status>().expect("a word"), *status);
            assert_eq!(serde_json::to_value(status).expect("JSON"), status.as_str());
        }
        assert!("Operational".parse::<Status>().is_err());
    }

    #[test]
    fn texts_are_trimmed_and_every_bad_one_is_named() {
        let mut fields = Fields::new();
        assert_eq!(
            check_text(&mut fields, "body", Some(" a\r\nb "), true).as_deref(),
            Some("a\nb")
        );
        assert_eq!(
            check_text(&mut fields, "body", Some(" "), false).as_deref(),
            Some("")
        );
        assert!(fields.is_empty());
        check_title(&mut fields, Some(""));
        check_text(&mut fields, "body", Some(" "), true);
        check_text(&mut fields, "description", Some("a\u{0}"), false);
        let error = fields.into_error();
        let names: Vec<&str> = error.fields().iter().map(|one| one.field.as_str()).collect();
        assert_eq!(names, ["title", "body", "description"]);
    }
}
