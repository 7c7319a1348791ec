//! Photos that somebody is working on, ready to be drawn on again: decoded, reduced, their light solved, their furniture
//! built. Kept per process, bounded by bytes; the one not touched for longest goes first.

use std::borrow::Cow;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use vitrine_kernel::id::ImageId;
use vitrine_scene::camera::Camera;
use vitrine_scene::document::{CameraDocument, PieceStore, RoomDocument, SceneDocument};
use vitrine_scene::image::RgbImage;
use vitrine_scene::redecorate::straighten::Level;
use vitrine_scene::redecorate::{Redecoration, redecorate};
use vitrine_scene::room::Room;
use vitrine_scene::{Control, Prepared, StageError};

/// Previews are no wider, so a photo need not be either.
pub const MOST_WIDTH: u32 = 1280;
/// What all photos on the shelf may take together.
pub const MOST_BYTES: usize = 256 << 20;
/// An estimate for a furnished room beside its pixels: solved light, ray indices and meshes of some fifteen pieces, and what
/// the last preview found out.
const OVERHEAD_BYTES: usize = 70 << 20;

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// One photo.
pub struct Item {
    /// The file it was decoded from: another one is another photo.
    original_key: String,
    photo: RgbImage,
    /// Of the upright original, which the pixels of scenes mean.
    full: (u32, u32),
    prepared: Mutex<Option<Arc<Ready>>>,
    pub pieces: PieceStore,
}

/// A photo prepared for one camera and room.
pub struct Ready {
    camera: CameraDocument,
    room: RoomDocument,
    redecoration: Redecoration,
    straightened_from: Option<CameraDocument>,
    pub prepared: Prepared<'static>,
}

impl Item {
    /// A photo at most [`MOST_WIDTH`] wide, of an original of size `full`.
    pub fn new(original_key: String, photo: RgbImage, full: (u32, u32)) -> Self {
        Self {
            original_key,
            photo,
            full,
            prepared: Mutex::default(),
            pieces: PieceStore::default(),
        }
    }

    fn bytes(&self) -> usize {
        // Once here, once in the prepared photo, once reduced.
        3 * self.photo.as_raw().len() + OVERHEAD_BYTES
    }

    /// The photo prepared for the scene's camera and room; quick when they are those of the time before.
    pub fn ready(&self, scene: &SceneDocument, control: &Control) -> Result<Arc<Ready>, StageError> {
        let known = lock(&self.prepared).clone();
        let is_same = |ready: &Arc<Ready>| {
            ready.camera == scene.camera
                && ready.room == scene.room
                && ready.redecoration == scene.redecoration
                && ready.straightened_from == scene.straightened_from
        };
        if let Some(ready) = known.filter(is_same) {
            return Ok(ready);
        }
        let (camera, room) = self.reduced(scene);
        let shown = self.shown(scene);
        let photo = if scene.redecoration.is_empty() {
            shown
        } else {
            redecorate(&shown, &camera, &room, &scene.redecoration, scene.seed, control)?.rgb
        };
        let ready = Arc::new(Ready {
            camera: scene.camera.clone(),
            room: scene.room.clone(),
            redecoration: scene.redecoration,
            straightened_from: scene.straightened_from.clone(),
            prepared: Prepared::new(Cow::Owned(photo), &camera, &room, control)?,
        });
        *lock(&self.prepared) = Some(Arc::clone(&ready));
        Ok(ready)
    }

    /// The reduced photo as it was taken, or turned level.
    fn shown(&self, scene: &SceneDocument) -> RgbImage {
        let (width, height) = self.photo.dimensions();
        let factor = f64::from(width) / f64::from(self.full.0.max(1));
        let from = scene.straightened_from.as_ref();
        let level = from.and_then(|from| {
            let full = from.camera(self.full.0, self.full.1);
            Level::of(&full.scaled(factor, width, height))
        });
        level.map_or_else(|| self.photo.clone(), |level| level.picture(&self.photo))
    }

    /// Camera and room in the pixels of the reduced photo.
    fn reduced(&self, scene: &SceneDocument) -> (Camera, Room) {
        let (width, height) = self.photo.dimensions();
        let factor = f64::from(width) / f64::from(self.full.0.max(1));
        let full = scene.camera.camera(self.full.0, self.full.1);
        let mut room = scene.room.room();
        let outlines = room.obstacles.iter_mut().flat_map(|o| &mut o.polygon_px);
        outlines
            .chain(&mut room.floor_polygon)
            .for_each(|corner| *corner *= factor);
        (full.scaled(factor, width, height), room)
    }
}

/// All photos of this process.
#[derive(Default)]
pub struct Shelf {
    /// Least recently used first.
    items: Mutex<Vec<(ImageId, Arc<Item>)>>,
}

impl Shelf {
    /// The photo of an image, if it is here and still the same file.
    pub fn take(&self, id: ImageId, original_key: &str) -> Option<Arc<Item>> {
        let mut items = lock(&self.items);
        let index = items.iter().position(|(known, _)| *known == id)?;
        let (id, item) = items.remove(index);
        if item.original_key != original_key {
            return None;
        }
        items.push((id, Arc::clone(&item)));
        Some(item)
    }

    /// Puts a photo here; others leave when there is no room for it.
    pub fn put(&self, id: ImageId, item: Arc<Item>) {
        let mut items = lock(&self.items);
        items.retain(|(known, _)| *known != id);
        items.push((id, item));
        let mut bytes: usize = items.iter().map(|(_, item)| item.bytes()).sum();
        while bytes > MOST_BYTES && items.len() > 1 {
            let (_, gone) = items.remove(0);
            bytes -= gone.bytes();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn item(key: &str) -> Arc<Item> {
        Arc::new(Item::new(key.into(), RgbImage::new(1280, 853), (1280, 853)))
    }

    fn id(number: u128) -> ImageId {
        ImageId(uuid::Uuid::from_u128(number))
    }

    #[test]
    fn the_photo_not_touched_for_longest_leaves_first() {
        let shelf = Shelf::default();
        let most = MOST_BYTES / item("a").bytes();
        for number in 0..most {
            shelf.put(id(number as u128), item("a"));
        }
        assert!(shelf.take(id(0), "a").is_some());
        shelf.put(id(1000), item("a"));
        assert!(shelf.take(id(0), "a").is_some());
        assert!(shelf.take(id(1), "a").is_none());
        assert!(shelf.take(id(1000), "a").is_some());
        assert_eq!(lock(&shelf.items).len(), most);
    }

    #[test]
    fn another_file_is_another_photo() {
        let shelf = Shelf::default();
        shelf.put(id(1), item("a"));
        assert!(shelf.take(id(1), "b").is_none());
        assert!(shelf.take(id(1), "a").is_none(), "it was of no use any more");
    }
}
