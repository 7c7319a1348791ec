//! Five wrong passwords for one account within 15 minutes lock it for 15, wherever they came from.
//!
//! Unknown addresses are counted the same way, so that a lock tells nobody which accounts exist.

use chrono::Duration;
use vitrine_db::{Row, Tx, values};
use vitrine_kernel::{Error, ErrorCode, Time};

use super::sql;
use crate::Ctx;

const TRIES: u32 = 5;
const WINDOW: Duration = Duration::minutes(15);

/// When the lock ends, if these newest-first failures make one.
fn locked_until(failures: &[Time]) -> Option<Time> {
    let (newest, oldest) = (failures.first()?, failures.get(TRIES as usize - 1)?);
    (*newest - *oldest <= WINDOW).then(|| *newest + WINDOW)
}

/// `account_locked` with the seconds to wait, while the account is locked.
pub async fn check(tx: &mut Tx, ctx: &Ctx, account_key: &str) -> Result<(), Error> {
    let rows = tx
        .fetch_all(&sql::LATEST_FAILURES, values![account_key, TRIES])
        .await?;
    refuse_while_locked(&times(&rows)?, ctx.now())
}

/// The same, before any work is done for the request.
pub async fn check_early(ctx: &Ctx, account_key: &str) -> Result<(), Error> {
    let rows = ctx
        .db
        .fetch_all(&sql::LATEST_FAILURES, values![account_key, TRIES])
        .await?;
    refuse_while_locked(&times(&rows)?, ctx.now())
}

fn times(rows: &[Row]) -> Result<Vec<Time>, Error> {
    rows.iter().map(|row| Ok(row.get("failed_at")?)).collect()
}

fn refuse_while_locked(failures: &[Time], now: Time) -> Result<(), Error> {
    match locked_until(failures) {
        Some(until) if until > now => {
            let detail = "Too many wrong passwords or codes for this account. Wait before the next try.";
            let seconds = (until - now)
                .num_milliseconds()
                .max(0)
                .unsigned_abs()
                .div_ceil(1000);
            Err(Error::new(ErrorCode::AccountLocked, detail).with_retry_after(seconds))
        }
        _ => Ok(()),
    }
}

/// When the lock of an account ends, if one is on.
pub async fn until(ctx: &Ctx, account_key: &str) -> Result<Option<Time>, Error> {
    let rows = ctx
        .db
        .fetch_all(&sql::LATEST_FAILURES, values![account_key, TRIES])
        .await?;
    Ok(locked_until(&times(&rows)?).filter(|until| *until > ctx.now()))
}

/// Counts a wrong password.
pub async fn record_failure(tx: &mut Tx, ctx: &Ctx, account_key: &str) -> Result<(), Error> {
    Ok(tx
        .execute_one(
            &sql::INSERT_FAILURE,
            values![ctx.id::<uuid::Uuid>(), account_key, ctx.now()],
        )
        .await?)
}

/// Forgets the wrong passwords of an account.
pub async fn clear(tx: &mut Tx, account_key: &str) -> Result<(), Error> {
    tx.execute(&sql::DELETE_FAILURES, values![account_key]).await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(minute: i64) -> Time {
        Time::UNIX_EPOCH + Duration::minutes(minute)
    }

    #[test]
    fn five_within_a_quarter_of_an_hour_lock_for_a_quarter_of_an_hour_after_the_last() {
        assert_eq!(locked_until(&[at(14), at(3), at(2), at(1)]), None);
        assert_eq!(locked_until(&[at(15), at(3), at(2), at(1), at(0)]), Some(at(30)));
        assert_eq!(locked_until(&[at(16), at(3), at(2), at(1), at(0)]), None);
        let error =
            refuse_while_locked(&[at(4), at(3), at(2), at(1), at(0)], at(10)).expect_err("still locked");
        assert_eq!(error.retry_after_s(), Some(9 * 60));
        assert!(refuse_while_locked(&[at(4), at(3), at(2), at(1), at(0)], at(19)).is_ok());
    }
}
