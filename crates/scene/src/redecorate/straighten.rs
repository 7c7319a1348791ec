//! Verticals made vertical: the photo as a level camera would have taken it.

use rayon::prelude::*;

use crate::Analysis;
use crate::camera::Camera;
use crate::geometry::{DMat3, DVec2, DVec3};
use crate::image::RgbImage;
use crate::room::{Obstacle, Room};

/// Below this tilt nobody sees a difference, radians.
const LEVEL: f64 = 0.3 * std::f64::consts::PI / 180.0;
/// A stronger tilt would leave too little of the picture, radians.
const STEEPEST: f64 = 22.0 * std::f64::consts::PI / 180.0;
/// Largest magnification that may be needed to fill the frame again.
const MOST_ZOOM: f64 = 1.6;

/// A view turned level: the camera that took the photo, and one in the same place that looks straight ahead. The room
/// frame is the same for both, so metres stay what they are; pixels move.
#[derive(Debug, Clone)]
pub struct Level {
    from: Camera,
    /// Its rotation is a turn about the vertical axis alone; its picture has the size of the photo.
    pub camera: Camera,
    /// How much the picture is enlarged to leave no empty border, at least 1.
    pub zoom: f64,
    /// Directions of the level camera as the one that took the photo sees them.
    turn: DMat3,
}

impl Level {
    /// Turns the view level. `None` when it already is, or when the tilt is so strong that too little would be left.
    ///
    /// The homography is `K' R' Rᵀ K⁻¹` (Hartley & Zisserman, *Multiple View Geometry*, 2nd ed., 8.4: cameras with one
    /// centre); heading, focal length and the height of the horizon stay.
    pub fn of(camera: &Camera) -> Option<Self> {
        let level = level_rotation(camera)?;
        let turn = camera.rotation * level.transpose();
        let tilt = rotation_angle(&turn);
        if !(LEVEL..=STEEPEST).contains(&tilt) {
            return None;
        }
        let (width, height) = (f64::from(camera.width), f64::from(camera.height));
        let middle = DVec2::new(width, height) * 0.5;
        // Where the direction of the old middle lies for the level camera: it stays the middle of the new picture.
        let ahead = turn.transpose()
            * DVec3::new(
                (middle.x - camera.center.x) / camera.focal,
                (middle.y - camera.center.y) / camera.focal,
                1.0,
            );
        if ahead.z < 0.2 {
            return None;
        }
        let of = |zoom: f64| Self {
            from: camera.clone(),
            camera: Camera {
                focal: camera.focal * zoom,
                center: middle - DVec2::new(ahead.x, ahead.y) / ahead.z * camera.focal * zoom,
                rotation: level,
                distortion: 0.0,
                ..camera.clone()
            },
            zoom,
            turn,
        };
        let fills = |zoom: f64| {
            let upright = of(zoom);
            [(0.0, 0.0), (width, 0.0), (0.0, height), (width, height)]
                .into_iter()
                .all(|(x, y)| {
                    upright.to_photo(DVec2::new(x, y)).is_some_and(|source| {
                        source.x >= 0.0 && source.y >= 0.0 && source.x <= width && source.y <= height
                    })
                })
        };
        if !fills(MOST_ZOOM) {
            return None;
        }
        let (mut low, mut high) = (1.0, MOST_ZOOM);
        if fills(low) {
            high = low;
        }
        for _ in 0..24 {
            let half = 0.5 * (low + high);
            if fills(half) { high = half } else { low = half }
        }
        Some(of(high))
    }

    /// The photo's point that a point of the level picture shows.
    pub fn to_photo(&self, pixel: DVec2) -> Option<DVec2> {
        seen(&self.camera, &self.turn, &self.from, pixel)
    }

    /// Where a point of the photo lies in the level picture.
    pub fn to_level(&self, pixel: DVec2) -> Option<DVec2> {
        seen(&self.from, &self.turn.transpose(), &self.camera, pixel)
    }

    /// The photo as the level camera would have taken it; same size, every pixel is resampled.
    pub fn picture(&self, photo: &RgbImage) -> RgbImage {
        warp(photo, |pixel| self.to_photo(pixel))
    }

    /// What was read from the photo, for the level picture.
    #[must_use]
    pub fn analysis(&self, analysis: Analysis) -> Analysis {
        let (camera, room) = self.scene_to_level(analysis.room);
        Analysis {
            camera,
            room,
            refusal: analysis.refusal,
            camera_ms: analysis.camera_ms,
            room_ms: analysis.room_ms,
        }
    }

    /// Camera and room of the photo, for the level picture.
    pub fn scene_to_level(&self, room: Room) -> (Camera, Room) {
        (self.camera.clone(), moved(room, |pixel| self.to_level(pixel)))
    }

    /// Camera and room of the level picture, for the photo. Where a person gave the level picture another camera than
    /// [`Level::camera`], the photo's differs from the one it was turned from by as much.
    pub fn scene_to_photo(&self, camera: &Camera, room: Room) -> (Camera, Room) {
        let photographed = Camera {
            focal: self.from.focal * camera.focal / self.camera.focal,
            center: self.from.center + (camera.center - self.camera.center) / self.zoom,
            rotation: self.turn * camera.rotation,
            source: camera.source,
            focal_sigma: camera.focal_sigma,
            ..self.from.clone()
        };
        (photographed, moved(room, |pixel| self.to_photo(pixel)))
    }
}

/// What camera `to` sees where `from` sees `pixel`; `turn` takes directions of `from` to those of `to`.
fn seen(from: &Camera, turn: &DMat3, to: &Camera, pixel: DVec2) -> Option<DVec2> {
    let d = (from.lens().ideal(pixel) - from.center) / from.focal;
    let p = *turn * DVec3::new(d.x, d.y, 1.0);
    (p.z > 1e-6).then(|| to.pixel(p))
}

/// A room whose outlines in the picture lie elsewhere. A point behind the new view is left out.
fn moved(room: Room, to: impl Fn(DVec2) -> Option<DVec2>) -> Room {
    let outline = |points: Vec<DVec2>| points.into_iter().filter_map(&to).collect();
    Room {
        floor_polygon: outline(room.floor_polygon),
        obstacles: room
            .obstacles
            .into_iter()
            .map(|obstacle| Obstacle {
                polygon_px: outline(obstacle.polygon_px),
                ..obstacle
            })
            .collect(),
        ..room
    }
}

/// The rotation with the same heading and no pitch or roll; `None` when the view looks straight up or down.
fn level_rotation(camera: &Camera) -> Option<DMat3> {
    // Row 3 of room→camera is the viewing direction in the room frame.
    let ahead = camera.rotation.transpose() * DVec3::Z;
    let flat = DVec3::new(ahead.x, 0.0, ahead.z);
    (flat.length() > 0.5).then(|| {
        let ahead = flat.normalize();
        let down = DVec3::Y;
        let right = down.cross(ahead);
        DMat3::from_cols(right, down, ahead).transpose()
    })
}

fn rotation_angle(rotation: &DMat3) -> f64 {
    let trace = rotation.x_axis.x + rotation.y_axis.y + rotation.z_axis.z;
    ((trace - 1.0) * 0.5).clamp(-1.0, 1.0).acos()
}

/// Resamples with the Catmull-Rom cubic (Keys 1981, a = −1/2), borders repeated.
fn warp(photo: &RgbImage, source: impl Fn(DVec2) -> Option<DVec2> + Sync) -> RgbImage {
    let (width, height) = photo.dimensions();
    let mut result = RgbImage::new(width, height);
    let raw = photo.as_raw();
    let stride = 3 * width as usize;
    result.par_chunks_mut(stride).enumerate().for_each(|(y, row)| {
        for x in 0..width as usize {
            let Some(at) = source(DVec2::new(x as f64 + 0.5, y as f64 + 0.5)) else {
                continue;
            };
            let (sx, sy) = (at.x - 0.5, at.y - 0.5);
            let (wx, wy) = (cubic(sx - sx.floor()), cubic(sy - sy.floor()));
            let mut sum = [0.0_f64; 3];
            for (j, weight_y) in wy.into_iter().enumerate() {
                let yy = (sy.floor() as i64 + j as i64 - 1).clamp(0, i64::from(height) - 1) as usize;
                for (i, weight_x) in wx.into_iter().enumerate() {
                    let xx = (sx.floor() as i64 + i as i64 - 1).clamp(0, i64::from(width) - 1) as usize;
                    let weight = weight_x * weight_y;
                    let base = yy * stride + 3 * xx;
                    for (total, value) in sum.iter_mut().zip(&raw[base..base + 3]) {
                        *total += weight * f64::from(*value);
                    }
                }
            }
            for (target, value) in row[3 * x..3 * x + 3].iter_mut().zip(sum) {
                *target = value.round().clamp(0.0, 255.0) as u8;
            }
        }
    });
    result
}

fn cubic(t: f64) -> [f64; 4] {
    let (t2, t3) = (t * t, t * t * t);
    [
        -0.5 * t3 + t2 - 0.5 * t,
        1.5 * t3 - 2.5 * t2 + 1.0,
        -1.5 * t3 + 2.0 * t2 + 0.5 * t,
        0.5 * t3 - 0.5 * t2,
    ]
}
