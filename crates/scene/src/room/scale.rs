//! How many metres a camera height is: cues of known size, fused in proportion to their certainty.

use super::ScaleSource;
use super::ceiling::Ceiling;

/// Usual height of a room where nothing else is known, metres.
pub(super) const USUAL_CEILING: f64 = 2.5;
/// Relative uncertainties of the cues.
const CEILING_SIGMA: f64 = 0.12;
const CAMERA_SIGMA: f64 = 0.35;
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
    let scale = fused(above, &[]);
    (scale.camera_height, scale.source, scale.sigma)
}

/// Fuses cues in the logarithm, weighted by their inverse variances.
pub fn fuse(ceiling: &Ceiling, door_heights: &[f64]) -> Scale {
    fused(ceiling.is_seen().then_some(ceiling.above), door_heights)
}

fn fused(above: Option<f64>, door_heights: &[f64]) -> Scale {
    let mut cues = vec![(CAMERA_HEIGHT, CAMERA_SIGMA, ScaleSource::Prior)];
    if let Some(above) = above {
        cues.push((USUAL_CEILING / (1.0 + above), CEILING_SIGMA, ScaleSource::Ceiling));
    }
    for &height in door_heights {
        cues.push((2.03 / height, 0.10, ScaleSource::Door));
    }
    let weight = |sigma: f64| 1.0 / (sigma * sigma);
    let total: f64 = cues.iter().map(|(_, sigma, _)| weight(*sigma)).sum();
    let logarithm = cues
        .iter()
        .map(|(height, sigma, _)| weight(*sigma) * height.ln())
        .sum::<f64>()
        / total;
    let strongest = cues
        .iter()
        .min_by(|p, q| p.1.total_cmp(&q.1))
        .map_or(ScaleSource::Prior, |cue| cue.2);
    Scale {
        camera_height: logarithm.exp(),
        sigma: total.sqrt().recip(),
        source: strongest,
    }
}
