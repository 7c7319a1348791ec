//! Operators of the instance: made and promoted from the command line by whoever runs the machine.

use vitrine_db::values;
use vitrine_kernel::text::Email;
use vitrine_kernel::{Error, ErrorCode};

use super::model::{Account, NewAccount};
use super::{password, service, sql};
use crate::billing::UNLIMITED;
use crate::{Ctx, audit, workspaces};

/// Makes an operator's account: verified, with an unlimited workspace.
pub async fn create(ctx: &Ctx, email: &str, password: &str, full_name: &str) -> Result<Account, Error> {
    let new = NewAccount::parse(email, password, full_name)?;
    let hash = password::hash(ctx, new.password.clone()).await?;
    let mut tx = ctx.db.begin().await?;
    let account = service::insert_account(&mut tx, ctx, &new, hash, true, None)
        .await?
        .account;
    tx.commit().await?;
    Ok(account)
}

/// Makes an existing account an operator: verified, its personal workspace unlimited.
pub async fn promote(ctx: &Ctx, email: &Email) -> Result<(), Error> {
    let mut tx = ctx.db.begin().await?;
    let Some(row) = tx
        .fetch_optional(&sql::PROMOTE_ACCOUNT, values![email.key(), ctx.now()])
        .await?
    else {
        let detail = format!("There is no account with the e-mail address {}.", email.as_str());
        return Err(Error::new(ErrorCode::NotFound, detail));
    };
    let account = Account::from_row(&row)?;
    tx.execute(
        &workspaces::sql::SET_PERSONAL_PLAN,
        values![account.id, UNLIMITED],
    )
    .await?;
    audit::record(
        &mut tx,
        ctx,
        None,
        "account.promoted",
        "account",
        account.id,
        None,
    )
    .await?;
    Ok(tx.commit().await?)
}
