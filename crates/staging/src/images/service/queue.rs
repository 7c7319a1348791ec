//! How a wish becomes a queued image: one of them, or up to fifty at once.

use vitrine_db::{Tx, values};
use vitrine_kernel::id::{ImageId, OriginalId, ProjectId};
use vitrine_kernel::{Error, ErrorCode, FieldError, Result, Time};
use vitrine_platform::billing::{self, Metric};
use vitrine_platform::{Actor, Ctx, audit, jobs};

use super::super::jobs::StageImage;
use super::super::model::{Image, ImageStatus, NewImage, Source, text_of};
use super::super::sql;
use super::work::publish;
use super::{QUOTA_MESSAGE, get_in};
use crate::engines::FREE;

/// Why one image of a batch was not made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    pub index: usize,
    pub code: &'static str,
    pub message: &'static str,
}

/// What became of a batch.
#[derive(Debug)]
pub struct Batch {
    pub images: Vec<Image>,
    pub refusals: Vec<Refusal>,
}
/// Queues one staging.
pub async fn create(ctx: &Ctx, actor: &Actor, mut new: NewImage) -> Result<Image> {
    actor.require_write()?;
    let mut tx = ctx.db.begin().await?;
    require_project(&mut tx, actor, new.project_id, "project_id").await?;
    take_after(&mut tx, actor, &mut new, "same_as").await?;
    let original_id = match find_original(&mut tx, actor, new.source).await? {
        Ok(original_id) => original_id,
        Err(refused) => return Err(Error::field(new.source.field(), refused.code, refused.message)),
    };
    let reservation = billing::reserve(&mut tx, ctx, actor.workspace_id, Metric::Images, 1).await?;
    if reservation.granted == 0 {
        return Err(Error::new(ErrorCode::QuotaExceeded, QUOTA_MESSAGE));
    }
    let id = insert(&mut tx, ctx, actor, &new, original_id, reservation.period_start).await?;
    let image = get_in(&mut tx, actor, id).await?;
    tx.commit().await?;
    Ok(image)
}

/// Queues up to fifty stagings. Quota is reserved for as many as it allows, in order.
pub async fn create_batch(ctx: &Ctx, actor: &Actor, mut batch: Vec<NewImage>) -> Result<Batch> {
    actor.require_write()?;
    let mut tx = ctx.db.begin().await?;
    let mut known_projects: Vec<ProjectId> = Vec::new();
    let mut bad = Vec::new();
    for (index, new) in batch.iter_mut().enumerate() {
        let refused = take_after(&mut tx, actor, new, &format!("images[{index}].same_as")).await;
        collect(refused, &mut bad)?;
        if !known_projects.contains(&new.project_id) {
            let field = format!("images[{index}].project_id");
            let refused = require_project(&mut tx, actor, new.project_id, &field).await;
            if collect(refused, &mut bad)? {
                known_projects.push(new.project_id);
            }
        }
    }
    if !bad.is_empty() {
        return Err(Error::validation(bad));
    }
    let mut refusals = Vec::new();
    let mut accepted = Vec::new();
    for (index, new) in batch.iter().enumerate() {
        match find_original(&mut tx, actor, new.source).await? {
            Ok(original_id) => accepted.push((index, new, original_id)),
            Err(refused) => refusals.push(Refusal { index, ..refused }),
        }
    }
    let wanted = u32::try_from(accepted.len()).unwrap_or(u32::MAX);
    let mut images = Vec::new();
    if wanted > 0 {
        let reservation = billing::reserve(&mut tx, ctx, actor.workspace_id, Metric::Images, wanted).await?;
        let granted = reservation.granted as usize;
        for (index, _, _) in accepted.iter().skip(granted) {
            refusals.push(Refusal {
                index: *index,
                code: "quota_exceeded",
                message: QUOTA_MESSAGE,
            });
        }
        for (_, new, original_id) in accepted.iter().take(granted) {
            let id = insert(&mut tx, ctx, actor, new, *original_id, reservation.period_start).await?;
            images.push(get_in(&mut tx, actor, id).await?);
        }
    }
    refusals.sort_by_key(|refusal| refusal.index);
    tx.commit().await?;
    Ok(Batch { images, refusals })
}

/// Whether a check passed; complaints about fields are gathered.
fn collect(checked: Result<()>, bad: &mut Vec<FieldError>) -> Result<bool> {
    match checked {
        Ok(()) => Ok(true),
        Err(error) if error.code() == ErrorCode::ValidationFailed => {
            bad.extend_from_slice(error.fields());
            Ok(false)
        }
        Err(error) => Err(error),
    }
}

/// A wish for the furniture of another photo has that photo's style and room type.
async fn take_after(tx: &mut Tx, actor: &Actor, new: &mut NewImage, field: &str) -> Result<()> {
    let Some(other) = new.same_as else {
        return Ok(());
    };
    let row = tx
        .fetch_optional(&sql::GET_IMAGE, values![other, actor.workspace_id])
        .await?;
    let other = row.map(|row| Image::from_row(&row)).transpose()?;
    let Some(other) = other.filter(|image| image.deleted_at.is_none()) else {
        return Err(Error::field(field, "not_found", "There is no such image."));
    };
    new.style = other.style;
    new.room_type = other.requested_room_type.or(other.room_type);
    Ok(())
}

async fn insert(
    tx: &mut Tx,
    ctx: &Ctx,
    actor: &Actor,
    new: &NewImage,
    original_id: OriginalId,
    quota_period: Time,
) -> Result<ImageId> {
    let (id, now) = (ctx.id::<ImageId>(), ctx.now());
    let seed = new
        .seed
        .unwrap_or_else(|| (ctx.entropy.u64() % u64::from(u32::MAX)) as u32 + 1);
    let row = values![
        id,
        actor.workspace_id,
        new.project_id,
        original_id,
        new.room_type.map(text_of),
        text_of(new.style),
        &new.engine,
        seed,
        new.prompt.clone(),
        (!new.options.is_empty()).then(|| serde_json::Value::Object(new.options.clone()).to_string()),
        FREE.amount_micros,
        text_of(FREE.currency),
        quota_period,
        now,
        new.same_as,
        actor.account_id,
    ];
    tx.execute_one(&sql::INSERT_IMAGE, row).await?;
    tx.execute(&sql::LINK_ORIGINAL, values![new.project_id, original_id, now])
        .await?;
    let job = StageImage {
        image_id: id,
        version: 1,
    };
    jobs::enqueue(tx, ctx, Some(actor.workspace_id), &job).await?;
    audit::record(tx, ctx, Some(actor), "image.create", "image", id, None).await?;
    publish(
        tx,
        ctx,
        actor.workspace_id,
        new.project_id,
        id,
        ImageStatus::Queued,
        0,
        None,
        None,
    )
    .await?;
    Ok(id)
}

async fn require_project(tx: &mut Tx, actor: &Actor, project_id: ProjectId, field: &str) -> Result<()> {
    let found = tx
        .fetch_optional(&sql::FIND_PROJECT, values![project_id, actor.workspace_id])
        .await?;
    match found {
        Some(_) => Ok(()),
        None => Err(Error::field(field, "not_found", "There is no such project.")),
    }
}

async fn find_original(tx: &mut Tx, actor: &Actor, source: Source) -> Result<Result<OriginalId, Refusal>> {
    let row = match source {
        Source::Original(id) => {
            tx.fetch_optional(&sql::FIND_ORIGINAL, values![id, actor.workspace_id])
                .await?
        }
        Source::Upload(id) => {
            tx.fetch_optional(&sql::FIND_UPLOADED_ORIGINAL, values![id, actor.workspace_id])
                .await?
        }
    };
    let refuse = |code, message| {
        Ok(Err(Refusal {
            index: 0,
            code,
            message,
        }))
    };
    let Some(row) = row else {
        return match source {
            Source::Original(_) => refuse("original_missing", "There is no such photo."),
            Source::Upload(_) => refuse(
                "original_missing",
                "There is no such upload, or it is not complete.",
            ),
        };
    };
    if row.get::<String>("status")? == "rejected" {
        return refuse("decode_failed", "This photo could not be read. Upload it again.");
    }
    Ok(Ok(row.get("id")?))
}
