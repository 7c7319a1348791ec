//! The streams of this process, and the task that reads new events for them.
//!
//! Nobody listening, nobody reads: the first stream learns where the table ends and starts the reading there.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::{Notify, broadcast};
use tokio_util::sync::CancellationToken;
use vitrine_db::wake::Channel;
use vitrine_db::{EngineKind, values};
use vitrine_kernel::Error;
use vitrine_kernel::id::WorkspaceId;

use super::model::{Event, Position, SnapshotSource};
use super::sql;
use crate::Ctx;

/// Events that may wait for one stream; a client that is slower than that is dropped and comes back with its last id.
const BACKLOG: usize = 512;
const BATCH: i64 = 500;
/// Between two readings, so that a burst of commits is read together.
const PAUSE: Duration = Duration::from_millis(5);

/// The streams of this process. It hangs on the context: `extensions.insert(Hub::new(snapshots))`.
#[derive(Clone)]
pub struct Hub(Arc<Inner>);

struct Inner {
    snapshots: Vec<Arc<dyn SnapshotSource>>,
    state: Mutex<State>,
    wanted: Notify,
    /// Ends every stream.
    closed: CancellationToken,
}

#[derive(Default)]
struct State {
    /// How far events were handed out; `None` while nobody listens.
    position: Option<Position>,
    channels: HashMap<WorkspaceId, broadcast::Sender<Arc<Event>>>,
}

/// What is left to read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Rest {
    Nothing,
    /// Events that wait for an older transaction to end.
    Unsettled,
    More,
}

impl Hub {
    pub fn new(snapshots: impl IntoIterator<Item = Arc<dyn SnapshotSource>>) -> Self {
        Self(Arc::new(Inner {
            snapshots: snapshots.into_iter().collect(),
            state: Mutex::default(),
            wanted: Notify::new(),
            closed: CancellationToken::new(),
        }))
    }

    pub(super) fn of_ctx(ctx: &Ctx) -> Result<&Self, Error> {
        ctx.extension().ok_or_else(|| {
            Error::internal("the context holds no events::Hub: insert one into its extensions")
        })
    }

    pub(super) fn snapshots(&self) -> &[Arc<dyn SnapshotSource>] {
        &self.0.snapshots
    }

    pub(super) fn closed(&self) -> &CancellationToken {
        &self.0.closed
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Everything of a workspace that comes after the position.
    pub(super) async fn subscribe(
        &self,
        ctx: &Ctx,
        workspace: WorkspaceId,
    ) -> Result<(broadcast::Receiver<Arc<Event>>, Position), Error> {
        let mut end = None;
        loop {
            {
                let mut state = self.state();
                if state.position.is_none() {
                    state.position = end;
                }
                if let Some(position) = state.position {
                    let channel = state
                        .channels
                        .entry(workspace)
                        .or_insert_with(|| broadcast::Sender::new(BACKLOG));
                    let receiver = channel.subscribe();
                    drop(state);
                    self.0.wanted.notify_one();
                    return Ok((receiver, position));
                }
            }
            end = Some(Position::from_row(
                &ctx.db.fetch_one(&sql::GET_END, Vec::new()).await?,
            )?);
        }
    }

    /// Reads new events once and hands them out.
    pub(super) async fn deliver(&self, ctx: &Ctx) -> Result<Rest, Error> {
        let Some(from) = self.state().position else {
            return Ok(Rest::Nothing);
        };
        let rows = ctx
            .db
            .fetch_all(&sql::LIST_EVENTS_AFTER, values![from.xact, from.id, BATCH])
            .await?;
        let mut rest = if rows.len() as i64 == BATCH {
            Rest::More
        } else {
            Rest::Nothing
        };
        let mut events = Vec::with_capacity(rows.len());
        for row in &rows {
            if !row.get::<bool>("is_settled")? {
                rest = Rest::Unsettled;
                break;
            }
            events.push(Event::from_row(row)?);
        }
        let mut state = self.state();
        for event in events {
            state.position = Some(event.position);
            if let Some(channel) = state.channels.get(&event.workspace_id) {
                // Nobody there any more is noticed below.
                let _ = channel.send(event);
            }
        }
        state.channels.retain(|_, channel| channel.receiver_count() > 0);
        if state.channels.is_empty() {
            state.position = None;
            rest = Rest::Nothing;
        }
        Ok(rest)
    }

    fn is_idle(&self) -> bool {
        self.state().position.is_none()
    }
}

impl fmt::Debug for Hub {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Hub")
            .field("workspaces", &self.state().channels.len())
            .finish()
    }
}

/// Delivers events to the streams of this process until `shutdown`, which also ends the streams.
pub async fn tail(ctx: Ctx, shutdown: CancellationToken) {
    let hub = match Hub::of_ctx(&ctx) {
        Ok(hub) => hub.clone(),
        Err(error) => {
            tracing::error!("events are not delivered: {error}");
            return;
        }
    };
    let _close = hub.closed().clone().drop_guard();
    let mut signals = ctx.db.wake().subscribe(Channel::Events);
    let slow_look = match ctx.db.kind() {
        // Other processes on the same file cannot signal.
        EngineKind::Sqlite => Duration::from_millis(500),
        EngineKind::Postgres => Duration::from_secs(5),
    };
    let mut unsettled = 0_u32;
    loop {
        let rest = match hub.deliver(&ctx).await {
            Ok(rest) => rest,
            Err(error) => {
                tracing::warn!("could not read events, trying again: {error}");
                Rest::Unsettled
            }
        };
        unsettled = if rest == Rest::Unsettled { unsettled + 1 } else { 0 };
        let next = async {
            match rest {
                Rest::More => {}
                // From 5 ms up to 320 ms.
                Rest::Unsettled => tokio::time::sleep(PAUSE * (1 << (unsettled - 1).min(6))).await,
                Rest::Nothing if hub.is_idle() => hub.0.wanted.notified().await,
                Rest::Nothing => {
                    tokio::time::sleep(PAUSE).await;
                    signals.wait(slow_look).await;
                }
            }
        };
        tokio::select! {
            () = shutdown.cancelled() => return,
            () = next => {}
        }
    }
}
