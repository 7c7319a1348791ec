//! Identities of another sign-in service that may open an account: what they are, and taking one away.

use serde_json::json;
use url::Url;
use vitrine_db::{DbError, Row, values};
use vitrine_kernel::id::{IdentityId, SessionId};
use vitrine_kernel::{Error, Page, Time};

use super::super::{sql as accounts_sql, ways};
use super::{Oidc, sql};
use crate::web::Paging;
use crate::{Actor, Ctx, audit};

/// Somebody of another sign-in service who may open the account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    pub id: IdentityId,
    pub issuer: String,
    pub created_at: Time,
    /// When its bearer tokens were last seen; `None` while they never were.
    pub last_used_at: Option<Time>,
}

impl Identity {
    fn from_row(row: &Row) -> Result<Self, DbError> {
        Ok(Self {
            id: row.get("id")?,
            issuer: row.get("issuer")?,
            created_at: row.get("created_at")?,
            last_used_at: row.get("last_used_at")?,
        })
    }

    /// Host of the service, for people.
    pub fn name(&self) -> String {
        Url::parse(&self.issuer)
            .ok()
            .and_then(|url| url.host_str().map(str::to_owned))
            .unwrap_or_else(|| self.issuer.clone())
    }

    /// Whether this server still sends people there.
    pub fn is_in_use(&self, ctx: &Ctx) -> bool {
        ctx.extension::<Oidc>()
            .is_some_and(|oidc| oidc.settings().issuer == self.issuer)
    }
}

/// Those of the account.
pub async fn list(ctx: &Ctx, actor: &Actor, paging: &Paging) -> Result<Page<Identity>, Error> {
    actor.require_session()?;
    let page = paging
        .fetch(&ctx.db, &sql::LIST_IDENTITIES, values![actor.account_id])
        .await?;
    let (page, rows) = page.split();
    let all = rows.iter().map(Identity::from_row).collect::<Result<_, _>>()?;
    Ok(page.with_items(all))
}

/// One of them.
pub async fn get(ctx: &Ctx, actor: &Actor, id: IdentityId) -> Result<Identity, Error> {
    actor.require_session()?;
    let row = ctx
        .db
        .fetch_optional(&sql::GET_LINKED, values![id, actor.account_id])
        .await?;
    Ok(Identity::from_row(&row.ok_or_else(Error::not_found)?)?)
}

/// Takes one away: its bearer tokens open nothing any more, until somebody signs in there by hand again.
pub async fn unlink(ctx: &Ctx, actor: &Actor, id: IdentityId) -> Result<(), Error> {
    actor.require_session()?;
    let account = actor.account_id;
    let mut tx = ctx.db.begin().await?;
    ways::hold(&mut tx, account).await?;
    let row = tx
        .fetch_optional(&sql::HOLD_IDENTITY, values![id, account])
        .await?
        .ok_or_else(Error::not_found)?;
    tx.execute_one(&sql::UNLINK_IDENTITY, values![id, ctx.now()])
        .await?;
    ways::require_one(&mut tx, ctx, account).await?;
    if let Some(session) = row.get::<Option<SessionId>>("session_id")? {
        let values = values![session, account, ctx.now()];
        tx.execute(&accounts_sql::REVOKE_SESSION, values).await?;
    }
    let details = Some(json!({ "issuer": row.get::<String>("issuer")? }));
    let action = "account.unlinked";
    audit::record(&mut tx, ctx, Some(actor), action, "identity", id, details).await?;
    Ok(tx.commit().await?)
}
