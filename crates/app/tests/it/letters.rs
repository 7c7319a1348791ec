//! Letters of the real process: one that is killed while it hands a letter over, and two on one database.
//!
//! One moment cannot be closed: the mail server has taken a letter, and the process dies before it notes that. Then the
//! letter goes out again, because the other choice is to lose it. It goes out under the same `Message-ID`, by which
//! mailboxes know it for the same.

use std::time::Duration;

use serde_json::json;
use vitrine_db::testing::TestDb;
use vitrine_db::{EngineKind, jobs};
use vitrine_kernel::{Clock as _, SystemClock};

use crate::process::{Home, Server};
use crate::smtp::{Letter, Smtp, Stall};

const ADA: &str = "ada@example.com";
const OPERATOR: &str = "operator@example.com";

/// Where the instance keeps its things, and its database where the test reaches it.
struct Place {
    home: Home,
    postgres: Option<TestDb>,
}

impl Place {
    fn sqlite() -> Self {
        Self {
            home: Home::sqlite(),
            postgres: None,
        }
    }

    async fn postgres() -> Option<Self> {
        let test = TestDb::open(EngineKind::Postgres).await?;
        let home = Home {
            database_url: Some(test.db.url().to_owned()),
            ..Home::sqlite()
        };
        Some(Self {
            home,
            postgres: Some(test),
        })
    }

    fn start(&self, smtp: &Smtp) -> Server {
        Server::start_with(&self.home, &smtp.environment())
    }

    /// Starts it again after a kill. On SQLite the process knows that it is alone; with PostgreSQL the lease of the dead
    /// one has to run out, which is not waited for here.
    async fn start_again(&self, smtp: &Smtp) -> Server {
        if let Some(test) = &self.postgres {
            jobs::end_all_leases(&test.db, SystemClock.now())
                .await
                .expect("leases end");
        }
        self.start(smtp)
    }
}

/// Makes Ada's account, which writes her a letter.
async fn register(server: &Server) {
    let body = json!({ "email": ADA, "password": "a long enough passphrase", "full_name": "Ada" });
    let call = server.client.post(server.api("/auth/register")).json(&body);
    let reply = call.send().await.expect("it answers");
    assert_eq!(reply.status(), 201, "{}", reply.text().await.unwrap_or_default());
}

/// A later letter to somebody else comes; what was before it in the queue has gone out by then.
async fn another_letter(server: &Server, smtp: &Smtp) {
    let before = smtp.taken_for(OPERATOR).len();
    let call = server.client.post(server.api("/auth/password/forgot"));
    let reply = call
        .json(&json!({ "email": OPERATOR }))
        .send()
        .await
        .expect("it answers");
    assert_eq!(reply.status(), 202);
    smtp.wait_for(OPERATOR, before + 1).await;
    // The note of it, too: nothing is under way.
    let token = server.log_in().await;
    for _ in 0..600 {
        let mut open = 0;
        for status in ["queued", "running", "retrying"] {
            let path = format!("/admin/jobs?kind=platform.send_mail&status={status}");
            open += server.get(&token, &path).await["total"]
                .as_u64()
                .expect("a total");
        }
        if open == 0 {
            return;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("letters are still under way");
}

/// Killed in the middle of a conversation that hangs there; answers what Ada got after that.
async fn killed_in_a_conversation(place: &Place, stall: Stall) -> Vec<Letter> {
    let smtp = Smtp::start(stall).await;
    let server = place.start(&smtp);
    server.set_up(false).await;
    register(&server).await;
    smtp.hangs().await;
    server.kill();
    assert_eq!(smtp.taken(), []);
    smtp.stall(Stall::Nowhere);
    let server = place.start_again(&smtp).await;
    smtp.wait_for(ADA, 1).await;
    another_letter(&server, &smtp).await;
    // Once more, now that it was taken and noted.
    server.kill();
    let server = place.start_again(&smtp).await;
    another_letter(&server, &smtp).await;
    smtp.taken_for(ADA)
}

/// The server takes the letter while the process stands still, and the process never reads that.
async fn taken_and_not_noted(place: &Place) {
    let smtp = Smtp::start(Stall::BeforeTaking).await;
    let server = place.start(&smtp);
    server.set_up(false).await;
    register(&server).await;
    smtp.hangs().await;
    server.stop();
    smtp.take();
    smtp.wait_for(ADA, 1).await;
    server.kill();
    smtp.stall(Stall::Nowhere);
    let server = place.start_again(&smtp).await;
    let letters = smtp.wait_for(ADA, 2).await;
    another_letter(&server, &smtp).await;
    assert_eq!(smtp.taken_for(ADA).len(), 2, "and never a third");
    assert!(letters[0].message_id.len() > 20, "{letters:?}");
    assert_eq!(letters[0].message_id, letters[1].message_id);
    assert_eq!(letters[0].token(), letters[1].token());
}

/// The same story on both databases.
macro_rules! on_both {
    ($($name:ident: |$place:ident| $body:expr;)+) => {$(
        mod $name {
            use super::*;

            #[tokio::test]
            async fn sqlite() {
                let $place = &Place::sqlite();
                $body
            }

            #[tokio::test]
            async fn postgres() {
                let Some(place) = Place::postgres().await else { return };
                let $place = &place;
                $body
            }
        }
    )+};
}

on_both! {
    a_letter_that_was_not_sent_when_its_worker_was_killed_goes_out_once: |place| {
        let letters = killed_in_a_conversation(place, Stall::BeforeLetter).await;
        assert_eq!(letters.len(), 1, "{letters:?}");
    };
    a_letter_that_nobody_took_when_its_worker_was_killed_goes_out_once: |place| {
        let letters = killed_in_a_conversation(place, Stall::BeforeTaking).await;
        assert_eq!(letters.len(), 1, "{letters:?}");
    };
    a_letter_that_was_taken_and_not_noted_comes_again_under_the_same_message_id: |place| {
        taken_and_not_noted(place).await;
    };
}
