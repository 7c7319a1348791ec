//! Another floor covering under the light that lies on the photo's own.

use rayon::prelude::*;

use super::Redecorated;
use super::plane_grid::PlaneGrid;
use super::surfaces::{Covering, Flooring, Shine};
use super::wall_fit::median;
use super::walls::brightest;
use crate::camera::Camera;
use crate::geometry::polygon::contains;
use crate::geometry::{DVec2, Vec2, Vec3};
use crate::image::RgbImage;
use crate::light::gloss::fresnel;
use crate::light::photo_map::{PhotoMap, View};
use crate::light::room_box::RoomBox;
use crate::light::{encode, linear_table, luminance};
use crate::room::Room;
use crate::{Control, StageError};

/// Albedo assumed of a painted wall, when the light on the floor is compared with the light on it.
const WALL: f32 = 0.72;
/// Floors are neither black nor white.
const FLOOR_ALBEDO: (f32, f32) = (0.05, 0.7);
/// Light on the floor beside light on the walls; windows and lamps are above it.
const MORE_ON_THE_FLOOR: f32 = 1.15;
/// Nothing farther than this is textured on its own, metres.
const FAR: f32 = 14.0;

/// Lays a covering over the visible floor.
pub(super) fn lay(
    photo: &RgbImage,
    camera: &Camera,
    room: &Room,
    flooring: Flooring,
    seed: u32,
    result: &mut Redecorated,
    control: &Control,
) -> Result<(), StageError> {
    let area = Area::new(room, photo.width(), photo.height()).ok_or(StageError::NoFloorVisible)?;
    let table = linear_table();
    let view = View::new(camera);
    let below = room.camera_height as f32;
    let place = |x: f32, y: f32| {
        let ray = view.ray(Vec2::new(x, y));
        (ray.y > 1e-3).then(|| {
            let t = below / ray.y;
            (Vec2::new(ray.x * t, ray.z * t), ray, t)
        })
    };
    let linear = |picture: &RgbImage, x: u32, y: u32| {
        let pixel = picture.get_pixel(x, y);
        Vec3::new(
            table[usize::from(pixel[0])],
            table[usize::from(pixel[1])],
            table[usize::from(pixel[2])],
        )
    };
    // The light is read from the photo itself, so that painting the walls first changes nothing here.
    let step = (photo.width().max(photo.height()) / 900).max(1);
    let mut samples = Vec::new();
    for y in (0..photo.height()).step_by(step as usize) {
        for x in (0..photo.width()).step_by(step as usize) {
            if area.cover(x, y) < 1.0 {
                continue;
            }
            if let Some((at, ..)) = place(x as f32 + 0.5, y as f32 + 0.5).filter(|found| found.2 < FAR) {
                samples.push((at, linear(photo, x, y)));
            }
        }
    }
    let light = PlaneGrid::new(&samples).ok_or(StageError::NoFloorVisible)?;
    let own = own_albedo(photo, camera, room, &samples);
    // Over a few pixels, so that neither grain nor the gaps between boards count.
    let around = |x: u32, y: u32| {
        let (right, bottom) = (photo.width() - 1, photo.height() - 1);
        let mut sum = Vec3::ZERO;
        for (dx, dy) in [(0, 0), (2, 0), (0, 2), (2, 2), (1, 1)] {
            sum += linear(
                photo,
                (x + dx).clamp(1, right + 1) - 1,
                (y + dy).clamp(1, bottom + 1) - 1,
            );
        }
        sum / 5.0
    };
    let covering = Covering::new(flooring, seed);
    let mirror = Mirror::new(photo, camera, room, covering.shine());
    let width = photo.width() as usize;
    let rows = result
        .rgb
        .par_chunks_mut(3 * width)
        .zip(result.mask.par_chunks_mut(width));
    rows.enumerate().try_for_each(|(y, (line, mask))| {
        control.check()?;
        for x in 0..width {
            let cover = area.cover(x as u32, y as u32);
            if cover <= 0.0 {
                continue;
            }
            let (px, py) = (x as f32 + 0.5, y as f32 + 0.5);
            let Some((at, ray, _)) = place(px, py) else {
                continue;
            };
            let (Some((right, ..)), Some((down, ..))) = (place(px + 1.0, py), place(px, py + 1.0)) else {
                continue;
            };
            let albedo = textured(&covering, at, right - at, down - at);
            let mut color = albedo * (light.at(at, luminance(around(x as u32, y as u32))) / own);
            color += mirror.at(at, below, ray);
            let bytes = &mut line[3 * x..3 * x + 3];
            for (channel, byte) in bytes.iter_mut().enumerate() {
                let kept = table[usize::from(*byte)];
                *byte = encode(kept + (color[channel] - kept) * cover).round() as u8;
            }
            mask[x] = mask[x].max((cover * 255.0).round() as u8);
        }
        Ok(())
    })
}

/// Mean albedo over a pixel's footprint: as many samples as the detail needs, on a fixed grid.
fn textured(covering: &Covering, at: Vec2, right: Vec2, down: Vec2) -> Vec3 {
    let size = right.length().max(down.length());
    let count = ((size / 0.003).ceil() as usize).clamp(1, 4);
    let mut sum = Vec3::ZERO;
    for j in 0..count {
        for i in 0..count {
            let part = |k: usize| (k as f32 + 0.5) / count as f32 - 0.5;
            sum += covering.albedo(at + right * part(i) + down * part(j), size / count as f32);
        }
    }
    sum / (count * count) as f32
}

/// What the floor itself reflects, from the light it shares with the walls.
fn own_albedo(photo: &RgbImage, camera: &Camera, room: &Room, samples: &[(Vec2, Vec3)]) -> Vec3 {
    let channel = |of: fn(&Vec3) -> f32| median(samples.iter().map(|(_, color)| of(color)).collect());
    let floor = Vec3::new(channel(|c| c.x), channel(|c| c.y), channel(|c| c.z)).max(Vec3::splat(1e-3));
    let wall = brightest(photo, camera, room).unwrap_or(floor / 0.35 * WALL);
    let light = wall / WALL * MORE_ON_THE_FLOOR;
    let albedo = floor / light.max(Vec3::splat(1e-3));
    let brightness = luminance(albedo);
    albedo * (brightness.clamp(FLOOR_ALBEDO.0, FLOOR_ALBEDO.1) / brightness.max(1e-4))
}

/// The room upside down in a varnished floor.
struct Mirror {
    photo: PhotoMap,
    view: View,
    room: RoomBox,
    shine: Shine,
}

impl Mirror {
    fn new(photo: &RgbImage, camera: &Camera, room: &Room, shine: Shine) -> Self {
        Self {
            photo: PhotoMap::new(photo, 240),
            view: View::new(camera),
            room: RoomBox::new(room),
            shine,
        }
    }

    /// Mean about a pixel that changes smoothly with it.
    fn blurred(&self, pixel: Vec2, radius: f32) -> Vec3 {
        let mut sum = Vec3::ZERO;
        for j in -2..=2 {
            for i in -2..=2 {
                sum += self
                    .photo
                    .sample(pixel + Vec2::new(i as f32, j as f32) * (0.5 * radius));
            }
        }
        sum / 25.0
    }

    /// Mirrored light at a floor point seen along `ray`; zero where the mirrored wall is not in the photo.
    fn at(&self, place: Vec2, below: f32, ray: Vec3) -> Vec3 {
        if self.shine.strength <= 0.0 {
            return Vec3::ZERO;
        }
        let point = Vec3::new(place.x, below, place.y);
        let up = Vec3::new(ray.x, -ray.y, ray.z);
        let exit = self.room.exit(point, up);
        let Some((pixel, _)) = self.view.project(exit.point) else {
            return Vec3::ZERO;
        };
        // The photo ends; let the reflection fade out before.
        let (w, h) = (self.view.width, self.view.height);
        let border = pixel.x.min(w - pixel.x).min(pixel.y).min(h - pixel.y) / (0.08 * w);
        if border <= 0.0 {
            return Vec3::ZERO;
        }
        let radius = self.shine.blur * exit.t * self.view.focal() / exit.point.length().max(0.3);
        self.blurred(pixel, radius) * (fresnel(ray.y) * self.shine.strength * border.min(1.0))
    }
}

/// The floor's pixels, with soft borders.
struct Area {
    polygon: Vec<DVec2>,
    low: DVec2,
    high: DVec2,
    /// Outlines of what stands in the room.
    obstacles: Vec<Vec<DVec2>>,
}

impl Area {
    fn new(room: &Room, width: u32, height: u32) -> Option<Self> {
        let polygon = room.floor_polygon.clone();
        let low = polygon
            .iter()
            .fold(DVec2::INFINITY, |low, corner| low.min(*corner));
        let high = polygon
            .iter()
            .fold(DVec2::NEG_INFINITY, |high, corner| high.max(*corner));
        let is_seen = low.x < f64::from(width) && low.y < f64::from(height) && high.x > 0.0 && high.y > 0.0;
        (polygon.len() >= 3 && is_seen).then(|| Self {
            polygon,
            low,
            high,
            obstacles: room
                .obstacles
                .iter()
                .filter(|obstacle| obstacle.polygon_px.len() >= 3)
                .map(|obstacle| obstacle.polygon_px.clone())
                .collect(),
        })
    }

    /// Share of a pixel that is floor.
    fn cover(&self, x: u32, y: u32) -> f32 {
        let corner = DVec2::new(f64::from(x), f64::from(y));
        if corner.x + 1.0 < self.low.x
            || corner.y + 1.0 < self.low.y
            || corner.x > self.high.x
            || corner.y > self.high.y
        {
            return 0.0;
        }
        const SIDE: usize = 3;
        let mut inside = 0;
        for j in 0..SIDE {
            for i in 0..SIDE {
                let part = |k: usize| (k as f64 + 0.5) / SIDE as f64;
                let point = corner + DVec2::new(part(i), part(j));
                let is_hidden = || self.obstacles.iter().any(|outline| contains(outline, point));
                inside += usize::from(contains(&self.polygon, point) && !is_hidden());
            }
        }
        inside as f32 / (SIDE * SIDE) as f32
    }
}
