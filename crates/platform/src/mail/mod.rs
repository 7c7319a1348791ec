//! Outgoing mail: a letter is queued in the transaction that makes it necessary and handed over by a job.
//!
//! Letters hold links that open accounts, so they wait sealed and their content is forgotten once they were handed
//! over. An address that a mail server refused for good gets essential letters alone until somebody proves to own it. What
//! surprises people: a worker that dies between the server's yes and our note sends the letter again, under the same
//! message id, which mailboxes fold into one.

pub mod jobs;
mod letter;
mod outbox;
pub mod sql;

pub use letter::{Item, Letter};
pub use outbox::{Extras, Outgoing, SEALED, allow_again, queue, queue_essential, queue_with, sent_since};
