//! What the platform itself tells. The slice where it happens calls the verb in its transaction.

use std::net::IpAddr;

use vitrine_db::{Tx, values};
use vitrine_kernel::Error;
use vitrine_kernel::Time;
use vitrine_kernel::id::{AccountId, ExportId, WorkspaceId};

use super::kinds::{
    EXPORT_READY, JOB_DEAD, MEMBER_JOINED, NEW_DEVICE, PASSWORD_CHANGED, QUOTA_LOW, WORKSPACE_DELETED,
};
use super::model::{Group, Notice};
use super::{service, sql};
use crate::Ctx;
use crate::jobs::Job as _;
use crate::mail::jobs::SendMail;

/// Longest name of a browser that is repeated, in characters.
const BROWSER_MAX_CHARS: usize = 120;

/// A sign-in from a browser that the account never used; the first sign-in of all is none. Call it before the new
/// session is stored.
pub async fn signed_in(
    tx: &mut Tx,
    ctx: &Ctx,
    account: AccountId,
    user_agent: Option<&str>,
    ip: Option<IpAddr>,
) -> Result<(), Error> {
    let row = tx
        .fetch_one(&sql::LOOK_AT_SESSIONS, values![account, user_agent])
        .await?;
    let (all, alike): (i64, i64) = (row.get("sessions")?, row.get("alike")?);
    if all == 0 || alike > 0 {
        return Ok(());
    }
    let browser: String = user_agent
        .unwrap_or("an unknown program")
        .chars()
        .take(BROWSER_MAX_CHARS)
        .collect();
    let from = ip.map(|ip| format!(" from {ip}")).unwrap_or_default();
    let at = ctx.now().format("%Y-%m-%d %H:%M UTC");
    let notice = Notice {
        body: format!(
            "At {at}{from}, with {browser}.\n\nIf it was not you, sign that device out and choose a new password."
        ),
        link: Some("/account/sessions".to_owned()),
        ..Notice::new(account, &NEW_DEVICE, "Your account was opened on a new device")
    };
    service::notify(tx, ctx, notice).await
}

/// The password was changed; the letter about it is `accounts::recovery`'s.
pub async fn password_changed(tx: &mut Tx, ctx: &Ctx, account: AccountId) -> Result<(), Error> {
    let notice = Notice {
        body: "The other devices were signed out. If it was not you, set a new one at once.".to_owned(),
        link: Some("/account".to_owned()),
        ..Notice::new(account, &PASSWORD_CHANGED, "Your password was changed")
    };
    service::show(tx, ctx, notice).await
}

/// Somebody joined a workspace: everybody who manages its members is told.
pub async fn member_joined(
    tx: &mut Tx,
    ctx: &Ctx,
    workspace: WorkspaceId,
    joined: AccountId,
) -> Result<(), Error> {
    let row = tx
        .fetch_one(&sql::GET_JOINED_NAMES, values![joined, workspace])
        .await?;
    let (full_name, name): (String, String) = (row.get("full_name")?, row.get("name")?);
    for manager in managers(tx, workspace).await? {
        if manager == joined {
            continue;
        }
        let notice = Notice {
            workspace: Some(workspace),
            link: Some("/workspace".to_owned()),
            once: Some(format!("joined:{workspace}:{joined}:{}", ctx.now().timestamp())),
            ..Notice::new(manager, &MEMBER_JOINED, format!("{full_name} joined {name}"))
        };
        service::notify(tx, ctx, notice).await?;
    }
    Ok(())
}

/// A workspace is gone: one who belonged to it is told. The notice is the account's, because the workspace's rows go.
pub async fn workspace_deleted(
    tx: &mut Tx,
    ctx: &Ctx,
    workspace: WorkspaceId,
    name: &str,
    member: AccountId,
) -> Result<(), Error> {
    let notice = Notice {
        body: "Its owner deleted it, with everything in it. Your own workspace is as it was.".to_owned(),
        link: Some("/".to_owned()),
        once: Some(format!("deleted:{workspace}")),
        ..Notice::new(member, &WORKSPACE_DELETED, format!("{name} was deleted"))
    };
    service::notify(tx, ctx, notice).await
}

/// An archive can be fetched. The letter leads to the page and not to the archive: whoever reads the mail later must
/// still sign in.
pub async fn export_ready(tx: &mut Tx, ctx: &Ctx, account: AccountId, export: ExportId) -> Result<(), Error> {
    let notice = Notice {
        body: "Everything of your account is in one ZIP file. It can be downloaded for seven days."
            .to_owned(),
        link: Some("/account/data".to_owned()),
        once: Some(format!("export:{export}")),
        ..Notice::new(account, &EXPORT_READY, "Your archive is ready")
    };
    service::notify(tx, ctx, notice).await
}

/// Of a month's quota this many hundredths are taken: whoever manages the workspace is told at 80 and at 100, once each
/// in a month.
pub async fn quota_taken(
    tx: &mut Tx,
    ctx: &Ctx,
    workspace: WorkspaceId,
    period_start: Time,
    taken: u32,
    granted: u32,
    limit: u32,
) -> Result<(), Error> {
    let reaches = |percent: u32| {
        let threshold = u64::from(limit) * u64::from(percent);
        let before = u64::from(taken) * 100;
        let now = (u64::from(taken) + u64::from(granted)) * 100;
        before < threshold && now >= threshold
    };
    let (percent, title, body) = if reaches(100) {
        (
            100,
            "The month's images are used up",
            format!("All {limit} of this month are taken."),
        )
    } else if reaches(80) {
        let left = limit.saturating_sub(taken.saturating_add(granted));
        (
            80,
            "The month's images run out",
            format!("{left} of {limit} are left this month."),
        )
    } else {
        return Ok(());
    };
    for manager in managers(tx, workspace).await? {
        let notice = Notice {
            workspace: Some(workspace),
            body: body.clone(),
            link: Some("/account".to_owned()),
            once: Some(format!(
                "quota:{workspace}:{}:{percent}",
                period_start.timestamp()
            )),
            ..Notice::new(manager, &QUOTA_LOW, title)
        };
        service::notify(tx, ctx, notice).await?;
    }
    Ok(())
}

/// A job gave up: the operators are told, of many within hours in one line. Of mail that cannot be sent they are told
/// in the app alone.
pub async fn job_dead(tx: &mut Tx, ctx: &Ctx, kind: &str, code: &str, message: &str) -> Result<(), Error> {
    for operator in operators(tx).await? {
        let notice = Notice {
            body: format!("{code}: {message}"),
            link: Some("/operator/jobs".to_owned()),
            group: Some(Group {
                key: kind.to_owned(),
                link: None,
            }),
            ..Notice::new(operator, &JOB_DEAD, format!("{kind} gave up"))
        };
        match kind == SendMail::KIND {
            true => service::show(tx, ctx, notice).await?,
            false => service::notify(tx, ctx, notice).await?,
        }
    }
    Ok(())
}

/// Operators of the instance, those without access left out.
pub async fn operators(tx: &mut Tx) -> Result<Vec<AccountId>, Error> {
    let rows = tx.fetch_all(&sql::LIST_OPERATORS, Vec::new()).await?;
    Ok(rows.iter().map(|row| row.get("id")).collect::<Result<_, _>>()?)
}

/// Owners and admins of a workspace.
async fn managers(tx: &mut Tx, workspace: WorkspaceId) -> Result<Vec<AccountId>, Error> {
    let rows = tx.fetch_all(&sql::LIST_MANAGERS, values![workspace]).await?;
    Ok(rows
        .iter()
        .map(|row| row.get("account_id"))
        .collect::<Result<_, _>>()?)
}
