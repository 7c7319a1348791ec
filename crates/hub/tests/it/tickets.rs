use chrono::Duration;
use serde_json::{Value, json};
use vitrine_hub::attachments::jobs::PurgeAttachments;
use vitrine_platform::jobs::enqueue;
use vitrine_testkit::{Client, TestApp, app_test};

use crate::support::{account_id, all, announce, ask, modules, operator, text};

async fn subjects(client: &Client, query: &str) -> Vec<String> {
    all(
        &client
            .get(&format!("/support/tickets{query}"))
            .await
            .expect(200)
            .json(),
        "subject",
    )
}

async fn bodies(client: &Client, ticket: &str) -> Vec<String> {
    let path = format!("/support/tickets/{ticket}/messages?sort=created_at");
    all(&client.get(&path).await.expect(200).json(), "body")
}

app_test! {
    modules = modules;

    async fn a_question_becomes_an_open_ticket_and_can_be_changed(app: &TestApp) {
        let ada = app.register("ada@example.com").await;
        let body = json!({ "subject": " No image ", "body": "It *stops* at 40 %." });
        let reply = ada.post("/support/tickets", &body).await.expect(201);
        let made = reply.json();
        let id = text(&made, "id");
        assert_eq!(reply.header("location"), Some(format!("/api/v1/support/tickets/{id}").as_str()));
        assert_eq!(made, json!({
            "id": id,
            "subject": "No image",
            "status": "open",
            "priority": "normal",
            "requester": { "id": account_id(&ada), "full_name": "Ada Example" },
            "message_count": 1,
            "staff": null,
            "created_at": "2026-11-02T09:00:00Z",
            "updated_at": "2026-11-02T09:00:00Z",
        }));
        let path = format!("/support/tickets/{id}");
        assert_eq!(ada.get(&path).await.expect(200).json(), made);
        let messages = ada.get(&format!("{path}/messages")).await.expect(200).json();
        assert_eq!(messages["items"][0]["body_html"], "<p>It <em>stops</em> at 40 %.</p>\n");

        app.clock.advance(Duration::seconds(60));
        for status in ["pending", "resolved", "closed", "open"] {
            let changed = ada.patch(&path, &json!({ "status": status })).await.expect(200).json();
            assert_eq!(changed["status"], status);
            assert_eq!(changed["updated_at"], "2026-11-02T09:01:00Z");
        }
        let changed = ada.patch(&path, &json!({ "subject": "No picture", "priority": "high" })).await.expect(200).json();
        assert_eq!((&changed["subject"], &changed["priority"]), (&json!("No picture"), &json!("high")));
        assert_eq!(subjects(&ada, "?q=PICTURE").await, ["No picture"], "the search knows the new subject");
        assert!(subjects(&ada, "?q=no%20image").await.is_empty());
    }

    async fn every_bad_field_is_named(app: &TestApp) {
        let ada = app.register("ada@example.com").await;
        let body = json!({ "subject": " ", "body": "", "attachments": vec!["01900000-0000-7000-8000-000000000000"; 6] });
        assert_eq!(ada.post("/support/tickets", &body).await.expect_complaints(), [
            "subject invalid_length",
            "body invalid_length",
            "attachments too_many"
        ]);
        let body = json!({ "subject": "x".repeat(201), "body": "x".repeat(20_001) });
        assert_eq!(ada.post("/support/tickets", &body).await.expect_complaints(), [
            "subject invalid_length",
            "body invalid_length"
        ]);
        let body = json!({ "subject": "A", "body": "B", "priority": "huge", "is_staff": true });
        assert_eq!(ada.post("/support/tickets", &body).await.expect_complaints(), [
            "is_staff unknown_field",
            "priority unknown_value"
        ]);
        let path = format!("/support/tickets/{}", ask(&ada, "A", "B").await);
        assert_eq!(ada.patch(&path, &json!({ "status": "foo" })).await.expect_complaints(), ["status unknown_value"]);
        assert_eq!(ada.patch(&path, &json!({ "subject": "" })).await.expect_complaints(), ["subject invalid_length"]);
        assert_eq!(ada.patch(&path, &json!({ "body": "x" })).await.expect_complaints(), ["body unknown_field"]);
        let messages = format!("{path}/messages");
        assert_eq!(ada.post(&messages, &json!({ "body": "\u{0}" })).await.expect_complaints(), ["body invalid_length"]);
        assert_eq!(ada.get("/support/tickets?status=foo").await.expect_complaints(), ["status unknown_value"]);
        assert_eq!(ada.get("/support/tickets?colour=red").await.expect_complaints(), ["colour unknown_field"]);
        assert_eq!(ada.get("/support/tickets?sort=subject").await.expect_complaints(), ["sort unknown_value"]);
        let both = format!("/support/tickets?assignee=me&q={}", "x".repeat(101));
        assert_eq!(ada.get(&both).await.expect_complaints(), ["q invalid_length", "assignee invalid"]);
    }

    async fn somebody_elses_ticket_is_unknown_on_every_verb(app: &TestApp) {
        let ada = app.register("ada@example.com").await;
        let eve = app.register("eve@example.com").await;
        let id = ask(&ada, "Secret", "Mine").await;
        for id in [id.as_str(), "01900000-0000-7000-8000-000000000000", "not-an-id"] {
            let path = format!("/support/tickets/{id}");
            for reply in [
                eve.get(&path).await,
                eve.patch(&path, &json!({ "status": "closed" })).await,
                eve.get(&format!("{path}/messages")).await,
                eve.post(&format!("{path}/messages"), &json!({ "body": "Hello" })).await,
                eve.post(&format!("{path}/messages"), &json!({ "body": "Hello", "is_internal": true })).await,
            ] {
                reply.expect_problem(404, "not_found");
            }
        }
        assert!(subjects(&eve, "").await.is_empty());
        eve.get(&format!("/support/tickets?requester={}", account_id(&ada))).await.expect_problem(403, "forbidden");
        eve.get("/support/tickets?assignee=none").await.expect_problem(403, "forbidden");
        eve.get("/support/staff").await.expect_problem(403, "forbidden");
        for path in ["/support/tickets", "/support/staff"] {
            app.client().get(path).await.expect_problem(401, "unauthorized");
        }
        app.client().post("/support/tickets", &json!({ "subject": "A", "body": "B" })).await.expect_problem(401, "unauthorized");
    }

    async fn replies_move_the_ticket_and_go_out_by_mail(app: &TestApp) {
        let olga = operator(app, "olga@example.com").await;
        let ada = app.register("ada@example.com").await;
        let id = ask(&ada, "No image", "It stops.\n\nWhy?").await;
        let (path, messages) = (format!("/support/tickets/{id}"), format!("/support/tickets/{id}/messages"));
        app.deliver_mail().await;
        let letter = app.mails_to("olga@example.com").pop().expect("the staff hears of it");
        assert_eq!(letter.subject, "New ticket: No image");
        assert!(letter.text.contains("It stops.") && letter.text.contains(&format!("http://vitrine.test/support/{id}")));

        let body = json!({ "body": "Try **again** <script>alert(1)</script>" });
        let reply = olga.post(&messages, &body).await.expect(201).json();
        assert_eq!((&reply["is_staff"], &reply["is_internal"]), (&json!(true), &json!(false)));
        assert!(!text(&reply, "body_html").contains("script"));
        assert_eq!(ada.get(&path).await.expect(200).json()["status"], "pending");
        app.deliver_mail().await;
        let letter = app.mails_to("ada@example.com").pop().expect("the requester hears of it");
        assert_eq!(letter.subject, "Re: No image");
        assert!(letter.text.contains("Try **again**") && letter.text.contains(&format!("http://vitrine.test/support/{id}")));
        assert!(letter.html.contains("&lt;script&gt;") || letter.html.contains("&#60;script&#62;"), "{}", letter.html);

        let before = app.mails_to("olga@example.com").len();
        for status in ["resolved", "closed"] {
            let _ = ada.patch(&path, &json!({ "status": status })).await.expect(200);
            let _ = ada.post(&messages, &json!({ "body": "Still not." })).await.expect(201);
            assert_eq!(ada.get(&path).await.expect(200).json()["status"], "open");
        }
        app.deliver_mail().await;
        assert_eq!(app.mails_to("olga@example.com").len(), before, "nobody has the ticket yet");
        let _ = olga.patch(&path, &json!({ "assignee_id": account_id(&olga) })).await.expect(200);
        let _ = ada.post(&messages, &json!({ "body": "Anybody?" })).await.expect(201);
        app.deliver_mail().await;
        assert_eq!(app.mails_to("olga@example.com").len(), before + 1);
    }

    async fn notes_are_seen_by_the_staff_alone(app: &TestApp) {
        let olga = operator(app, "olga@example.com").await;
        let ada = app.register("ada@example.com").await;
        let id = ask(&ada, "No image", "It stops.").await;
        let (path, messages) = (format!("/support/tickets/{id}"), format!("/support/tickets/{id}/messages"));
        let seen = ada.get(&path).await.expect(200);
        let list = ada.get(&messages).await.expect(200);
        let letters = app.mails_to("ada@example.com").len();
        app.clock.advance(Duration::seconds(60));
        let file = announce(app, &olga, "trace.txt", "text/plain", b"stack trace").await;
        let note = json!({ "body": "Their photo is hopeless", "is_internal": true, "attachments": [file] });
        let note = olga.post(&messages, &note).await.expect(201).json();
        assert_eq!(note["is_internal"], true);
        app.deliver_mail().await;
        assert_eq!(app.mails_to("ada@example.com").len(), letters, "no letter about it");

        let again = ada.get(&path).await.expect(200);
        assert_eq!((again.json(), again.header("etag")), (seen.json(), seen.header("etag")), "nothing gives it away");
        assert_eq!(ada.get(&messages).await.expect(200).json(), list.json());
        let page = ada.get(&format!("{messages}?limit=10")).await.expect(200).json();
        assert_eq!(page["items"].as_array().map(Vec::len), Some(1));
        assert!(subjects(&ada, "?q=hopeless").await.is_empty());
        ada.post(&messages, &json!({ "body": "x", "is_internal": true })).await.expect_problem(403, "forbidden");

        let staff = olga.get(&path).await.expect(200).json();
        assert_eq!(staff["staff"]["note_count"], 1);
        assert_eq!(staff["message_count"], 1);
        assert_eq!(staff["status"], "open", "a note waits for nobody");
        assert_eq!(bodies(&olga, &id).await, ["It stops.", "Their photo is hopeless"]);
        assert_eq!(bodies(&ada, &id).await, ["It stops."]);
    }

    async fn the_staff_sees_all_tickets_and_filters_them(app: &TestApp) {
        let olga = operator(app, "olga@example.com").await;
        let ada = app.register("ada@example.com").await;
        let bob = app.register("bob@example.com").await;
        let first = ask(&ada, "50% off?", "Is there a sale").await;
        app.clock.advance(Duration::seconds(1));
        let second = ask(&bob, "Crash", "It says ERR_42 at 500").await;
        app.clock.advance(Duration::seconds(1));
        ask(&bob, "Thanks", "All fine").await;
        assert_eq!(subjects(&olga, "").await, ["Thanks", "Crash", "50% off?"]);
        assert_eq!(subjects(&ada, "").await, ["50% off?"]);
        assert_eq!(subjects(&olga, &format!("?requester={}", account_id(&bob))).await, ["Thanks", "Crash"]);
        assert_eq!(subjects(&olga, "?q=50%25").await, ["50% off?"], "a percent sign is one");
        assert_eq!(subjects(&olga, "?q=err_4").await, ["Crash"], "and so is an underscore");
        assert!(subjects(&olga, "?q=err_2").await.is_empty());

        let _ = olga.patch(&format!("/support/tickets/{second}"), &json!({ "assignee_id": account_id(&olga) })).await.expect(200);
        let _ = olga.patch(&format!("/support/tickets/{first}"), &json!({ "status": "closed" })).await.expect(200);
        assert_eq!(subjects(&olga, &format!("?assignee={}", account_id(&olga))).await, ["Crash"]);
        assert_eq!(subjects(&olga, "?assignee=none").await, ["Thanks", "50% off?"]);
        assert_eq!(subjects(&olga, "?assignee=none&status=open&sort=created_at").await, ["Thanks"]);
        let staff = olga.get(&format!("/support/tickets/{second}")).await.expect(200).json();
        assert_eq!(staff["staff"]["assignee"]["id"], account_id(&olga));
        assert_eq!(staff["staff"]["requester_email"], "bob@example.com");
        assert_eq!(bob.get(&format!("/support/tickets/{second}")).await.expect(200).json()["staff"], Value::Null);

        let path = format!("/support/tickets/{second}");
        let complaint = olga.patch(&path, &json!({ "assignee_id": account_id(&bob) })).await.expect_complaints();
        assert_eq!(complaint, ["assignee_id unknown"]);
        bob.patch(&path, &json!({ "assignee_id": null })).await.expect_problem(403, "forbidden");
        let free = olga.patch(&path, &json!({ "assignee_id": null })).await.expect(200).json();
        assert_eq!(free["staff"]["assignee"], Value::Null);
        let people = olga.get("/support/staff").await.expect(200).json();
        assert_eq!(all(&people, "id"), [account_id(&olga)]);
    }

    async fn a_list_is_paged_both_ways(app: &TestApp) {
        let ada = app.register("ada@example.com").await;
        for subject in ["a", "b", "c"] {
            ask(&ada, subject, "x").await;
        }
        let page = ada.get("/support/tickets?page=2&page_size=2").await.expect(200).json();
        assert_eq!((&page["total"], &page["pages"]), (&json!(3), &json!(2)));
        let first = ada.get("/support/tickets?limit=2").await.expect(200).json();
        let cursor = text(&first, "next_cursor").to_owned();
        let second = ada.get(&format!("/support/tickets?cursor={cursor}&limit=2")).await.expect(200).json();
        let mut seen = [all(&first, "subject"), all(&second, "subject")].concat();
        seen.sort();
        assert_eq!(seen, ["a", "b", "c"], "also when all were made at the same moment");
        ada.get(&format!("/support/tickets?cursor={cursor}x")).await.expect_problem(400, "invalid_cursor");
    }

    async fn a_stale_change_is_refused_and_a_repeated_question_is_one(app: &TestApp) {
        let ada = app.register("ada@example.com").await;
        let body = json!({ "subject": "Once", "body": "Only" });
        let mut ids = Vec::new();
        for _ in 0..2 {
            let call = ada.call(http::Method::POST, "/support/tickets").header("idempotency-key", "k1").json(&body);
            ids.push(text(&call.send().await.expect(201).json(), "id").to_owned());
        }
        assert_eq!(ids[0], ids[1]);
        assert_eq!(subjects(&ada, "").await, ["Once"]);
        let path = format!("/support/tickets/{}", ids[0]);
        let seen = ada.get(&path).await.expect(200);
        let tag = seen.header("etag").expect("a tag").to_owned();
        let change = |status: &str| ada.call(http::Method::PATCH, &path).header("if-match", &tag).json(&json!({ "status": status }));
        let _ = change("resolved").send().await.expect(200);
        change("closed").send().await.expect_problem(412, "precondition_failed");
        let unchanged = ada.call(http::Method::GET, &path).header("if-none-match", "*").send().await;
        assert_eq!(unchanged.status, 304);
    }

    async fn files_are_looked_at_and_handed_out_as_downloads(app: &TestApp) {
        let ada = app.register("ada@example.com").await;
        let eve = app.register("eve@example.com").await;
        let pdf = announce(app, &ada, "../../etc/<invoice>.pdf", "application/pdf", b"%PDF-1.7 rest").await;
        let page = announce(app, &ada, "page.png", "image/png", b"<html><script>alert(1)</script>").await;
        let body = json!({ "filename": "late.txt", "content_type": "text/plain", "file_size": 4 });
        let late = ada.post("/support/attachments", &body).await.expect(201).json();
        let ticket = |files: Value| json!({ "subject": "A", "body": "B", "attachments": files });
        let all_wrong = ticket(json!([page, late["attachment_id"], pdf, pdf]));
        assert_eq!(ada.post("/support/tickets", &all_wrong).await.expect_complaints(), [
            "attachments[0] wrong_type",
            "attachments[1] not_sent",
            "attachments[3] unknown"
        ]);
        assert_eq!(eve.post("/support/tickets", &ticket(json!([pdf]))).await.expect_complaints(), ["attachments[0] unknown"]);
        let body = json!({ "filename": "x.svg", "content_type": "image/svg+xml", "file_size": 10_485_761 });
        assert_eq!(ada.post("/support/attachments", &body).await.expect_complaints(), [
            "content_type unsupported_type",
            "file_size too_large"
        ]);

        let made = ada.post("/support/tickets", &ticket(json!([pdf]))).await.expect(201).json();
        let messages = format!("/support/tickets/{}/messages", text(&made, "id"));
        let message = ada.get(&messages).await.expect(200).json()["items"][0].clone();
        let file = &message["attachments"][0];
        assert_eq!((&file["filename"], &file["size_bytes"]), (&json!("_invoice_.pdf"), &json!(13)));
        let download = app.client().get(text(file, "url")).await.expect(200);
        assert_eq!(download.header("content-type"), Some("application/pdf"));
        assert_eq!(download.header("content-disposition"), Some("attachment; filename=\"_invoice_.pdf\""));
        assert_eq!(&download.body[..], b"%PDF-1.7 rest");
        assert_eq!(ada.post(&messages, &json!({ "body": "x", "attachments": [pdf] })).await.expect_complaints(), ["attachments[0] unknown"]);

        let photo = announce(app, &ada, "room.jpg", "image/jpeg", &phone_photo()).await;
        let _ = ada.post(&messages, &json!({ "body": "A photo", "attachments": [photo] })).await.expect(201);
        let page = ada.get(&format!("{messages}?sort=-created_at")).await.expect(200).json();
        let photos = page["items"].as_array().expect("items").iter().flat_map(|one| one["attachments"].as_array().cloned().unwrap_or_default());
        let photo = photos.into_iter().find(|file| file["filename"] == "room.jpg").expect("it is attached");
        let bytes = app.client().get(text(&photo, "url")).await.expect(200).body;
        assert!(!bytes.windows(4).any(|part| part == b"Home"), "who took it where stays with them");
        assert_eq!(photo["size_bytes"], bytes.len());

        app.clock.advance(Duration::hours(25));
        let mut tx = app.ctx.db.begin().await.expect("a transaction");
        enqueue(&mut tx, &app.ctx, None, &PurgeAttachments::default()).await.expect("queued");
        tx.commit().await.expect("committed");
        app.run_jobs().await;
        let ada = app.login("ada@example.com").await;
        let file = ada.get(&messages).await.expect(200).json()["items"][0]["attachments"][0].clone();
        let _ = app.client().get(text(&file, "url")).await.expect(200);
        assert_eq!(stored(app), 2, "what was sent and not attached is gone, and so is the copy");
    }
}

/// Segments of a JPEG with a comment in it, as far as anybody looks who does not decode it.
fn phone_photo() -> Vec<u8> {
    b"\xFF\xD8\xFF\xFE\0\x06Home\xFF\xDB\0\x04ab\xFF\xDA\0\x04cd\x01\xFF\xD9".to_vec()
}

/// Files below the storage's folder.
fn stored(app: &TestApp) -> usize {
    fn count(folder: &std::path::Path) -> usize {
        std::fs::read_dir(folder).map_or(0, |entries| {
            entries
                .flatten()
                .map(|entry| match entry.path() {
                    path if path.is_dir() => count(&path),
                    _ => 1,
                })
                .sum()
        })
    }
    count(&app.files_folder())
}
