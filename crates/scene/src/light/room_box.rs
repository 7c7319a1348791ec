//! The room as a closed box of six textured faces: where a ray leaves it and what light comes from there.
//!
//! Walls that are not in the picture are assumed at a moderate distance; the face behind the camera is [`NEAR`].

use crate::geometry::{Aabb, Vec3};
use crate::room::Room;

pub const LEFT: usize = 0;
pub const RIGHT: usize = 1;
pub const CEILING: usize = 2;
pub const FLOOR: usize = 3;
pub const NEAR: usize = 4;
pub const BACK: usize = 5;
pub const FACES: usize = 6;

/// The inner side of the room, room frame, metres.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RoomBox {
    pub bounds: Aabb,
}

/// Where a ray leaves the box.
#[derive(Debug, Clone, Copy)]
pub struct Exit {
    pub face: usize,
    pub t: f32,
    pub point: Vec3,
}

/// How far a wall that is not in the picture is assumed to be, metres from the camera.
const UNSEEN_SIDE: f32 = 4.5;
const UNSEEN_BACK: f32 = 9.0;
const BEHIND_CAMERA: f32 = 2.0;

impl RoomBox {
    pub fn new(room: &Room) -> Self {
        let floor = room.camera_height as f32;
        let left = room.left.map_or(-UNSEEN_SIDE, |x| x as f32).min(-0.2);
        let right = room.right.map_or(UNSEEN_SIDE, |x| x as f32).max(0.2);
        let back = room.back.map_or(UNSEEN_BACK, |z| z as f32).max(0.5);
        let min = Vec3::new(left, floor - room.ceiling_height as f32, -BEHIND_CAMERA);
        Self {
            bounds: Aabb {
                min,
                max: Vec3::new(right, floor, back),
            },
        }
    }

    /// Follows a ray from inside the box to the face it leaves through. A point slightly outside counts as on the face.
    #[inline]
    pub fn exit(&self, origin: Vec3, direction: Vec3) -> Exit {
        let target = Vec3::select(direction.cmpgt(Vec3::ZERO), self.bounds.max, self.bounds.min);
        let t = (target - origin) / direction;
        let (mut axis, mut nearest) = (0, f32::INFINITY);
        for (i, t) in [t.x, t.y, t.z].into_iter().enumerate() {
            // A ray along a pair of faces never leaves through them; the division gave an infinity of either sign or NaN.
            if direction[i] != 0.0 && t < nearest {
                (axis, nearest) = (i, t);
            }
        }
        let t = nearest.max(0.0);
        let face = axis * 2 + usize::from(direction[axis] > 0.0);
        Exit {
            face,
            t,
            point: origin + direction * t,
        }
    }

    /// Unit normal of a face, into the room.
    #[inline]
    pub fn normal(face: usize) -> Vec3 {
        [Vec3::X, Vec3::NEG_X, Vec3::Y, Vec3::NEG_Y, Vec3::Z, Vec3::NEG_Z][face]
    }

    /// The room axes `(u, v)` a face's texture runs along.
    #[inline]
    pub fn axes(face: usize) -> (usize, usize) {
        match face {
            LEFT | RIGHT => (2, 1),
            CEILING | FLOOR => (0, 2),
            _ => (0, 1),
        }
    }

    /// Texture coordinates 0..1 of a point on a face.
    #[inline]
    pub fn uv(&self, face: usize, point: Vec3) -> (f32, f32) {
        let (a, b) = Self::axes(face);
        let relative = (point - self.bounds.min) / self.bounds.size();
        (relative[a].clamp(0.0, 1.0), relative[b].clamp(0.0, 1.0))
    }

    /// The point of a face at texture coordinates.
    pub fn point(&self, face: usize, u: f32, v: f32) -> Vec3 {
        let (a, b) = Self::axes(face);
        let mut point = if face.is_multiple_of(2) {
            self.bounds.min
        } else {
            self.bounds.max
        };
        let size = self.bounds.size();
        point[a] = self.bounds.min[a] + u * size[a];
        point[b] = self.bounds.min[b] + v * size[b];
        point
    }

    /// Width and height of a face, metres.
    pub fn face_size(&self, face: usize) -> (f32, f32) {
        let (a, b) = Self::axes(face);
        (self.bounds.size()[a], self.bounds.size()[b])
    }
}

/// Radiance over one face, row-major in `(u, v)`.
#[derive(Debug, Clone)]
pub struct FaceMap {
    pub width: usize,
    pub height: usize,
    pub radiance: Vec<Vec3>,
    /// Whether the photo shows this texel.
    pub is_seen: Vec<bool>,
    /// 0, or 1 + index of the emitter the texel belongs to.
    pub emitter: Vec<u8>,
}

impl FaceMap {
    /// An unlit map with texels of about `texel` metres.
    pub fn new((width_m, height_m): (f32, f32), texel: f32) -> Self {
        let count = |length: f32| ((length / texel).ceil() as usize).clamp(8, 96);
        let (width, height) = (count(width_m), count(height_m));
        let n = width * height;
        Self {
            width,
            height,
            radiance: vec![Vec3::ZERO; n],
            is_seen: vec![false; n],
            emitter: vec![0; n],
        }
    }

    #[inline]
    pub fn index(&self, (u, v): (f32, f32)) -> usize {
        let x = ((u * self.width as f32) as usize).min(self.width - 1);
        let y = ((v * self.height as f32) as usize).min(self.height - 1);
        y * self.width + x
    }

    /// Texture coordinates of a texel's centre.
    pub fn center(&self, index: usize) -> (f32, f32) {
        let (x, y) = (index % self.width, index / self.width);
        (
            (x as f32 + 0.5) / self.width as f32,
            (y as f32 + 0.5) / self.height as f32,
        )
    }

    /// Radiance between texel centres.
    pub fn smooth(&self, (u, v): (f32, f32)) -> Vec3 {
        let x = (u * self.width as f32 - 0.5).clamp(0.0, (self.width - 1) as f32);
        let y = (v * self.height as f32 - 0.5).clamp(0.0, (self.height - 1) as f32);
        let (x0, y0) = (x as usize, y as usize);
        let (x1, y1) = ((x0 + 1).min(self.width - 1), (y0 + 1).min(self.height - 1));
        let (fx, fy) = (x - x0 as f32, y - y0 as f32);
        let at = |x: usize, y: usize| self.radiance[y * self.width + x];
        at(x0, y0)
            .lerp(at(x1, y0), fx)
            .lerp(at(x0, y1).lerp(at(x1, y1), fx), fy)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn room_box() -> RoomBox {
        RoomBox {
            bounds: Aabb {
                min: Vec3::new(-2.0, -1.2, -2.0),
                max: Vec3::new(3.0, 1.3, 5.0),
            },
        }
    }

    #[test]
    fn a_ray_leaves_through_the_face_it_points_at() {
        let room_box = room_box();
        for (face, direction) in [
            (LEFT, Vec3::NEG_X),
            (RIGHT, Vec3::X),
            (CEILING, Vec3::NEG_Y),
            (FLOOR, Vec3::Y),
            (NEAR, Vec3::NEG_Z),
            (BACK, Vec3::Z),
        ] {
            let exit = room_box.exit(Vec3::new(0.5, 0.2, 1.0), direction);
            assert_eq!(exit.face, face);
            assert_eq!(RoomBox::normal(face), -direction);
            let (u, v) = room_box.uv(face, exit.point);
            assert!((room_box.point(face, u, v) - exit.point).length() < 1e-5);
        }
    }
}
