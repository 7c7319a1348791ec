//! Where the walls could stand: depths and distances that many segments agree on.

use std::f64::consts::FRAC_PI_2;

use crate::camera::{Axis, CameraHypothesis, Segment};
use crate::geometry::DVec3;

/// Candidate wall distances in camera heights.
#[derive(Debug, Clone, Default)]
pub struct Candidates {
    pub backs: Vec<f64>,
    pub lefts: Vec<f64>,
    pub rights: Vec<f64>,
    /// Directions of vertical lines seen from above, radians from straight ahead, right positive: corners.
    pub corners: Vec<f64>,
}

impl Candidates {
    pub fn collect(camera: &CameraHypothesis, segments: &[Segment]) -> Self {
        let rays: Vec<DVec3> = segments
            .iter()
            .map(|s| camera.camera.ray(s.middle()).normalize())
            .collect();
        let gather = |axis: Axis, value: &dyn Fn(DVec3) -> f64| -> Vec<(f64, f64)> {
            rays.iter()
                .zip(segments)
                .zip(&camera.axes)
                .filter(|((ray, _), class)| **class == Some(axis) && ray.y > 0.02)
                .map(|((ray, segment), _)| (value(*ray), segment.weight))
                .collect()
        };
        let logarithms = |values: Vec<(f64, f64)>, low: f64, high: f64| -> Vec<(f64, f64)> {
            values
                .into_iter()
                .filter(|(value, _)| (low..high).contains(value))
                .map(|(value, weight)| (value.ln(), weight))
                .collect()
        };
        let exponentials = |values: Vec<f64>| values.into_iter().map(f64::exp).collect::<Vec<_>>();

        let backs = modes(
            &logarithms(gather(Axis::X, &|r| r.z / r.y), 0.7, 14.0),
            0.03,
            0.06,
            14,
        );
        let rights = modes(
            &logarithms(gather(Axis::Z, &|r| r.x / r.y), 0.12, 9.0),
            0.04,
            0.08,
            10,
        );
        let lefts = modes(
            &logarithms(gather(Axis::Z, &|r| -r.x / r.y), 0.12, 9.0),
            0.04,
            0.08,
            10,
        );
        let azimuths: Vec<(f64, f64)> = rays
            .iter()
            .zip(segments)
            .zip(&camera.axes)
            .filter(|(_, class)| **class == Some(Axis::Y))
            .map(|((ray, segment), _)| (ray.x.atan2(ray.z), segment.weight))
            .filter(|(azimuth, _)| azimuth.abs() < 1.2)
            .collect();
        let mut backs = exponentials(backs);
        if backs.is_empty() {
            backs.push(3.0);
        }
        Self {
            backs,
            lefts: exponentials(lefts),
            rights: exponentials(rights),
            corners: modes(&azimuths, 0.012, 0.025, 14),
        }
    }

    /// Distances of the right wall that go with a back wall at `back`: from its own floor line or from a corner.
    pub fn rights_at(&self, back: Option<f64>) -> Vec<f64> {
        beside(&self.rights, &self.corners, back, 1.0)
    }

    pub fn lefts_at(&self, back: Option<f64>) -> Vec<f64> {
        beside(&self.lefts, &self.corners, back, -1.0)
    }
}

fn beside(own: &[f64], corners: &[f64], back: Option<f64>, sign: f64) -> Vec<f64> {
    let mut distances = own.to_vec();
    if let Some(back) = back {
        for &corner in corners {
            let slope = sign * corner.tan();
            if slope > 0.05 && corner.abs() < FRAC_PI_2 {
                distances.push(back * slope);
            }
        }
    }
    distances.sort_by(f64::total_cmp);
    distances.dedup_by(|p, q| (*p / *q - 1.0).abs() < 0.004);
    distances
}

/// The heaviest clusters of weighted values: peaks of a Gaussian kernel of width `kernel`, at least `apart` apart.
fn modes(values: &[(f64, f64)], kernel: f64, apart: f64, most: usize) -> Vec<f64> {
    let mut density: Vec<f64> = values
        .iter()
        .map(|(at, _)| {
            values
                .iter()
                .map(|(v, w)| w * (-((at - v) / kernel).powi(2)).exp())
                .sum()
        })
        .collect();
    let mut peaks = Vec::new();
    while peaks.len() < most {
        let Some((index, &height)) = density
            .iter()
            .enumerate()
            .max_by(|p, q| p.1.total_cmp(q.1).then(q.0.cmp(&p.0)))
        else {
            break;
        };
        if height <= 0.0 {
            break;
        }
        let peak = values[index].0;
        peaks.push(peak);
        for (slot, (value, _)) in density.iter_mut().zip(values) {
            if (value - peak).abs() < apart {
                *slot = -1.0;
            }
        }
    }
    peaks
}
