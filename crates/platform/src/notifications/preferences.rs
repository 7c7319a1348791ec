//! Which kinds an account wants where.

use vitrine_db::{Tx, values};
use vitrine_kernel::Error;
use vitrine_kernel::Time;
use vitrine_kernel::id::AccountId;

use super::letters::{self, DigestTime};
use super::model::{Cadence, Channels, Kind};
use super::{NoticeKinds, clockwork, sql};
use crate::web::Fields;
use crate::{Actor, Ctx, audit};

/// A kind with where the account wants it.
#[derive(Debug, Clone, Copy)]
pub struct Preference {
    pub kind: &'static Kind,
    pub channels: Channels,
}

/// The address that letters go to.
#[derive(Debug, Clone)]
pub struct Address {
    pub email: String,
    pub is_verified: bool,
    /// When and why a mail server refused a letter for good; until the address is verified anew it gets essential
    /// letters alone.
    pub refusal: Option<(Time, String)>,
}

/// Everything an account decided.
#[derive(Debug, Clone)]
pub struct Preferences {
    pub kinds: Vec<Preference>,
    pub digest: DigestTime,
    pub address: Address,
}

/// Where an account wants a kind.
pub(super) async fn channels_of(tx: &mut Tx, account: AccountId, kind: &Kind) -> Result<Channels, Error> {
    if kind.is_essential {
        return Ok(kind.channels);
    }
    match tx
        .fetch_optional(&sql::GET_PREFERENCE, values![account, kind.code])
        .await?
    {
        Some(row) => Ok(Channels {
            in_app: row.get("in_app")?,
            email: row.parse("email")?,
        }),
        None => Ok(kind.channels),
    }
}

/// Changes what is given. What waits for a digest and is no longer wanted is forgotten.
pub(super) async fn set(
    tx: &mut Tx,
    ctx: &Ctx,
    account: AccountId,
    kind: &Kind,
    in_app: Option<bool>,
    email: Option<Cadence>,
) -> Result<(), Error> {
    let before = channels_of(tx, account, kind).await?;
    let (in_app, email) = (in_app.unwrap_or(before.in_app), email.unwrap_or(before.email));
    let row = values![account, kind.code, in_app, email.as_str(), ctx.now()];
    tx.execute(&sql::PUT_PREFERENCE, row).await?;
    if email == Cadence::Off {
        tx.execute(&sql::FORGET_DUE, values![account, kind.code]).await?;
    }
    Ok(())
}

/// Kinds an actor may hear of.
pub(super) fn visible<'a>(
    ctx: &'a Ctx,
    actor: &'a Actor,
) -> Result<impl Iterator<Item = &'static Kind> + 'a, Error> {
    Ok(NoticeKinds::of_ctx(ctx)?
        .iter()
        .filter(|kind| actor.is_operator || !kind.code.starts_with("operator.")))
}

pub async fn get(ctx: &Ctx, actor: &Actor) -> Result<Preferences, Error> {
    let mut tx = ctx.db.begin().await?;
    let preferences = read(&mut tx, ctx, actor).await?;
    // Nothing was written; within a unit (`If-Match`) the transaction is not ours to end.
    tx.commit().await?;
    Ok(preferences)
}

async fn read(tx: &mut Tx, ctx: &Ctx, actor: &Actor) -> Result<Preferences, Error> {
    let mut kinds = Vec::new();
    for kind in visible(ctx, actor)? {
        let channels = channels_of(tx, actor.account_id, kind).await?;
        kinds.push(Preference { kind, channels });
    }
    let row = tx.fetch_one(&sql::GET_ADDRESS, values![actor.account_id]).await?;
    let refused_at: Option<Time> = row.get("bounced_at")?;
    let reason: Option<String> = row.get("reason")?;
    Ok(Preferences {
        kinds,
        digest: letters::digest_time(tx, actor.account_id).await?,
        address: Address {
            email: row.get("email")?,
            is_verified: row.get::<Option<Time>>("email_verified_at")?.is_some(),
            refusal: refused_at.zip(reason),
        },
    })
}

/// One kind to change; what is `None` stays.
#[derive(Debug, Clone)]
pub struct KindChange {
    pub kind: String,
    pub in_app: Option<bool>,
    pub email: Option<Cadence>,
}

/// What to change; what is `None` stays.
#[derive(Debug, Clone, Default)]
pub struct Change {
    pub kinds: Vec<KindChange>,
    pub timezone: Option<String>,
    pub hour: Option<u32>,
}

pub async fn change(ctx: &Ctx, actor: &Actor, change: Change) -> Result<Preferences, Error> {
    actor.require_session()?;
    let mut fields = Fields::new();
    let mut wanted = Vec::new();
    for (index, one) in change.kinds.iter().enumerate() {
        let kind = visible(ctx, actor)?.find(|kind| kind.code == one.kind);
        let field = |name: &str| format!("kinds[{index}].{name}");
        let Some(kind) = fields.require(
            kind,
            field("kind"),
            "unknown_value",
            "There is no such kind of notification.",
        ) else {
            continue;
        };
        let message = "Letters about the safety of your account always come.";
        fields.check(
            !kind.is_essential || one.in_app != Some(false),
            field("in_app"),
            "essential",
            message,
        );
        fields.check(
            !kind.is_essential || one.email.is_none_or(|email| email == Cadence::Instant),
            field("email"),
            "essential",
            message,
        );
        wanted.push((kind, one));
    }
    if let Some(name) = &change.timezone {
        fields.check(
            clockwork::zone(name).is_some(),
            "digest.timezone",
            "unknown_value",
            "Must be a time zone such as Europe/Berlin.",
        );
    }
    fields.check(
        change.hour.is_none_or(|hour| hour < 24),
        "digest.hour",
        "out_of_range",
        "Must be 0 to 23.",
    );
    fields.finish()?;
    let mut tx = ctx.db.begin().await?;
    for (kind, one) in wanted.into_iter().filter(|(kind, _)| !kind.is_essential) {
        set(&mut tx, ctx, actor.account_id, kind, one.in_app, one.email).await?;
    }
    if change.timezone.is_some() || change.hour.is_some() {
        let before = letters::digest_time(&mut tx, actor.account_id).await?;
        let row = values![
            actor.account_id,
            change.timezone.unwrap_or(before.timezone),
            change.hour.unwrap_or(before.hour),
            ctx.now(),
        ];
        tx.execute(&sql::PUT_SETTINGS, row).await?;
    }
    audit::record(
        &mut tx,
        ctx,
        Some(actor),
        "account.preferences_changed",
        "account",
        actor.account_id,
        None,
    )
    .await?;
    let preferences = read(&mut tx, ctx, actor).await?;
    tx.commit().await?;
    Ok(preferences)
}
