use std::sync::Arc;

use async_trait::async_trait;
use bytes::Bytes;
use chrono::TimeDelta;
use serde_json::{Value, json};
use tokio_util::sync::CancellationToken;
use vitrine_db::{Db, Statement, db_test, values};
use vitrine_kernel::id::{AccountId, ImageId, JobId, ProjectId, SessionId, WorkspaceId};
use vitrine_kernel::{Error, ErrorCode, ManualClock};

use super::hub::Rest;
use super::stream::{EventStream, heartbeat};
use super::ticket::{self, Listener};
use super::{Hub, NewEvent, PurgeEvents, SnapshotSource, StreamFilter, publish, tail};
use crate::Ctx;
use crate::accounts::{Actor, Credential};
use crate::jobs::tests::support::{self, ctx_with};
use crate::jobs::{JobKind, JobSnapshot};
use crate::workspaces::Role;

/// Says that one image is being made, and that it belongs to the workspace that has it.
struct OneImage(WorkspaceId, ImageId);

#[async_trait]
impl SnapshotSource for OneImage {
    fn key(&self) -> &'static str {
        "images"
    }

    async fn snapshot(
        &self,
        _ctx: &Ctx,
        workspace: WorkspaceId,
        _filter: &StreamFilter,
    ) -> Result<Vec<Value>, Error> {
        Ok(if workspace == self.0 {
            vec![json!({ "image_id": self.1 })]
        } else {
            Vec::new()
        })
    }

    async fn covers(&self, _ctx: &Ctx, workspace: WorkspaceId, filter: &StreamFilter) -> Result<bool, Error> {
        Ok(filter
            .image_id
            .is_none_or(|id| workspace == self.0 && id == self.1))
    }
}

fn workspace_id(number: u128) -> WorkspaceId {
    WorkspaceId(uuid::Uuid::from_u128(number))
}

const IMAGE: ImageId = ImageId(uuid::Uuid::from_u128(500));

fn ctx(db: Db) -> (Ctx, ManualClock) {
    ctx_with(db, vec![JobKind::of::<PurgeEvents>()], |extensions| {
        let sources: [Arc<dyn SnapshotSource>; 2] =
            [Arc::new(OneImage(workspace_id(1), IMAGE)), Arc::new(JobSnapshot)];
        extensions.insert(Hub::new(sources));
    })
}

fn listener(workspace: WorkspaceId) -> Listener {
    Listener {
        session_id: Some(SessionId(uuid::Uuid::from_u128(9))),
        api_key_id: None,
        workspace_id: workspace,
    }
}

fn news(workspace_id: WorkspaceId, number: u32) -> NewEvent<'static> {
    let payload = json!({ "number": number });
    NewEvent {
        workspace_id,
        kind: "job_update",
        project_id: None,
        image_id: None,
        job_id: None,
        payload,
    }
}

async fn tell(ctx: &Ctx, event: NewEvent<'_>) {
    let mut tx = ctx.db.begin().await.unwrap();
    publish(&mut tx, ctx, event).await.unwrap();
    tx.commit().await.unwrap();
}

async fn open(ctx: &Ctx, workspace: WorkspaceId, filter: StreamFilter, last: Option<&str>) -> EventStream {
    EventStream::open(ctx, listener(workspace), filter, last)
        .await
        .unwrap()
}

/// Reads the stream's head and answers `connected`'s id and data.
async fn connected(stream: &mut EventStream) -> (Option<String>, Value) {
    assert_eq!(stream.next().await.unwrap(), "retry: 2000\n");
    let (id, kind, data) = parts(&stream.next().await.unwrap());
    assert_eq!(kind, "connected");
    (id, data)
}

fn parts(frame: &Bytes) -> (Option<String>, String, Value) {
    let text = std::str::from_utf8(frame).unwrap();
    let field = |name: &str| {
        text.lines()
            .find_map(|line| line.strip_prefix(name))
            .map(str::to_owned)
    };
    let data = serde_json::from_str(&field("data: ").unwrap()).unwrap();
    (field("id: "), field("event: ").unwrap(), data)
}

/// Hands out everything that is there. Other tests on the same PostgreSQL server may hold older transactions open.
async fn deliver(ctx: &Ctx) {
    let hub = Hub::of_ctx(ctx).unwrap();
    while hub.deliver(ctx).await.unwrap() != Rest::Nothing {
        tokio::task::yield_now().await;
    }
}

async fn next_number(stream: &mut EventStream) -> i64 {
    let frame = tokio::time::timeout(std::time::Duration::from_secs(20), stream.next()).await;
    parts(&frame.expect("an event").expect("an open stream")).2["number"]
        .as_i64()
        .unwrap()
}

/// An account's session in a workspace of its own.
async fn session(ctx: &Ctx) -> Actor {
    static ACCOUNT: Statement = Statement::new(
        "ACCOUNT",
        "insert into accounts (id, email, email_key, full_name, is_operator, created_at, updated_at)
         values ($1, 'a@b.c', 'a@b.c', 'A', false, $2, $2)",
    );
    static MEMBER: Statement = Statement::new(
        "MEMBER",
        "insert into workspace_members (workspace_id, account_id, role, created_at) values ($1, $2, 'owner', $3)",
    );
    static SESSION: Statement = Statement::new(
        "SESSION",
        "insert into sessions (id, account_id, created_at, last_used_at, expires_at) values ($1, $2, $3, $3, $4)",
    );
    let now = ctx.now();
    let (account_id, session_id): (AccountId, SessionId) = (ctx.id(), ctx.id());
    let workspace_id = support::workspace(ctx, "free").await;
    ctx.db.execute(&ACCOUNT, values![account_id, now]).await.unwrap();
    ctx.db
        .execute(&MEMBER, values![workspace_id, account_id, now])
        .await
        .unwrap();
    ctx.db
        .execute(
            &SESSION,
            values![session_id, account_id, now, now + TimeDelta::days(1)],
        )
        .await
        .unwrap();
    Actor {
        plan: "free".to_owned(),
        account_id,
        credential: Credential::Session(session_id),
        workspace_id,
        role: Role::Owner,
        is_operator: false,
        is_verified: true,
        is_leaving: false,
        ip: None,
    }
}

db_test! {
    async fn a_stream_says_what_there_is_and_then_what_happens_in_order(db: Db) {
        let (ctx, _clock) = ctx(db);
        let mut stream = open(&ctx, workspace_id(1), StreamFilter::default(), None).await;
        let (id, data) = connected(&mut stream).await;
        assert!(id.is_some());
        assert_eq!(data, json!({ "images": [{ "image_id": IMAGE }], "jobs": [], "resumed": false }));
        for number in 1..=3 {
            tell(&ctx, news(workspace_id(1), number)).await;
        }
        deliver(&ctx).await;
        let seen = [next_number(&mut stream).await, next_number(&mut stream).await, next_number(&mut stream).await];
        assert_eq!(seen, [1, 2, 3]);
    }

    async fn a_stream_never_sees_another_workspace(db: Db) {
        let (ctx, _clock) = ctx(db);
        let mut mine = open(&ctx, workspace_id(1), StreamFilter::default(), None).await;
        let mut theirs = open(&ctx, workspace_id(2), StreamFilter::default(), None).await;
        connected(&mut mine).await;
        assert_eq!(connected(&mut theirs).await.1["images"], json!([]));
        tell(&ctx, news(workspace_id(2), 20)).await;
        tell(&ctx, news(workspace_id(1), 10)).await;
        deliver(&ctx).await;
        assert_eq!(next_number(&mut mine).await, 10);
        assert_eq!(next_number(&mut theirs).await, 20);
        // Not by asking for what was missed either.
        let mut replayed = open(&ctx, workspace_id(1), StreamFilter::default(), Some("0.0")).await;
        assert_eq!(connected(&mut replayed).await.1["resumed"], json!(true));
        assert_eq!(next_number(&mut replayed).await, 10);
    }

    async fn ids_of_another_workspace_are_not_found(db: Db) {
        let (ctx, _clock) = ctx(db);
        let image = StreamFilter { image_id: Some(IMAGE), ..StreamFilter::default() };
        let job = StreamFilter { job_id: Some(JobId(uuid::Uuid::from_u128(1))), ..StreamFilter::default() };
        for (workspace, filter) in [(workspace_id(2), image), (workspace_id(1), job)] {
            let refused = EventStream::open(&ctx, listener(workspace), filter, None).await.err().unwrap();
            assert_eq!(refused.code(), ErrorCode::NotFound);
        }
        open(&ctx, workspace_id(1), image, None).await;
    }

    async fn a_narrowed_stream_gets_only_what_it_asked_for(db: Db) {
        let (ctx, _clock) = ctx(db);
        let project = ProjectId(uuid::Uuid::from_u128(3));
        let filter = StreamFilter { project_id: Some(project), ..StreamFilter::default() };
        let mut stream = open(&ctx, workspace_id(1), filter, None).await;
        connected(&mut stream).await;
        tell(&ctx, news(workspace_id(1), 1)).await;
        tell(&ctx, NewEvent { project_id: Some(ProjectId(uuid::Uuid::from_u128(4))), ..news(workspace_id(1), 2) }).await;
        tell(&ctx, NewEvent { project_id: Some(project), ..news(workspace_id(1), 3) }).await;
        deliver(&ctx).await;
        assert_eq!(next_number(&mut stream).await, 3);
    }

    async fn a_returning_client_gets_what_it_missed_once(db: Db) {
        let (ctx, _clock) = ctx(db);
        let mut stream = open(&ctx, workspace_id(1), StreamFilter::default(), None).await;
        connected(&mut stream).await;
        tell(&ctx, news(workspace_id(1), 1)).await;
        deliver(&ctx).await;
        let last = parts(&stream.next().await.unwrap()).0.unwrap();
        drop(stream);
        for number in 2..=4 {
            tell(&ctx, news(workspace_id(1), number)).await;
        }
        // The gap may still wait for a stranger's transaction; then it arrives live instead.
        let mut stream = open(&ctx, workspace_id(1), StreamFilter::default(), Some(&last)).await;
        assert_eq!(connected(&mut stream).await.1["resumed"], json!(true));
        tell(&ctx, news(workspace_id(1), 5)).await;
        deliver(&ctx).await;
        for number in 2..=5 {
            assert_eq!(next_number(&mut stream).await, number);
        }
    }

    async fn an_id_that_is_no_longer_there_or_never_was_starts_afresh(db: Db) {
        let (ctx, clock) = ctx(db);
        tell(&ctx, news(workspace_id(1), 1)).await;
        for unknown in ["nonsense", "9000000000.1", "-1.-1"] {
            let mut stream = open(&ctx, workspace_id(1), StreamFilter::default(), Some(unknown)).await;
            assert_eq!(connected(&mut stream).await.1["resumed"], json!(false), "{unknown}");
        }
        clock.advance(TimeDelta::hours(49));
        tell(&ctx, news(workspace_id(1), 2)).await;
        let mut tx = ctx.db.begin().await.unwrap();
        crate::jobs::enqueue(&mut tx, &ctx, None, &PurgeEvents {}).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(crate::jobs::drain(&ctx, &[JobKind::of::<PurgeEvents>()]).await.unwrap(), 1);
        let mut stream = open(&ctx, workspace_id(1), StreamFilter::default(), Some("0.0")).await;
        assert_eq!(connected(&mut stream).await.1["resumed"], json!(false), "the first event is purged");
    }

    async fn an_event_waits_for_older_transactions_so_that_none_is_skipped(db: Db) {
        let (ctx, _clock) = ctx(db);
        let mut stream = open(&ctx, workspace_id(1), StreamFilter::default(), None).await;
        connected(&mut stream).await;
        if ctx.db.kind() == vitrine_db::EngineKind::Sqlite {
            return; // one writer: a second transaction cannot even begin
        }
        let hub = Hub::of_ctx(&ctx).unwrap();
        let mut older = ctx.db.begin().await.unwrap();
        publish(&mut older, &ctx, news(workspace_id(1), 1)).await.unwrap();
        let mut younger = ctx.db.begin().await.unwrap();
        publish(&mut younger, &ctx, news(workspace_id(1), 2)).await.unwrap();
        publish(&mut older, &ctx, news(workspace_id(1), 3)).await.unwrap();
        younger.commit().await.unwrap();
        assert_eq!(hub.deliver(&ctx).await.unwrap(), Rest::Unsettled, "the older one may still commit");
        older.commit().await.unwrap();
        deliver(&ctx).await;
        let seen = [next_number(&mut stream).await, next_number(&mut stream).await, next_number(&mut stream).await];
        assert_eq!(seen, [1, 3, 2], "whole transactions, the older one first");
    }

    async fn the_tailer_is_woken_by_commits_and_ends_the_streams_when_it_stops(db: Db) {
        let (ctx, _clock) = ctx(db);
        let shutdown = CancellationToken::new();
        let tailer = tokio::spawn(tail(ctx.clone(), shutdown.clone()));
        let mut stream = open(&ctx, workspace_id(1), StreamFilter::default(), None).await;
        connected(&mut stream).await;
        for number in 1..=20 {
            tell(&ctx, news(workspace_id(1), number)).await;
        }
        for number in 1..=20 {
            assert_eq!(next_number(&mut stream).await, number);
        }
        shutdown.cancel();
        tailer.await.unwrap();
        assert_eq!(stream.next().await, None);
    }

    async fn a_client_that_does_not_keep_up_is_dropped(db: Db) {
        let (ctx, _clock) = ctx(db);
        let mut stream = open(&ctx, workspace_id(1), StreamFilter::default(), None).await;
        connected(&mut stream).await;
        let mut tx = ctx.db.begin().await.unwrap();
        for number in 0..600 {
            publish(&mut tx, &ctx, news(workspace_id(1), number)).await.unwrap();
        }
        tx.commit().await.unwrap();
        deliver(&ctx).await;
        assert_eq!(stream.next().await, None);
    }

    async fn a_ticket_opens_one_stream_within_a_minute(db: Db) {
        let (ctx, clock) = ctx(db);
        let actor = session(&ctx).await;
        let one = ticket::issue(&ctx, &actor).await.unwrap();
        assert_eq!(ticket::take(&ctx, &one).await.unwrap(), Listener::from(&actor));
        let two = ticket::issue(&ctx, &actor).await.unwrap();
        clock.advance(TimeDelta::seconds(61));
        for refused in [one.as_str(), two.as_str(), "", "guess"] {
            let error = ticket::take(&ctx, refused).await.unwrap_err();
            assert_eq!(error.code(), ErrorCode::Unauthorized, "{refused}");
        }
    }

    async fn a_ticket_of_a_session_that_was_ended_is_refused(db: Db) {
        static REVOKE: Statement = Statement::new("REVOKE", "update sessions set revoked_at = $2 where id = $1");
        let (ctx, _clock) = ctx(db);
        let actor = session(&ctx).await;
        let ticket = ticket::issue(&ctx, &actor).await.unwrap();
        ctx.db.execute(&REVOKE, values![actor.require_session().unwrap(), ctx.now()]).await.unwrap();
        assert_eq!(ticket::take(&ctx, &ticket).await.unwrap_err().code(), ErrorCode::Unauthorized);
    }

    async fn a_heartbeat_is_an_event_without_an_id(db: Db) {
        let (ctx, _clock) = ctx(db);
        assert_eq!(heartbeat(&ctx), "event: heartbeat\ndata: {\"at\":\"2026-03-01T12:00:00.000Z\"}\n\n");
    }
}
