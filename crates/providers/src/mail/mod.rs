//! Outgoing mail: [`Smtp`] hands it to a server, [`Folder`] writes it to files where there is none, [`Memory`] keeps it
//! for tests.

mod folder;
mod memory;
mod message;
mod smtp;

use std::fmt;

use async_trait::async_trait;

pub use folder::Folder;
pub use memory::Memory;
pub use smtp::Smtp;

/// One letter to one address, in both forms.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mail {
    /// Stays the same when it is sent again, so that a mailbox can tell a repeat: `<id>@host` without the brackets.
    pub message_id: String,
    pub to: String,
    pub subject: String,
    pub text: String,
    pub html: String,
    /// Address of RFC 8058 one-click unsubscription, for mail that a person may turn off.
    pub unsubscribe_url: Option<String>,
}

/// Why a letter was not taken.
#[derive(Debug, thiserror::Error)]
pub enum MailError {
    /// The receiving side will not take it, now or later: the address is wrong or gone.
    #[error("the address was refused: {0}")]
    Refused(String),
    /// Worth another attempt.
    #[error("mail could not be handed over: {0}")]
    Failed(String),
}

/// Where letters are handed over.
#[async_trait]
pub trait Mailer: fmt::Debug + Send + Sync {
    async fn send(&self, mail: &Mail) -> Result<(), MailError>;

    /// Whether letters stay on this machine, so that their links have to be shown some other way.
    fn is_local(&self) -> bool;

    /// Where letters go, for a person; without secrets.
    fn describe(&self) -> String;
}
