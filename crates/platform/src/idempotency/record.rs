//! Claiming a key, and what is known of one.

use std::collections::BTreeMap;

use bytes::Bytes;
use chrono::Duration;
use serde_json::Value;
use sha2::{Digest as _, Sha256};
use uuid::Uuid;
use vitrine_db::{Tx, values};
use vitrine_kernel::{Error, ErrorCode};

use super::jobs::KEPT;
use super::sql;
use crate::{Actor, Ctx};

/// How long a claim stands without an answer. A request that takes longer may be overtaken by its repeat, and then it is
/// the one without effect.
const CLAIM: Duration = Duration::seconds(15);

/// Which request it is.
#[derive(Debug)]
pub(crate) struct Key<'a> {
    pub actor: &'a Actor,
    pub method: &'a str,
    pub path: &'a str,
    pub key: &'a str,
    pub fingerprint: Vec<u8>,
}

/// An answer that was given before.
#[derive(Debug)]
pub(crate) struct Answer {
    pub status: u16,
    pub headers: BTreeMap<String, String>,
    pub body: Bytes,
}

/// What came of trying to claim.
#[derive(Debug)]
pub(crate) enum Claim {
    Ours(Uuid),
    Answered(Answer),
}

/// A hash of the body that does not mind the order of keys and the space between them.
pub(crate) fn fingerprint(body: &[u8]) -> Vec<u8> {
    let canonical = serde_json::from_slice::<Value>(body).map(sorted);
    let text = canonical.map_or_else(|_| body.to_vec(), |value| value.to_string().into_bytes());
    Sha256::digest(text).to_vec()
}

/// Objects with their keys in order, all the way down.
fn sorted(value: Value) -> Value {
    match value {
        Value::Object(map) => {
            let map: BTreeMap<String, Value> =
                map.into_iter().map(|(key, value)| (key, sorted(value))).collect();
            Value::Object(map.into_iter().collect())
        }
        Value::Array(all) => Value::Array(all.into_iter().map(sorted).collect()),
        other => other,
    }
}

/// The key of a header: bare or quoted, 1 to 255 of `[A-Za-z0-9_.:-]`.
pub(crate) fn parse_key(text: &str) -> Result<&str, Error> {
    let bare = text
        .strip_prefix('"')
        .and_then(|text| text.strip_suffix('"'))
        .unwrap_or(text);
    let is_valid = (1..=255).contains(&bare.len())
        && bare
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"_.:-".contains(&byte));
    if is_valid {
        Ok(bare)
    } else {
        Err(Error::new(
            ErrorCode::BadRequest,
            "An Idempotency-Key has 1 to 255 of the characters A-Z a-z 0-9 _ . : -",
        ))
    }
}

impl Key<'_> {
    fn values(&self) -> Vec<vitrine_db::Value> {
        values![
            self.actor.account_id,
            self.actor.workspace_id,
            self.method,
            self.path,
            self.key
        ]
    }

    /// Claims the key, or says what is known of it.
    pub async fn claim(&self, ctx: &Ctx) -> Result<Claim, Error> {
        let id: Uuid = ctx.id();
        let now = ctx.now();
        let mut row = self.values();
        row.extend(values![&self.fingerprint[..], id, now + CLAIM, now, now - KEPT]);
        let mut tx = ctx.db.begin().await?;
        if tx.execute(&sql::CLAIM, row).await? == 1 {
            tx.commit().await?;
            return Ok(Claim::Ours(id));
        }
        let known = tx.fetch_optional(&sql::GET_RECORD, self.values()).await?;
        tx.rollback().await?;
        let Some(row) = known else {
            // It was given back this very moment.
            return Err(in_progress(1));
        };
        if row.get::<Vec<u8>>("fingerprint")? != self.fingerprint {
            return Err(Error::new(
                ErrorCode::IdempotencyKeyReused,
                "This Idempotency-Key was used with another body. Take a new key for a new request.",
            ));
        }
        match row.get::<Option<i64>>("status")? {
            Some(status) => Ok(Claim::Answered(Answer {
                status: u16::try_from(status)
                    .map_err(|_| Error::internal("idempotency_records.status is no status"))?,
                headers: serde_json::from_str(&row.get::<String>("headers")?).map_err(|error| {
                    Error::internal("idempotency_records.headers is not readable").with_source(error)
                })?,
                body: row.get::<Vec<u8>>("body")?.into(),
            })),
            None => {
                let left = row.get::<vitrine_kernel::Time>("claimed_until")? - now;
                Err(in_progress(left.num_seconds().max(1).unsigned_abs()))
            }
        }
    }
}

fn in_progress(seconds: u64) -> Error {
    Error::new(
        ErrorCode::IdempotencyInProgress,
        "The first request with this Idempotency-Key is still running. Ask again shortly.",
    )
    .with_retry_after(seconds)
}

/// Adds the answer to the effect. Fails when the claim was taken over meanwhile, and then the effect must not happen.
pub(crate) async fn finish(tx: &mut Tx, claim: Uuid, answer: &Answer) -> Result<(), Error> {
    let headers = serde_json::to_string(&answer.headers)
        .map_err(|error| Error::internal("headers cannot be stored").with_source(error))?;
    let row = values![claim, i64::from(answer.status), headers, answer.body.to_vec()];
    match tx.execute(&sql::FINISH, row).await? {
        1 => Ok(()),
        _ => Err(in_progress(1)),
    }
}

/// Nothing happened: the key may be used again at once.
pub(crate) async fn give_back(ctx: &Ctx, claim: Uuid) -> Result<(), Error> {
    let mut tx = ctx.db.begin().await?;
    tx.execute(&sql::GIVE_BACK, values![claim]).await?;
    Ok(tx.commit().await?)
}

/// Ends every claim without an answer, for whoever knows that the processes that made them are gone. One that is not
/// loses its effect, never doubles it.
pub(crate) async fn end_claims(ctx: &Ctx) -> Result<(), Error> {
    let mut tx = ctx.db.begin().await?;
    tx.execute(&sql::END_CLAIMS, values![ctx.now()]).await?;
    Ok(tx.commit().await?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_fingerprint_minds_values_and_the_order_of_lists_but_not_of_keys() {
        let one = fingerprint(br#"{"a": 1, "b": {"x": [1, 2], "y": null}}"#);
        assert_eq!(one, fingerprint(br#"{"b":{"y":null,"x":[1,2]},"a":1}"#));
        assert_ne!(one, fingerprint(br#"{"b":{"y":null,"x":[2,1]},"a":1}"#));
        assert_ne!(one, fingerprint(br#"{"a":1}"#));
        assert_ne!(fingerprint(b""), fingerprint(b"{}"));
        assert_eq!(fingerprint(b"no json"), fingerprint(b"no json"));
    }

    #[test]
    fn a_key_may_be_bare_or_quoted() {
        assert_eq!(parse_key("a-1").expect("bare"), "a-1");
        assert_eq!(parse_key("\"a-1\"").expect("quoted"), "a-1");
        let long = "x".repeat(256);
        for bad in ["", "\"\"", "a b", "a\"", "ä", long.as_str()] {
            assert!(parse_key(bad).is_err(), "{bad:?}");
        }
    }
}
