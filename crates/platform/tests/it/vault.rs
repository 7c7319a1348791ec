//! Secrets at rest.

use vitrine_kernel::Secret;
use vitrine_platform::{Ctx, vault};
use vitrine_testkit::{EngineKind, TestApp};

use crate::modules;

/// The same instance after its secret was changed.
fn with_secrets(ctx: &Ctx, present: &[u8], previous: Option<&[u8]>) -> Ctx {
    let mut settings = ctx.settings.clone();
    settings.secret_key = Secret::new(present.to_vec());
    settings.previous_secret_key = previous.map(|secret| Secret::new(secret.to_vec()));
    Ctx::new(vitrine_platform::ctx::Inner {
        db: ctx.db.clone(),
        clock: ctx.clock.clone(),
        entropy: ctx.entropy.clone(),
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
