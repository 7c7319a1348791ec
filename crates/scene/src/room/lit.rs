//! Light on a surface, told from a lighter thing before it.
//!
//! More light multiplies a surface's colour and leaves its hue: in CIE Lab, away from black, L + 16, a and b all grow by the
//! cube root of the gain. What a polished floor mirrors is added to its colour instead and may be of any hue; it is where
//! the mirrored room is bright. A cream armchair before a grey wall is neither, and hides the wall's foot, which light does
//! not.

use super::evidence::EvidenceMaps;
use super::near::median;
use super::shape::FloorPlan;
use super::tones::Colours;
use crate::camera::{Axis, CameraHypothesis};
use crate::geometry::{DVec2, DVec3};

/// Most difference from the hue that light leaves; the sun is warmer than the sky.
const SAME_HUE: f32 = 9.0;
/// Least gain of lightness that is more light.
const LIGHTER: f32 = 3.0;
/// From this lightness on a photo has lost the hue.
const CLIPPED: f32 = 97.0;
/// What is mirrored is lighter than its wall by this much.
const MIRRORED_LIGHTER: f32 = 4.0;

/// Least share of the floor's edge that shows through light on it.
pub const BROKEN: f64 = 0.3;

/// How much of the floor's edge is seen where the wall behind a pixel stands on the floor, 0..=1: what stands before the
/// wall hides it, light does not. `None` where there is no wall.
pub fn floor_line_at(
    camera: &CameraHypothesis,
    maps: &EvidenceMaps,
    plan: &FloorPlan,
    pixel: DVec2,
) -> Option<f64> {
    let ray = camera.camera.ray(pixel);
    let (wall, _) = plan.wall(ray)?;
    let reach = match wall {
        0 => plan.back / ray.z,
        1 => -plan.left / ray.x,
        _ => plan.right / ray.x,
    };
    let foot = DVec3::new(ray.x * reach, 1.0, ray.z * reach);
    let (pixel, _) = camera.camera.project(foot)?;
    Some(maps.at(if wall == 0 { Axis::X } else { Axis::Z }, pixel))
}

/// Whether a colour (CIE Lab) may be another in more light.
pub fn is_lit(lab: [f32; 3], of: [f32; 3]) -> bool {
    if lab[0] < of[0] + LIGHTER {
        return false;
    }
    let gain = (lab[0] + 16.0) / (of[0] + 16.0);
    let hue = (lab[1] - gain * of[1]).hypot(lab[2] - gain * of[2]);
    hue < SAME_HUE || lab[0] > CLIPPED
}

/// The usual colours (CIE Lab) of the walls of a plan as far as one sees them, below `top` camera heights.
pub struct Walls([Option<[f32; 3]>; 3]);

impl Walls {
    pub fn new(
        camera: &CameraHypothesis,
        colours: &Colours,
        plan: &FloorPlan,
        top: f64,
        is_free: impl Fn(DVec2) -> bool,
    ) -> Self {
        let mut of_walls: [Vec<[f32; 3]>; 3] = Default::default();
        for (pixel, lab) in colours.cells() {
            if let Some((wall, height)) = plan.wall(camera.camera.ray(pixel))
                && height < top
                && is_free(pixel)
            {
                of_walls[wall].push(lab);
            }
        }
        Self(of_walls.map(|colours| median(&colours)))
    }

    /// The usual colour of the wall that a ray meets; `None` for the floor and for walls that are not in view.
    pub fn behind(&self, plan: &FloorPlan, ray: DVec3) -> Option<[f32; 3]> {
        plan.wall(ray).and_then(|(wall, _)| self.0[wall])
    }

    /// Whether a polished floor would mirror something brighter than walls at a pixel; `None` where the mirrored spot is
    /// out of the picture.
    pub fn is_bright_in_mirror(
        &self,
        camera: &CameraHypothesis,
        colours: &Colours,
        plan: &FloorPlan,
        pixel: DVec2,
    ) -> Option<bool> {
        let ray = camera.camera.ray(pixel);
        if ray.y < 1e-6 {
            return None;
        }
        let foot = ray / ray.y;
        let reach = |distance: f64, slope: f64| {
            if slope > 1e-9 {
                distance / slope
            } else {
                f64::INFINITY
            }
        };
        // From the camera through the floor point on, as seen from above.
        let side = if foot.x > 0.0 {
            reach(plan.right, foot.x)
        } else {
            reach(plan.left, -foot.x)
        };
        let t = side.min(reach(plan.back, foot.z));
        if t < 1.0 {
            return None;
        }
        let spot = DVec3::new(foot.x * t, 2.0 - t, foot.z * t);
        let (mirrored, _) = camera.camera.project(spot)?;
        let lab = colours.at(mirrored)?;
        let wall = self.behind(plan, spot)?;
        Some(lab[0] > (wall[0] + MIRRORED_LIGHTER).min(CLIPPED))
    }
}

#[cfg(test)]
mod tests {
    use super::super::tones::lab;
    use super::*;

    fn of(rgb: [f64; 3]) -> [f32; 3] {
        lab(rgb.map(|value| value / 255.0)).map(|value| value as f32)
    }

    /// An sRGB colour in so many times the light.
    fn in_light(rgb: [f64; 3], gains: [f64; 3]) -> [f32; 3] {
        let encode = |linear: f64| {
            let linear = linear.min(1.0);
            if linear < 0.003_130_8 {
                12.92 * linear
            } else {
                1.055 * linear.powf(1.0 / 2.4) - 0.055
            }
        };
        let linear = rgb.map(|value| f64::from(crate::image::srgb_to_linear((value / 255.0) as f32)));
        lab(std::array::from_fn(|k| encode(linear[k] * gains[k]))).map(|value| value as f32)
    }

    #[test]
    fn sun_on_a_floor_is_light_and_a_pale_bed_before_it_is_none() {
        let (oak, walnut, carpet) = ([150.0, 112.0, 78.0], [84.0, 58.0, 44.0], [142.0, 136.0, 128.0]);
        for floor in [oak, walnut, carpet] {
            for gain in [1.6, 2.5] {
                assert!(is_lit(in_light(floor, [gain; 3]), of(floor)), "{floor:?} {gain}");
                let warm = [1.06 * gain, gain, 0.92 * gain];
                assert!(is_lit(in_light(floor, warm), of(floor)), "{floor:?} {gain} warm");
            }
        }
        let linen = of([206.0, 200.0, 198.0]);
        assert!(!is_lit(linen, of(oak)) && !is_lit(linen, of(walnut)));
        let (cream, slate) = (of([208.0, 186.0, 160.0]), of([88.0, 86.0, 92.0]));
        assert!(!is_lit(cream, slate));
        assert!(!is_lit(of(walnut), of(oak)), "darker is no light");
    }
}
