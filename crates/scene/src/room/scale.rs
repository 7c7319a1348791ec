//! How many metres a camera height is: cues of known size, fused in proportion to their certainty.
//!
//! Cues that contradict each other make the answer less sure than any of them, not surer.

use super::ScaleSource;
use super::ceiling::Ceiling;

/// Usual height of a room where nothing else is known, metres.
pub(super) const USUAL_CEILING: f64 = 2.5;
/// Relative uncertainties of the cues.
const CEILING_SIGMA: f64 = 0.12;
const CAMERA_SIGMA: f64 = 0.35;
const DOOR_SIGMA: f64 = 0.10;
const SILL_SIGMA: f64 = 0.25;
/// Usual height of a door and of a window's sill, metres.
const USUAL_DOOR: f64 = 2.03;
const USUAL_SILL: f64 = 0.90;
/// Usual height at which rooms are photographed, metres.
const CAMERA_HEIGHT: f64 = 1.30;

/// The metric height of the camera above the floor.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Scale {
    pub camera_height: f64,
    pub sigma: f64,
    pub source: ScaleSource,
}

/// Camera height, where it comes from and its relative uncertainty, from what rooms usually measure: with the ceiling's
/// height above the camera (camera heights) when that is known.
pub fn usual_camera_height(above: Option<f64>) -> (f64, ScaleSource, f64) {
    let scale = fused(above, &[], &[]);
    (scale.camera_height, scale.source, scale.sigma)
}

/// Fuses cues in the logarithm, weighted by their inverse variances; heights above the floor in camera heights.
pub fn fuse(ceiling: &Ceiling, door_heights: &[f64], sill_heights: &[f64]) -> Scale {
    fused(
        ceiling.is_seen().then_some(ceiling.above),
        door_heights,
        sill_heights,
    )
}

fn fused(above: Option<f64>, door_heights: &[f64], sill_heights: &[f64]) -> Scale {
    let mut cues = vec![(CAMERA_HEIGHT, CAMERA_SIGMA, ScaleSource::Prior)];
    if let Some(above) = above {
        cues.push((USUAL_CEILING / (1.0 + above), CEILING_SIGMA, ScaleSource::Ceiling));
    }
    for &height in door_heights {
        cues.push((USUAL_DOOR / height, DOOR_SIGMA, ScaleSource::Door));
    }
    // Sills of one room are at one height: together they say no more than one does.
    for &height in sill_heights {
        let sigma = SILL_SIGMA * (sill_heights.len() as f64).sqrt();
        cues.push((USUAL_SILL / height, sigma, ScaleSource::Prior));
    }
    let weight = |sigma: f64| 1.0 / (sigma * sigma);
    let total: f64 = cues.iter().map(|(_, sigma, _)| weight(*sigma)).sum();
    let logarithm = cues
        .iter()
        .map(|(height, sigma, _)| weight(*sigma) * height.ln())
        .sum::<f64>()
        / total;
    // Birge's ratio: how much further the cues lie apart than their sigmas allow.
    let misfit = cues
        .iter()
        .map(|(height, sigma, _)| ((height.ln() - logarithm) / sigma).powi(2))
        .sum::<f64>()
        / (cues.len() as f64 - 1.0).max(1.0);
    let strongest = cues
        .iter()
        .min_by(|p, q| p.1.total_cmp(&q.1))
        .map_or(ScaleSource::Prior, |cue| cue.2);
    Scale {
        camera_height: logarithm.exp(),
        sigma: total.sqrt().recip() * misfit.sqrt().max(1.0),
        source: strongest,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cues_that_agree_make_the_scale_surer_and_those_that_do_not_less_sure() {
        let alone = fused(Some(2.5 / 1.4 - 1.0), &[], &[]);
        let agreed = fused(Some(2.5 / 1.4 - 1.0), &[2.03 / 1.4], &[0.9 / 1.4]);
        let torn = fused(Some(2.5 / 1.4 - 1.0), &[2.03 / 0.7], &[]);
        assert!((agreed.camera_height - 1.4).abs() < 0.02, "{agreed:?}");
        assert!(agreed.sigma < 0.9 * alone.sigma, "{agreed:?} {alone:?}");
        assert!(torn.sigma > 1.5 * alone.sigma, "{torn:?} {alone:?}");
        assert!((0.7..1.4).contains(&torn.camera_height), "{torn:?}");
    }

    #[test]
    fn a_sill_helps_where_nothing_else_is_seen() {
        let sill = fused(None, &[], &[0.9 / 1.0]);
        assert!((1.0..1.2).contains(&sill.camera_height), "{sill:?}");
        assert!(sill.sigma < CAMERA_SIGMA, "{sill:?}");
    }
}
