//! What a project is and which names it may have.

use vitrine_kernel::id::ProjectId;
use vitrine_kernel::text::checked_title;
use vitrine_kernel::{Error, Time};
use vitrine_platform::web::Fields;

/// How long a deleted project can be brought back.
pub const RESTORE_DAYS: i64 = 30;

const NAME_MAX_CHARS: usize = 100;
const DESCRIPTION_MAX_CHARS: usize = 2000;

/// A project, with what its card shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Project {
    pub id: ProjectId,
    pub name: String,
    pub description: String,
    pub original_count: u64,
    pub image_count: u64,
    pub ready_count: u64,
    /// The newest finished staging, else the first photo; always a JPEG.
    pub cover_key: Option<String>,
    pub created_at: Time,
    pub updated_at: Time,
}

/// Checked fields of a project to make, or to replace one with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewProject {
    pub name: String,
    pub description: String,
}

impl NewProject {
    pub fn check(name: &str, description: &str) -> Result<Self, Error> {
        let change = ProjectChange::check(Some(name), Some(description))?;
        Ok(Self {
            name: change.name.unwrap_or_default(),
            description: change.description.unwrap_or_default(),
        })
    }
}

/// Checked fields to change; what is `None` stays as it is.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ProjectChange {
    pub name: Option<String>,
    pub description: Option<String>,
}

impl ProjectChange {
    pub fn check(name: Option<&str>, description: Option<&str>) -> Result<Self, Error> {
        let mut fields = Fields::new();
        let name = name.and_then(|text| {
            fields.require(
                checked_title(text, NAME_MAX_CHARS),
                "name",
                "invalid_length",
                "A name has 1 to 100 characters and no control characters.",
            )
        });
        let description = description.map(str::trim);
        fields.check(
            description.is_none_or(is_description),
            "description",
            "invalid_length",
            "A description has at most 2000 characters and no control characters other than line breaks.",
        );
        fields.finish()?;
        Ok(Self {
            name,
            description: description.map(str::to_owned),
        })
    }
}

impl From<NewProject> for ProjectChange {
    fn from(new: NewProject) -> Self {
        Self {
            name: Some(new.name),
            description: Some(new.description),
        }
    }
}

fn is_description(text: &str) -> bool {
    text.chars().count() <= DESCRIPTION_MAX_CHARS
        && !text
            .chars()
            .any(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_trimmed_and_both_fields_are_checked_at_once() {
        let project = NewProject::check("  12 Elm Street ", " two\nlines ").expect("both are fine");
        assert_eq!(
            project,
            NewProject {
                name: "12 Elm Street".into(),
                description: "two\nlines".into()
            }
        );

        let error = NewProject::check("   ", &"x".repeat(2001)).expect_err("both are wrong");
        let fields: Vec<&str> = error.fields().iter().map(|field| field.field.as_str()).collect();
        assert_eq!(fields, ["name", "description"]);
        assert!(NewProject::check("a\u{0}b", "").is_err());
        assert!(NewProject::check("a", "a\u{0}b").is_err());
    }

    #[test]
    fn a_change_keeps_what_was_not_sent() {
        assert_eq!(
            ProjectChange::check(None, None).expect("nothing is fine"),
            ProjectChange::default()
        );
        assert!(ProjectChange::check(Some(""), None).is_err());
    }
}
