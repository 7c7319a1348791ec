//! Turning the second factor on and off, and signing in with it.

use serde_json::{Value, json};
use vitrine_db::{Row, Tx, values};
use vitrine_kernel::id::AccountId;
use vitrine_kernel::{Error, ErrorCode, Secret, Time};

use super::super::confirm::{self, Proof};
use super::super::model::{Account, Device, SignedIn};
use super::super::{lock, sessions};
use super::letters::{self, News};
use super::{challenge, qr, recovery_codes, sql, totp};
use crate::audit::{self, Entry};
use crate::limits::{self, Tier};
use crate::vault::Sealed;
use crate::{Actor, Ctx, vault};

/// What seeds are sealed for.
const PURPOSE: &str = "totp seed";

/// Where seeds are kept.
pub static SEALED: Sealed = Sealed {
    table: "account_totp",
    column: "sealed_seed",
    purpose: PURPOSE,
    list: &sql::LIST_SEALED_SEEDS,
    replace: &sql::REPLACE_SEALED_SEED,
};
/// What apps show beside the code.
const ISSUER: &str = "Vitrine";

/// Whether the account has a second factor, and how many recovery codes are left.
#[derive(Debug, Clone)]
pub struct Status {
    pub enabled_at: Option<Time>,
    pub recovery_codes_left: i64,
    pub has_password: bool,
}

/// A seed that waits for its first code.
#[derive(Debug)]
pub struct Setup {
    pub secret: Secret<String>,
    pub otpauth_url: Secret<String>,
    pub qr_svg: Secret<String>,
}

/// The app of an account, sealed.
struct App {
    sealed_seed: Vec<u8>,
    enabled_at: Option<Time>,
    last_step: i64,
}

impl App {
    fn from_row(row: &Row) -> Result<Self, Error> {
        Ok(Self {
            sealed_seed: row.get("sealed_seed")?,
            enabled_at: row.get("enabled_at")?,
            last_step: row.get("last_step")?,
        })
    }

    /// The step a code belongs to, unless it or a newer one was taken already.
    fn fresh_step(&self, ctx: &Ctx, sent: &str) -> Result<Option<i64>, Error> {
        let seed = vault::open(ctx, PURPOSE, &self.sealed_seed)?;
        Ok(totp::matching_step(&seed, ctx.now(), sent).filter(|step| *step > self.last_step))
    }
}

/// What opened the account besides the password.
#[derive(Debug, Clone, Copy)]
enum Factor {
    App,
    RecoveryCode { left: i64 },
}

impl Factor {
    fn details(self) -> Value {
        match self {
            Self::App => json!({ "factor": "totp" }),
            Self::RecoveryCode { left } => recovery_codes::details(left),
        }
    }
}

/// Whether signing in needs a second factor.
pub async fn is_on(tx: &mut Tx, account: AccountId) -> Result<bool, Error> {
    Ok(tx
        .fetch_optional(&sql::IS_TOTP_ON, values![account])
        .await?
        .is_some())
}

/// How things stand.
pub async fn status(ctx: &Ctx, actor: &Actor) -> Result<Status, Error> {
    actor.require_session()?;
    let mut tx = ctx.db.begin().await?;
    let row = tx.fetch_one(&sql::GET_TOTP, values![actor.account_id]).await?;
    let left = recovery_codes::left(&mut tx, actor.account_id).await?;
    Ok(Status {
        enabled_at: row.get("enabled_at")?,
        recovery_codes_left: left,
        has_password: row.get::<Option<String>>("password_hash")?.is_some(),
    })
}

/// Makes a seed. Nothing changes for signing in until a first code proves that an app has it.
pub async fn setup(ctx: &Ctx, actor: &Actor) -> Result<Setup, Error> {
    actor.require_session()?;
    let seed: [u8; totp::SEED_BYTES] = ctx.entropy.bytes();
    let sealed = vault::seal(ctx, PURPOSE, &seed)?;
    let mut tx = ctx.db.begin().await?;
    let row = tx.fetch_one(&sql::GET_TOTP, values![actor.account_id]).await?;
    let email: String = row.get("email")?;
    let put = values![actor.account_id, sealed, ctx.now()];
    if tx.execute(&sql::PUT_TOTP, put).await? == 0 {
        return Err(already_on());
    }
    let otpauth_url = totp::otpauth_url(&seed, ISSUER, &email);
    let setup = Setup {
        secret: Secret::new(totp::secret_text(&seed)),
        qr_svg: Secret::new(qr::svg(&otpauth_url)?),
        otpauth_url: Secret::new(otpauth_url),
    };
    tx.commit().await?;
    Ok(setup)
}

/// Turns the second factor on with a first code; answers the recovery codes.
pub async fn enable(ctx: &Ctx, actor: &Actor, code: &str) -> Result<Vec<String>, Error> {
    actor.require_session()?;
    let account = actor.account_id;
    let mut tx = ctx.db.begin().await?;
    let Some(row) = tx
        .fetch_optional(&sql::HOLD_TOTP, values![account, ctx.now()])
        .await?
    else {
        return Err(Error::conflict("Begin with /auth/mfa/totp/setup."));
    };
    let app = App::from_row(&row)?;
    if app.enabled_at.is_some() {
        return Err(already_on());
    }
    let Some(step) = app.fresh_step(ctx, &spaceless(code))? else {
        return Err(wrong_field());
    };
    tx.execute_one(&sql::ENABLE_TOTP, values![account, ctx.now(), step])
        .await?;
    let codes = recovery_codes::replace(&mut tx, ctx, account).await?;
    tell(&mut tx, ctx, actor, "mfa.enabled", News::Enabled).await?;
    tx.commit().await?;
    Ok(codes)
}

/// Turns the second factor off. Needs everything that signing in needs.
pub async fn disable(ctx: &Ctx, actor: &Actor, password: Option<&str>, code: &str) -> Result<(), Error> {
    if status(ctx, actor).await?.enabled_at.is_none() {
        return Err(is_off());
    }
    confirm::everything(ctx, actor, Proof::new(password, Some(code))).await?;
    let mut tx = ctx.db.begin().await?;
    forget(&mut tx, actor.account_id).await?;
    tell(&mut tx, ctx, actor, "mfa.disabled", News::Disabled).await?;
    Ok(tx.commit().await?)
}

/// Takes the second factor away, with everything that goes with it.
pub async fn forget(tx: &mut Tx, account: AccountId) -> Result<(), Error> {
    tx.execute(&sql::DELETE_TOTP, values![account]).await?;
    recovery_codes::delete(tx, account).await?;
    challenge::end(tx, account).await
}

/// New recovery codes in the place of the earlier ones.
pub async fn renew_recovery_codes(ctx: &Ctx, actor: &Actor, code: &str) -> Result<Vec<String>, Error> {
    actor.require_session()?;
    let account = actor.account_id;
    let row = ctx.db.fetch_one(&sql::GET_TOTP, values![account]).await?;
    let key: String = row.get("email_key")?;
    let mut tx = ctx.db.begin().await?;
    if use_code(&mut tx, ctx, account, &key, code).await?.is_none() {
        lock::record_failure(&mut tx, ctx, &key).await?;
        tx.commit().await?;
        return Err(wrong_field());
    }
    let codes = recovery_codes::replace(&mut tx, ctx, account).await?;
    let (action, news) = ("mfa.recovery_codes_made", News::NewRecoveryCodes);
    tell(&mut tx, ctx, actor, action, news).await?;
    tx.commit().await?;
    Ok(codes)
}

/// Uses a code of somebody who is signed in up; answers whether it was right.
pub async fn use_up(
    tx: &mut Tx,
    ctx: &Ctx,
    account: AccountId,
    account_key: &str,
    code: &str,
) -> Result<bool, Error> {
    Ok(use_code(tx, ctx, account, account_key, code).await?.is_some())
}

/// Finishes a sign-in whose password was right.
pub async fn sign_in(ctx: &Ctx, mfa_token: &str, code: &str, device: Device) -> Result<SignedIn, Error> {
    let waiting = challenge::find(ctx, mfa_token).await?;
    let (account_id, key) = (waiting.account_id, waiting.account_key);
    let address = limits::origin_key(device.ip);
    limits::require(ctx, Tier::AuthEmail, &format!("{address} {key}")).await?;
    let device = Device {
        label: waiting.device_label,
        ..device
    };
    let mut tx = ctx.db.begin().await?;
    let Some(factor) = use_code(&mut tx, ctx, account_id, &key, code).await? else {
        lock::record_failure(&mut tx, ctx, &key).await?;
        let details = json!({ "factor": "wrong" });
        let entry = entry("session.refused", account_id, &device, &details);
        audit::write(&mut tx, ctx, entry).await?;
        tx.commit().await?;
        return Err(Error::new(ErrorCode::InvalidCredentials, WRONG_CODE));
    };
    challenge::take(&mut tx, mfa_token).await?;
    lock::clear(&mut tx, &key).await?;
    let row = tx
        .fetch_one(&super::super::sql::GET_ACCOUNT, values![account_id])
        .await?;
    let account = Account::from_row(&row)?;
    if let Factor::RecoveryCode { left } = factor {
        let news = News::RecoveryCodeUsed { left };
        letters::send(&mut tx, ctx, account_id, &account.email, news).await?;
    }
    let details = factor.details();
    let entry = entry("mfa.passed", account_id, &device, &details);
    audit::write(&mut tx, ctx, entry).await?;
    let signed_in = sessions::open(&mut tx, ctx, account, &device).await?;
    tx.commit().await?;
    Ok(signed_in)
}

/// Uses a code of the app or a recovery code up. Tries for one account queue up here, so that neither the lock nor the
/// once-only rule can be outrun by trying side by side.
async fn use_code(
    tx: &mut Tx,
    ctx: &Ctx,
    account: AccountId,
    account_key: &str,
    sent: &str,
) -> Result<Option<Factor>, Error> {
    let row = tx
        .fetch_optional(&sql::HOLD_TOTP, values![account, ctx.now()])
        .await?;
    let app = row.as_ref().map(App::from_row).transpose()?;
    let Some(app) = app.filter(|app| app.enabled_at.is_some()) else {
        return Err(is_off());
    };
    lock::check(tx, ctx, account_key).await?;
    let typed = spaceless(sent);
    if totp::is_shaped(&typed) {
        let Some(step) = app.fresh_step(ctx, &typed)? else {
            return Ok(None);
        };
        let taken = tx.execute(&sql::TAKE_TOTP_STEP, values![account, step]).await?;
        return Ok((taken > 0).then_some(Factor::App));
    }
    if !recovery_codes::take(tx, ctx, account, sent).await? {
        return Ok(None);
    }
    let left = recovery_codes::left(tx, account).await?;
    Ok(Some(Factor::RecoveryCode { left }))
}

/// Apps show codes with a gap.
fn spaceless(code: &str) -> String {
    code.chars()
        .filter(|letter| !letter.is_whitespace())
        .take(64)
        .collect()
}

pub const WRONG_CODE: &str = "This code is wrong, or was used before. Wait for the next one.";

fn wrong_field() -> Error {
    Error::field("code", "wrong", WRONG_CODE)
}

fn is_off() -> Error {
    Error::conflict("Two-step sign-in is off for this account.")
}

fn already_on() -> Error {
    Error::conflict("Two-step sign-in is on already. Turn it off first.")
}

fn entry<'a>(action: &'static str, account_id: AccountId, device: &Device, details: &'a Value) -> Entry<'a> {
    Entry {
        action,
        object_type: "account",
        object_id: account_id.to_string(),
        workspace_id: None,
        account_id: Some(account_id),
        ip: device.ip,
        details: Some(details),
    }
}

/// Writes down what an actor changed, and tells the owner of the address.
async fn tell(tx: &mut Tx, ctx: &Ctx, actor: &Actor, action: &'static str, news: News) -> Result<(), Error> {
    let id = actor.account_id;
    audit::record(tx, ctx, Some(actor), action, "account", id, None).await?;
    let row = tx.fetch_one(&sql::GET_TOTP, values![id]).await?;
    letters::send(tx, ctx, id, &row.get::<String>("email")?, news).await
}
