//! What operators decide about engines: whether one may be used.
//!
//! An engine that is switched off takes no new images; what was asked for before is still made.

pub mod routes;
pub mod sql;

use serde_json::json;
use vitrine_db::values;
use vitrine_kernel::Error;
use vitrine_platform::{Actor, Ctx, audit};

use super::{EngineInfo, Engines};

/// Ids of the engines that are switched off.
pub async fn switched_off(ctx: &Ctx) -> Result<Vec<String>, Error> {
    let rows = ctx.db.fetch_all(&sql::LIST_SWITCHED_OFF, Vec::new()).await?;
    Ok(rows
        .iter()
        .map(|row| row.get("engine"))
        .collect::<Result<_, _>>()?)
}

/// An engine with what was decided about it.
#[derive(Debug, Clone)]
pub struct Decided {
    pub info: EngineInfo,
    pub is_enabled: bool,
}

pub async fn list(ctx: &Ctx) -> Result<Vec<Decided>, Error> {
    let off = switched_off(ctx).await?;
    let decided = |info: EngineInfo| Decided {
        is_enabled: !off.iter().any(|id| id == info.id),
        info,
    };
    Ok(Engines::of_ctx(ctx).infos().into_iter().map(decided).collect())
}

pub async fn get(ctx: &Ctx, id: &str) -> Result<Decided, Error> {
    let all = list(ctx).await?;
    all.into_iter()
        .find(|one| one.info.id == id)
        .ok_or_else(Error::not_found)
}

/// Switches an engine on or off.
pub async fn switch(ctx: &Ctx, actor: &Actor, id: &str, is_enabled: bool) -> Result<Decided, Error> {
    let mut tx = ctx.db.begin().await?;
    let engine = Engines::of_ctx(ctx).find(id).ok_or_else(Error::not_found)?.info();
    let row = values![engine.id, is_enabled, ctx.now()];
    tx.execute(&sql::PUT_ENGINE, row).await?;
    let details = json!({ "is_enabled": is_enabled });
    audit::record(
        &mut tx,
        ctx,
        Some(actor),
        "engine.switched",
        "engine",
        engine.id,
        Some(details),
    )
    .await?;
    tx.commit().await?;
    Ok(Decided {
        info: engine,
        is_enabled,
    })
}
