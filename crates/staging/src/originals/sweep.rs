//! Objects that nobody knows any more: a crash between storing a file and its row, or between a row and its file,
//! leaves one behind. Once a day everything stored is compared with the tables.
//!
//! What surprises people: when much of the storage is unknown, nothing is deleted. That is not what crashes leave, but
//! what a server sees that was started on the wrong database.

use async_trait::async_trait;
use chrono::TimeDelta;
use futures_util::TryStreamExt as _;
use serde::{Deserialize, Serialize};
use std::time::Duration;
use uuid::Uuid;
use vitrine_db::values;
use vitrine_kernel::Result;
use vitrine_platform::Ctx;
use vitrine_platform::files::StoredFile;
use vitrine_platform::jobs::{Job, JobError, JobRun, Priority};

use super::sql;

/// Younger objects are left alone: their rows may be on their way.
const GRACE: TimeDelta = TimeDelta::hours(24);
/// Unknown objects of one run that are deleted without asking how many there are in all.
const ALWAYS_FINE: usize = 20;
/// Of one run; the next one goes on.
const AT_MOST: usize = 10_000;

const FOLDERS: [&str; 7] = [
    "incoming",
    "originals",
    "photos",
    "previews",
    "prints",
    "thumbs",
    "workspaces",
];

/// Deletes stored objects that no row knows.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct SweepFiles {}

#[async_trait]
impl Job for SweepFiles {
    const KIND: &'static str = "staging.sweep_files";
    const PRIORITY: Priority = Priority::Whenever;
    const TIMEOUT: Duration = Duration::from_secs(3600);

    fn unique_key(&self) -> Option<String> {
        Some(Self::KIND.to_owned())
    }

    async fn run(&self, ctx: &Ctx, run: &JobRun) -> Result<(), JobError> {
        let before = ctx.now() - GRACE;
        let (mut seen, mut unknown) = (0, Vec::new());
        for folder in FOLDERS {
            let mut objects = ctx.files.list(folder);
            while let Some(StoredFile { key, meta }) = objects.try_next().await? {
                if run.canceled().is_cancelled() || unknown.len() >= AT_MOST {
                    break;
                }
                if meta.modified_at >= before {
                    continue;
                }
                // Whatever has another shape was not put there by us.
                let Some(owner) = Owner::of_key(&key) else {
                    continue;
                };
                seen += 1;
                if !owner.is_known(ctx, &key).await? {
                    unknown.push(key);
                }
            }
        }
        if unknown.len() > ALWAYS_FINE.max(seen / 2) {
            tracing::error!(
                "{} of {seen} stored files are unknown to this database, so none was deleted; do storage and database belong together?",
                unknown.len()
            );
            return Ok(());
        }
        for key in &unknown {
            ctx.files.delete(key).await?;
        }
        if !unknown.is_empty() {
            tracing::info!(
                "deleted {} of {seen} stored files that nobody knew any more",
                unknown.len()
            );
        }
        Ok(())
    }
}

/// Whose an object is, as its key tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Owner {
    Upload {
        workspace: Uuid,
        id: Uuid,
    },
    /// Its keys change, so rows are asked for the whole key.
    Original {
        workspace: Uuid,
    },
    Image {
        workspace: Uuid,
        id: Uuid,
    },
    /// Several images may show it, so rows are asked for the whole key.
    Print {
        workspace: Uuid,
    },
}

impl Owner {
    fn of_key(key: &str) -> Option<Self> {
        let parts: Vec<&str> = key.split('/').collect();
        let id = |text: &str| Uuid::parse_str(text).ok();
        match parts[..] {
            ["incoming", workspace, file] => Some(Self::Upload {
                workspace: id(workspace)?,
                id: id(file.split_once('.')?.0)?,
            }),
            ["originals" | "photos" | "previews" | "thumbs", workspace, _] => Some(Self::Original {
                workspace: id(workspace)?,
            }),
            ["prints", workspace, _] => Some(Self::Print {
                workspace: id(workspace)?,
            }),
            ["workspaces", workspace, "images", image, _] => Some(Self::Image {
                workspace: id(workspace)?,
                id: id(image)?,
            }),
            _ => None,
        }
    }

    async fn is_known(self, ctx: &Ctx, key: &str) -> Result<bool> {
        let (statement, values) = match self {
            Self::Upload { workspace, id } => (&sql::HAS_OPEN_UPLOAD, values![id, workspace]),
            Self::Original { workspace } => (&sql::HAS_FILE_OF_ORIGINAL, values![workspace, key]),
            Self::Print { workspace } => (&sql::HAS_PRINT, values![workspace, key]),
            Self::Image { workspace, id } => (&sql::HAS_IMAGE, values![id, workspace]),
        };
        Ok(ctx.db.fetch_optional(statement, values).await?.is_some())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_tell_whose_they_are_and_foreign_ones_nothing() {
        let (workspace, id) = (Uuid::from_u128(1), Uuid::from_u128(2));
        for (key, owner) in [
            (
                format!("incoming/{workspace}/{id}.jpg"),
                Some(Owner::Upload { workspace, id }),
            ),
            (
                format!("thumbs/{workspace}/{id}.jpg"),
                Some(Owner::Original { workspace }),
            ),
            (
                format!("prints/{workspace}/0a1b.jpg"),
                Some(Owner::Print { workspace }),
            ),
            (
                format!("workspaces/{workspace}/images/{id}/v1.thumb.jpg"),
                Some(Owner::Image { workspace, id }),
            ),
            (format!("workspaces/{workspace}/images/{id}"), None),
            (format!("incoming/{id}.jpg"), None),
            ("incoming/me/holiday.jpg".to_owned(), None),
            ("probe".to_owned(), None),
        ] {
            assert_eq!(Owner::of_key(&key), owner, "{key}");
        }
    }
}
