//! One-minute tickets for one stream each, so that no long-lived secret stands in a URL.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::TimeDelta;
use sha2::{Digest as _, Sha256};
use vitrine_db::values;
use vitrine_kernel::id::{AccountId, ApiKeyId, SessionId, WorkspaceId};
use vitrine_kernel::{Error, ErrorCode};

use super::sql;
use crate::accounts::Credential;
use crate::{Actor, Ctx};

/// How long a ticket is good for, in seconds.
pub const EXPIRES_IN_S: u32 = 60;

/// Who listens to a stream.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Listener {
    /// Either this or the key.
    pub session_id: Option<SessionId>,
    pub api_key_id: Option<ApiKeyId>,
    pub workspace_id: WorkspaceId,
}

impl From<&Actor> for Listener {
    fn from(actor: &Actor) -> Self {
        let (session_id, api_key_id) = match actor.credential {
            Credential::Session(id) => (Some(id), None),
            Credential::ApiKey { id, .. } => (None, Some(id)),
        };
        Self {
            session_id,
            api_key_id,
            workspace_id: actor.workspace_id,
        }
    }
}

fn hash(ticket: &str) -> Vec<u8> {
    Sha256::digest(ticket.as_bytes()).to_vec()
}

/// Makes a ticket for one stream of the caller's workspace. Only its hash is kept.
pub async fn issue(ctx: &Ctx, actor: &Actor) -> Result<String, Error> {
    let ticket = URL_SAFE_NO_PAD.encode(ctx.entropy.bytes::<32>());
    let expires_at = ctx.now() + TimeDelta::seconds(i64::from(EXPIRES_IN_S));
    let listener = Listener::from(actor);
    let row = values![
        hash(&ticket),
        listener.session_id,
        listener.api_key_id,
        listener.workspace_id,
        expires_at,
    ];
    ctx.db.execute(&sql::INSERT_TICKET, row).await?;
    Ok(ticket)
}

/// Takes a ticket; it is gone afterwards, in every process. Unknown, used and expired ones are the same 401.
pub async fn take(ctx: &Ctx, ticket: &str) -> Result<Listener, Error> {
    let refused = || {
        Error::new(
            ErrorCode::Unauthorized,
            "This ticket was used or has expired; ask for a new one.",
        )
    };
    let rows = ctx
        .db
        .execute_returning(&sql::TAKE_TICKET, values![hash(ticket)])
        .await?;
    let row = rows.first().ok_or_else(refused)?;
    let listener = Listener {
        session_id: row.get("session_id")?,
        api_key_id: row.get("api_key_id")?,
        workspace_id: row.get("workspace_id")?,
    };
    if row.get::<vitrine_kernel::Time>("expires_at")? <= ctx.now()
        || account_of(ctx, listener).await?.is_none()
    {
        return Err(refused());
    }
    Ok(listener)
}

/// Whose the listener's session or key is, if it lives and still belongs to the workspace.
pub(super) async fn account_of(ctx: &Ctx, listener: Listener) -> Result<Option<AccountId>, Error> {
    let values = values![
        listener.session_id,
        listener.api_key_id,
        listener.workspace_id,
        ctx.now(),
    ];
    match ctx.db.fetch_optional(&sql::MAY_LISTEN, values).await? {
        Some(row) => Ok(Some(row.get("account_id")?)),
        None => Ok(None),
    }
}
