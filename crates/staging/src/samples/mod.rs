//! Photos of empty rooms that ship with the program, so that a new operator's first staging is one click away.
//!
//! They lie in this crate's `samples` folder, with their authors and licences in `CREDITS.md` there; to add one, put
//! a `.jpg` beside them and a line into that file. They take the same way as uploaded photos.

use async_trait::async_trait;
use bytes::Bytes;
use vitrine_kernel::Error;
use vitrine_kernel::id::ProjectId;
use vitrine_platform::accounts::setup::SetupHook;
use vitrine_platform::{Actor, Ctx};

use crate::projects::model::NewProject;
use crate::{originals, projects};

/// File name and bytes of every sample.
pub const SAMPLES: &[(&str, &[u8])] = include!(concat!(env!("OUT_DIR"), "/samples.rs"));

/// `v01_sunny_living_room.jpg` is shown as `sunny living room.jpg`.
fn shown_name(file: &str) -> String {
    file.split_once('_')
        .map_or(file, |(_, rest)| rest)
        .replace('_', " ")
}

/// Makes the sample project when a new instance is set up.
#[derive(Debug, Clone, Copy)]
pub struct SampleProject;

#[async_trait]
impl SetupHook for SampleProject {
    async fn make_sample_project(&self, ctx: &Ctx, actor: &Actor) -> Result<Option<ProjectId>, Error> {
        if SAMPLES.is_empty() {
            return Ok(None);
        }
        let description = "Photos of empty rooms to try things with. Pick a style and press Furnish.";
        let project =
            projects::service::create(ctx, actor, NewProject::check("Sample rooms", description)?).await?;
        for (name, bytes) in SAMPLES {
            originals::service::adopt(
                ctx,
                actor,
                project.id,
                &shown_name(name),
                Bytes::from_static(bytes),
            )
            .await?;
        }
        Ok(Some(project.id))
    }
}
