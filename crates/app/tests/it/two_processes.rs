//! Two real processes on one PostgreSQL database: what the clock and rules make goes out once.

use std::collections::BTreeMap;
use std::time::Duration;

use serde_json::{Value, json};
use vitrine_db::jobs::{self, NewJob};
use vitrine_db::testing::TestDb;
use vitrine_db::wake::Channel;
use vitrine_db::{Db, EngineKind, values};
use vitrine_kernel::id::JobId;
use vitrine_kernel::{Clock as _, SystemClock, SystemEntropy};

use crate::process::{Home, Server};
use crate::smtp::{Smtp, Stall};
use crate::sql;

const OPERATOR: &str = "operator@example.com";
const BEN: &str = "ben@example.com";
const SCHEDULES: usize = 12;
const ROUNDS: usize = 3;
/// Ticks that run side by side in each round; the product itself has one at a time.
const TICKS: usize = 6;

/// An account whose address is verified; answers its token.
async fn person(server: &Server, smtp: &Smtp, email: &str) -> String {
    let body = json!({ "email": email, "password": "a long enough passphrase", "full_name": email });
    let (status, made) = server.post_open("/auth/register", body).await;
    assert_eq!(status, 201, "{made}");
    let letters = smtp.wait_for(email, 1).await;
    let (status, reply) = server
        .post_open("/auth/verify-email", json!({ "token": letters[0].token() }))
        .await;
    assert_eq!(status, 200, "{reply}");
    made["access_token"].as_str().expect("a token").to_owned()
}

/// Invites somebody and answers the token of the letter.
async fn invite(server: &Server, smtp: &Smtp, token: &str, path: &str, email: &str) -> String {
    let before = smtp.taken_for(email).len();
    let body = json!({ "email": email, "role": "viewer" });
    let (status, reply) = server.post(token, &format!("{path}/invitations"), body).await;
    assert_eq!(status, 201, "{reply}");
    smtp.wait_for(email, before + 1).await[before].token().to_owned()
}

/// Everything is due now, and more ticks than there are workers look at it.
async fn make_due(db: &Db) {
    let now = SystemClock.now();
    let past = now - Duration::from_secs(60);
    let mut tx = db.begin().await.expect("a transaction");
    tx.execute(&sql::MAKE_SCHEDULES_DUE, values![past])
        .await
        .expect("due");
    tx.execute(&sql::MAKE_DIGESTS_DUE, values![past])
        .await
        .expect("due");
    for _ in 0..TICKS {
        let tick = NewJob {
            id: JobId::new(now, &SystemEntropy),
            kind: "notifications.tick",
            payload: "{}".to_owned(),
            workspace_id: None,
            subject: None,
            priority: 0,
            max_attempts: 5,
            run_at: now,
            unique_key: None,
            created_at: now,
        };
        jobs::insert(&mut tx, &tick).await.expect("queued");
    }
    tx.signal(Channel::Jobs);
    tx.commit().await.expect("committed");
}

async fn settled(db: &Db) {
    for _ in 0..600 {
        let row = db
            .fetch_one(&sql::COUNT_OPEN_JOBS, Vec::new())
            .await
            .expect("a count");
        if row.get::<i64>("count").expect("a number") == 0 {
            return;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("ticks or letters are still under way");
}

/// Subjects of somebody's letters, and how often each came.
fn subjects(smtp: &Smtp, to: &str) -> BTreeMap<String, usize> {
    let mut all = BTreeMap::new();
    for letter in smtp.taken_for(to) {
        *all.entry(letter.subject).or_default() += 1;
    }
    all
}

fn with(all: &BTreeMap<String, usize>, end: &str) -> Vec<usize> {
    let ends = |(subject, count): (&String, &usize)| subject.ends_with(end).then_some(*count);
    all.iter().filter_map(ends).collect()
}

/// Jobs of a kind that a process ended.
async fn ended_by(server: &Server, kind: &str) -> u64 {
    let reply = server
        .client
        .get(format!("{}/metrics", server.url))
        .send()
        .await
        .expect("it answers");
    let text = reply.text().await.expect("text");
    let counts = text.lines().filter_map(|line| {
        let (name, value) = line.rsplit_once(' ')?;
        let is_it = name.starts_with("vitrine_jobs_ended_total") && name.contains(kind);
        is_it.then(|| value.parse::<u64>().ok())?
    });
    counts.sum()
}

#[tokio::test]
async fn schedules_digests_and_rules_of_two_processes_send_each_letter_once() {
    let Some(test) = TestDb::open(EngineKind::Postgres).await else {
        return;
    };
    let home = Home {
        database_url: Some(test.db.url().to_owned()),
        ..Home::sqlite()
    };
    let smtp = Smtp::start(Stall::Nowhere).await;
    let first = Server::start_with(&home, &smtp.environment());
    let operator = first.set_up(false).await;
    let second = Server::start_with(&home, &smtp.environment());

    // What the operator hears of joining comes as a digest; Ben follows it with a rule that fires once an hour.
    let daily = json!({ "kinds": [{ "kind": "workspace.member_joined", "email": "daily" }] });
    first.patch(&operator, "/notifications/preferences", daily).await;
    let (status, made) = first
        .post(&operator, "/workspaces", json!({ "name": "Studio" }))
        .await;
    assert_eq!(status, 201, "{made}");
    let workspace = made["id"].as_str().expect("an id").to_owned();
    let path = format!("/workspaces/{workspace}");
    let ben = person(&first, &smtp, BEN).await;
    let link = invite(&first, &smtp, &operator, &path, BEN).await;
    let (status, reply) = first
        .post(&ben, "/invitations/accept", json!({ "token": link }))
        .await;
    assert_eq!(status, 200, "{reply}");
    let rule = json!({
        "name": "Who comes", "kind": "workspace.member_joined", "email": true, "cooldown_minutes": 60,
    });
    let (status, reply) = first
        .post_in(&ben, &workspace, "/notifications/rules", rule)
        .await;
    assert_eq!(status, 201, "{reply}");
    let mut guests = Vec::new();
    for name in ["cleo", "dan", "eve", "fay"] {
        let email = format!("{name}@example.com");
        let token = person(&first, &smtp, &email).await;
        let link = invite(&first, &smtp, &operator, &path, &email).await;
        guests.push((token, json!({ "token": link })));
    }
    for pair in guests.chunks(2) {
        let [(one, link), (other, other_link)] = pair else {
            panic!("guests come in pairs")
        };
        let ((status, reply), (other_status, other_reply)) = tokio::join!(
            first.post(one, "/invitations/accept", link.clone()),
            second.post(other, "/invitations/accept", other_link.clone()),
        );
        assert_eq!((status, other_status), (200, 200), "{reply} {other_reply}");
    }
    for number in 0..SCHEDULES {
        let schedule = json!({
            "name": format!("Schedule {number:02}"), "message": "Look.", "kind": "reminder", "unit": "hours",
            "every": 1, "email": true,
        });
        let (status, reply) = second.post(&operator, "/notifications/schedules", schedule).await;
        assert_eq!(status, 201, "{reply}");
    }
    settled(&test.db).await;
    let of_ben: Vec<Value> = smtp
        .taken_for(BEN)
        .into_iter()
        .filter(|letter| letter.subject.ends_with("joined Studio"))
        .map(|letter| json!(letter.subject))
        .collect();
    assert_eq!(of_ben.len(), 1, "the rule fires once an hour: {of_ben:?}");
    let before = subjects(&smtp, OPERATOR);
    assert_eq!(with(&before, "joined Studio"), Vec::<usize>::new(), "{before:?}");

    for round in 1..=ROUNDS {
        make_due(&test.db).await;
        settled(&test.db).await;
        let all = subjects(&smtp, OPERATOR);
        let schedules: Vec<usize> = (0..SCHEDULES)
            .map(|number| with(&all, &format!("Schedule {number:02}")).iter().sum())
            .collect();
        assert_eq!(schedules, vec![round; SCHEDULES], "round {round}: {all:?}");
        let others: usize = all.values().sum::<usize>() - SCHEDULES * round;
        assert_eq!(
            others,
            before.values().sum::<usize>() + 1,
            "one digest, in the first round: {all:?}"
        );
    }
    let shares = [
        ended_by(&first, "notifications.tick").await + ended_by(&first, "platform.send_mail").await,
        ended_by(&second, "notifications.tick").await + ended_by(&second, "platform.send_mail").await,
    ];
    assert!(
        shares.iter().all(|share| *share > 0),
        "both took part: {shares:?}"
    );
}
