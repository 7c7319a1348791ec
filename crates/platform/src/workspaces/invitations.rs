//! Invitations: a letter with a link that works once, for a week, for the address it was sent to.

use async_trait::async_trait;
use chrono::Duration;
use serde::{Deserialize, Serialize};
use serde_json::json;
use vitrine_db::{Tx, values};
use vitrine_kernel::id::{InvitationId, WorkspaceId};
use vitrine_kernel::text::Email;
use vitrine_kernel::{Error, ErrorCode, Page};

use super::model::{INVITATION_DAYS, Invitation, Membership, NewInvitation, Role, Seats};
use super::service::enter;
use super::sql;
use crate::accounts::{links, model::Account, token, verification};
use crate::jobs::{Job, JobError, JobRun, Priority};
use crate::limits::{self, Tier};
use crate::mail::{self, Letter, Outgoing};
use crate::notifications::news;
use crate::web::{Client, Paging};
use crate::{Actor, Ctx, accounts, audit};

const KIND: &str = "workspace_invitation";
/// Expired ones are shown this long, so that they can be sent again.
const KEPT_DAYS: i64 = 30;

/// Invites somebody by mail.
pub async fn create(
    ctx: &Ctx,
    actor: &Actor,
    workspace: WorkspaceId,
    new: &NewInvitation,
) -> Result<Invitation, Error> {
    let actor = enter(ctx, actor, workspace).await?;
    actor.require_role(Role::Admin)?;
    actor.require_verified()?;
    may_send(ctx, &actor, &new.email).await?;
    let mut tx = ctx.db.begin().await?;
    let now = ctx.now();
    let key = new.email.key();
    tx.execute(&sql::DELETE_EXPIRED_INVITATION, values![workspace, key, now])
        .await?;
    let name = take_seat(&mut tx, ctx, workspace).await?;
    if tx
        .fetch_optional(&sql::HAS_MEMBER_WITH_ADDRESS, values![workspace, key])
        .await?
        .is_some()
    {
        return Err(Error::conflict("This person is a member already."));
    }
    let id: InvitationId = ctx.id();
    let token = token::random(ctx);
    let row = values![
        id,
        workspace,
        new.email.as_str(),
        key,
        new.role.as_str(),
        token::hash(token.expose()),
        actor.account_id,
        now,
        now + Duration::days(INVITATION_DAYS),
    ];
    match tx.execute_one(&sql::INSERT_INVITATION, row).await {
        Err(error) if error.is_unique("workspace_invitations_address_key") => {
            return Err(Error::conflict(
                "This address is invited already. Send that invitation again instead.",
            ));
        }
        other => other?,
    }
    send(&mut tx, ctx, &actor, &new.email, &name, new.role, token.expose()).await?;
    let details = json!({ "role": new.role.as_str() });
    let action = "invitation.created";
    audit::record(
        &mut tx,
        ctx,
        Some(&actor),
        action,
        "invitation",
        id,
        Some(details),
    )
    .await?;
    let invitation = read(&mut tx, workspace, id).await?;
    tx.commit().await?;
    Ok(invitation)
}

/// A letter costs a token of the address it comes from and of the one it goes to.
async fn may_send(ctx: &Ctx, actor: &Actor, to: &Email) -> Result<(), Error> {
    let address = limits::origin_key(actor.ip);
    limits::require(ctx, Tier::MailAddress, &address).await?;
    limits::require(ctx, Tier::MailEmail, to.key()).await
}

/// Refuses when every seat is taken; nobody else can take one before the commit. Answers the workspace's name.
async fn take_seat(tx: &mut Tx, ctx: &Ctx, workspace: WorkspaceId) -> Result<String, Error> {
    let row = tx.fetch_one(&sql::LOCK_WORKSPACE, values![workspace]).await?;
    if row.get("is_personal")? {
        return Err(Error::conflict(
            "A personal workspace stays your own. Make a workspace to share and invite people there.",
        ));
    }
    let used = tx
        .fetch_one(&sql::COUNT_SEATS, values![workspace, ctx.now()])
        .await?
        .get("count")?;
    let seats = Seats::new(&row.get::<String>("plan")?, used);
    if seats.has_room() {
        return Ok(row.get("name")?);
    }
    let detail = format!(
        "The plan has {} seats, and all are taken by members and open invitations.",
        seats.limit.unwrap_or_default()
    );
    Err(Error::new(ErrorCode::QuotaExceeded, detail))
}

async fn send(
    tx: &mut Tx,
    ctx: &Ctx,
    actor: &Actor,
    to: &Email,
    workspace: &str,
    role: Role,
    token: &str,
) -> Result<(), Error> {
    let row = tx
        .fetch_one(&accounts::sql::GET_ACCOUNT, values![actor.account_id])
        .await?;
    let host = Account::from_row(&row)?;
    let can = match role {
        Role::Viewer => "look at everything in it",
        Role::Editor => "make and change things in it",
        Role::Admin | Role::Owner => "make and change things in it, and manage its members",
    };
    let letter = Letter {
        subject: format!("{} invites you to {workspace}", host.full_name),
        heading: format!("Join {workspace}"),
        paragraphs: vec![
            format!(
                "{} ({}) invites you to this workspace. You can {can}.",
                host.full_name, host.email
            ),
            "The link works once, for seven days. Sign in, or sign up, with the address this letter came to."
                .to_owned(),
        ],
        action: Some((
            "Join the workspace".to_owned(),
            format!("{}/join?token={token}", ctx.settings.public_url),
        )),
        footnote: "If you do not know who this is, do nothing: without you nothing happens.".to_owned(),
        unsubscribe_url: None,
    };
    let outgoing = Outgoing {
        to,
        account_id: None,
        kind: KIND,
        letter,
    };
    mail::queue(tx, ctx, outgoing).await?;
    Ok(())
}

async fn read(tx: &mut Tx, workspace: WorkspaceId, id: InvitationId) -> Result<Invitation, Error> {
    let row = tx
        .fetch_optional(&sql::GET_INVITATION, values![id, workspace])
        .await?;
    Ok(Invitation::from_row(&row.ok_or_else(Error::not_found)?)?)
}

/// Invitations that wait or have expired, for those who manage members.
pub async fn list(
    ctx: &Ctx,
    actor: &Actor,
    workspace: WorkspaceId,
    paging: &Paging,
) -> Result<Page<Invitation>, Error> {
    let actor = enter(ctx, actor, workspace).await?;
    actor.require_role(Role::Admin)?;
    let page = paging
        .fetch(&ctx.db, &sql::LIST_INVITATIONS, values![workspace])
        .await?;
    let (page, rows) = page.split();
    let invitations = rows.iter().map(Invitation::from_row).collect::<Result<_, _>>()?;
    Ok(page.with_items(invitations))
}

/// Takes an invitation back; its link stops working.
pub async fn revoke(ctx: &Ctx, actor: &Actor, workspace: WorkspaceId, id: InvitationId) -> Result<(), Error> {
    let actor = enter(ctx, actor, workspace).await?;
    actor.require_role(Role::Admin)?;
    let mut tx = ctx.db.begin().await?;
    if tx
        .execute(&sql::DELETE_INVITATION, values![id, workspace])
        .await?
        == 0
    {
        return Err(Error::not_found());
    }
    let action = "invitation.revoked";
    audit::record(&mut tx, ctx, Some(&actor), action, "invitation", id, None).await?;
    Ok(tx.commit().await?)
}

/// Sends another letter. The week begins anew, and the earlier link stops working.
pub async fn resend(
    ctx: &Ctx,
    actor: &Actor,
    workspace: WorkspaceId,
    id: InvitationId,
) -> Result<Invitation, Error> {
    let actor = enter(ctx, actor, workspace).await?;
    actor.require_role(Role::Admin)?;
    actor.require_verified()?;
    let mut tx = ctx.db.begin().await?;
    let row = tx.fetch_one(&sql::LOCK_WORKSPACE, values![workspace]).await?;
    let before = read(&mut tx, workspace, id).await?;
    let to = Email::parse(&before.email)
        .ok_or_else(|| Error::internal("workspace_invitations.email is no address"))?;
    may_send(ctx, &actor, &to).await?;
    let now = ctx.now();
    // One that has expired gave its seat back.
    let name = if before.expires_at <= now {
        take_seat(&mut tx, ctx, workspace).await?
    } else {
        row.get("name")?
    };
    let token = token::random(ctx);
    let values = values![
        id,
        workspace,
        token::hash(token.expose()),
        now,
        now + Duration::days(INVITATION_DAYS),
    ];
    let row = tx.fetch_one(&sql::RENEW_INVITATION, values).await?;
    let invitation = Invitation::from_row(&row)?;
    send(&mut tx, ctx, &actor, &to, &name, invitation.role, token.expose()).await?;
    let action = "invitation.sent_again";
    audit::record(&mut tx, ctx, Some(&actor), action, "invitation", id, None).await?;
    tx.commit().await?;
    Ok(invitation)
}

/// Uses the link of a letter. The link proves that the address reads its mail, so it counts as verified too.
pub async fn accept(ctx: &Ctx, actor: &Actor, token: &str, client: &Client) -> Result<Membership, Error> {
    actor.require_session()?;
    let hash = token::hash(token);
    let now = ctx.now();
    let mut tx = ctx.db.begin().await?;
    let known = tx
        .fetch_optional(&sql::GET_INVITATION_BY_TOKEN, values![&hash[..], now])
        .await?;
    let workspace: WorkspaceId = known.ok_or_else(links::invalid)?.get("workspace_id")?;
    tx.fetch_one(&sql::LOCK_WORKSPACE, values![workspace]).await?;
    let taken = values![&hash[..], now, actor.account_id];
    let Some(row) = tx.fetch_optional(&sql::TAKE_INVITATION, taken).await? else {
        return Err(Error::forbidden(
            "This invitation was sent to another address. Sign in with the account that has it.",
        ));
    };
    let role: Role = row.parse("role")?;
    let is_member = tx
        .fetch_optional(&sql::GET_ROLE, values![workspace, actor.account_id])
        .await?
        .is_some();
    if !is_member {
        let row = values![workspace, actor.account_id, role.as_str(), now];
        tx.execute_one(&sql::INSERT_MEMBER, row).await?;
        news::member_joined(&mut tx, ctx, workspace, actor.account_id).await?;
    }
    verification::mark_verified(&mut tx, ctx, actor.account_id, client).await?;
    let inside = Actor {
        workspace_id: workspace,
        ..actor.clone()
    };
    let details = json!({ "role": role.as_str() });
    audit::record(
        &mut tx,
        ctx,
        Some(&inside),
        "member.joined",
        "member",
        actor.account_id,
        Some(details),
    )
    .await?;
    let row = tx
        .fetch_one(&sql::GET_MEMBERSHIP, values![workspace, actor.account_id])
        .await?;
    let membership = Membership::from_row(&row)?;
    tx.commit().await?;
    Ok(membership)
}

/// Forgets invitations that expired long ago.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct PurgeInvitations {}

#[async_trait]
impl Job for PurgeInvitations {
    const KIND: &'static str = "workspaces.purge_invitations";
    const PRIORITY: Priority = Priority::Whenever;

    fn unique_key(&self) -> Option<String> {
        Some(Self::KIND.to_owned())
    }

    async fn run(&self, ctx: &Ctx, _run: &JobRun) -> Result<(), JobError> {
        let before = ctx.now() - Duration::days(KEPT_DAYS);
        ctx.db.execute(&sql::PURGE_INVITATIONS, values![before]).await?;
        Ok(())
    }
}
