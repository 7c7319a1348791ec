//! Holding a commit back until something else can be committed with it.
//!
//! Inside [`Unit::run`] the last transaction that is committed stays open, with all it wrote and all it would wake;
//! what is read afterwards is read through it. Whoever started the unit [takes](Unit::take) the transaction, adds its
//! own rows and commits both, or drops both. A second transaction commits the one before it for real, so a verb that
//! wants everything or nothing keeps to one, as verbs should.

use std::sync::Arc;

use tokio::sync::{Mutex, OwnedMutexGuard};

use crate::{Result, Tx};

tokio::task_local! {
    static CURRENT: Unit;
}

/// Work whose last commit is held back. Cheap to clone.
#[derive(Clone, Default)]
pub struct Unit(Arc<Mutex<Option<Tx>>>);

/// The transaction that is held back, for reading through it.
pub(crate) struct Held(OwnedMutexGuard<Option<Tx>>);

impl Held {
    pub fn tx(&mut self) -> Option<&mut Tx> {
        self.0.as_mut()
    }
}

impl Unit {
    /// Does the work as part of this unit. Tasks that it spawns are not part of it.
    pub async fn run<F: Future>(&self, work: F) -> F::Output {
        CURRENT.scope(self.clone(), work).await
    }

    /// The transaction that was held back, if any; its commit is a real one.
    pub async fn take(&self) -> Option<Tx> {
        self.0.lock().await.take()
    }

    pub(crate) fn current() -> Option<Self> {
        CURRENT.try_with(Self::clone).ok()
    }

    /// Keeps a transaction back, in place of an earlier one, which is committed.
    pub(crate) async fn hold(&self, tx: Tx) -> Result<()> {
        let earlier = self.0.lock().await.replace(tx);
        match earlier {
            Some(earlier) => earlier.commit_now().await,
            None => Ok(()),
        }
    }

    /// Commits what was held back.
    pub(crate) async fn release(&self) -> Result<()> {
        match self.take().await {
            Some(tx) => tx.commit_now().await,
            None => Ok(()),
        }
    }

    /// What the current unit, if there is one, holds back.
    pub(crate) async fn held() -> Option<Held> {
        let guard = Self::current()?.0.lock_owned().await;
        guard.is_some().then_some(Held(guard))
    }
}

impl std::fmt::Debug for Unit {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Unit")
    }
}
