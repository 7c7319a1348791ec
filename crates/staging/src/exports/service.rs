//! What goes into an archive, and links to single files.

use std::collections::{HashMap, HashSet};
use std::time::Duration;

use vitrine_db::values;
use vitrine_kernel::id::{ImageId, OriginalId, ProjectId, WorkspaceId};
use vitrine_kernel::{Error, Time};
use vitrine_platform::files::{Signed, TokenError, TokenSigner};
use vitrine_platform::{Actor, Ctx};
use vitrine_scene::model::import::Credit;

use super::names::{self, UniqueNames};
use super::sql;
use crate::images::model::credits_of;
use crate::{images, projects};

/// A download link for a browser is good for this long; the download itself may take as long as it takes.
pub const DOWNLOAD_LINK: Duration = Duration::from_secs(10 * 60);
/// Images that may be picked for one archive.
pub const PICK_MAX: usize = 500;

/// Which files of an image or a project.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize, serde::Deserialize, utoipa::ToSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum ExportKind {
    #[default]
    Staged,
    Original,
    Both,
}

/// One file of an image.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum FileKind {
    #[default]
    Staged,
    Original,
    Thumb,
}

/// What somebody wants to download.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Selection {
    pub workspace_id: WorkspaceId,
    pub project_id: ProjectId,
    pub kind: ExportKind,
    /// None means all.
    pub image_ids: Option<Vec<ImageId>>,
}

/// An archive to write.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// Of the archive.
    pub filename: String,
    pub entries: Vec<PlannedEntry>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlannedEntry {
    pub name: String,
    pub key: String,
    pub modified_at: Time,
    /// The photo as the person named it.
    pub photo: String,
    /// Of a staging; a photo has none.
    pub staging: Option<Staging>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Staging {
    pub image_id: ImageId,
    pub room_type: Option<String>,
    pub style: String,
    pub engine: String,
    pub seed: u32,
    /// Whose work the imported furniture in it is.
    pub credits: Vec<Credit>,
}

struct Photo {
    number: usize,
    filename: String,
    file_key: String,
    created_at: Time,
    is_in_project: bool,
    is_ready: bool,
}

/// Decides what goes into the archive and under which names.
///
/// # Errors
/// 404 for an unknown project, 422 for picked images that cannot be downloaded, 409 when nothing is left.
pub async fn plan(ctx: &Ctx, selection: &Selection) -> Result<Plan, Error> {
    let Selection {
        workspace_id,
        project_id,
        kind,
        image_ids,
    } = selection;
    let values = values![*project_id, *workspace_id];
    let project = ctx
        .db
        .fetch_optional(&projects::sql::GET_PROJECT, values.clone())
        .await?;
    let project = projects::sql::project_from_row(&project.ok_or_else(Error::not_found)?)?;

    let mut photos: Vec<(OriginalId, Photo)> = Vec::new();
    for row in ctx
        .db
        .fetch_all(&sql::LIST_EXPORT_ORIGINALS, values.clone())
        .await?
    {
        let photo = Photo {
            number: photos.len() + 1,
            filename: row.get("filename")?,
            file_key: row.get("file_key")?,
            created_at: row.get("created_at")?,
            is_in_project: row.get::<Option<Time>>("deleted_at")?.is_none(),
            is_ready: row.get::<String>("status")? == "ready",
        };
        photos.push((row.get("id")?, photo));
    }
    let by_id: HashMap<OriginalId, usize> =
        photos.iter().enumerate().map(|(at, (id, _))| (*id, at)).collect();

    let picked: Option<HashSet<ImageId>> = image_ids.as_ref().map(|ids| ids.iter().copied().collect());
    let mut found = 0;
    let mut stagings: Vec<(usize, String, Time, Staging)> = Vec::new();
    for row in ctx.db.fetch_all(&sql::LIST_EXPORT_IMAGES, values).await? {
        let image_id: ImageId = row.get("id")?;
        if picked.as_ref().is_some_and(|picked| !picked.contains(&image_id)) {
            continue;
        }
        found += 1;
        let Some(photo) = by_id.get(&row.get::<OriginalId>("original_id")?) else {
            continue;
        };
        let staging = Staging {
            image_id,
            room_type: row.get("room_type")?,
            style: row.get("style")?,
            engine: row.get("engine")?,
            seed: row.get("seed")?,
            credits: credits_of(&row)?,
        };
        stagings.push((*photo, row.get("staged_key")?, row.get("created_at")?, staging));
    }
    if picked.as_ref().is_some_and(|picked| picked.len() != found) {
        return Err(Error::field(
            "image_ids",
            "unknown",
            "Some of these are no finished images of this project.",
        ));
    }
    // Stable: the stagings of one photo stay in the order they were made in.
    stagings.sort_by_key(|(photo, ..)| *photo);

    let wanted_photos: HashSet<usize> = match (&picked, kind) {
        (_, ExportKind::Staged) => HashSet::new(),
        (Some(_), _) => stagings.iter().map(|(photo, ..)| *photo).collect(),
        (None, ExportKind::Original) => (0..photos.len())
            .filter(|at| photos[*at].1.is_in_project)
            .collect(),
        (None, ExportKind::Both) => {
            let staged = stagings.iter().map(|(photo, ..)| *photo);
            (0..photos.len())
                .filter(|at| photos[*at].1.is_in_project)
                .chain(staged)
                .collect()
        }
    };
    let mut names = UniqueNames::default();
    let mut entries = Vec::new();
    let mut stagings = stagings.into_iter().peekable();
    for (at, (_, photo)) in photos.iter().enumerate() {
        if wanted_photos.contains(&at) && photo.is_ready {
            let name = names::original_name(
                photo.number,
                &photo.filename,
                names::extension_of(&photo.file_key),
            );
            entries.push(PlannedEntry {
                name: names.claim(name),
                key: photo.file_key.clone(),
                modified_at: photo.created_at,
                photo: photo.filename.clone(),
                staging: None,
            });
        }
        while let Some((_, key, created_at, staging)) = stagings.next_if(|(of, ..)| *of == at) {
            if *kind == ExportKind::Original {
                continue;
            }
            let extension = names::extension_of(&key);
            let name = names::staged_name(
                photo.number,
                staging.room_type.as_deref(),
                &staging.style,
                extension,
            );
            entries.push(PlannedEntry {
                name: names.claim(name),
                modified_at: created_at,
                photo: photo.filename.clone(),
                staging: Some(staging),
                key,
            });
        }
    }
    if entries.is_empty() {
        return Err(Error::conflict(
            "There is nothing to download yet: no photo is ready in this selection.",
        ));
    }
    Ok(Plan {
        filename: format!("{}.zip", names::slug(&project.name)),
        entries,
    })
}

/// A token that lets a browser download this selection without a header.
pub fn seal(ctx: &Ctx, selection: Selection) -> String {
    let expires_at = ctx
        .now()
        .timestamp()
        .saturating_add_unsigned(DOWNLOAD_LINK.as_secs());
    signer(ctx).seal(&Signed {
        claim: selection,
        expires_at,
    })
}

/// The selection behind a token of this project.
pub fn open(ctx: &Ctx, project: ProjectId, token: &str) -> Result<Selection, Error> {
    match signer(ctx).open::<Selection>(token, ctx.now()) {
        Ok(signed) if signed.claim.project_id == project => Ok(signed.claim),
        Ok(_) | Err(TokenError::Forged) => Err(Error::forbidden("This download link is not valid.")),
        Err(TokenError::Expired) => Err(Error::forbidden(
            "This download link has expired; ask for a new one.",
        )),
    }
}

fn signer(ctx: &Ctx) -> TokenSigner {
    TokenSigner::new(ctx.settings.secret_key.expose(), "project download")
}

/// A link to one file of an image.
pub async fn presign_image(
    ctx: &Ctx,
    actor: &Actor,
    id: ImageId,
    kind: FileKind,
    expires_in: Duration,
    download: bool,
) -> Result<String, Error> {
    let image = images::service::get(ctx, actor, id).await?;
    let stem = image
        .original_filename
        .rsplit_once('.')
        .map_or(image.original_filename.as_str(), |(stem, _)| stem);
    let key = match kind {
        FileKind::Original => Some(&image.original_key),
        FileKind::Staged => image.staged_key.as_ref(),
        FileKind::Thumb => image.thumb_key.as_ref(),
    };
    let key = key.ok_or_else(|| Error::conflict("This file does not exist yet: the image is not ready."))?;
    let extension = names::extension_of(key);
    let name = match kind {
        FileKind::Original => image.original_filename.clone(),
        FileKind::Staged => format!(
            "{stem}_{}_staged.{extension}",
            names::slug(&images::model::text_of(image.style))
        ),
        FileKind::Thumb => format!("{stem}_thumb.{extension}"),
    };
    Ok(ctx
        .files
        .presign_get(key, &name, names::media_type_of(extension), expires_in, download))
}
