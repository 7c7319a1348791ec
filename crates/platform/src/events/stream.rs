//! One stream: first `connected` with what there is, then what was missed, then what happens.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use futures_util::Stream;
use futures_util::stream::unfold;
use serde_json::{Map, Value, json};
use tokio::sync::broadcast::{self, error::RecvError};
use tokio::time::{Instant, Interval, MissedTickBehavior, interval_at};
use tokio_util::sync::CancellationToken;
use vitrine_db::values;
use vitrine_kernel::Error;
use vitrine_kernel::id::ImageId;

use super::hub::Hub;
use super::model::{Event, Position, StreamFilter, Wanted, frame};
use super::sql;
use super::ticket::{Listener, account_of};
use crate::{Ctx, jobs};

/// How often a quiet stream shows that it lives.
pub(super) const HEARTBEAT: Duration = Duration::from_secs(15);
/// What a returning client may have missed before starting afresh is cheaper.
const LONGEST_REPLAY: usize = 1_000;
/// How long clients should wait before they come back, in milliseconds.
const RETRY_MS: u32 = 2_000;

/// An open stream, frame by frame.
pub(super) struct EventStream {
    ctx: Ctx,
    listener: Listener,
    wanted: Wanted,
    ready: VecDeque<Bytes>,
    live: broadcast::Receiver<Arc<Event>>,
    heartbeat: Interval,
    closed: CancellationToken,
}

impl EventStream {
    /// Opens a stream. Ids in the filter that are not the workspace's are a 404. `last` is the id of the last event the
    /// client got; what came since is told again if it is still there.
    pub async fn open(
        ctx: &Ctx,
        listener: Listener,
        filter: StreamFilter,
        last: Option<&str>,
    ) -> Result<Self, Error> {
        let hub = Hub::of_ctx(ctx)?;
        let workspace = listener.workspace_id;
        let mut wanted = Wanted {
            filter,
            image_of_job: None,
            account_id: account_of(ctx, listener).await?,
        };
        if let Some(job) = filter.job_id {
            let subject = jobs::subject_of(ctx, workspace, job)
                .await?
                .ok_or_else(Error::not_found)?;
            wanted.image_of_job = subject
                .filter(|(kind, _)| kind == "image")
                .map(|(_, id)| ImageId(id));
        }
        for source in hub.snapshots() {
            if !source.covers(ctx, workspace, &filter).await? {
                return Err(Error::not_found());
            }
        }
        // In this order nothing can fall between what is told first and what comes live.
        let (live, position) = hub.subscribe(ctx, workspace).await?;
        let missed = match last.and_then(|text| text.parse::<Position>().ok()) {
            Some(last) => missed_since(ctx, workspace, last, position).await?,
            None => None,
        };
        let mut connected = Map::new();
        for source in hub.snapshots() {
            connected.insert(
                source.key().to_owned(),
                Value::Array(source.snapshot(ctx, workspace, &filter).await?),
            );
        }
        connected.insert("resumed".to_owned(), json!(missed.is_some()));
        let mut ready = VecDeque::new();
        ready.push_back(Bytes::from(format!("retry: {RETRY_MS}\n")));
        // A client that resumes counts on from its own last id until it got what it missed.
        let id = if missed.is_some() { None } else { Some(position) };
        ready.push_back(frame(id, "connected", &Value::Object(connected).to_string()));
        for event in missed.into_iter().flatten() {
            if event.is_for(&wanted) {
                ready.push_back(event.frame.clone());
            }
        }
        let mut heartbeat = interval_at(Instant::now() + HEARTBEAT, HEARTBEAT);
        heartbeat.set_missed_tick_behavior(MissedTickBehavior::Delay);
        metrics::counter!("vitrine_event_streams_total").increment(1);
        Ok(Self {
            ctx: ctx.clone(),
            listener,
            wanted,
            ready,
            live,
            heartbeat,
            closed: hub.closed().clone(),
        })
    }

    /// The next frame; `None` ends the stream: the server stops, the client is too slow, or may no longer listen.
    pub async fn next(&mut self) -> Option<Bytes> {
        if let Some(frame) = self.ready.pop_front() {
            return Some(frame);
        }
        loop {
            tokio::select! {
                biased;
                () = self.closed.cancelled() => return None,
                event = self.live.recv() => match event {
                    Ok(event) if event.is_for(&self.wanted) => return Some(event.frame.clone()),
                    Ok(_) => {}
                    Err(RecvError::Lagged(_) | RecvError::Closed) => return None,
                },
                _ = self.heartbeat.tick() => {
                    return match account_of(&self.ctx, self.listener).await {
                        Ok(Some(_)) => Some(heartbeat(&self.ctx)),
                        Ok(None) => None,
                        Err(error) => {
                            tracing::warn!("could not check a stream's session: {error}");
                            Some(heartbeat(&self.ctx))
                        }
                    };
                }
            }
        }
    }

    /// As the body of a response.
    pub fn into_frames(self) -> impl Stream<Item = Result<Bytes, std::convert::Infallible>> + Send {
        unfold(self, async |mut stream| {
            stream.next().await.map(|frame| (Ok(frame), stream))
        })
    }
}

pub(super) fn heartbeat(ctx: &Ctx) -> Bytes {
    let at = ctx.now().to_rfc3339_opts(chrono::SecondsFormat::Millis, true);
    frame(None, "heartbeat", &json!({ "at": at }).to_string())
}

/// The events of a workspace between two positions; `None` when they are no longer all there, or too many.
async fn missed_since(
    ctx: &Ctx,
    workspace: vitrine_kernel::id::WorkspaceId,
    last: Position,
    now: Position,
) -> Result<Option<Vec<Arc<Event>>>, Error> {
    let purged = match ctx.db.fetch_optional(&sql::GET_PURGED, Vec::new()).await? {
        Some(row) => row.get::<String>("value")?.parse().ok(),
        None => None,
    };
    if last > now || purged.is_some_and(|purged| last < purged) {
        return Ok(None);
    }
    let limit = LONGEST_REPLAY as i64 + 1;
    let values = values![workspace, last.xact, last.id, now.xact, now.id, limit];
    let rows = ctx.db.fetch_all(&sql::LIST_EVENTS_BETWEEN, values).await?;
    if rows.len() > LONGEST_REPLAY {
        return Ok(None);
    }
    Ok(Some(rows.iter().map(Event::from_row).collect::<Result<_, _>>()?))
}
