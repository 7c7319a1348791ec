//! Where scenes are tried out while somebody waits: previews, corners, arrangements. Nothing here is stored.
//!
//! At most [`SLOTS`] of them compute at the same time, on the blocking pool; who finds no slot within [`PATIENCE`] is told
//! to come again. What surprises people: when a client goes away its future is dropped, and with it the [`Leaving`] that
//! tells the renderer to stop; the slot is free only once the renderer did.

use std::sync::Arc;
use std::time::{Duration, Instant};

use bytes::Bytes;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use vitrine_kernel::id::ImageId;
use vitrine_kernel::{Error, ErrorCode, Result};
use vitrine_platform::web::Fields;
use vitrine_platform::{Actor, Ctx};
use vitrine_scene::document::{CornersDocument, FurnitureDocument, SceneDocument, furniture_of};
use vitrine_scene::furnish::{self, Order};
use vitrine_scene::image::{self as picture, RgbImage};
use vitrine_scene::room::solve_corners;
use vitrine_scene::{Control, Quality, StageError};

use super::carry::carry;
use super::check;
use super::model::{SceneChange, SolveScene, StraightenScene};
use super::service::{self, Scene};
use super::shelf::{Item, MOST_WIDTH, Shelf};
use crate::engines::preference;
use crate::furniture::{assets, library};
use crate::images::Image;

/// Computations at the same time.
const SLOTS: usize = 2;
/// How long a request waits for one.
const PATIENCE: Duration = Duration::from_millis(800);
const QUALITY: u8 = 80;

/// What the tools of one process share.
#[derive(Clone)]
pub struct Workbench {
    slots: Arc<Semaphore>,
    shelf: Arc<Shelf>,
    patience: Duration,
}

impl Default for Workbench {
    fn default() -> Self {
        Self {
            slots: Arc::new(Semaphore::new(SLOTS)),
            shelf: Arc::default(),
            patience: PATIENCE,
        }
    }
}

/// Stops the work when nobody waits for it any more.
struct Leaving(Control);

impl Drop for Leaving {
    fn drop(&mut self) {
        self.0.cancel();
    }
}

impl Workbench {
    async fn slot(&self) -> Result<OwnedSemaphorePermit> {
        match tokio::time::timeout(self.patience, Arc::clone(&self.slots).acquire_owned()).await {
            Ok(Ok(slot)) => Ok(slot),
            _ => Err(Error::new(
                ErrorCode::Unavailable,
                "Too many people are trying things out at the moment. Try again in a second.",
            )
            .with_retry_after(1)),
        }
    }

    /// Computes on the blocking pool, for as long as somebody waits.
    pub async fn compute<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Control) -> Result<T, Error> + Send + 'static,
    ) -> Result<T> {
        let slot = self.slot().await?;
        let control = Control::default();
        let _leaving = Leaving(control.clone());
        let working = tokio::task::spawn_blocking(move || {
            let result = work(&control);
            drop(slot);
            result
        });
        working
            .await
            .map_err(|panic| Error::internal("a tool of the scene editor panicked").with_source(panic))?
    }

    /// The image's photo, from the shelf or decoded anew.
    async fn photo(&self, ctx: &Ctx, image: &Image) -> Result<Arc<Item>> {
        if let Some(item) = self.shelf.take(image.id, &image.original_key) {
            return Ok(item);
        }
        let bytes = ctx
            .files
            .get_up_to(&image.original_key, ctx.settings.upload_max_bytes)
            .await?;
        let key = image.original_key.clone();
        let item = self
            .compute(move |_| {
                let photo = picture::decode(&bytes, &picture::Limits::default()).map_err(failed)?;
                let full = photo.rgb.dimensions();
                let height = u64::from(full.1) * u64::from(MOST_WIDTH) / u64::from(full.0.max(1));
                let reduced = if full.0 > MOST_WIDTH {
                    picture::resize(&photo.rgb, MOST_WIDTH, (height as u32).max(1)).map_err(failed)?
                } else {
                    photo.rgb
                };
                Ok(Arc::new(Item::new(key, reduced, full)))
            })
            .await?;
        self.shelf.put(image.id, Arc::clone(&item));
        Ok(item)
    }
}

fn failed(error: StageError) -> Error {
    match error {
        StageError::Canceled => Error::new(ErrorCode::Unavailable, "It was stopped."),
        StageError::NoFloorVisible => Error::field("room", "no_floor_visible", error.to_string()),
        StageError::Internal(message) => Error::internal(message),
        other => Error::conflict(other.to_string()),
    }
}

/// A quick picture.
#[derive(Debug, Clone)]
pub struct Preview {
    pub jpeg: Bytes,
    /// What preparing and drawing took; decoding the photo for the first time does not count.
    pub render_ms: f64,
    /// Its parts, milliseconds.
    pub stages: Vec<(&'static str, u64)>,
}

/// Draws the scene as it would be after a change, `width` pixels wide at most.
pub async fn preview(
    ctx: &Ctx,
    actor: &Actor,
    bench: &Workbench,
    id: ImageId,
    change: SceneChange,
    width: u32,
) -> Result<Preview> {
    let Scene { image, document } = service::get(ctx, actor, id).await?;
    let named = change.furniture.as_deref().unwrap_or(&document.furniture);
    let assets = assets::load(ctx, actor.workspace_id, named).await?;
    let size = (image.original_width, image.original_height);
    let scene = check::changed(&document, size, change, &assets)?;
    let item = bench.photo(ctx, &image).await?;
    bench
        .compute(move |control| {
            let started = Instant::now();
            let (rgb, stages) = draw(&item, &scene, &assets, width, control).map_err(failed)?;
            let disclosure = picture::Disclosure::default();
            let jpeg = picture::encode_jpeg(&rgb, QUALITY, Some(&disclosure)).map_err(failed)?;
            Ok(Preview {
                jpeg: jpeg.into(),
                render_ms: started.elapsed().as_secs_f64() * 1000.0,
                stages,
            })
        })
        .await
}

type Drawn = (RgbImage, Vec<(&'static str, u64)>);

fn draw(
    item: &Item,
    scene: &SceneDocument,
    assets: &assets::Shelf,
    width: u32,
    control: &Control,
) -> Result<Drawn, StageError> {
    let mut started = Instant::now();
    let ready = item.ready(scene, control)?;
    let mut stages = vec![("light", lap(&mut started))];
    let placements = item
        .pieces
        .placements(scene, assets)
        .map_err(|error| StageError::Internal(error.to_string()))?;
    stages.push(("pieces", lap(&mut started)));
    let quality = Quality::Preview { width };
    let drawn = ready
        .prepared
        .render(&placements, quality, scene.seed, control, |_| {})?;
    stages.extend(drawn.timings_ms);
    Ok((drawn.rgb, stages))
}

/// Milliseconds since the last lap.
fn lap(since: &mut Instant) -> u64 {
    let now = Instant::now();
    let passed = now.duration_since(*since).as_millis();
    *since = now;
    u64::try_from(passed).unwrap_or(u64::MAX)
}

/// Camera and room of the picture that is turned level, or of the photo as it was taken.
pub async fn straighten(
    ctx: &Ctx,
    actor: &Actor,
    bench: &Workbench,
    id: ImageId,
    wish: StraightenScene,
) -> Result<Scene> {
    let Scene { image, document } = service::get(ctx, actor, id).await?;
    let (width, height) = (image.original_width, image.original_height);
    let document = bench
        .compute(move |_| {
            let change = SceneChange {
                camera: wish.camera,
                room: wish.room,
                straightened: wish.straightened,
                furniture: Some(Vec::new()),
                ..SceneChange::default()
            };
            let mut now = check::changed(&document, (width, height), change, &assets::Shelf::default())?;
            if !wish.straighten {
                now = now.as_taken(width, height);
            } else if now.straightened_from.is_none() {
                now = now.straightened(width, height).ok_or_else(|| {
                    Error::field(
                        "straighten",
                        "impossible",
                        "The verticals of this photo are upright already, or lean too much to be straightened.",
                    )
                })?;
            }
            Ok(now)
        })
        .await?;
    Ok(Scene { image, document })
}

/// Camera and room whose back wall has these corners; what was found on the walls is carried over.
pub async fn solve(
    ctx: &Ctx,
    actor: &Actor,
    bench: &Workbench,
    id: ImageId,
    wish: SolveScene,
) -> Result<Scene> {
    let Scene { image, document } = service::get(ctx, actor, id).await?;
    wish.check()?;
    let (width, height) = (image.original_width, image.original_height);
    let corners = wish
        .corners_px
        .corners()
        .ok_or_else(|| Error::field("corners_px", "required", "Both corners on the floor are needed."))?;
    let mut fields = Fields::new();
    let document = match wish.straightened {
        Some(straightened) => check::straightened_as(document, straightened, (width, height), &mut fields),
        None => document,
    };
    fields.finish()?;
    let document = bench
        .compute(move |_| {
            let (before, walls) = (document.camera.camera(width, height), document.room.room());
            let solved = solve_corners(
                width,
                height,
                &corners,
                &before,
                Some(&walls),
                wish.camera_height_m,
                wish.ceiling_height_m,
            );
            let (camera, room) =
                solved.map_err(|error| Error::field("corners_px", "impossible", error.to_string()))?;
            let room = carry((&before, &walls), &camera, room);
            Ok(document.with_room(&camera, &room))
        })
        .await?;
    Ok(Scene { image, document })
}

/// One way to furnish the room.
#[derive(Debug, Clone)]
pub struct PlannedScene {
    pub score: f32,
    pub palette: &'static str,
    pub furniture: Vec<FurnitureDocument>,
}

/// Three good ways to furnish the room as it is.
pub async fn plans(ctx: &Ctx, actor: &Actor, bench: &Workbench, id: ImageId) -> Result<Vec<PlannedScene>> {
    let Scene { image, document } = service::get(ctx, actor, id).await?;
    let item = bench.photo(ctx, &image).await?;
    let library = library::of(ctx, image.workspace_id, preference(&image.options)).await?;
    bench
        .compute(move |control| {
            let ready = item.ready(&document, control).map_err(failed)?;
            let prepared = &ready.prepared;
            let order = Order {
                surroundings: prepared.light().surroundings(),
                room_type: document.room_type.or(image.requested_room_type),
                style: document.style,
                seed: document.seed,
                library: Some(&library),
            };
            let found = furnish::plans(prepared.room(), prepared.camera(), &order, control);
            let planned = found.map_err(failed)?.into_iter().map(|plan| PlannedScene {
                score: plan.score,
                palette: plan.palette,
                furniture: furniture_of(&plan.placements),
            });
            Ok(planned.collect())
        })
        .await
}

impl std::fmt::Debug for Workbench {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Workbench").finish_non_exhaustive()
    }
}

/// The corners as they are after solving.
pub fn corners(scene: &Scene) -> CornersDocument {
    let (width, height) = (scene.image.original_width, scene.image.original_height);
    CornersDocument::of(
        &scene.document.camera.camera(width, height),
        &scene.document.room.room(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::mpsc;

    fn impatient() -> Workbench {
        Workbench {
            patience: Duration::ZERO,
            ..Workbench::default()
        }
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn who_finds_no_slot_is_told_to_come_again() {
        let bench = impatient();
        let mut ends = Vec::new();
        let mut working = Vec::new();
        for _ in 0..SLOTS {
            let (end, ended) = mpsc::channel::<()>();
            let (begin, begun) = tokio::sync::oneshot::channel::<()>();
            ends.push(end);
            let bench = bench.clone();
            working.push(tokio::spawn(async move {
                let work = move |_: &Control| {
                    let _ = begin.send(());
                    let _ = ended.recv();
                    Ok(1)
                };
                bench.compute(work).await
            }));
            begun.await.expect("it began");
        }
        let refused = bench.compute(|_| Ok(2)).await.expect_err("both slots are taken");
        assert_eq!(refused.code(), ErrorCode::Unavailable);
        assert_eq!(refused.retry_after_s(), Some(1));
        drop(ends);
        for one in working {
            assert_eq!(one.await.expect("no panic").expect("it was computed"), 1);
        }
        assert_eq!(bench.compute(|_| Ok(2)).await.expect("a slot is free"), 2);
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn work_that_nobody_waits_for_is_told_to_stop() {
        let bench = impatient();
        let (begin, begun) = tokio::sync::oneshot::channel::<()>();
        let (tell, told) = tokio::sync::oneshot::channel::<bool>();
        let waiting = tokio::spawn({
            let bench = bench.clone();
            async move {
                let work = move |control: &Control| {
                    let _ = begin.send(());
                    while !control.is_canceled() {
                        std::thread::yield_now();
                    }
                    let _ = tell.send(true);
                    Ok(())
                };
                bench.compute(work).await
            }
        });
        begun.await.expect("it began");
        waiting.abort();
        assert!(told.await.expect("it stopped by itself"));
    }
}
