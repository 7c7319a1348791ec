//! The work behind an import: read the file, repair its models, keep the pieces.

use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use serde::{Deserialize, Serialize};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;
use vitrine_db::Tx;
use vitrine_kernel::{Error, Result};
use vitrine_platform::Ctx;
use vitrine_platform::files::FileError;
use vitrine_platform::jobs::{Job, JobEnd, JobError, JobRun};
use vitrine_scene::model::import::{ImportError, Library, Limits};

use super::assets;
use super::imports::{self, Format, Import, ImportResult};
use super::models::{self, Model};

/// Imports the models of one file.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ImportFurniture {
    pub import_id: Uuid,
}

#[async_trait]
impl Job for ImportFurniture {
    const KIND: &'static str = "staging.import_furniture";
    const TIMEOUT: Duration = Duration::from_secs(600);

    fn unique_key(&self) -> Option<String> {
        Some(format!("import_furniture:{}", self.import_id))
    }

    async fn run(&self, ctx: &Ctx, run: &JobRun) -> Result<(), JobError> {
        let Some(import) = imports::get_for_job(ctx, self.import_id)
            .await?
            .filter(|import| import.status == "queued")
        else {
            return Ok(());
        };
        let bytes = match ctx.files.get_up_to(&import.file_key, imports::MAX_BYTES).await {
            Ok(bytes) => bytes,
            Err(FileError::NotFound { .. }) => {
                return Err(JobError::give_up(
                    "file_missing",
                    "The file is gone. Send it again.",
                ));
            }
            Err(error) => return Err(error.into()),
        };
        let (work, canceled) = (import.clone(), run.canceled().clone());
        let models = tokio::task::spawn_blocking(move || read(&bytes, &work, &canceled))
            .await
            .map_err(|error| Error::internal("an import was cut off").with_source(error))?;
        let (library, models) = match models {
            Ok(read) => read,
            Err(Refusal::Import(error)) => return Err(JobError::give_up(error.code(), error.to_string())),
            Err(Refusal::Ours(error)) => return Err(error.into()),
        };
        if run.canceled().is_cancelled() {
            return Err(JobError::Canceled);
        }
        let mut results = Vec::with_capacity(models.len());
        for Model { model, name, outcome } in models {
            let mut result = ImportResult {
                model,
                name,
                asset: None,
                repairs: Vec::new(),
                code: None,
                message: None,
            };
            match outcome {
                Ok(packed) => {
                    result.repairs.clone_from(&packed.asset.header.repairs);
                    let source = models::source_of(library.as_deref(), &result.model);
                    let id = assets::keep(ctx, Some(import.workspace_id), &source, packed).await?;
                    result.asset = Some(id.to_string());
                }
                Err(error) => {
                    result.code = Some(error.code().to_owned());
                    result.message = Some(error.to_string());
                }
            }
            results.push(result);
        }
        imports::finish(ctx, &import, &results).await?;
        Ok(())
    }

    async fn ended(&self, ctx: &Ctx, tx: &mut Tx, end: &JobEnd) -> Result<(), Error> {
        let (code, message) = match end {
            JobEnd::Done => return Ok(()),
            JobEnd::Canceled => ("canceled", "The import was canceled."),
            JobEnd::Dead { code, message } => (code.as_str(), message.as_str()),
        };
        imports::fail(tx, ctx, self.import_id, code, message).await
    }
}

enum Refusal {
    /// The file as a whole cannot be read, now or later.
    Import(ImportError),
    Ours(Error),
}

/// Name of the library and its models; the models of a file of its own have no library.
fn read(
    bytes: &Bytes,
    import: &Import,
    canceled: &CancellationToken,
) -> Result<(Option<String>, Vec<Model>), Refusal> {
    if import.format == Format::Glb {
        let model = models::of_glb(bytes, &import.wish).map_err(Refusal::Ours)?;
        return Ok((None, vec![model]));
    }
    let library = Library::open(bytes, &Limits::default()).map_err(Refusal::Import)?;
    let mut all = Vec::new();
    for at in models::wanted(&library, import.wish.models.as_deref()) {
        if canceled.is_cancelled() {
            break;
        }
        all.push(match at {
            Ok(at) => models::of_entry(&library, &library.entries[at], None).map_err(Refusal::Ours)?,
            Err(name) => Model {
                model: name.clone(),
                name: name.clone(),
                outcome: Err(ImportError::Missing(name)),
            },
        });
    }
    Ok((Some(library.name.clone()), all))
}
