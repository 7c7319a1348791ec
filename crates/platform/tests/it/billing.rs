//! Plans and quotas.

use serde_json::json;
use vitrine_kernel::id::WorkspaceId;
use vitrine_platform::billing::{self, Metric, Settle};
use vitrine_testkit::{Client, TestApp};

use crate::modules;

async fn workspace(client: &Client) -> WorkspaceId {
    let me = client.get("/auth/me").await.expect(200).json();
    me["workspaces"][0]["id"]
        .as_str()
        .expect("an id")
        .parse()
        .expect("a workspace id")
}

async fn reserve(app: &TestApp, workspace: WorkspaceId, count: u32) -> billing::Reservation {
    let mut tx = app.ctx.db.begin().await.expect("a transaction");
    let reservation = billing::reserve(&mut tx, &app.ctx, workspace, Metric::Images, count)
        .await
        .expect("it is counted");
    tx.commit().await.expect("it commits");
    reservation
}

async fn settle(app: &TestApp, workspace: WorkspaceId, reservation: billing::Reservation, how: Settle) {
    let mut tx = app.ctx.db.begin().await.expect("a transaction");
    let (start, count) = (reservation.period_start, reservation.granted);
    billing::settle(&mut tx, &app.ctx, workspace, Metric::Images, start, count, how)
        .await
        .expect("it is settled");
    tx.commit().await.expect("it commits");
}

vitrine_testkit::app_test! {
    modules = modules;

    async fn the_plans_are_public(app: &TestApp) {
        let plans = app.client().get("/billing/plans").await.expect(200).json();
        let codes: Vec<&str> =
            plans["items"].as_array().expect("items").iter().map(|plan| plan["code"].as_str().expect("a code")).collect();
        assert_eq!(codes, ["free", "starter", "pro", "business", "unlimited"]);
        let free = &plans["items"][0];
        assert_eq!((&free["images_per_month"], &free["concurrency"]), (&json!(100), &json!(2)));
        assert_eq!(free["price"], json!({ "amount": 0, "currency": "USD" }));
        assert_eq!(plans["items"][4]["images_per_month"], json!(null));
        app.client().get("/billing/usage").await.expect_problem(401, "unauthorized");
    }

    async fn reserved_images_count_at_once_and_released_ones_come_back(app: &TestApp) {
        let ada = app.register("ada@example.com").await;
        let workspace = workspace(&ada).await;
        let batch = reserve(app, workspace, 60).await;
        assert_eq!(batch.granted, 60);
        assert_eq!(reserve(app, workspace, 60).await.granted, 40);
        assert_eq!(reserve(app, workspace, 1).await.granted, 0);
        settle(app, workspace, billing::Reservation { granted: 50, ..batch }, Settle::Use).await;
        settle(app, workspace, billing::Reservation { granted: 10, ..batch }, Settle::Release).await;
        let usage = ada.get("/billing/usage").await.expect(200).json();
        assert_eq!(usage, json!({
            "plan": { "code": "free", "name": "Free" },
            "period_start": "2026-11-01T00:00:00Z",
            "period_end": "2026-12-01T00:00:00Z",
            "images": { "used": 50, "reserved": 40, "limit": 100, "remaining": 10 },
        }));
        app.clock.set("2026-12-01T00:00:00Z".parse().expect("a time"));
        let ada = app.login("ada@example.com").await;
        assert_eq!(ada.get("/billing/usage").await.json()["images"]["remaining"], 100);
        assert_eq!(reserve(app, workspace, 101).await.granted, 100);
        // What was reserved in November is settled in November.
        settle(app, workspace, billing::Reservation { granted: 40, ..batch }, Settle::Release).await;
        assert_eq!(ada.get("/billing/usage").await.json()["images"]["reserved"], 100);
    }

    async fn parallel_reservations_never_exceed_the_quota(app: &TestApp) {
        let ada = app.register("ada@example.com").await;
        let workspace = workspace(&ada).await;
        let calls = (0..24).map(|_| {
            let ctx = app.ctx.clone();
            tokio::spawn(async move {
                let mut tx = ctx.db.begin().await.expect("a transaction");
                let reserved = billing::reserve(&mut tx, &ctx, workspace, Metric::Images, 7).await.expect("it is counted");
                tokio::task::yield_now().await;
                tx.commit().await.expect("it commits");
                reserved.granted
            })
        });
        let granted: Vec<u32> =
            futures_util::future::join_all(calls).await.into_iter().map(|granted| granted.expect("it ran")).collect();
        assert_eq!(granted.iter().sum::<u32>(), 100, "{granted:?}");
        assert_eq!(granted.iter().filter(|granted| **granted == 7).count(), 14, "{granted:?}");
        assert_eq!(ada.get("/billing/usage").await.json()["images"]["reserved"], 100);
    }

    async fn a_rolled_back_reservation_was_never_made(app: &TestApp) {
        let ada = app.register("ada@example.com").await;
        let workspace = workspace(&ada).await;
        let mut tx = app.ctx.db.begin().await.expect("a transaction");
        billing::reserve(&mut tx, &app.ctx, workspace, Metric::Images, 100).await.expect("it is counted");
        tx.rollback().await.expect("it rolls back");
        assert_eq!(ada.get("/billing/usage").await.json()["images"]["reserved"], 0);
    }
}
