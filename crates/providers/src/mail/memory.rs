//! Mail that is kept, for tests; it can be told to refuse or to fail.

use std::sync::{Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;

use super::{Mail, MailError, Mailer};

/// Every letter that was handed over, oldest first.
#[derive(Debug, Default)]
pub struct Memory {
    mails: Mutex<Vec<Mail>>,
    /// Answers of the next attempts; without one a letter is taken.
    failures: Mutex<Vec<MailError>>,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Memory {
    pub fn mails(&self) -> Vec<Mail> {
        lock(&self.mails).clone()
    }

    /// The next attempt ends like this.
    pub fn fail_next(&self, error: MailError) {
        lock(&self.failures).insert(0, error);
    }
}

#[async_trait]
impl Mailer for Memory {
    async fn send(&self, mail: &Mail) -> Result<(), MailError> {
        if let Some(error) = lock(&self.failures).pop() {
            return Err(error);
        }
        lock(&self.mails).push(mail.clone());
        Ok(())
    }

    fn is_local(&self) -> bool {
        false
    }

    fn describe(&self) -> String {
        "memory".to_owned()
    }
}
