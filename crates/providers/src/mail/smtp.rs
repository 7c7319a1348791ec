//! Mail through an SMTP server, over connections that are kept.

use std::fmt;
use std::time::Duration;

use async_trait::async_trait;
use lettre::message::Mailbox;
use lettre::transport::smtp::AsyncSmtpTransportBuilder;
use lettre::{AsyncSmtpTransport, AsyncTransport as _, Tokio1Executor};

use super::{Mail, MailError, Mailer, message};

const TIMEOUT: Duration = Duration::from_secs(20);

/// A server such as `smtps://user:password@host` or `smtp://host:587?tls=required`.
pub struct Smtp {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    from: Mailbox,
    host: String,
}

impl Smtp {
    /// Answers what is wrong with the address or the sender, without repeating a password.
    pub fn check(url: &str, from: &str) -> Result<(), String> {
        parse_sender(from)?;
        builder(url).map(drop)
    }

    /// Connects when the first letter goes out. Call it inside a runtime, which its connections live on.
    pub fn new(url: &str, from: &str) -> Result<Self, String> {
        Ok(Self {
            from: parse_sender(from)?,
            transport: builder(url)?.timeout(Some(TIMEOUT)).build(),
            host: host_of(url).unwrap_or_default().to_owned(),
        })
    }
}

fn builder(url: &str) -> Result<AsyncSmtpTransportBuilder, String> {
    let wrong = || "an address such as smtps://user:password@mail.example.com".to_owned();
    host_of(url).ok_or_else(wrong)?;
    AsyncSmtpTransport::<Tokio1Executor>::from_url(url).map_err(|_| wrong())
}

/// The sender of all mail: `Studio <studio@example.com>` or the address alone.
pub(super) fn parse_sender(text: &str) -> Result<Mailbox, String> {
    text.parse()
        .map_err(|_| "a sender such as Studio <studio@example.com>".to_owned())
}

/// Host and port of a URL, without who signs in.
fn host_of(url: &str) -> Option<&str> {
    let rest = url
        .strip_prefix("smtp://")
        .or_else(|| url.strip_prefix("smtps://"))?;
    let authority = rest.split(['/', '?']).next()?;
    let host = authority.rsplit('@').next()?;
    (!host.is_empty()).then_some(host)
}

impl fmt::Debug for Smtp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Smtp").field("host", &self.host).finish()
    }
}

#[async_trait]
impl Mailer for Smtp {
    async fn send(&self, mail: &Mail) -> Result<(), MailError> {
        let message = message::build(mail, &self.from)?;
        match self.transport.send(message).await {
            Ok(_) => Ok(()),
            Err(error) if error.is_permanent() => Err(MailError::Refused(error.to_string())),
            Err(error) => Err(MailError::Failed(error.to_string())),
        }
    }

    fn is_local(&self) -> bool {
        false
    }

    fn describe(&self) -> String {
        format!("{} through {}", self.from, self.host)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn an_address_shows_its_host_and_never_its_password() {
        let smtp = Smtp::new(
            "smtps://ada:pa%40ss@mail.example.com:465",
            "Studio <studio@example.com>",
        )
        .expect("it is fine");
        assert_eq!(
            smtp.describe(),
            "Studio <studio@example.com> through mail.example.com:465"
        );
        assert!(!format!("{smtp:?}").contains("pa"));
        for (url, from) in [
            ("mail.example.com", "a@b.cd"),
            ("smtp://", "a@b.cd"),
            ("smtps://mail.example.com", "nobody"),
        ] {
            assert!(Smtp::check(url, from).is_err(), "{url} {from}");
        }
    }
}
