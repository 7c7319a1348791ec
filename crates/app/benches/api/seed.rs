//! What both databases hold before the first request, and the look at them after the last. Both are filled by the
//! product's own services, in the same order, so that they differ in nothing but ids.

use axum::body::Bytes;
use uuid::Uuid;
use vitrine_db::values;
use vitrine_kernel::Error;
use vitrine_kernel::id::{OriginalId, ProjectId};
use vitrine_platform::accounts::model::{Device, NewAccount};
use vitrine_platform::accounts::service::{authenticate, login, register};
use vitrine_platform::{Actor, Ctx};
use vitrine_scene::furnish::{RoomType, Style};
use vitrine_staging::engines::{EngineOutput, Engines, FREE};
use vitrine_staging::images::model::{NewImage, Source};
use vitrine_staging::images::service::{self as images, Stored};
use vitrine_staging::originals;
use vitrine_staging::projects::model::NewProject;
use vitrine_staging::projects::service as projects;

use crate::sql;

pub const PROJECTS: usize = 40;
pub const ORIGINALS: usize = 10;
/// All of them ready, as most images of a gallery are.
pub const IMAGES: usize = 200;

const EMAIL: &str = "ada@vitrine.example";
const PASSWORD: &str = "tall-window-94-lamp";

/// What is there to be asked for.
#[derive(Debug)]
pub struct World {
    pub projects: Vec<Uuid>,
    pub originals: Vec<Uuid>,
    pub images: Vec<Uuid>,
}

/// Makes an account with projects, photos and finished images.
pub async fn fill(ctx: &Ctx) -> Result<World, Error> {
    let account = NewAccount::parse(EMAIL, PASSWORD, "Ada Example")?;
    let signed_in = register(ctx, account, Device::default()).await?;
    let actor = authenticate(ctx, signed_in.access_token.expose(), None, None).await?;
    let mut projects = Vec::new();
    for number in 0..PROJECTS {
        let new = NewProject {
            name: format!("{number} Elm Street"),
            description: "Three rooms with a view".to_owned(),
        };
        projects.push(projects::create(ctx, &actor, new).await?.id);
    }
    let mut originals = Vec::new();
    for number in 0..ORIGINALS {
        originals.push(original(ctx, &actor, number).await?);
    }
    let mut images = Vec::new();
    for number in 0..IMAGES {
        images.push(
            image(
                ctx,
                &actor,
                projects[number % PROJECTS],
                originals[number % ORIGINALS],
            )
            .await?,
        );
    }
    ctx.db.execute(&sql::ANALYZE, Vec::new()).await?;
    Ok(World {
        projects: projects.into_iter().map(|id| id.0).collect(),
        originals: originals.into_iter().map(|id| id.0).collect(),
        images,
    })
}

async fn original(ctx: &Ctx, actor: &Actor, number: usize) -> Result<OriginalId, Error> {
    let id: OriginalId = ctx.id();
    let base = format!("workspaces/{}/originals/{id}", actor.workspace_id);
    let (file, preview, thumb) = (
        format!("{base}.jpg"),
        format!("{base}.preview.jpg"),
        format!("{base}.thumb.jpg"),
    );
    let row = values![
        id,
        actor.workspace_id,
        format!("room {number}.jpg"),
        "image/jpeg",
        6_000_000_i64,
        format!("{number:064x}"),
        6_000_i64,
        4_000_i64,
        &file,
        ctx.now(),
    ];
    ctx.db.execute(&originals::sql::INSERT_ORIGINAL, row).await?;
    let row = values![id, 6_000_i64, 4_000_i64, &file, &preview, &thumb, ctx.now()];
    ctx.db.execute(&originals::sql::FINISH_ORIGINAL, row).await?;
    Ok(id)
}

async fn image(
    ctx: &Ctx,
    actor: &Actor,
    project_id: ProjectId,
    original_id: OriginalId,
) -> Result<Uuid, Error> {
    let new = NewImage {
        project_id,
        source: Source::Original(original_id),
        room_type: Some(RoomType::LivingRoom),
        style: Style::Scandinavian,
        engine: Engines::DEFAULT.to_owned(),
        seed: Some(7),
        prompt: None,
        options: Default::default(),
        same_as: None,
    };
    let image = images::create(ctx, actor, new).await?;
    images::start(ctx, &image).await?;
    let output = EngineOutput {
        file: Bytes::new(),
        content_type: "image/jpeg",
        thumb: Bytes::new(),
        before: None,
        room_type: RoomType::LivingRoom,
        confidence: Some(0.9),
        scene: None,
        cost: FREE,
    };
    let keys = image.result_keys("jpg");
    let stored = Stored {
        staged_key: keys.staged,
        thumb_key: keys.thumb,
        before_key: None,
        credits: Vec::new(),
        processing_time_ms: 4_000,
    };
    let is_finished = images::finish(ctx, &image, &output, &stored).await?;
    assert!(is_finished, "an image that was just started can be finished");
    Ok(image.id.0)
}

/// Signs in anew, because access tokens live for minutes. Gives what each server takes as proof: the token, and the
/// bare ids.
pub async fn sign_in(ctx: &Ctx) -> Result<(String, String), Error> {
    let signed_in = login(ctx, EMAIL, PASSWORD, Device::default()).await?;
    let ids = format!("{}.{}", signed_in.account.id, signed_in.session_id);
    Ok((signed_in.access_token.expose().clone(), ids))
}

/// How many rows of each kind there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rows {
    pub projects: i64,
    pub images: i64,
    pub links: i64,
    pub jobs: i64,
    pub events: i64,
    pub audit_entries: i64,
    pub reserved: i64,
}

impl Rows {
    pub async fn count(ctx: &Ctx) -> Result<Self, Error> {
        let row = ctx.db.fetch_one(&sql::COUNT_ROWS, Vec::new()).await?;
        Ok(Self {
            projects: row.get("projects")?,
            images: row.get("images")?,
            links: row.get("links")?,
            jobs: row.get("jobs")?,
            events: row.get("events")?,
            audit_entries: row.get("audit_entries")?,
            reserved: row.get("reserved")?,
        })
    }
}
