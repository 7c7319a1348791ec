//! Imports: a model or a library is announced, sent to the storage, started, and worked on by a job.
//!
//! ```text
//! announce ──► announced ──► (bytes go to the storage) ──► start ──► queued ──► ready (a result per model)
//!                                                                        └────► failed (nothing could be read)
//! ```

pub mod routes;

use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::json;
use uuid::Uuid;
use vitrine_db::{DbError, Row, Tx, values};
use vitrine_kernel::id::WorkspaceId;
use vitrine_kernel::{Error, Result, Time};
use vitrine_platform::files::{self, FileError, PresignedPut};
use vitrine_platform::web::Fields;
use vitrine_platform::{Actor, Ctx, audit, jobs};
use vitrine_scene::furnish::{Kind, Style};

use crate::furniture::jobs::ImportFurniture;
use crate::furniture::sql;

/// Bytes of one file; the largest library of Debian's package has 61 MB.
pub const MAX_BYTES: u64 = 80 << 20;
/// Models of a library that one import takes.
pub const MOST_MODELS: usize = 100;
/// A link to send the bytes to is good for this long.
pub const UPLOAD_LINK: Duration = Duration::from_secs(15 * 60);

/// The kind of file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// One binary glTF model.
    Glb,
    /// A Sweet Home 3D furniture library.
    Sh3f,
}

impl Format {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Glb => "glb",
            Self::Sh3f => "sh3f",
        }
    }

    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Glb => "model/gltf-binary",
            Self::Sh3f => "application/zip",
        }
    }

    fn of_name(filename: &str) -> Option<Self> {
        match filename.rsplit_once('.')?.1.to_ascii_lowercase().as_str() {
            "glb" => Some(Self::Glb),
            "sh3f" => Some(Self::Sh3f),
            _ => None,
        }
    }
}

/// What a file is to become.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ImportWish {
    /// 1 to 255 characters, ending in .glb or .sh3f.
    #[schema(example = "reading chair.glb")]
    pub filename: String,
    /// Bytes; exactly as many must be sent. At most 80 MiB.
    pub file_size: u64,
    /// What a single model is, such as `armchair`. Required for .glb, left out for libraries, whose catalogue tells.
    #[serde(default)]
    #[schema(value_type = Option<String>, example = "armchair")]
    pub kind: Option<Kind>,
    /// Which style it goes with; contemporary when absent.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    pub style: Option<Style>,
    /// What people read, for a single model; its file name when absent.
    #[serde(default)]
    #[schema(max_length = 120)]
    pub name: Option<String>,
    /// Who made a single model.
    #[serde(default)]
    #[schema(max_length = 120)]
    pub creator: Option<String>,
    /// Licence of a single model, such as `CC BY 4.0`. Required for .glb; a library states its own.
    #[serde(default)]
    #[schema(max_length = 120)]
    pub licence: Option<String>,
    /// Width, height and depth in metres of a single model; the file's own when absent.
    #[serde(default)]
    pub size_m: Option<[f32; 3]>,
    /// Degrees to turn a single model about the vertical, so that its front faces +z.
    #[serde(default)]
    pub yaw_deg: Option<f32>,
    /// Ids of the library's models to take, at most 100; the first 100 whose kind is known when absent.
    #[serde(default)]
    #[schema(max_items = 100)]
    pub models: Option<Vec<String>>,
}

impl ImportWish {
    /// Checks everything and says what kind of file it is.
    fn check(&self) -> Result<Format> {
        let mut fields = Fields::new();
        let format = fields.require(
            Format::of_name(&self.filename).filter(|_| self.filename.chars().count() <= 255),
            "filename",
            "unsupported_type",
            "A name of 1 to 255 characters that ends in .glb or .sh3f.",
        );
        fields.check(
            (1..=MAX_BYTES).contains(&self.file_size),
            "file_size",
            "out_of_range",
            format!("A file has 1 byte to {} MiB.", MAX_BYTES >> 20),
        );
        if format == Some(Format::Glb) {
            let required = "A single model does not say this itself.";
            fields.check(self.kind.is_some(), "kind", "required", required);
            let is_stated = self.licence.as_ref().is_some_and(|text| !text.trim().is_empty());
            fields.check(is_stated, "licence", "required", required);
        }
        for (field, text) in [
            ("name", &self.name),
            ("creator", &self.creator),
            ("licence", &self.licence),
        ] {
            let fits = text.as_ref().is_none_or(|text| text.chars().count() <= 120);
            fields.check(fits, field, "length", "At most 120 characters.");
        }
        let fits = |side: &f32| (0.01..=6.0).contains(side);
        fields.check(
            self.size_m.is_none_or(|size| size.iter().all(fits)),
            "size_m",
            "out_of_range",
            "Each side has 0.01 to 6 metres.",
        );
        fields.check(
            self.yaw_deg
                .is_none_or(|yaw| yaw.is_finite() && yaw.abs() <= 360.0),
            "yaw_deg",
            "out_of_range",
            "Must be -360 to 360.",
        );
        fields.check(
            self.models
                .as_ref()
                .is_none_or(|models| models.len() <= MOST_MODELS),
            "models",
            "length",
            "At most 100 models.",
        );
        fields.finish()?;
        format.ok_or_else(|| Error::internal("a checked import has no format"))
    }
}

/// What became of one model.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct ImportResult {
    /// Its id in the library, or the file's name.
    pub model: String,
    pub name: String,
    /// Id of the piece for `asset` of a scene's furniture; null when it was not taken.
    pub asset: Option<String>,
    /// What was repaired.
    pub repairs: Vec<String>,
    /// Why it was not taken: a stable code and a sentence.
    pub code: Option<String>,
    pub message: Option<String>,
}

/// An import as stored.
#[derive(Debug, Clone, PartialEq)]
pub struct Import {
    pub id: Uuid,
    pub workspace_id: WorkspaceId,
    pub format: Format,
    pub wish: ImportWish,
    pub file_key: String,
    /// `announced`, `queued`, `ready` or `failed`.
    pub status: String,
    pub error: Option<(String, String)>,
    pub results: Vec<ImportResult>,
    pub created_at: Time,
}

impl Import {
    pub(super) fn from_row(row: &Row) -> Result<Self, DbError> {
        let invalid = |column: &str, error: &dyn std::fmt::Display| DbError::Corrupt {
            column: column.into(),
            message: error.to_string(),
        };
        let (wish, results): (String, Option<String>) = (row.get("wish")?, row.get("results")?);
        let (code, message): (Option<String>, Option<String>) =
            (row.get("error_code")?, row.get("error_message")?);
        let format: String = row.get("format")?;
        Ok(Self {
            id: row.get("id")?,
            workspace_id: row.get("workspace_id")?,
            format: match format.as_str() {
                "glb" => Format::Glb,
                "sh3f" => Format::Sh3f,
                other => return Err(invalid("format", &other)),
            },
            wish: serde_json::from_str(&wish).map_err(|error| invalid("wish", &error))?,
            file_key: row.get("file_key")?,
            status: row.get("status")?,
            error: code.map(|code| (code, message.unwrap_or_default())),
            results: match results {
                Some(text) => serde_json::from_str(&text).map_err(|error| invalid("results", &error))?,
                None => Vec::new(),
            },
            created_at: row.get("created_at")?,
        })
    }
}

/// Announces a file and answers where to send it.
pub async fn announce(ctx: &Ctx, actor: &Actor, wish: ImportWish) -> Result<(Import, PresignedPut)> {
    actor.require_write()?;
    let format = wish.check()?;
    let id: Uuid = ctx.id::<vitrine_kernel::id::UploadId>().0;
    let file_key = files::key("incoming", actor.workspace_id, id, format.as_str());
    let text = serde_json::to_value(&wish)
        .map_err(|error| Error::internal("could not write an import as JSON").with_source(error))?;
    let row = values![
        id,
        actor.workspace_id,
        actor.account_id,
        format.as_str(),
        text,
        &file_key,
        ctx.now(),
    ];
    ctx.db.execute(&sql::INSERT_IMPORT, row).await?;
    let put = ctx
        .files
        .presign_put(&file_key, format.media_type(), wish.file_size, UPLOAD_LINK);
    Ok((get(ctx, actor, id).await?, put))
}

/// Starts the work on a file that has arrived. Starting twice is fine.
pub async fn start(ctx: &Ctx, actor: &Actor, id: Uuid) -> Result<Import> {
    actor.require_write()?;
    let import = get(ctx, actor, id).await?;
    if import.status != "announced" {
        return Ok(import);
    }
    match ctx.files.head(&import.file_key).await {
        Ok(meta) if meta.size_bytes == import.wish.file_size => {}
        Ok(_) => {
            return Err(Error::field(
                "file_size",
                "mismatch",
                "The file does not have the announced size.",
            ));
        }
        Err(FileError::NotFound { .. }) => {
            return Err(Error::conflict(
                "The file has not arrived yet. Send it first, then start.",
            ));
        }
        Err(error) => return Err(error.into()),
    }
    let mut tx = ctx.db.begin().await?;
    if tx
        .execute(&sql::START_IMPORT, values![id, actor.workspace_id, ctx.now()])
        .await?
        == 1
    {
        jobs::enqueue(
            &mut tx,
            ctx,
            Some(actor.workspace_id),
            &ImportFurniture { import_id: id },
        )
        .await?;
        let details = json!({ "format": import.format.as_str(), "bytes": import.wish.file_size });
        audit::record(
            &mut tx,
            ctx,
            Some(actor),
            "furniture.imported",
            "furniture_import",
            id,
            Some(details),
        )
        .await?;
    }
    tx.commit().await?;
    get(ctx, actor, id).await
}

pub async fn get(ctx: &Ctx, actor: &Actor, id: Uuid) -> Result<Import> {
    let row = ctx
        .db
        .fetch_optional(&sql::GET_IMPORT, values![id, actor.workspace_id])
        .await?;
    Ok(Import::from_row(&row.ok_or_else(Error::not_found)?)?)
}

/// The import a job works on.
pub(super) async fn get_for_job(ctx: &Ctx, id: Uuid) -> Result<Option<Import>> {
    let row = ctx
        .db
        .fetch_optional(&sql::GET_IMPORT_FOR_JOB, values![id])
        .await?;
    Ok(row.map(|row| Import::from_row(&row)).transpose()?)
}

/// The work is done; what was sent is not needed any more.
pub(super) async fn finish(ctx: &Ctx, import: &Import, results: &[ImportResult]) -> Result<()> {
    ctx.db
        .execute(&sql::FINISH_IMPORT, values![import.id, json!(results), ctx.now()])
        .await?;
    ctx.files.delete(&import.file_key).await?;
    Ok(())
}

pub(super) async fn fail(tx: &mut Tx, ctx: &Ctx, id: Uuid, code: &str, message: &str) -> Result<()> {
    tx.execute(&sql::FAIL_IMPORT, values![id, code, message, ctx.now()])
        .await?;
    Ok(())
}
