//! How versions are kept: what the verbs of people and the work of the job share.

use std::collections::BTreeSet;

use vitrine_db::{Tx, values};
use vitrine_kernel::id::ImageId;
use vitrine_kernel::{Error, Result};
use vitrine_platform::Ctx;
use vitrine_scene::document::SceneDocument;

use super::model::Version;
use super::sql;
use crate::engines::EngineOutput;
use crate::images::Image;
use crate::images::model::{credits_json, result_keys, text_of};
use crate::images::service::Stored;

/// Extensions a staging may be stored under.
const EXTENSIONS: [&str; 3] = ["jpg", "png", "webp"];

/// The version an image is at; `None` before its first staging.
pub async fn get_for_job(ctx: &Ctx, image: &Image) -> Result<Option<Version>> {
    let row = ctx
        .db
        .fetch_optional(&sql::GET_VERSION_FOR_JOB, values![image.id, image.version])
        .await?;
    Ok(row.map(|row| Version::from_row(&row)).transpose()?)
}

fn json(scene: &SceneDocument) -> Result<serde_json::Value> {
    serde_json::to_value(scene)
        .map_err(|error| Error::internal("could not write a scene as JSON").with_source(error))
}

fn count(scene: Option<&SceneDocument>) -> u32 {
    scene.map_or(0, |scene| {
        u32::try_from(scene.furniture.len()).unwrap_or(u32::MAX)
    })
}

/// A version that a person made and a job is to render.
pub async fn insert_edited(
    tx: &mut Tx,
    ctx: &Ctx,
    id: ImageId,
    version: u32,
    scene: &SceneDocument,
) -> Result<()> {
    let values = values![id, version, json(scene)?, count(Some(scene)), ctx.now()];
    tx.execute_one(&sql::INSERT_VERSION, values).await?;
    Ok(())
}

/// The version an image is at has its picture.
pub async fn store_ready(
    tx: &mut Tx,
    ctx: &Ctx,
    image: &Image,
    output: &EngineOutput,
    stored: &Stored,
) -> Result<()> {
    let values = values![
        image.id,
        image.version,
        output.scene.as_ref().map(json).transpose()?,
        count(output.scene.as_ref()),
        &stored.staged_key,
        &stored.thumb_key,
        text_of(output.room_type),
        output.confidence,
        stored.processing_time_ms,
        ctx.now(),
        stored.before_key.clone(),
        credits_json(&stored.credits),
    ];
    tx.execute_one(&sql::STORE_READY_VERSION, values).await?;
    Ok(())
}

/// What the engine made of a photo that it does not trust itself to furnish, for a person to correct.
pub async fn store_guess(ctx: &Ctx, image: &Image, guess: &SceneDocument) -> Result<()> {
    let values = values![
        image.id,
        image.version,
        json(guess)?,
        guess.room.confidence,
        ctx.now()
    ];
    ctx.db.execute(&sql::STORE_GUESS, values).await?;
    Ok(())
}

/// Whatever waits to be rendered is not rendered any more.
pub async fn end_waiting(tx: &mut Tx, id: ImageId) -> Result<()> {
    tx.execute(&sql::END_WAITING_VERSIONS, values![id]).await?;
    Ok(())
}

/// An edited version that failed waits again.
pub async fn requeue(tx: &mut Tx, image: &Image) -> Result<()> {
    tx.execute(&sql::REQUEUE_VERSION, values![image.id, image.version])
        .await?;
    Ok(())
}

/// The newest version with a picture.
pub async fn last_ready(tx: &mut Tx, id: ImageId) -> Result<u32> {
    Ok(tx
        .fetch_one(&sql::LAST_READY_VERSION, values![id])
        .await?
        .get("version")?)
}

/// The number the next version gets: larger than every one before, failed ones included.
pub async fn next(tx: &mut Tx, image: &Image) -> Result<u32> {
    let last: u32 = tx
        .fetch_one(&sql::LAST_VERSION, values![image.id])
        .await?
        .get("version")?;
    Ok(last.max(image.version) + 1)
}

/// Keys of all files of an image's versions. An attempt that was stopped after storing its files left them under keys
/// that no row names; they can be told from its number.
pub async fn files(ctx: &Ctx, image: &Image) -> Result<BTreeSet<String>> {
    let mut keys = BTreeSet::new();
    let mut add_of = |version: u32| {
        for extension in EXTENSIONS {
            let of_version = result_keys(image.workspace_id, image.id, version, extension);
            keys.extend([of_version.staged, of_version.thumb, of_version.before]);
        }
    };
    add_of(image.version);
    let rows = ctx
        .db
        .fetch_all(&sql::LIST_VERSION_FILES, values![image.id])
        .await?;
    let mut named: Vec<String> = Vec::new();
    for row in &rows {
        if row.get::<String>("status")? != "ready" {
            add_of(row.get("version")?);
        }
        let recorded: [Option<String>; 3] = [
            row.get("staged_key")?,
            row.get("thumb_key")?,
            row.get("before_key")?,
        ];
        named.extend(recorded.into_iter().flatten());
    }
    keys.extend(named);
    Ok(keys)
}

pub async fn delete_all(tx: &mut Tx, id: ImageId) -> Result<()> {
    tx.execute(&sql::DELETE_PRINTS, values![id]).await?;
    tx.execute(&sql::DELETE_VERSIONS, values![id]).await?;
    Ok(())
}
