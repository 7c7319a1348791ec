//! Announcing files, looking at what came, and giving them to a message.

use std::collections::HashMap;
use std::time::Duration;

use vitrine_db::{Tx, values};
use vitrine_kernel::id::{AttachmentId, TicketId, TicketMessageId};
use vitrine_kernel::{Error, ErrorCode};
use vitrine_platform::files::{self, FileError, PresignedPut};
use vitrine_platform::web::Fields;
use vitrine_platform::{Actor, Ctx};

use super::model::{Attachment, FileKind, NewAttachment, OPEN_MAX, SIZE_MAX_BYTES};
use super::sql;

/// A link to send the bytes to is good for this long.
pub const UPLOAD_LINK: Duration = Duration::from_secs(15 * 60);

/// An announced file and where to send its bytes.
#[derive(Debug, Clone)]
pub struct Presigned {
    pub id: AttachmentId,
    pub put: PresignedPut,
}

/// Announces a file.
pub async fn presign(ctx: &Ctx, actor: &Actor, new: NewAttachment) -> Result<Presigned, Error> {
    let id: AttachmentId = ctx.id();
    let extension = new.kind.extension();
    let incoming_key = files::key("incoming-attachments", actor.workspace_id, id.0, extension);
    let file_key = files::key("attachments", actor.workspace_id, id.0, extension);
    let mut tx = ctx.db.begin().await?;
    let row = values![
        id,
        actor.workspace_id,
        actor.account_id,
        &new.filename,
        new.kind.media_type(),
        as_i64(new.size_bytes),
        &incoming_key,
        &file_key,
        ctx.now(),
        OPEN_MAX,
    ];
    if tx.execute(&sql::INSERT_ATTACHMENT, row).await? == 0 {
        let detail = "Too many files wait to be attached. Send the message first, or come back later.";
        return Err(Error::new(ErrorCode::RateLimited, detail).with_retry_after(3_600));
    }
    tx.commit().await?;
    let put = ctx
        .files
        .presign_put(&incoming_key, new.kind.media_type(), new.size_bytes, UPLOAD_LINK);
    Ok(Presigned { id, put })
}

/// Looks at the bytes that came for these files, and keeps them where no link can write to. Names every file that
/// cannot be attached.
pub async fn take_in(ctx: &Ctx, actor: &Actor, ids: &[AttachmentId]) -> Result<Vec<Attachment>, Error> {
    let mut fields = Fields::new();
    let mut taken: Vec<Attachment> = Vec::with_capacity(ids.len());
    for (index, id) in ids.iter().enumerate() {
        let field = format!("attachments[{index}]");
        let row = ctx
            .db
            .fetch_optional(&sql::GET_OPEN_ATTACHMENT, values![*id, actor.account_id])
            .await?;
        let Some(row) = row.filter(|_| taken.iter().all(|other| other.id != *id)) else {
            fields.add(field, "unknown", "There is no such file waiting to be attached.");
            continue;
        };
        let mut attachment = sql::attachment_from_row(&row)?;
        let bytes = match ctx
            .files
            .get_up_to(&row.get::<String>("incoming_key")?, SIZE_MAX_BYTES)
            .await
        {
            Ok(bytes) => bytes,
            Err(FileError::NotFound { .. }) => {
                fields.add(field, "not_sent", "The bytes of this file have not arrived.");
                continue;
            }
            Err(FileError::TooLarge { .. }) => {
                fields.add(field, "too_large", "This file is larger than was announced.");
                continue;
            }
            Err(error) => return Err(error.into()),
        };
        let kind = FileKind::of_bytes(&bytes)
            .filter(|kind| kind.media_type() == attachment.content_type)
            .filter(|_| bytes.len() as u64 == attachment.size_bytes);
        let Some(kept) = kind.and_then(|kind| kind.without_metadata(bytes)) else {
            fields.add(field, "wrong_type", "The bytes are not what was announced.");
            continue;
        };
        attachment.size_bytes = kept.len() as u64;
        ctx.files
            .put(&attachment.file_key, kept, &attachment.content_type)
            .await?;
        taken.push(attachment);
    }
    fields.finish()?;
    Ok(taken)
}

/// Gives files that were looked at to a message. One that another message took meanwhile is a conflict.
pub async fn attach(tx: &mut Tx, message: TicketMessageId, taken: &[Attachment]) -> Result<(), Error> {
    for attachment in taken {
        if tx
            .execute(
                &sql::ATTACH,
                values![attachment.id, message, as_i64(attachment.size_bytes)],
            )
            .await?
            == 0
        {
            return Err(Error::conflict(
                "A file was attached to another message meanwhile.",
            ));
        }
    }
    Ok(())
}

/// Files of a ticket by their message.
pub async fn of_ticket(
    ctx: &Ctx,
    ticket: TicketId,
) -> Result<HashMap<TicketMessageId, Vec<Attachment>>, Error> {
    let mut files: HashMap<TicketMessageId, Vec<Attachment>> = HashMap::new();
    for row in ctx
        .db
        .fetch_all(&sql::LIST_ATTACHMENTS_OF_TICKET, values![ticket])
        .await?
    {
        let message: TicketMessageId = row.get("message_id")?;
        files
            .entry(message)
            .or_default()
            .push(sql::attachment_from_row(&row)?);
    }
    Ok(files)
}

fn as_i64(size: u64) -> i64 {
    i64::try_from(size).unwrap_or(i64::MAX)
}
