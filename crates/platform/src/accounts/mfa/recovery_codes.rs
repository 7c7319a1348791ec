//! Ten codes for the day the phone is gone; each opens the account once.
//!
//! A code has 80 random bits, so its plain hash tells nothing even to who has the database.

use serde_json::json;
use vitrine_db::{Tx, values};
use vitrine_kernel::Error;
use vitrine_kernel::id::AccountId;

use super::super::token;
use super::{base32, sql};
use crate::Ctx;

/// Codes that are handed out at a time.
pub const COUNT: usize = 10;
const BYTES: usize = 10;
const LETTERS: usize = BYTES / 5 * 8;
const GROUP: usize = 4;

/// `xxxx-xxxx-xxxx-xxxx`.
fn make(ctx: &Ctx) -> String {
    let bytes: [u8; BYTES] = ctx.entropy.bytes();
    let letters = base32::encode(&bytes, base32::CROCKFORD);
    let groups: Vec<&str> = (0..letters.len())
        .step_by(GROUP)
        .map(|at| &letters[at..at + GROUP])
        .collect();
    groups.join("-")
}

/// What was typed, as it was made: letter case, gaps and letters that look like digits do not matter.
fn normalised(sent: &str) -> Option<String> {
    let letters: String = sent
        .chars()
        .filter(|letter| !letter.is_whitespace() && *letter != '-')
        .map(|letter| match letter.to_ascii_lowercase() {
            'o' => '0',
            'i' | 'l' => '1',
            other => other,
        })
        .take(LETTERS + 1)
        .collect();
    (letters.len() == LETTERS && letters.bytes().all(|byte| base32::CROCKFORD.contains(&byte)))
        .then_some(letters)
}

/// The same code of another account is another one.
fn hash(account: AccountId, letters: &str) -> Vec<u8> {
    token::hash(&format!("recovery code {account} {letters}"))
}

/// Puts new codes in the place of all earlier ones. They are shown once; only their hashes stay.
pub async fn replace(tx: &mut Tx, ctx: &Ctx, account: AccountId) -> Result<Vec<String>, Error> {
    delete(tx, account).await?;
    let codes: Vec<String> = (0..COUNT).map(|_| make(ctx)).collect();
    for code in &codes {
        let row = values![hash(account, &code.replace('-', "")), account, ctx.now()];
        tx.execute_one(&sql::INSERT_RECOVERY_CODE, row).await?;
    }
    Ok(codes)
}

/// Forgets all codes of an account.
pub async fn delete(tx: &mut Tx, account: AccountId) -> Result<(), Error> {
    tx.execute(&sql::DELETE_RECOVERY_CODES, values![account]).await?;
    Ok(())
}

/// Uses a code up; false when there is no such code, or it was used before.
pub async fn take(tx: &mut Tx, ctx: &Ctx, account: AccountId, sent: &str) -> Result<bool, Error> {
    let Some(letters) = normalised(sent) else {
        return Ok(false);
    };
    let taken = tx
        .execute(
            &sql::TAKE_RECOVERY_CODE,
            values![hash(account, &letters), account, ctx.now()],
        )
        .await?;
    Ok(taken > 0)
}

/// Codes that were not used yet.
pub async fn left(tx: &mut Tx, account: AccountId) -> Result<i64, Error> {
    let row = tx.fetch_one(&sql::COUNT_RECOVERY_CODES, values![account]).await?;
    Ok(row.get("codes")?)
}

/// What the audit trail says of a use.
pub fn details(left: i64) -> serde_json::Value {
    json!({ "factor": "recovery_code", "left": left })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_known_however_it_is_typed() {
        let expected = Some("0123456789abcdef".to_owned());
        for typed in [
            "0123-4567-89ab-cdef",
            " 0123456789ABCDEF ",
            "O1 2 3 4567 89ab cdef",
            "o-l23-4567-89AB-CDEF",
        ] {
            assert_eq!(normalised(typed), expected, "{typed}");
        }
        for wrong in [
            "",
            "123456",
            "0123-4567-89ab-cde",
            "0123-4567-89ab-cdef0",
            "0123-4567-89ab-cdeu",
            "é123-4567-89ab-cde",
        ] {
            assert_eq!(normalised(wrong), None, "{wrong}");
        }
    }
}
