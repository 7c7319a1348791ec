//! Secrets at rest.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use futures_util::FutureExt as _;
use serde_json::json;
use vitrine_kernel::text::Email;
use vitrine_kernel::{Entropy, Secret, SystemEntropy};
use vitrine_platform::jobs::{self, JobKind};
use vitrine_platform::mail::jobs::SendMail;
use vitrine_platform::mail::{self, Letter, Outgoing};
use vitrine_platform::{Ctx, Settings, vault, web};
use vitrine_testkit::{Client, EngineKind, TestApp};

use crate::{mfa, modules, sql};

/// Chance that ends whoever asks for it once more than so often.
#[derive(Debug)]
struct Dying(AtomicUsize);

impl Entropy for Dying {
    fn fill(&self, bytes: &mut [u8]) {
        let left = self.0.fetch_sub(1, Ordering::Relaxed);
        assert!(left > 0, "killed");
        SystemEntropy.fill(bytes);
    }
}

/// The same instance after its secret was changed.
fn with_secrets(ctx: &Ctx, present: &[u8], previous: Option<&[u8]>) -> Ctx {
    let mut settings = ctx.settings.clone();
    settings.secret_key = Secret::new(present.to_vec());
    settings.previous_secret_key = previous.map(|secret| Secret::new(secret.to_vec()));
    changed(ctx, settings, ctx.entropy.clone())
}

fn with_entropy(ctx: &Ctx, entropy: Arc<dyn Entropy>) -> Ctx {
    changed(ctx, ctx.settings.clone(), entropy)
}

fn changed(ctx: &Ctx, settings: Settings, entropy: Arc<dyn Entropy>) -> Ctx {
    Ctx::new(vitrine_platform::ctx::Inner {
        db: ctx.db.clone(),
        clock: ctx.clock.clone(),
        entropy,
        files: ctx.files.clone(),
        mailer: ctx.mailer.clone(),
        limiter: ctx.limiter.clone(),
        settings,
        extensions: ctx.extensions.clone(),
    })
}

#[tokio::test]
async fn a_secret_is_opened_for_its_purpose_only_and_survives_one_change_of_the_key() {
    let Some(app) = TestApp::open(EngineKind::Sqlite, modules()).await else {
        return;
    };
    let old = with_secrets(&app.ctx, &[1; 32], None);
    let sealed = vault::seal(&old, "totp", b"seed").expect("it is sealed");
    assert_ne!(vault::seal(&old, "totp", b"seed").expect("sealed"), sealed);
    assert_eq!(vault::open(&old, "totp", &sealed).expect("it opens"), b"seed");
    assert!(vault::open(&old, "letter", &sealed).is_err());
    for index in 0..sealed.len() {
        let mut damaged = sealed.clone();
        damaged[index] ^= 1;
        assert!(vault::open(&old, "totp", &damaged).is_err(), "byte {index}");
    }
    assert!(vault::open(&old, "totp", &sealed[..10]).is_err());

    let new = with_secrets(&app.ctx, &[2; 32], Some(&[1; 32]));
    assert!(vault::is_outdated(&new, &sealed) && !vault::is_outdated(&old, &sealed));
    assert_eq!(
        vault::open(&new, "totp", &sealed).expect("the old key opens it"),
        b"seed"
    );
    let forgotten = with_secrets(&app.ctx, &[2; 32], None);
    assert!(vault::open(&forgotten, "totp", &sealed).is_err());
    app.finish().await;
}

/// All columns of the platform; what was sealed anew and what was already, added up.
async fn reseal(ctx: &Ctx) -> (u64, u64) {
    let (mut anew, mut already) = (0, 0);
    for column in vitrine_platform::module().sealed {
        let found = vault::reseal(ctx, column).await.expect("the rows can be read");
        assert_eq!(found.unreadable, 0, "{column:?}");
        anew += found.anew;
        already += found.already;
    }
    (anew, already)
}

async fn queue_letters(app: &TestApp, count: usize) {
    let mut tx = app.ctx.db.begin().await.expect("a transaction");
    for index in 0..count {
        let letter = Outgoing {
            to: &Email::parse(&format!("{index}@example.com")).expect("an address"),
            account_id: None,
            kind: "test",
            letter: Letter {
                subject: "Hello".to_owned(),
                ..Letter::default()
            },
        };
        mail::queue(&mut tx, &app.ctx, letter)
            .await
            .expect("it is queued");
    }
    tx.commit().await.expect("committed");
}

async fn deliver(ctx: &Ctx) {
    jobs::drain(ctx, &[JobKind::of::<SendMail>()])
        .await
        .expect("letters go out");
}

vitrine_testkit::app_test! {
    modules = modules;

    async fn after_two_changes_of_the_secret_with_a_rotation_each_everything_still_opens(app: &TestApp) {
        let ada = mfa::with_factor(app).await;
        deliver(&app.ctx).await;
        queue_letters(app, 2).await;
        let first = app.ctx.settings.secret_key.expose().clone();
        let second = with_secrets(&app.ctx, &[2; 32], Some(&first));
        assert_eq!(reseal(&second).await, (3, 0));
        assert_eq!(reseal(&second).await, (0, 3));
        let third = with_secrets(&app.ctx, &[3; 32], Some(&[2; 32]));
        assert_eq!(reseal(&third).await, (3, 0));

        // Nothing of the secrets before is needed any more.
        let alone = with_secrets(&app.ctx, &[3; 32], None);
        let client = Client::new(web::router(&alone, modules()));
        let body = json!({ "email": mfa::EMAIL, "password": app.password() });
        let waiting = client.post("/auth/login", &body).await.expect_problem(401, "mfa_required");
        let body = json!({ "mfa_token": waiting["mfa_token"], "code": mfa::shown(app, &ada.seed, 0) });
        client.post("/auth/mfa", &body).await.expect(200);
        deliver(&alone).await;
        assert_eq!(app.mails_to("1@example.com").len(), 1);
    }

    async fn a_rotation_killed_anywhere_goes_on_where_it_was(app: &TestApp) {
        const LETTERS: u64 = 230;
        queue_letters(app, LETTERS as usize).await;
        let first = app.ctx.settings.secret_key.expose().clone();
        let second = with_secrets(&app.ctx, &[2; 32], Some(&first));
        // Pages have a hundred rows: what a page began is lost with it, and what was finished stays.
        for (seals, kept) in [(1, 0), (99, 0), (150, 100), (99, 100), (101, 200)] {
            let dying = with_entropy(&second, Arc::new(Dying(AtomicUsize::new(seals))));
            let killed = AssertUnwindSafe(reseal(&dying)).catch_unwind().await;
            assert!(killed.is_err(), "it was to be killed after {seals}");
            let mut outdated = 0;
            for row in app.ctx.db.fetch_all(&sql::LIST_SEALED, Vec::new()).await.expect("rows") {
                let sealed: Vec<u8> = row.get("sealed_letter").expect("bytes");
                outdated += u64::from(vault::is_outdated(&second, &sealed));
            }
            assert_eq!(outdated, LETTERS - kept, "after {seals}");
        }
        assert_eq!(reseal(&second).await, (30, 200));
        deliver(&with_secrets(&app.ctx, &[2; 32], None)).await;
        assert_eq!(app.mailer.mails().len() as u64, LETTERS);
    }

    async fn two_rotations_at_once_and_a_server_that_writes_do_not_disturb_each_other(app: &TestApp) {
        queue_letters(app, 60).await;
        let first = app.ctx.settings.secret_key.expose().clone();
        let second = with_secrets(&app.ctx, &[2; 32], Some(&first));
        let (one, other, ()) = tokio::join!(reseal(&second), reseal(&second), deliver(&second));
        assert!(one.0 + other.0 <= 60);
        assert_eq!(app.mailer.mails().len(), 60);
        assert_eq!(reseal(&second).await, (0, 0));
    }
}
