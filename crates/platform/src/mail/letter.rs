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

/// One of several things that a letter lists.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Item {
    pub title: String,
    /// What else is to be said, or empty.
    pub text: String,
    pub url: Option<String>,
}

/// A letter as it waits: with what few letters have.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Content {
    #[serde(flatten)]
    pub letter: Letter,
    #[serde(default)]
    pub items: Vec<Item>,
}

#[derive(Template)]
#[template(path = "letter.html")]
struct Html<'a> {
    letter: &'a Letter,
    items: &'a [Item],
    public_url: &'a str,
}

#[derive(Template)]
#[template(path = "letter.txt", escape = "none")]
struct Text<'a> {
    letter: &'a Letter,
    items: &'a [Item],
    public_url: &'a str,
}

fn failed(error: askama::Error) -> Error {
    Error::internal("could not write a letter").with_source(error)
}

impl Content {
    pub fn html(&self, public_url: &str) -> Result<String, Error> {
        let Self { letter, items } = self;
        let html = Html {
            letter,
            items,
            public_url,
        };
        html.render().map_err(failed)
    }

    pub fn text(&self, public_url: &str) -> Result<String, Error> {
        let Self { letter, items } = self;
        let text = Text {
            letter,
            items,
            public_url,
        };
        text.render().map_err(failed)
    }
}
