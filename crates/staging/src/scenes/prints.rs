//! People's own pictures on the walls of scenes: found, copied, kept.
//!
//! A print names an original; its picture is copied under the original's content, so that the scene stays whole when the
//! original goes. Rows say which image shows which copy; a copy that no row names is swept. What surprises people: a copy
//! is as large as the original's preview, which is more than a picture on a wall ever shows.

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

use bytes::Bytes;
use vitrine_db::{Tx, values};
use vitrine_kernel::Result;
use vitrine_kernel::id::{ImageId, OriginalId, WorkspaceId};
use vitrine_platform::Ctx;
use vitrine_platform::files::FileError;
use vitrine_scene::document::FurnitureDocument;
use vitrine_scene::furnish::Print;
use vitrine_scene::image::{Limits, decode};
use vitrine_scene::model::ink::Ink;

use super::sql;
use crate::originals;
use crate::originals::model::OriginalStatus;

/// Largest copy that is read.
const MAX_BYTES: u64 = 16 << 20;
/// Prints of one scene that are looked up; more are complained about as unknown.
const MOST: usize = 60;

/// A picture that hangs, or is about to.
#[derive(Debug)]
pub struct Artwork {
    /// SHA-256 of the original, hex.
    pub name: String,
    /// Upright, in pixels.
    pub width: u32,
    pub height: u32,
    file_key: String,
    jpeg: Bytes,
    /// Whether the copy is stored already.
    is_kept: bool,
    ink: OnceLock<Option<Arc<Ink>>>,
}

impl Artwork {
    /// Width over height.
    pub fn aspect(&self) -> f32 {
        self.width as f32 / self.height.max(1) as f32
    }

    /// Its picture, decoded when it is first asked for; some ten milliseconds.
    pub fn ink(&self) -> Option<Arc<Ink>> {
        let decoded = || {
            let limits = Limits {
                minimum_side: 1,
                ..Limits::default()
            };
            match decode(&self.jpeg, &limits) {
                Ok(photo) => Ink::opaque(&photo.rgb).map(Arc::new),
                Err(error) => {
                    tracing::warn!("could not decode the print {}: {error}", self.file_key);
                    None
                }
            }
        };
        self.ink.get_or_init(decoded).clone()
    }
}

/// Why a print cannot hang.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Missing {
    /// Not an original of this workspace, nor a copy it has.
    Unknown,
    /// The original is not prepared yet.
    NotReady,
}

/// The prints of a scene.
#[derive(Debug, Clone, Default)]
pub struct Prints {
    by_name: BTreeMap<String, Arc<Artwork>>,
    /// Names by id of the original.
    by_original: BTreeMap<String, Result<String, Missing>>,
}

/// Pictures of the same names are the same.
impl PartialEq for Prints {
    fn eq(&self, other: &Self) -> bool {
        self.by_original == other.by_original && self.by_name.keys().eq(other.by_name.keys())
    }
}

impl Prints {
    /// The copy that a print shows.
    pub fn find(&self, print: &Print) -> Result<Arc<Artwork>, Missing> {
        let named = print.artwork.as_deref().and_then(|name| self.named(name));
        if let Some(artwork) = named {
            return Ok(artwork);
        }
        let original = print.original_id.as_deref().ok_or(Missing::Unknown)?;
        let name = self.by_original.get(original).ok_or(Missing::Unknown)?;
        name.as_ref()
            .map_err(|missing| *missing)
            .and_then(|name| self.named(name).ok_or(Missing::Unknown))
    }

    pub fn named(&self, name: &str) -> Option<Arc<Artwork>> {
        self.by_name.get(name).cloned()
    }
}

/// The pictures that a scene names, each read once.
pub async fn load(ctx: &Ctx, workspace: WorkspaceId, furniture: &[FurnitureDocument]) -> Result<Prints> {
    let mut prints = Prints::default();
    for print in furniture
        .iter()
        .filter_map(|piece| piece.print.as_ref())
        .take(MOST)
    {
        if let Some(name) = &print.artwork {
            if prints.by_name.contains_key(name) {
                continue;
            }
            if let Some(artwork) = kept(ctx, workspace, name).await? {
                prints.by_name.insert(name.clone(), Arc::new(artwork));
                continue;
            }
        }
        let Some(original) = &print.original_id else {
            continue;
        };
        if prints.by_original.contains_key(original) {
            continue;
        }
        let found = match of_original(ctx, workspace, original, &prints).await? {
            Ok(artwork) => {
                let name = artwork.name.clone();
                prints.by_name.entry(name.clone()).or_insert(artwork);
                Ok(name)
            }
            Err(missing) => Err(missing),
        };
        prints.by_original.insert(original.clone(), found);
    }
    Ok(prints)
}

/// A copy that some image of the workspace shows.
async fn kept(ctx: &Ctx, workspace: WorkspaceId, name: &str) -> Result<Option<Artwork>> {
    let row = ctx
        .db
        .fetch_optional(&sql::GET_PRINT, values![workspace, name])
        .await?;
    let Some(row) = row else { return Ok(None) };
    let file_key: String = row.get("file_key")?;
    let jpeg = match ctx.files.get_up_to(&file_key, MAX_BYTES).await {
        Ok(jpeg) => jpeg,
        Err(FileError::NotFound { .. }) => {
            tracing::warn!("the copy {file_key} of a print is gone");
            return Ok(None);
        }
        Err(error) => return Err(error.into()),
    };
    Ok(Some(Artwork {
        name: name.to_owned(),
        width: row.get("width")?,
        height: row.get("height")?,
        file_key,
        jpeg,
        is_kept: true,
        ink: OnceLock::new(),
    }))
}

/// The picture of an original, from its copy when there is one.
async fn of_original(
    ctx: &Ctx,
    workspace: WorkspaceId,
    original: &str,
    known: &Prints,
) -> Result<Result<Arc<Artwork>, Missing>> {
    let Ok(id) = original.parse::<OriginalId>() else {
        return Ok(Err(Missing::Unknown));
    };
    let row = ctx
        .db
        .fetch_optional(&originals::sql::GET_ORIGINAL, values![id, workspace])
        .await?;
    let Some(row) = row else {
        return Ok(Err(Missing::Unknown));
    };
    let original = originals::sql::original_from_row(&row)?;
    if let Some(artwork) = known.named(&original.sha256) {
        return Ok(Ok(artwork));
    }
    if let Some(artwork) = kept(ctx, workspace, &original.sha256).await? {
        return Ok(Ok(Arc::new(artwork)));
    }
    let preview = match (original.status, &original.preview_key) {
        (OriginalStatus::Ready, Some(key)) => key,
        (OriginalStatus::Rejected, _) => return Ok(Err(Missing::Unknown)),
        _ => return Ok(Err(Missing::NotReady)),
    };
    Ok(Ok(Arc::new(Artwork {
        file_key: format!("prints/{workspace}/{}.jpg", original.sha256),
        jpeg: ctx.files.get_up_to(preview, MAX_BYTES).await?,
        width: original.width,
        height: original.height,
        name: original.sha256,
        is_kept: false,
        ink: OnceLock::new(),
    })))
}

fn shown<'a>(prints: &'a Prints, furniture: &'a [FurnitureDocument]) -> BTreeMap<String, Arc<Artwork>> {
    furniture
        .iter()
        .filter_map(|piece| prints.find(piece.print.as_ref()?).ok())
        .map(|artwork| (artwork.name.clone(), artwork))
        .collect()
}

/// Stores the copies that are not there yet; before the rows that name them.
pub async fn store(ctx: &Ctx, prints: &Prints, furniture: &[FurnitureDocument]) -> Result<()> {
    for artwork in shown(prints, furniture)
        .values()
        .filter(|artwork| !artwork.is_kept)
    {
        ctx.files
            .put(&artwork.file_key, artwork.jpeg.clone(), "image/jpeg")
            .await?;
    }
    Ok(())
}

/// Says that an image shows these prints.
pub async fn record(
    tx: &mut Tx,
    ctx: &Ctx,
    (image, workspace): (ImageId, WorkspaceId),
    prints: &Prints,
    furniture: &[FurnitureDocument],
) -> Result<()> {
    for artwork in shown(prints, furniture).values() {
        let row = values![
            image,
            workspace,
            &artwork.name,
            artwork.width,
            artwork.height,
            &artwork.file_key,
            ctx.now()
        ];
        tx.execute(&sql::INSERT_PRINT, row).await?;
    }
    Ok(())
}
