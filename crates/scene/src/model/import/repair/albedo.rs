//! Colours no furnishing has: pure white, black holes, the primaries of a colour picker.

use crate::geometry::Vec3;
use crate::model::material::clamp_albedo;

/// Brightest channel of a vivid colour; paint and cloth reflect less than a screen glows.
const VIVID_MAX: f32 = 0.55;
/// Least share of its brightest channel that the darkest one of any colour has.
const LEAST_SHARE: f32 = 0.10;

/// Brings a linear albedo into what real surfaces reflect.
pub fn tame(albedo: Vec3) -> Vec3 {
    let bright = albedo.max_element();
    let mut tamed = albedo;
    if albedo.min_element() < LEAST_SHARE * bright {
        tamed = tamed.max(Vec3::splat(LEAST_SHARE * bright));
        if bright > VIVID_MAX {
            tamed *= VIVID_MAX / bright;
        }
    }
    clamp_albedo(tamed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn white_black_and_primaries_become_paint() {
        assert_eq!(tame(Vec3::ONE), Vec3::splat(0.80));
        assert_eq!(tame(Vec3::ZERO), Vec3::splat(0.03));
        let red = tame(Vec3::X);
        assert!(red.x < 0.6 && red.y > 0.04 && red.x > 5.0 * red.y, "{red}");
        let oak = Vec3::new(0.45, 0.28, 0.14);
        assert_eq!(tame(oak), oak);
    }
}
