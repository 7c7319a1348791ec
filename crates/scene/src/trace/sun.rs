//! Direct sun on furniture, and what furniture takes of it from the room.

use super::gather::World;
use super::scene::OFFSET;
use crate::geometry::{Vec2, Vec3};

impl World<'_> {
    /// Irradiance by the sun of a surface with this normal; `None` where it would get none in the empty room either.
    pub(super) fn sunlight(&self, point: Vec3, normal: Vec3) -> Option<Vec3> {
        let sun = self.light.sun.as_ref()?;
        let slant = normal.dot(sun.direction);
        if slant <= 0.0 {
            return None;
        }
        let beam = sun.reaches(self.light, point);
        if beam <= 0.0 {
            return None;
        }
        let far = self.light.room_box.exit(point, sun.direction).t;
        Some(sun.irradiance * (slant * beam * self.scene.transmittance(point, sun.direction, far)))
    }

    /// Factor on the light that is left of the sun at a pixel of the room, where it is `share` of all light.
    pub fn sun_left(&self, (x, y): (usize, usize), normal: Vec3) -> f32 {
        let Some(sun) = &self.light.sun else {
            return 1.0;
        };
        let mut left = 0.0;
        for number in 0..4 {
            // Four places in the pixel, one for each part of the sun's disc.
            let (i, j) = (number & 1, number >> 1);
            let at = Vec2::new(x as f32 + 0.25 + 0.5 * i as f32, y as f32 + 0.25 + 0.5 * j as f32);
            let exit = self.light.room_box.exit(Vec3::ZERO, self.view.ray(at));
            let point = exit.point + normal * OFFSET;
            let towards = sun.ray(number);
            let far = self.light.room_box.exit(point, towards).t;
            left += 0.25 * self.scene.transmittance(point, towards, far);
        }
        left
    }

    /// Share of a pixel's light that is the sun's; `own` is the luminance it shows.
    pub fn sun_share(&self, (x, y): (usize, usize), own: f32) -> f32 {
        let Some(sun) = &self.light.sun else {
            return 0.0;
        };
        // The view that is drawn may be a reduced copy of the photo the sun was read from.
        let scale = self.light.view.width / self.view.width;
        sun.share(Vec2::new(x as f32 + 0.5, y as f32 + 0.5) * scale, own)
    }
}
