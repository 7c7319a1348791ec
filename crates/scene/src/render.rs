//! Placed furniture over a photo whose camera and room are known, as often as somebody moves a chair.
//!
//! [`Prepared`] does once what depends on the photo alone; [`Prepared::render`] draws. Surprise: a preview is a smaller
//! picture by the same path, only with fewer rays ([`Budget`]).

use std::borrow::Cow;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use crate::camera::Camera;
use crate::composite::receive::receive;
use crate::composite::{Canvas, Composite, compose};
use crate::furnish::Placement;
use crate::image::{RgbImage, resize};
use crate::light::Light;
use crate::light::photo_map::View;
use crate::room::Room;
use crate::trace::{Budget, Film, Kept, Memory, Reuse, Scene, Shade, SolidStore, World};
use crate::{Control, StageError};

/// What a picture is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Quality {
    /// To look at while dragging: `width` pixels wide, never wider than the photo.
    Preview { width: u32 },
    /// To publish, at the photo's own size.
    Final,
}

/// Photo with given furniture laid over it, for a camera and room that are known.
#[derive(Debug, Clone)]
pub struct Rendered {
    /// Outside furniture, shadow and reflection every value is the photo's own (or the reduced photo's, in a preview).
    pub rgb: RgbImage,
    /// Coverage of furniture, 0..=255 per pixel.
    pub furniture_mask: Vec<u8>,
    /// Where light on floor and walls was changed (shadow or reflection), 0 or 255 per pixel.
    pub shadow_mask: Vec<u8>,
    pub timings_ms: Vec<(&'static str, u64)>,
    /// How much of it the preview before knew; `None` for a final picture.
    pub reuse: Option<Reuse>,
}

/// A photo ready to be furnished again and again: its light is solved, reduced copies and furniture meshes are kept.
///
/// With an owned photo it lives as long as its holder likes and may be shared between threads.
pub struct Prepared<'a> {
    photo: Canvas<'a>,
    camera: Camera,
    room: Room,
    light: Light,
    /// The reduced copy last asked for.
    reduced: Mutex<Option<Arc<Canvas<'static>>>>,
    solids: SolidStore,
    /// What the last preview found out.
    kept: Mutex<Option<Arc<Kept>>>,
}

impl<'a> Prepared<'a> {
    /// Reads the light of a photo, about 50 ms for two megapixels.
    pub fn new(
        photo: Cow<'a, RgbImage>,
        camera: &Camera,
        room: &Room,
        control: &Control,
    ) -> Result<Self, StageError> {
        control.check()?;
        let light = Light::from_photo(&photo, camera, room);
        control.check()?;
        let canvas = Canvas::new(photo, View::new(camera), room, 1.0);
        Ok(Self {
            photo: canvas,
            camera: camera.clone(),
            room: room.clone(),
            light,
            reduced: Mutex::default(),
            solids: SolidStore::default(),
            kept: Mutex::default(),
        })
    }

    /// The light of the room.
    pub fn light(&self) -> &Light {
        &self.light
    }

    /// The camera it was prepared for; pixels of the full photo.
    pub fn camera(&self) -> &Camera {
        &self.camera
    }

    /// The room it was prepared for.
    pub fn room(&self) -> &Room {
        &self.room
    }

    /// Lays furniture over the photo. The same placements, quality and seed give the same bytes. `report` hears the share
    /// done, 0..=1, not always in order.
    ///
    /// Fails with [`StageError::Canceled`] once `control` was asked to stop.
    pub fn render(
        &self,
        placements: &[Placement],
        quality: Quality,
        seed: u32,
        control: &Control,
        report: impl Fn(f32) + Sync,
    ) -> Result<Rendered, StageError> {
        match quality {
            Quality::Preview { width } if width < self.camera.width => {
                let canvas = self.reduced_to(width)?;
                self.draw(&canvas, placements, &Budget::PREVIEW, seed, control, report)
            }
            Quality::Preview { .. } => {
                self.draw(&self.photo, placements, &Budget::PREVIEW, seed, control, report)
            }
            Quality::Final => self.draw(&self.photo, placements, &Budget::FINAL, seed, control, report),
        }
    }

    fn reduced_to(&self, width: u32) -> Result<Arc<Canvas<'static>>, StageError> {
        let width = width.max(16);
        let kept = || self.reduced.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(canvas) = kept().as_ref().filter(|c| c.picture.width() == width) {
            return Ok(Arc::clone(canvas));
        }
        let factor = f64::from(width) / f64::from(self.camera.width);
        let height = ((f64::from(self.camera.height) * factor).round() as u32).max(1);
        let picture = resize(&self.photo.picture, width, height)?;
        let view = View::new(&self.camera.scaled(factor, width, height));
        let canvas = Arc::new(Canvas::new(Cow::Owned(picture), view, &self.room, factor));
        *kept() = Some(Arc::clone(&canvas));
        Ok(canvas)
    }

    fn draw(
        &self,
        canvas: &Canvas<'_>,
        placements: &[Placement],
        budget: &Budget,
        seed: u32,
        control: &Control,
        report: impl Fn(f32) + Sync,
    ) -> Result<Rendered, StageError> {
        let mut clock = Stopwatch::start();
        control.check()?;
        report(0.0);
        let samples_per_side = ((1_u32 << budget.log2_primaries) as f32).sqrt();
        let scene = Scene::new(placements, self.room.camera_height as f32, &self.solids)
            .sampled_every(1.0 / (canvas.view.focal() * samples_per_side));
        clock.lap("index");
        let shade = Shade::new(&scene, &self.light, budget, seed, control)?;
        let kept = || self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let before = kept().clone();
        let memory = budget
            .is_remembered
            .then(|| Memory::new(before.as_deref(), &scene, &canvas.view, seed));
        let world = World::new(&scene, &self.light, &shade, &canvas.view).remembering(memory.as_ref());
        clock.lap("shade");
        report(0.1);
        let mut film = Film::render(&world, budget, seed, control, |done| report(0.1 + 0.5 * done))?;
        clock.take(&mut film.laps);
        film.soften(canvas.blur);
        clock.lap("soften");
        let received = receive(&world, &film, budget, seed, control, |done| {
            report(0.6 + 0.35 * done)
        })?;
        clock.lap("shadow");
        let Composite {
            rgb,
            furniture_mask,
            shadow_mask,
        } = compose(canvas, &world, &film, &received, seed, control)?;
        clock.lap("compose");
        report(1.0);
        let reuse = memory.map(|memory| {
            let (found, reuse) = memory.finish();
            *kept() = Some(Arc::new(found));
            reuse
        });
        Ok(Rendered {
            rgb,
            furniture_mask,
            shadow_mask,
            timings_ms: clock.laps,
            reuse,
        })
    }
}

/// Measures the steps of a picture.
pub(crate) struct Stopwatch {
    last: Instant,
    pub(crate) laps: Vec<(&'static str, u64)>,
}

impl Stopwatch {
    pub(crate) fn start() -> Self {
        Self {
            last: Instant::now(),
            laps: Vec::new(),
        }
    }

    /// Takes over the laps of a part that measured itself.
    pub(crate) fn take(&mut self, laps: &mut Vec<(&'static str, u64)>) {
        self.laps.append(laps);
        self.last = Instant::now();
    }

    pub(crate) fn lap(&mut self, name: &'static str) {
        let now = Instant::now();
        self.laps
            .push((name, now.duration_since(self.last).as_millis() as u64));
        self.last = now;
    }
}
