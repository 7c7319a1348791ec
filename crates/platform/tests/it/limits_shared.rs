//! Rate limits that several processes share through a real Redis server.

use std::io::Write;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use chrono::TimeDelta;
use http::Method;
use vitrine_kernel::Secret;
use vitrine_platform::limits::{self, Limiter, PATIENCE, Shared, Tier};
use vitrine_platform::telemetry;
use vitrine_providers::redis::Buckets;
use vitrine_testkit::{EngineKind, RedisServer, Reply, TestApp};

use crate::modules;

/// Longer than any stall of a busy machine: these tests are about who counts, not about how fast.
const PATIENT: Duration = Duration::from_secs(20);

fn limiter(url: &Secret<String>, patience: Duration, pause: Duration) -> Limiter {
    let buckets = Buckets::new(url, patience).expect("an address");
    Limiter::shared(Shared::new(buckets, pause))
}

async fn app(limiter: Limiter) -> TestApp {
    TestApp::open_with(EngineKind::Sqlite, modules(), |options| {
        options.settings.rate_limits = true;
        options.limiter = limiter;
    })
    .await
    .expect("SQLite is always there")
}

async fn ask(app: &TestApp) -> Reply {
    let peer = SocketAddr::from(([1, 2, 3, 4], 40_000));
    let client = app.client();
    client.call(Method::GET, "/billing/plans").from(peer).send().await
}

fn left(reply: &Reply) -> i64 {
    let text = reply
        .header("x-ratelimit-remaining")
        .expect("the header is there");
    text.parse().expect("a number")
}

/// Lines that were logged while it is held.
#[derive(Clone, Default)]
struct Lines(Arc<Mutex<Vec<u8>>>);

impl Lines {
    fn containing(&self, words: &str) -> usize {
        let bytes = self.0.lock().expect("nobody panicked").clone();
        let text = String::from_utf8(bytes).expect("logs are text");
        text.lines().filter(|line| line.contains(words)).count()
    }

    fn capture(&self) -> tracing::subscriber::DefaultGuard {
        let lines = self.clone();
        let subscriber = tracing_subscriber::fmt()
            .with_ansi(false)
            .with_writer(move || lines.clone())
            .finish();
        tracing::subscriber::set_default(subscriber)
    }
}

impl Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().expect("nobody panicked").extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

fn fallbacks() -> u64 {
    let text = telemetry::render_metrics();
    let line = text
        .lines()
        .find_map(|line| line.strip_prefix("vitrine_rate_limit_fallbacks_total "));
    line.map_or(0, |count| count.parse().expect("a count"))
}

#[tokio::test]
async fn two_processes_take_from_one_bucket() {
    let Some(server) = RedisServer::start() else {
        return;
    };
    let one = app(limiter(&server.url(), PATIENT, Duration::ZERO)).await;
    let other = app(limiter(&server.url(), PATIENT, Duration::ZERO)).await;
    for round in 0..30 {
        assert_eq!(left(&ask(&one).await), 59 - 2 * round);
        let reply = ask(&other).await;
        assert_eq!(left(&reply), 58 - 2 * round);
        assert_eq!(reply.header("x-ratelimit-limit"), Some("60"));
    }
    for app in [&one, &other] {
        let refused = ask(app).await;
        assert_eq!(refused.header("retry-after"), Some("1"));
        refused.expect_problem(429, "rate_limited");
    }
    // Only the clock of one goes on: what it fills is everybody's.
    one.clock.advance(TimeDelta::seconds(2));
    assert_ne!(ask(&one).await.status, 429);
    assert_ne!(ask(&other).await.status, 429);
    ask(&other).await.expect_problem(429, "rate_limited");
    ask(&one).await.expect_problem(429, "rate_limited");
    one.finish().await;
    other.finish().await;
}

#[tokio::test]
async fn shared_buckets_and_those_of_a_process_decide_alike() {
    let Some(server) = RedisServer::start() else {
        return;
    };
    let shared = app(limiter(&server.url(), PATIENT, Duration::ZERO)).await;
    let alone = app(Limiter::default()).await;
    let tiers = [Tier::MailEmail, Tier::AuthEmail, Tier::Posts, Tier::Business];
    // Steps forth, none, and back; some longer than a whole period.
    let steps_ms = [
        0, 1, 0, 999, 2_500, 0, 0, -700, 0, 61_000, 3, 0, -120_000, 0, 719_999, 0, 1, 4_000_000,
    ];
    let mut refused = 0;
    for round in 0..400 {
        let tier = tiers[round % 7 % tiers.len()];
        let step = if round % 3 == 0 {
            steps_ms[round / 3 % steps_ms.len()]
        } else {
            0
        };
        for app in [&shared, &alone] {
            app.clock.advance(TimeDelta::milliseconds(step));
        }
        let decision = limits::take(&alone.ctx, tier, "k").await.expect("limits are on");
        refused += usize::from(!decision.is_allowed);
        assert_eq!(
            limits::take(&shared.ctx, tier, "k").await,
            Some(decision),
            "round {round}, {tier:?}"
        );
    }
    assert!(
        (20..380).contains(&refused),
        "{refused} of 400 were refused, which compares little"
    );
    shared.finish().await;
    alone.finish().await;
}

#[tokio::test]
async fn without_its_server_a_process_counts_alone_says_so_once_and_comes_back() {
    let Some(mut server) = RedisServer::start() else {
        return;
    };
    let one = app(limiter(&server.url(), PATIENT, Duration::ZERO)).await;
    let other = app(limiter(&server.url(), PATIENT, Duration::ZERO)).await;
    let lines = Lines::default();
    let _guard = lines.capture();
    assert_eq!((left(&ask(&one).await), left(&ask(&other).await)), (59, 58));
    assert_eq!(lines.containing("no longer shared"), 0);

    server.kill();
    let before = fallbacks();
    for count in 0..3 {
        // Each begins with a full bucket of its own.
        assert_eq!(left(&ask(&one).await), 59 - count);
        assert_eq!(left(&ask(&other).await), 59 - count);
    }
    assert_eq!(
        lines.containing("no longer shared"),
        2,
        "one line for each process"
    );
    assert!(fallbacks() >= before + 6);
    let metrics = one.client().get("//metrics").await.expect(200).text();
    assert!(
        metrics.contains("vitrine_rate_limit_fallbacks_total"),
        "{metrics}"
    );

    server.restart();
    let meeting = async {
        for round in 0.. {
            let key = round.to_string();
            let here = limits::take(&one.ctx, Tier::Posts, &key).await;
            let there = limits::take(&other.ctx, Tier::Posts, &key).await;
            let remaining = [here, there].map(|decision| decision.map(|decision| decision.remaining));
            if remaining == [Some(19), Some(18)] {
                return;
            }
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(PATIENT, meeting)
        .await
        .expect("they share again");
    assert_eq!(lines.containing("shared again"), 2);
    assert_eq!(lines.containing("no longer shared"), 2);
    one.finish().await;
    other.finish().await;
}

#[tokio::test]
async fn a_server_that_was_lost_is_left_alone_for_a_while() {
    let Some(mut server) = RedisServer::start() else {
        return;
    };
    let app = app(limiter(&server.url(), PATIENT, Duration::from_secs(3_600))).await;
    server.kill();
    assert_eq!(left(&ask(&app).await), 59);
    server.restart();
    assert_eq!(left(&ask(&app).await), 58);
    assert_eq!(server.ask("DBSIZE"), ":0", "nobody asked it");
    app.finish().await;
}

#[tokio::test]
async fn a_server_that_never_answers_holds_a_request_for_a_moment_only() {
    // A socket nobody accepts from: connecting succeeds, and then nothing.
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("deaf.sock");
    let _deaf = std::os::unix::net::UnixListener::bind(&path).expect("a socket");
    let url = Secret::new(format!("unix://{}", path.display()));
    let app = app(limiter(&url, PATIENCE, Duration::from_secs(3_600))).await;
    for count in 0..3 {
        assert_eq!(left(&ask(&app).await), 59 - count);
    }
    assert!(PATIENCE < Duration::from_millis(50));
    app.finish().await;
}

#[tokio::test]
async fn keys_of_buckets_end_by_themselves_and_name_nobody() {
    let Some(server) = RedisServer::start() else {
        return;
    };
    let app = app(limiter(&server.url(), PATIENT, Duration::ZERO)).await;
    for tier in [Tier::MailEmail, Tier::Anonymous] {
        limits::take(&app.ctx, tier, "ada@example.com")
            .await
            .expect("limits are on");
    }
    let keys = server.ask("KEYS *");
    let keys: Vec<&str> = keys
        .lines()
        .map(str::trim)
        .filter(|line| line.contains("vitrine"))
        .collect();
    assert_eq!(keys.len(), 2, "{keys:?}");
    for key in keys {
        assert!(!key.contains("ada"), "{key}");
        let period_s = if key.contains("mail_email") { 3_600 } else { 60 };
        let ttl = server.ask(&format!("TTL {key}"));
        let ttl: i64 = ttl.trim_start_matches(':').parse().expect("seconds");
        assert!((period_s..=period_s + 60).contains(&ttl), "{key} ends in {ttl} s");
    }
    app.finish().await;
}
