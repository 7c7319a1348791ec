//! Imported pieces: how they are kept, found and credited.
//!
//! A piece belongs to the workspace that imported it, or to everybody when the operator did. Its id is made from owner
//! and source, so that a repeated import replaces the piece and scenes that name it stay whole; its files have names made
//! from their content, so that nothing stored is ever overwritten with other bytes.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use bytes::Bytes;
use sha2::{Digest as _, Sha256};
use uuid::Uuid;
use vitrine_db::{DbError, Row, values};
use vitrine_kernel::id::WorkspaceId;
use vitrine_kernel::{Error, Result};
use vitrine_platform::Ctx;
use vitrine_platform::files::FileError;
use vitrine_scene::document::FurnitureDocument;
use vitrine_scene::furnish::{Assets, Kind, Style};
use vitrine_scene::image::encode_jpeg;
use vitrine_scene::model::import::{Asset, Credit};
use vitrine_scene::model::ink::Ink;
use vitrine_scene::model::studio::portrait;

use super::sql;
use crate::images::model::{text_of, word};
use crate::scenes::prints::{self, Prints};

/// Side of a piece's picture, pixels.
const THUMB_SIDE: u32 = 256;
/// Largest asset that is read; prepared ones have a few megabytes.
const MAX_ASSET_BYTES: u64 = 32 << 20;

/// An imported piece as lists show it.
#[derive(Debug, Clone, PartialEq)]
pub struct StoredAsset {
    pub id: Uuid,
    /// `None`: for everybody.
    pub workspace_id: Option<WorkspaceId>,
    pub kind: Kind,
    pub style: Style,
    pub name: String,
    /// Width, height, depth.
    pub size_m: [f64; 3],
    pub top_m: f64,
    pub hangs: bool,
    pub credit: Credit,
    pub file_key: String,
    pub thumb_key: String,
}

impl StoredAsset {
    fn from_row(row: &Row) -> Result<Self, DbError> {
        let text = |column: &'static str| row.get::<String>(column);
        let unknown = |column: &str| DbError::Corrupt {
            column: column.into(),
            message: "unknown word".into(),
        };
        Ok(Self {
            id: row.get("id")?,
            workspace_id: row.get("workspace_id")?,
            kind: word(&text("kind")?).ok_or_else(|| unknown("kind"))?,
            style: word(&text("style")?).ok_or_else(|| unknown("style"))?,
            name: text("name")?,
            size_m: [row.get("width_m")?, row.get("height_m")?, row.get("depth_m")?],
            top_m: row.get("top_m")?,
            hangs: row.get("hangs")?,
            credit: Credit {
                title: text("title")?,
                creator: row.get("creator")?,
                library: row.get("library")?,
                licence: text("licence")?,
            },
            file_key: text("file_key")?,
            thumb_key: text("thumb_key")?,
        })
    }
}

/// The asset and its picture as files.
#[derive(Debug, Clone)]
pub struct Packed {
    pub asset: Arc<Asset>,
    file: Bytes,
    thumb: Bytes,
}

/// Writes an asset as a file and takes its picture; a second of work for the blocking pool.
pub fn pack(asset: Asset) -> Result<Packed> {
    let picture = portrait(&asset.piece(None, None), 1, THUMB_SIDE, 2);
    let thumb = encode_jpeg(&picture, 85, None)
        .map_err(|error| Error::internal("could not encode the picture of a piece").with_source(error))?;
    Ok(Packed {
        file: asset.to_bytes().into(),
        thumb: thumb.into(),
        asset: Arc::new(asset),
    })
}

fn digest(bytes: &[u8]) -> [u8; 16] {
    let hash = Sha256::digest(bytes);
    let mut short = [0; 16];
    short.copy_from_slice(&hash[..16]);
    short
}

/// The id of a piece, always the same for an owner and a source.
fn id_of(workspace: Option<WorkspaceId>, source: &str) -> Uuid {
    let owner = workspace.map_or_else(|| "instance".to_owned(), |id| id.to_string());
    uuid::Builder::from_custom_bytes(digest(format!("{owner}\n{source}").as_bytes())).into_uuid()
}

/// Keeps a piece; one of the same source is replaced.
pub async fn keep(ctx: &Ctx, workspace: Option<WorkspaceId>, source: &str, packed: Packed) -> Result<Uuid> {
    let owner = workspace.map_or_else(|| "instance".to_owned(), |id| id.to_string());
    let name = |bytes: &[u8]| Uuid::from_bytes(digest(bytes)).simple().to_string();
    let file_key = format!("furniture/{owner}/{}.asset", name(&packed.file));
    let thumb_key = format!("furniture/{owner}/{}.jpg", name(&packed.thumb));
    ctx.files
        .put(&file_key, packed.file, "application/octet-stream")
        .await?;
    ctx.files.put(&thumb_key, packed.thumb, "image/jpeg").await?;
    let (id, header) = (id_of(workspace, source), &packed.asset.header);
    let [width, height, depth] = header.size_m.map(f64::from);
    let row = values![
        id,
        workspace,
        source,
        header.credit.library.clone(),
        text_of(header.kind),
        text_of(header.style),
        &header.name,
        width,
        height,
        depth,
        f64::from(header.top_m),
        header.hangs,
        &header.credit.title,
        header.credit.creator.clone(),
        &header.credit.licence,
        &file_key,
        &thumb_key,
        ctx.now(),
    ];
    ctx.db.execute(&sql::KEEP_ASSET, row).await?;
    Ok(id)
}

/// Pieces a workspace may use, its own and everybody's, by kind and name.
pub async fn list(ctx: &Ctx, workspace: WorkspaceId) -> Result<Vec<StoredAsset>> {
    let rows = ctx.db.fetch_all(&sql::LIST_ASSETS, values![workspace]).await?;
    Ok(rows.iter().map(StoredAsset::from_row).collect::<Result<_, _>>()?)
}

/// Whose work the pieces of a workspace's catalogue are, one line each, sorted.
pub async fn credits(ctx: &Ctx, workspace: WorkspaceId) -> Result<Vec<Credit>> {
    let mut all: BTreeMap<String, Credit> = BTreeMap::new();
    for asset in list(ctx, workspace).await? {
        all.insert(asset.credit.line(), asset.credit);
    }
    Ok(all.into_values().collect())
}

/// Whose work the imported pieces of a scene are, one each, sorted by title.
pub async fn credits_in(
    ctx: &Ctx,
    workspace: WorkspaceId,
    furniture: &[FurnitureDocument],
) -> Result<Vec<Credit>> {
    let named: BTreeSet<Uuid> = furniture
        .iter()
        .filter_map(|piece| piece.asset.as_ref()?.parse().ok())
        .collect();
    let mut all: BTreeMap<String, Credit> = BTreeMap::new();
    for id in named {
        let row = ctx
            .db
            .fetch_optional(&sql::GET_ASSET, values![id, workspace])
            .await?;
        if let Some(row) = row {
            let credit = StoredAsset::from_row(&row)?.credit;
            all.insert(credit.line(), credit);
        }
    }
    Ok(all.into_values().collect())
}

/// What a scene names and the catalogue does not have, in memory.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Shelf {
    /// Imported pieces by id.
    pieces: BTreeMap<String, Arc<Asset>>,
    prints: Prints,
}

impl Shelf {
    pub const fn prints(&self) -> &Prints {
        &self.prints
    }
}

impl Assets for Shelf {
    fn asset(&self, id: &str) -> Option<Arc<Asset>> {
        self.pieces.get(id).cloned()
    }

    fn artwork(&self, name: &str) -> Option<Arc<Ink>> {
        self.prints.named(name)?.ink()
    }
}

/// The imported pieces and people's own pictures a scene names. Those that are unknown, or another workspace's, are left out.
pub async fn load(ctx: &Ctx, workspace: WorkspaceId, furniture: &[FurnitureDocument]) -> Result<Shelf> {
    let mut shelf = Shelf {
        prints: prints::load(ctx, workspace, furniture).await?,
        ..Shelf::default()
    };
    for name in furniture.iter().filter_map(|piece| piece.asset.as_ref()) {
        let Ok(id) = name.parse::<Uuid>() else { continue };
        if shelf.pieces.contains_key(name) {
            continue;
        }
        if let Some(asset) = fetch(ctx, workspace, id).await? {
            shelf.pieces.insert(name.clone(), asset);
        }
    }
    Ok(shelf)
}

/// An imported piece that a workspace may use; `None` when it is unknown, another workspace's, or its file is gone.
pub async fn fetch(ctx: &Ctx, workspace: WorkspaceId, id: Uuid) -> Result<Option<Arc<Asset>>> {
    let row = ctx
        .db
        .fetch_optional(&sql::GET_ASSET, values![id, workspace])
        .await?;
    let Some(row) = row else { return Ok(None) };
    let stored = StoredAsset::from_row(&row)?;
    let bytes = match ctx.files.get_up_to(&stored.file_key, MAX_ASSET_BYTES).await {
        Ok(bytes) => bytes,
        Err(FileError::NotFound { .. }) => {
            tracing::warn!("the file of the imported piece {id} is gone");
            return Ok(None);
        }
        Err(error) => return Err(error.into()),
    };
    let asset = tokio::task::spawn_blocking(move || Asset::from_bytes(&bytes))
        .await
        .map_err(|error| Error::internal("reading an imported piece was cut off").with_source(error))?
        .map_err(|error| {
            Error::internal(format!("could not read the imported piece {id}")).with_source(error)
        })?;
    Ok(Some(Arc::new(asset)))
}
