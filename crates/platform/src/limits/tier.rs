//! Who may ask how often.

use super::bucket::Rate;
use crate::billing::UNLIMITED;

/// A kind of limit; each has a bucket per key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Tier {
    /// Without a token, by address.
    Anonymous,
    /// Signed in on the free plan, by account.
    Free,
    /// Signed in on a plan that is paid for, by account.
    Paid,
    /// Signed in on the largest plans, by account.
    Business,
    /// Signing in and up, by address.
    Auth,
    /// Signing in, by address and e-mail.
    AuthEmail,
    /// Asking for letters, by address.
    MailAddress,
    /// Asking for letters, by e-mail.
    MailEmail,
    /// Announcing uploads, by account.
    Uploads,
    /// What a hand tool asks for while something is dragged, by account.
    Interactive,
    /// Writing to others: tickets, messages, posts, comments and flags, by account.
    Posts,
}

impl Tier {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Anonymous => "anonymous",
            Self::Free => "free",
            Self::Paid => "paid",
            Self::Business => "business",
            Self::Auth => "auth",
            Self::AuthEmail => "auth_email",
            Self::MailAddress => "mail_address",
            Self::MailEmail => "mail_email",
            Self::Uploads => "uploads",
            Self::Interactive => "interactive",
            Self::Posts => "posts",
        }
    }

    /// The tier of a signed-in account by its workspace's plan.
    pub fn of_plan(code: &str) -> Self {
        match code {
            "starter" | "pro" => Self::Paid,
            "business" | UNLIMITED => Self::Business,
            _ => Self::Free,
        }
    }

    pub const fn rate(self) -> Rate {
        match self {
            Self::Anonymous => Rate::per_minute(60),
            Self::Free | Self::Uploads => Rate::per_minute(120),
            Self::Paid => Rate::per_minute(300),
            Self::Business | Self::Interactive => Rate::per_minute(600),
            Self::Auth => Rate::per_minute(30),
            Self::Posts => Rate::per_minute(20),
            Self::AuthEmail => Rate::per_minute(10),
            Self::MailAddress => Rate::per_hour(20),
            Self::MailEmail => Rate::per_hour(5),
        }
    }
}
