//! How bytes become an original: announced, sent, checked, and taken in once however often they come.

use std::time::Duration;

use bytes::Bytes;
use sha2::{Digest as _, Sha256};
use vitrine_db::{Tx, values};
use vitrine_kernel::id::{OriginalId, ProjectId, UploadId, WorkspaceId};
use vitrine_kernel::{Error, ErrorCode, Time};
use vitrine_platform::files::{self, FileError, PresignedPut};
use vitrine_platform::{Actor, Ctx, audit, jobs};
use vitrine_scene::image::probe;

use super::super::inspect::{Inspected, hex, inspect};
use super::super::jobs::PrepareOriginal;
use super::super::model::{Format, NewUpload, OPEN_UPLOADS_MAX, Original, Upload, UploadStatus};
use super::super::sql;
use super::{discard, find, link};
use crate::projects;

/// A link to send the bytes to is good for this long.
pub const UPLOAD_LINK: Duration = Duration::from_secs(15 * 60);
/// An upload that was not completed this long after its link died is given up.
const COMPLETE_GRACE: Duration = Duration::from_secs(60 * 60);

/// An announced upload and where to send its bytes.
#[derive(Debug, Clone)]
pub struct Presigned {
    pub upload_id: UploadId,
    pub file_key: String,
    pub put: PresignedPut,
    pub expires_in: Duration,
}

/// What completing an upload led to.
#[derive(Debug, Clone)]
pub struct Completed {
    pub original: Original,
    /// The workspace had these bytes already.
    pub is_duplicate: bool,
    /// This call made the original; a repeated call or a duplicate does not.
    pub is_new: bool,
}

/// Announces a file and answers where to send it.
pub async fn presign(ctx: &Ctx, actor: &Actor, new: NewUpload) -> Result<Presigned, Error> {
    actor.require_write()?;
    let id: UploadId = ctx.id();
    let file_key = files::key("incoming", actor.workspace_id, id.0, new.format.0.extension());
    let expires_at = ctx.now() + UPLOAD_LINK + COMPLETE_GRACE;
    let mut tx = ctx.db.begin().await?;
    if let Some(project) = new.project_id {
        projects::service::check_reference(&mut tx, actor.workspace_id, project, "project_id").await?;
    }
    let row = values![
        id,
        actor.workspace_id,
        actor.account_id,
        new.project_id,
        &new.filename,
        new.format.media_type(),
        as_i64(new.size_bytes),
        new.sha256,
        &file_key,
        ctx.now(),
        OPEN_UPLOADS_MAX,
        expires_at,
    ];
    if tx.execute(&sql::INSERT_UPLOAD, row).await? == 0 {
        let detail = "Too many uploads are open in this workspace. Complete some first.";
        return Err(Error::new(ErrorCode::RateLimited, detail).with_retry_after(60));
    }
    tx.commit().await?;
    let put = ctx
        .files
        .presign_put(&file_key, new.format.media_type(), new.size_bytes, UPLOAD_LINK);
    Ok(Presigned {
        upload_id: id,
        file_key,
        put,
        expires_in: UPLOAD_LINK,
    })
}

/// Checks the bytes that came and makes an original of them, or finds the one that has these bytes already. Calling
/// it again answers the same.
pub async fn complete(ctx: &Ctx, actor: &Actor, id: UploadId) -> Result<Completed, Error> {
    actor.require_write()?;
    let upload = get_upload(ctx, actor.workspace_id, id).await?;
    match upload.status {
        UploadStatus::Announced => {}
        UploadStatus::Completed => return completed(ctx, upload).await,
        UploadStatus::Expired => {
            return Err(Error::conflict(
                "This upload has expired; announce the file again.",
            ));
        }
    }
    let own_key = files::key(
        "originals",
        actor.workspace_id,
        ctx.id::<OriginalId>().0,
        upload.format.0.extension(),
    );
    let inspected = match take_in(ctx, &upload, &own_key).await {
        Ok(inspected) => inspected,
        Err(error) => {
            discard(ctx, &own_key).await;
            // A faster call removes what was sent once it has committed: then the file is missing and all is well.
            let upload = get_upload(ctx, actor.workspace_id, id).await?;
            return match upload.status {
                UploadStatus::Completed => completed(ctx, upload).await,
                UploadStatus::Announced | UploadStatus::Expired => Err(error),
            };
        }
    };
    let outcome = store(ctx, actor, &upload, &own_key, &inspected).await;
    let keeps_copy = outcome
        .as_ref()
        .is_ok_and(|stored| stored.as_ref().is_some_and(|done| !done.is_duplicate));
    if !keeps_copy {
        discard(ctx, &own_key).await;
    }
    match outcome? {
        Some(done) => {
            discard(ctx, &upload.file_key).await;
            Ok(done)
        }
        // Another call completed it in the meantime.
        None => completed(ctx, get_upload(ctx, actor.workspace_id, id).await?).await,
    }
}

/// Copies what came to a key that nobody can write to, and looks at the copy.
async fn take_in(ctx: &Ctx, upload: &Upload, own_key: &str) -> Result<Inspected, Error> {
    let not_there = |error: FileError| match error {
        FileError::NotFound { .. } => {
            Error::conflict("The file has not arrived yet. Send it first, then complete.")
        }
        other => other.into(),
    };
    let meta = ctx.files.head(&upload.file_key).await.map_err(not_there)?;
    if meta.size_bytes != upload.size_bytes {
        return Err(Error::field(
            "file_size",
            "mismatch",
            "The file does not have the announced size.",
        ));
    }
    ctx.files
        .copy(&upload.file_key, own_key)
        .await
        .map_err(not_there)?;
    inspect(&ctx.files, own_key, upload).await
}

/// Everything a completed upload writes, in one transaction. `None` when another call was faster.
async fn store(
    ctx: &Ctx,
    actor: &Actor,
    upload: &Upload,
    own_key: &str,
    inspected: &Inspected,
) -> Result<Option<Completed>, Error> {
    let workspace = actor.workspace_id;
    let mut tx = ctx.db.begin().await?;
    let arrived = Arrived {
        filename: &upload.filename,
        format: upload.format,
        size_bytes: upload.size_bytes,
        key: own_key,
        inspected,
    };
    let (original, is_new) = insert(&mut tx, ctx, actor, &arrived).await?;
    let row = values![upload.id, workspace, original.id, !is_new];
    if tx.execute(&sql::COMPLETE_UPLOAD, row).await? == 0 {
        tx.rollback().await?;
        return Ok(None);
    }
    if let Some(project) = upload.project_id {
        link(&mut tx, ctx, workspace, project, original.id).await?;
    }
    tx.commit().await?;
    Ok(Some(Completed {
        original,
        is_duplicate: !is_new,
        is_new,
    }))
}

/// Checked bytes that lie under a key of their own.
struct Arrived<'a> {
    filename: &'a str,
    format: Format,
    size_bytes: u64,
    key: &'a str,
    inspected: &'a Inspected,
}

/// The original of these bytes and whether it is new. A new one gets the job that prepares it.
async fn insert(
    tx: &mut Tx,
    ctx: &Ctx,
    actor: &Actor,
    arrived: &Arrived<'_>,
) -> Result<(Original, bool), Error> {
    let (id, workspace): (OriginalId, _) = (ctx.id(), actor.workspace_id);
    let Inspected {
        sha256,
        width,
        height,
    } = arrived.inspected;
    let row = values![
        id,
        workspace,
        arrived.filename,
        arrived.format.media_type(),
        as_i64(arrived.size_bytes),
        sha256,
        *width,
        *height,
        arrived.key,
        ctx.now(),
    ];
    let is_new = tx.execute(&sql::INSERT_ORIGINAL, row).await? == 1;
    let row = tx
        .fetch_one(&sql::GET_ORIGINAL_BY_SHA256, values![workspace, sha256])
        .await?;
    let original = sql::original_from_row(&row)?;
    if is_new {
        jobs::enqueue(
            tx,
            ctx,
            Some(workspace),
            &PrepareOriginal {
                original_id: original.id,
            },
        )
        .await?;
        audit::record(
            tx,
            ctx,
            Some(actor),
            "original.uploaded",
            "original",
            original.id,
            None,
        )
        .await?;
    }
    Ok((original, is_new))
}

/// Makes an original of bytes that we have ourselves, and puts it into a project.
pub async fn adopt(
    ctx: &Ctx,
    actor: &Actor,
    project: ProjectId,
    filename: &str,
    bytes: Bytes,
) -> Result<Original, Error> {
    actor.require_write()?;
    let unreadable = |error| Error::internal(format!("{filename} cannot be read")).with_source(error);
    let header = probe(&bytes).map_err(unreadable)?;
    let format = Format(header.format);
    let key = files::key(
        "originals",
        actor.workspace_id,
        ctx.id::<OriginalId>().0,
        format.0.extension(),
    );
    let sha256 = hex(&Sha256::digest(&bytes));
    let size_bytes = bytes.len() as u64;
    ctx.files.put(&key, bytes, format.media_type()).await?;
    let inspected = Inspected {
        sha256,
        width: header.width,
        height: header.height,
    };
    let arrived = Arrived {
        filename,
        format,
        size_bytes,
        key: &key,
        inspected: &inspected,
    };
    let mut tx = ctx.db.begin().await?;
    let (original, is_new) = insert(&mut tx, ctx, actor, &arrived).await?;
    link(&mut tx, ctx, actor.workspace_id, project, original.id).await?;
    tx.commit().await?;
    if !is_new {
        discard(ctx, &key).await;
    }
    Ok(original)
}

/// What an earlier call answered.
async fn completed(ctx: &Ctx, upload: Upload) -> Result<Completed, Error> {
    let missing = || Error::internal(format!("upload {} is completed without an original", upload.id));
    let original = find(ctx, upload.workspace_id, upload.original_id.ok_or_else(missing)?).await?;
    Ok(Completed {
        original,
        is_duplicate: upload.is_duplicate,
        is_new: false,
    })
}

async fn get_upload(ctx: &Ctx, workspace: WorkspaceId, id: UploadId) -> Result<Upload, Error> {
    let row = ctx
        .db
        .fetch_optional(&sql::GET_UPLOAD, values![id, workspace])
        .await?;
    Ok(sql::upload_from_row(&row.ok_or_else(Error::not_found)?)?)
}

/// Gives up uploads that were announced and never completed; answers how many.
pub async fn expire_overdue(ctx: &Ctx, now: Time) -> Result<usize, Error> {
    let mut expired = 0;
    for row in ctx.db.fetch_all(&sql::LIST_OVERDUE_UPLOADS, values![now]).await? {
        let (id, key): (UploadId, String) = (row.get("id")?, row.get("file_key")?);
        // The object first: as long as it is there, the row must be found again.
        ctx.files.delete(&key).await?;
        expired += ctx.db.execute(&sql::EXPIRE_UPLOAD, values![id]).await? as usize;
    }
    Ok(expired)
}

fn as_i64(bytes: u64) -> i64 {
    i64::try_from(bytes).unwrap_or(i64::MAX)
}
