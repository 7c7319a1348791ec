//! Turning a kind of letter off from the letter itself, without signing in.
//!
//! The link is a signed pair of account and kind. It opens nothing else, so it does not end, and reading it changes
//! nothing, because mail programs look at links before people do: only a `POST` turns off (RFC 8058).

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;
use uuid::Uuid;
use vitrine_db::{Tx, values};
use vitrine_kernel::id::AccountId;
use vitrine_kernel::{Error, ErrorCode};

use super::model::{Cadence, Kind};
use super::{NoticeKinds, preferences, sql};
use crate::Ctx;
use crate::audit::{self, Entry};

/// In place of a kind: everything that comes in digests.
pub(super) const DIGEST: &str = "digest";
const LABEL: &str = "unsubscribe";
const UUID_BYTES: usize = 16;

/// The address in a letter: for people and for mail programs.
pub(super) fn url(ctx: &Ctx, account: AccountId, code: &str) -> String {
    let token = sign(ctx, account, code);
    format!(
        "{}/api/v1/notifications/unsubscribe?token={token}",
        ctx.settings.public_url
    )
}

fn mac(key: &[u8; 32], payload: &[u8]) -> Hmac<Sha256> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("HMAC takes a key of any length");
    mac.update(payload);
    mac
}

fn sign(ctx: &Ctx, account: AccountId, code: &str) -> String {
    let mut payload = account.0.as_bytes().to_vec();
    payload.extend_from_slice(code.as_bytes());
    let tag = mac(&ctx.derive_key(LABEL), &payload).finalize().into_bytes();
    format!(
        "{}.{}",
        URL_SAFE_NO_PAD.encode(&payload),
        URL_SAFE_NO_PAD.encode(tag)
    )
}

/// What a link turns off.
#[derive(Debug, Clone)]
pub struct Wish {
    pub account: AccountId,
    /// `None`: all digests.
    pub kind: Option<&'static Kind>,
}

impl Wish {
    pub fn title(&self) -> &'static str {
        self.kind.map_or("Digests", |kind| kind.title)
    }
}

/// What a token says, if it is one of ours.
pub fn open(ctx: &Ctx, token: &str) -> Result<Wish, Error> {
    read(ctx, token).ok_or_else(|| {
        Error::new(
            ErrorCode::InvalidLink,
            "This link is not complete. Copy all of it from the letter, or sign in and change what you are told.",
        )
    })
}

fn read(ctx: &Ctx, token: &str) -> Option<Wish> {
    let (payload, tag) = token.split_once('.')?;
    let (payload, tag) = (
        URL_SAFE_NO_PAD.decode(payload).ok()?,
        URL_SAFE_NO_PAD.decode(tag).ok()?,
    );
    let is_ours = ctx
        .derived_keys(LABEL)
        .iter()
        .any(|key| mac(key, &payload).verify_slice(&tag).is_ok());
    if !is_ours || payload.len() < UUID_BYTES {
        return None;
    }
    let (account, code) = payload.split_at(UUID_BYTES);
    let code = std::str::from_utf8(code).ok()?;
    let kind = match code {
        DIGEST => None,
        code => Some(NoticeKinds::of_ctx(ctx).ok()?.get(code)?),
    };
    Some(Wish {
        account: AccountId(Uuid::from_slice(account).ok()?),
        kind,
    })
}

/// What the page of a link shows.
#[derive(Debug)]
pub struct Standing {
    pub title: &'static str,
    /// The address with most of its name left out.
    pub email: String,
    pub is_subscribed: bool,
}

/// How things stand; changes nothing.
pub async fn look(ctx: &Ctx, token: &str) -> Result<Standing, Error> {
    let wish = open(ctx, token)?;
    let mut tx = ctx.db.begin().await?;
    let standing = standing(&mut tx, ctx, &wish).await?;
    // Nothing was written; within a unit (`If-Match`) the transaction is not ours to end.
    tx.commit().await?;
    Ok(standing)
}

/// Turns it off; once more changes nothing.
pub async fn apply(ctx: &Ctx, token: &str) -> Result<Standing, Error> {
    let wish = open(ctx, token)?;
    let mut tx = ctx.db.begin().await?;
    let before = standing(&mut tx, ctx, &wish).await?;
    if before.is_subscribed {
        for kind in kinds_of(&mut tx, ctx, &wish).await? {
            preferences::set(&mut tx, ctx, wish.account, kind, None, Some(Cadence::Off)).await?;
        }
        if let Some(kind) = wish.kind {
            let values = values![wish.account, kind.code, ctx.now()];
            tx.execute(&sql::SILENCE_RULES, values).await?;
            if kind.code == super::kinds::SCHEDULE.code {
                tx.execute(&sql::SILENCE_SCHEDULES, values![wish.account, ctx.now()])
                    .await?;
            }
        }
        let entry = Entry {
            action: "account.unsubscribed",
            object_type: "notification_kind",
            object_id: wish.kind.map_or(DIGEST, |kind| kind.code).to_owned(),
            workspace_id: None,
            account_id: Some(wish.account),
            ip: None,
            details: None,
        };
        audit::write(&mut tx, ctx, entry).await?;
    }
    let after = standing(&mut tx, ctx, &wish).await?;
    tx.commit().await?;
    Ok(after)
}

/// The kinds a link is about that are still mailed.
async fn kinds_of(tx: &mut Tx, ctx: &Ctx, wish: &Wish) -> Result<Vec<&'static Kind>, Error> {
    let candidates: Vec<&'static Kind> = match wish.kind {
        Some(kind) => vec![kind],
        None => NoticeKinds::of_ctx(ctx)?.iter().collect(),
    };
    let mut mailed = Vec::new();
    for kind in candidates.into_iter().filter(|kind| !kind.is_essential) {
        let email = preferences::channels_of(tx, wish.account, kind).await?.email;
        let is_meant = match wish.kind {
            Some(_) => email != Cadence::Off,
            None => matches!(email, Cadence::Daily | Cadence::Weekly),
        };
        if is_meant {
            mailed.push(kind);
        }
    }
    Ok(mailed)
}

async fn standing(tx: &mut Tx, ctx: &Ctx, wish: &Wish) -> Result<Standing, Error> {
    let Some(row) = tx
        .fetch_optional(&sql::GET_RECIPIENT, values![wish.account])
        .await?
    else {
        return Err(Error::not_found());
    };
    let email: String = row.get("email")?;
    let mut is_subscribed = !kinds_of(tx, ctx, wish).await?.is_empty();
    if let Some(kind) = wish.kind {
        let row = tx
            .fetch_one(&sql::HAS_LOUD_RULES, values![wish.account, kind.code])
            .await?;
        is_subscribed |= row.get::<bool>("is_so")?;
    }
    Ok(Standing {
        title: wish.title(),
        email: mask(&email),
        is_subscribed,
    })
}

/// `a…@example.com`: enough to recognise one's own.
fn mask(email: &str) -> String {
    let (local, domain) = email.rsplit_once('@').unwrap_or((email, ""));
    let first: String = local.chars().take(1).collect();
    format!("{first}…@{domain}")
}
