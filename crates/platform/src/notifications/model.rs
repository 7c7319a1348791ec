//! Kinds of notifications, and what one of them says.

use std::str::FromStr;

use serde::{Deserialize, Serialize};
use vitrine_db::{DbError, Row};
use vitrine_kernel::Time;
use vitrine_kernel::id::{AccountId, NotificationId, ProjectId, WorkspaceId};

use crate::mail::Letter;

/// How soon a kind is told by mail.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Cadence {
    Off,
    /// A letter of its own.
    Instant,
    /// Together with the rest of the day.
    Daily,
    /// Together with the rest of the week, on Monday.
    Weekly,
}

impl Cadence {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Off => "off",
            Self::Instant => "instant",
            Self::Daily => "daily",
            Self::Weekly => "weekly",
        }
    }
}

/// The text is no cadence.
#[derive(Debug, thiserror::Error)]
#[error("{0:?} is no cadence")]
pub struct UnknownCadence(String);

impl FromStr for Cadence {
    type Err = UnknownCadence;

    fn from_str(text: &str) -> Result<Self, UnknownCadence> {
        match text {
            "off" => Ok(Self::Off),
            "instant" => Ok(Self::Instant),
            "daily" => Ok(Self::Daily),
            "weekly" => Ok(Self::Weekly),
            other => Err(UnknownCadence(other.to_owned())),
        }
    }
}

/// Where a kind is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Channels {
    pub in_app: bool,
    pub email: Cadence,
}

impl Channels {
    pub const SILENT: Self = Self {
        in_app: false,
        email: Cadence::Off,
    };

    /// Everywhere that either is told, as soon as either is.
    #[must_use]
    pub const fn and(self, other: Self) -> Self {
        Self {
            in_app: self.in_app || other.in_app,
            email: match (self.email, other.email) {
                (_, Cadence::Instant) | (Cadence::Off, _) => other.email,
                (mine, _) => mine,
            },
        }
    }

    pub const fn is_silent(self) -> bool {
        !self.in_app && matches!(self.email, Cadence::Off)
    }
}

/// A kind of notification; a `static` of the slice that tells it, listed in its module's `notices`.
#[derive(Debug)]
pub struct Kind {
    /// Stored, so it never changes: `area.noun_happened`.
    pub code: &'static str,
    /// What it is called in the preferences.
    pub title: &'static str,
    /// Where it is told until the account decides otherwise.
    pub channels: Channels,
    /// Cannot be switched off and is mailed even to an address that refused a letter before: for the safety of the
    /// account alone.
    pub is_essential: bool,
    /// Every member of the workspace may know it, so anyone may follow it with a rule.
    pub is_shared: bool,
    /// Title of several of one [`Group`]: `12 images are ready`.
    pub title_of_many: Option<fn(u32) -> String>,
}

/// Things that are told together while the person has not looked.
#[derive(Debug, Clone)]
pub struct Group {
    /// What belongs together, such as `ready:{project}`; counted per account and kind.
    pub key: String,
    /// Where the row leads once it tells of several.
    pub link: Option<String>,
}

/// Something to tell an account.
#[derive(Debug, Clone)]
pub struct Notice {
    pub account: AccountId,
    /// Where it happened; `None` for what concerns the account alone. Who is no member of it any more is told nothing.
    pub workspace: Option<WorkspaceId>,
    pub kind: &'static Kind,
    /// One line, also the letter's subject.
    pub title: String,
    /// What else is to be said, or empty.
    pub body: String,
    /// Path within the app: `/projects/…`.
    pub link: Option<String>,
    /// For rules: the project it is about.
    pub project: Option<ProjectId>,
    /// For rules: the state that was reached, such as `failed`.
    pub status: Option<&'static str>,
    pub group: Option<Group>,
    /// What its letter looks like, when it is more than title and body. Such a letter is part of a conversation, so it
    /// also goes to an address that was not confirmed yet. How to turn it off is written below it.
    pub letter: Option<Letter>,
    /// Of several notices with one key an account gets the first. For what may be told twice (a job that runs again)
    /// and for what several people are told, one of whom may follow it with a rule as well.
    pub once: Option<String>,
}

impl Notice {
    /// A notice with a title alone; the rest is filled in with `..`.
    pub fn new(account: AccountId, kind: &'static Kind, title: impl Into<String>) -> Self {
        Self {
            account,
            workspace: None,
            kind,
            title: title.into(),
            body: String::new(),
            link: None,
            project: None,
            status: None,
            group: None,
            letter: None,
            once: None,
        }
    }
}

/// A notification as its account sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notification {
    pub id: NotificationId,
    pub workspace_id: Option<WorkspaceId>,
    pub kind: String,
    pub title: String,
    pub body: String,
    pub link: Option<String>,
    pub count: u32,
    pub created_at: Time,
    pub updated_at: Time,
    pub read_at: Option<Time>,
}

impl Notification {
    pub(super) fn from_row(row: &Row) -> Result<Self, DbError> {
        Ok(Self {
            id: row.get("id")?,
            workspace_id: row.get("workspace_id")?,
            kind: row.get("kind")?,
            title: row.get("title")?,
            body: row.get("body")?,
            link: row.get("link")?,
            count: row.get("count")?,
            created_at: row.get("created_at")?,
            updated_at: row.get("updated_at")?,
            read_at: row.get("read_at")?,
        })
    }
}
