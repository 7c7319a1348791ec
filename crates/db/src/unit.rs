//! Holding a commit back until something else can be committed with it, or until what it stands on was checked.
//!
//! Inside [`Unit::run`] the last transaction that is committed stays open, with all it wrote and all it would wake;
//! what is read afterwards is read through it. Whoever started the unit [takes](Unit::take) the transaction, adds its
//! own rows and commits both, or drops both. A second transaction commits the one before it for real, so a verb that
//! wants everything or nothing keeps to one, as verbs should. A unit that was [opened](Unit::open) beforehand is
//! joined instead: reads and writes see one state of the database, and whoever changed it meanwhile wins.

use std::sync::Arc;

use tokio::sync::{Mutex, OwnedMutexGuard};

use crate::{Db, Result, Tx};

tokio::task_local! {
    static CURRENT: Unit;
}

#[derive(Default)]
struct State {
    held: Option<Tx>,
    is_open: bool,
}

/// Work whose last commit is held back. Cheap to clone.
#[derive(Clone, Default)]
pub struct Unit(Arc<Mutex<State>>);

/// The transaction that is held back, for reading through it.
pub(crate) struct Held(OwnedMutexGuard<State>);

impl Held {
    pub fn tx(&mut self) -> Option<&mut Tx> {
        self.0.held.as_mut()
    }
}

impl Unit {
    /// Does the work as part of this unit. Tasks that it spawns are not part of it.
    pub async fn run<F: Future>(&self, work: F) -> F::Output {
        CURRENT.scope(self.clone(), work).await
    }

    /// The unit that this code runs in, if any.
    pub fn current() -> Option<Self> {
        CURRENT.try_with(Self::clone).ok()
    }

    /// Begins a transaction that the work joins. What others commit from here on is not seen, and changing what they
    /// changed fails with [`DbError::Overtaken`](crate::DbError::Overtaken).
    pub async fn open(&self, db: &Db) -> Result<()> {
        let tx = Tx::begin_snapshot(db).await?;
        let mut state = self.0.lock().await;
        state.held = Some(tx);
        state.is_open = true;
        Ok(())
    }

    /// The transaction that was held back, if any; its commit is a real one.
    pub async fn take(&self) -> Option<Tx> {
        self.0.lock().await.held.take()
    }

    /// For a transaction that begins in the unit: the open one, once what was held otherwise is committed.
    pub(crate) async fn join(&self) -> Result<Option<Tx>> {
        let mut state = self.0.lock().await;
        let held = state.held.take();
        if state.is_open {
            return Ok(held);
        }
        drop(state);
        match held {
            Some(tx) => tx.commit_now().await.map(|()| None),
            None => Ok(None),
        }
    }

    /// Keeps a transaction back, in place of an earlier one, which is committed.
    pub(crate) async fn hold(&self, tx: Tx) -> Result<()> {
        let earlier = self.0.lock().await.held.replace(tx);
        match earlier {
            Some(earlier) => earlier.commit_now().await,
            None => Ok(()),
        }
    }

    /// What the current unit, if there is one, holds back.
    pub(crate) async fn held() -> Option<Held> {
        let guard = Self::current()?.0.lock_owned().await;
        guard.held.is_some().then_some(Held(guard))
    }
}

impl std::fmt::Debug for Unit {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Unit")
    }
}
