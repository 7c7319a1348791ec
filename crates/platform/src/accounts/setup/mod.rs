//! First run: while there is no account, a link that is printed at start lets whoever sees it make the operator's.

pub mod routes;

use std::sync::Arc;

use async_trait::async_trait;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use vitrine_db::values;
use vitrine_kernel::Error;
use vitrine_kernel::id::ProjectId;

use super::model::{Device, NewAccount, SignedIn};
use super::{Actor, Credential, password, service, sessions, sql, token};
use crate::Ctx;
use crate::workspaces::Role;

const SETTING: &str = "setup_token_sha256";

/// What an area does for a new operator who asks for a sample project.
#[async_trait]
pub trait SetupHook: Send + Sync {
    /// Makes the project in the actor's workspace; `None` when this area has no samples.
    async fn make_sample_project(&self, ctx: &Ctx, actor: &Actor) -> Result<Option<ProjectId>, Error>;
}

/// The hooks of all areas; reaches the handlers as a request extension.
#[derive(Clone, Default)]
pub struct SetupHooks(pub Arc<[Arc<dyn SetupHook>]>);

/// Whether the instance still waits for its first account.
pub async fn is_needed(ctx: &Ctx) -> Result<bool, Error> {
    Ok(!ctx
        .db
        .fetch_one(&sql::HAS_ACCOUNTS, Vec::new())
        .await?
        .get::<bool>("is_so")?)
}

/// A new set-up token, which replaces earlier ones; `None` once there is an account. Its link is
/// `<public_url>/setup?token=…`.
pub async fn issue_token(ctx: &Ctx) -> Result<Option<String>, Error> {
    if !is_needed(ctx).await? {
        return Ok(None);
    }
    let plain = token::random(ctx);
    ctx.db
        .execute(
            &sql::SET_INSTANCE_SETTING,
            values![SETTING, stored(plain.expose()), ctx.now()],
        )
        .await?;
    Ok(Some(plain.expose().clone()))
}

fn stored(token: &str) -> String {
    URL_SAFE_NO_PAD.encode(token::hash(token))
}

/// What the set-up made.
#[derive(Debug)]
pub struct SetUp {
    pub signed_in: SignedIn,
    pub sample_project_id: Option<ProjectId>,
}

/// Makes the operator's account. Of any number of parallel calls exactly one succeeds.
pub async fn complete(
    ctx: &Ctx,
    hooks: &SetupHooks,
    setup_token: &str,
    new: NewAccount,
    with_sample: bool,
    device: Device,
) -> Result<SetUp, Error> {
    let hash = password::hash(ctx, new.password.clone()).await?;
    let mut tx = ctx.db.begin().await?;
    if tx
        .fetch_one(&sql::HAS_ACCOUNTS, Vec::new())
        .await?
        .get::<bool>("is_so")?
    {
        return Err(Error::not_found());
    }
    if tx
        .execute(&sql::TAKE_INSTANCE_SETTING, values![SETTING, stored(setup_token)])
        .await?
        == 0
    {
        return Err(Error::forbidden(
            "This set-up link is not valid. The newest one was printed when the server started.",
        ));
    }
    let made = service::insert_account(&mut tx, ctx, &new, hash, true, device.ip).await?;
    let signed_in = sessions::open(&mut tx, ctx, made.account, &device).await?;
    tx.commit().await?;
    let actor = Actor {
        plan: crate::billing::UNLIMITED.to_owned(),
        account_id: signed_in.account.id,
        credential: Credential::Session(signed_in.session_id),
        workspace_id: made.workspace_id,
        role: Role::Owner,
        is_operator: true,
        is_verified: true,
        is_leaving: false,
        ip: device.ip,
    };
    let sample_project_id = if with_sample {
        make_sample(ctx, hooks, &actor).await
    } else {
        None
    };
    Ok(SetUp {
        signed_in,
        sample_project_id,
    })
}

/// The account is what matters; samples that cannot be made are reported in the log and left out.
async fn make_sample(ctx: &Ctx, hooks: &SetupHooks, actor: &Actor) -> Option<ProjectId> {
    for hook in hooks.0.iter() {
        match hook.make_sample_project(ctx, actor).await {
            Ok(Some(project)) => return Some(project),
            Ok(None) => {}
            Err(error) => tracing::warn!(
                error = &error as &dyn std::error::Error,
                "could not make the sample project"
            ),
        }
    }
    None
}
