//! Asking once more who it is, before something that cannot be taken back.
//!
//! What surprises people: a session that began before the second factor was turned on never showed it, so it has to
//! show it here however young it is; and so have tokens of another sign-in service, which know nothing of ours.

use chrono::Duration;
use vitrine_db::values;
use vitrine_kernel::{Error, Time};

use super::{Actor, lock, mfa, password, sql};
use crate::Ctx;
use crate::web::Fields;

/// Whoever signed in less than this ago need not show again what that took.
const RECENT: Duration = Duration::minutes(10);

/// What somebody sends to show who they are.
#[derive(Debug, Clone, Copy)]
pub struct Proof<'a> {
    pub password: Option<&'a str>,
    /// What the request calls the password, for complaints.
    pub password_field: &'static str,
    /// Of the authenticator app, or a recovery code. Not looked at where two-step sign-in is off.
    pub code: Option<&'a str>,
}

impl<'a> Proof<'a> {
    pub fn new(password: Option<&'a str>, code: Option<&'a str>) -> Self {
        Self {
            password,
            password_field: "password",
            code,
        }
    }
}

/// What has to be shown now.
struct Needs {
    password: bool,
    code: bool,
}

/// All that signing in takes, unless the session showed it just now.
pub async fn person(ctx: &Ctx, actor: &Actor, proof: Proof<'_>) -> Result<(), Error> {
    let session = actor.require_session()?;
    let row = ctx
        .db
        .fetch_one(&sql::GET_SESSION_START, values![session])
        .await?;
    let (began, is_foreign): (Time, bool) = (row.get("created_at")?, row.get("is_foreign")?);
    let is_recent = ctx.now() - began <= RECENT;
    let status = mfa::status(ctx, actor).await?;
    let has_factor = status.enabled_at.is_some();
    let has_shown_factor = is_recent && !is_foreign && status.enabled_at.is_none_or(|at| at < began);
    let needs = Needs {
        // Who has neither password nor factor can only sign in anew.
        password: !is_recent && (status.has_password || !has_factor),
        code: has_factor && !has_shown_factor,
    };
    check(ctx, actor, proof, needs, has_factor).await
}

/// All that signing in takes, however young the session is.
pub async fn everything(ctx: &Ctx, actor: &Actor, proof: Proof<'_>) -> Result<(), Error> {
    actor.require_session()?;
    let status = mfa::status(ctx, actor).await?;
    let has_factor = status.enabled_at.is_some();
    let needs = Needs {
        password: status.has_password,
        code: has_factor,
    };
    check(ctx, actor, proof, needs, has_factor).await
}

/// What is sent has to be right, also where it is not needed. Wrong tries count towards the lock.
async fn check(
    ctx: &Ctx,
    actor: &Actor,
    proof: Proof<'_>,
    needs: Needs,
    has_factor: bool,
) -> Result<(), Error> {
    let code = proof.code.filter(|_| has_factor);
    let mut fields = Fields::new();
    fields.check(
        !needs.password || proof.password.is_some(),
        proof.password_field,
        "required",
        "Enter your password, or sign in again first.",
    );
    fields.check(
        !needs.code || code.is_some(),
        "code",
        "required",
        "Enter a code of your authenticator app, or a recovery code.",
    );
    fields.finish()?;
    if proof.password.is_none() && code.is_none() {
        return Ok(());
    }
    let row = ctx
        .db
        .fetch_one(&sql::GET_PASSWORD, values![actor.account_id])
        .await?;
    let key: String = row.get("email_key")?;
    lock::check_early(ctx, &key).await?;
    let is_password_right = match proof.password {
        Some(given) => password::verify(row.get("password_hash")?, given).await?,
        None => true,
    };
    let mut tx = ctx.db.begin().await?;
    let is_code_right = match code {
        Some(code) => mfa::use_up(&mut tx, ctx, actor.account_id, &key, code).await?,
        None => true,
    };
    if is_password_right && is_code_right {
        return Ok(tx.commit().await?);
    }
    // A code that was right with a wrong password stays used up: it was seen.
    lock::record_failure(&mut tx, ctx, &key).await?;
    tx.commit().await?;
    let mut fields = Fields::new();
    fields.check(
        is_password_right,
        proof.password_field,
        "wrong",
        "This is not your password.",
    );
    fields.check(is_code_right, "code", "wrong", mfa::WRONG_CODE);
    Err(fields.into_error())
}
