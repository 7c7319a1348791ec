//! What people see of background work, and what they can do to it.

use async_trait::async_trait;
use serde::{Deserialize, Serialize};
use serde_json::json;
use vitrine_kernel::id::WorkspaceId;
use vitrine_platform::jobs::{Job, JobError, JobKind, JobRun, Subject, enqueue};
use vitrine_platform::{Ctx, Module};
use vitrine_testkit::{Client, TestApp};

/// A job that works, or cannot.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Tidy {
    can_work: bool,
}

const ROOM: uuid::Uuid = uuid::Uuid::from_u128(12);

#[async_trait]
impl Job for Tidy {
    const KIND: &'static str = "test.tidy";

    fn subject(&self) -> Option<Subject> {
        Some(Subject {
            kind: "room",
            id: ROOM,
        })
    }

    async fn run(&self, _ctx: &Ctx, _run: &JobRun) -> Result<(), JobError> {
        if self.can_work {
            Ok(())
        } else {
            Err(JobError::give_up("too_untidy", "Nobody can tidy this."))
        }
    }
}

fn modules() -> Vec<Module> {
    let tests = Module {
        name: "test",
        jobs: vec![JobKind::of::<Tidy>()],
        ..Module::default()
    };
    vec![vitrine_platform::module(), tests]
}

async fn workspace(client: &Client) -> WorkspaceId {
    let me = client.get("/auth/me").await.expect(200).json();
    me["workspaces"][0]["id"]
        .as_str()
        .expect("an id")
        .parse()
        .expect("a workspace id")
}

async fn add(app: &TestApp, client: &Client, can_work: bool) -> String {
    let mut tx = app.ctx.db.begin().await.expect("a transaction");
    let home = Some(workspace(client).await);
    let id = enqueue(&mut tx, &app.ctx, home, &Tidy { can_work })
        .await
        .expect("a job");
    tx.commit().await.expect("a commit");
    id.to_string()
}

vitrine_testkit::app_test! {
    modules = modules;

    async fn a_job_is_shown_from_waiting_to_done(app: &TestApp) {
        let ada = app.register("ada@example.com").await;
        let first = add(app, &ada, true).await;
        let second = add(app, &ada, true).await;
        let waiting = ada.get(&format!("/jobs/{second}")).await.expect(200).json();
        assert_eq!(waiting, json!({
            "id": second, "kind": "test.tidy", "status": "queued", "priority": "normal", "progress": 0, "step": null,
            "attempt": 0, "max_attempts": 5, "queue_position": 2, "subject": { "type": "room", "id": ROOM },
            "error": null, "created_at": waiting["created_at"], "started_at": null, "finished_at": null,
        }));
        assert_eq!(app.run_jobs().await, 2);
        let done = ada.get(&format!("/jobs/{first}")).await.expect(200).json();
        assert_eq!((&done["status"], &done["progress"], &done["queue_position"]), (&json!("done"), &json!(100), &json!(null)));
        let list = ada.get("/jobs?page_size=1&status=done&kind=test.tidy").await.expect(200).json();
        assert_eq!((&list["total"], &list["items"][0]["id"]), (&json!(2), &json!(second)));
        let keyset = ada.get("/jobs?limit=1").await.expect(200).json();
        assert!(keyset["next_cursor"].is_string() && keyset["prev_cursor"].is_null(), "{keyset}");
        assert_eq!(ada.get("/jobs?status=lazy").await.expect_complaints().len(), 1);
    }

    async fn a_place_in_line_counts_the_whole_instance_in_turns(app: &TestApp) {
        let (ada, eve) = (app.register("ada@example.com").await, app.register("eve@example.com").await);
        let mut of_ada = Vec::new();
        for _ in 0..3 {
            of_ada.push(add(app, &ada, true).await);
            app.clock.advance(chrono::Duration::seconds(1));
        }
        // Later than all of Ada's, but the second turn is not hers alone.
        let of_eve = add(app, &eve, true).await;
        let position = async |client: &Client, id: &str| {
            client.get(&format!("/jobs/{id}")).await.expect(200).json()["queue_position"].clone()
        };
        assert_eq!(position(&ada, &of_ada[0]).await, 1);
        assert_eq!(position(&eve, &of_eve).await, 2);
        assert_eq!(position(&ada, &of_ada[1]).await, 3);
        assert_eq!(position(&ada, &of_ada[2]).await, 4);
        let listed = ada.get("/jobs?sort=created_at").await.expect(200).json();
        let places: Vec<&serde_json::Value> = listed["items"].as_array().expect("items").iter().map(|job| &job["queue_position"]).collect();
        assert_eq!(places, [&json!(1), &json!(3), &json!(4)]);

        ada.post_empty(&format!("/jobs/{}/cancel", of_ada[0])).await.expect(200);
        assert_eq!(position(&ada, &of_ada[1]).await, 1, "it takes the turn that became free");
        assert_eq!(position(&eve, &of_eve).await, 2);
        app.run_jobs().await;
    }

    async fn jobs_of_others_are_not_there(app: &TestApp) {
        let ada = app.register("ada@example.com").await;
        let eve = app.register("eve@example.com").await;
        let id = add(app, &ada, true).await;
        eve.get(&format!("/jobs/{id}")).await.expect_problem(404, "not_found");
        eve.post_empty(&format!("/jobs/{id}/cancel")).await.expect_problem(404, "not_found");
        eve.post_empty(&format!("/jobs/{id}/retry")).await.expect_problem(404, "not_found");
        eve.get("/jobs/nonsense").await.expect_problem(404, "not_found");
        assert_eq!(eve.get("/jobs").await.expect(200).json()["total"], 0);
        app.client().get("/jobs").await.expect_problem(401, "unauthorized");
        app.run_jobs().await;
    }

    async fn a_waiting_job_can_be_canceled_and_queued_again(app: &TestApp) {
        let ada = app.register("ada@example.com").await;
        let id = add(app, &ada, true).await;
        let canceled = ada.post_empty(&format!("/jobs/{id}/cancel")).await.expect(200).json();
        assert_eq!((&canceled["status"], &canceled["error"]["code"]), (&json!("canceled"), &json!("canceled")));
        ada.post_empty(&format!("/jobs/{id}/cancel")).await.expect_problem(409, "conflict");
        assert_eq!(app.run_jobs().await, 0);
        let again = ada.post_empty(&format!("/jobs/{id}/retry")).await.expect(200).json();
        assert_eq!((&again["status"], &again["error"]), (&json!("queued"), &json!(null)));
        ada.post_empty(&format!("/jobs/{id}/retry")).await.expect_problem(409, "conflict");
        assert_eq!(app.run_jobs().await, 1);
        ada.post_empty(&format!("/jobs/{id}/retry")).await.expect_problem(409, "conflict");
    }

    async fn a_dead_job_says_why(app: &TestApp) {
        app.may_have_dead_jobs();
        let ada = app.register("ada@example.com").await;
        let id = add(app, &ada, false).await;
        app.run_jobs().await;
        let dead = ada.get(&format!("/jobs/{id}")).await.expect(200).json();
        assert_eq!(dead["status"], "dead");
        assert_eq!(dead["error"], json!({ "code": "too_untidy", "message": "Nobody can tidy this." }));
    }
}
