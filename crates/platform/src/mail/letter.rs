//! What a letter says, and its two forms.

use askama::Template;
use serde::{Deserialize, Serialize};
use vitrine_kernel::Error;

/// The parts of a letter; every letter of the product looks the same.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Letter {
    pub subject: String,
    pub heading: String,
    pub paragraphs: Vec<String>,
    /// Label and address of the one thing to do.
    pub action: Option<(String, String)>,
    /// Small print: why it came, what to do when it was not expected.
    pub footnote: String,
    /// For letters that a person may turn off.
    pub unsubscribe_url: Option<String>,
}

#[derive(Template)]
#[template(path = "letter.html")]
struct Html<'a> {
    letter: &'a Letter,
    public_url: &'a str,
}

#[derive(Template)]
#[template(path = "letter.txt", escape = "none")]
struct Text<'a> {
    letter: &'a Letter,
    public_url: &'a str,
}

fn failed(error: askama::Error) -> Error {
    Error::internal("could not write a letter").with_source(error)
}

impl Letter {
    pub(super) fn html(&self, public_url: &str) -> Result<String, Error> {
        let letter = self;
        Html { letter, public_url }.render().map_err(failed)
    }

    pub(super) fn text(&self, public_url: &str) -> Result<String, Error> {
        let letter = self;
        Text { letter, public_url }.render().map_err(failed)
    }
}
