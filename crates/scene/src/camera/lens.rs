//! Lenses that bow straight lines: the division model with one parameter (Fitzgibbon 2001, "Simultaneous linear
//! estimation of multiple view geometry and lens distortion").
//!
//! A pixel at `d` from the picture's middle would be at `d / (1 + distortion |d|²)` behind an ideal lens, `d` in long
//! sides: negative for barrels (wide lenses), positive for cushions. What surprises people: most photos have exactly
//! zero. A little distortion explains a few more lines of almost any photo, so it must explain many.

use super::manhattan::View;
use super::polish::Fit;
use super::{CameraHypothesis, FocalPrior, Segment, Working};
use crate::geometry::DVec2;

/// Share of the lines that a distortion must explain beyond those that follow the room without it. Views of panoramas,
/// which have none, gain up to 0.015 by chance; photos of one calibrated camera with a slight barrel 0.025 and more.
const LEAST_GAIN: f64 = 0.022;
/// As much for a cushion: no lens of a phone or for rooms makes one, and stitched pictures only seem to have it.
const LEAST_GAIN_OF_CUSHION: f64 = 0.055;
/// Each half of the lines must gain so much of that on its own.
const LEAST_GAIN_OF_HALF: f64 = 0.008;
/// Distortions looked at: this far, in these steps.
const MOST: f64 = 0.3;
const STEP: f64 = 0.02;
/// A search goes on through so much loss.
const PATIENCE: f64 = 0.02;

/// The mapping between what a lens shows and what an ideal one would, in the pixels of one picture.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Lens {
    middle: DVec2,
    /// Distortion per squared pixel.
    bend: f64,
}

impl Lens {
    pub fn new(distortion: f64, width: u32, height: u32) -> Self {
        let side = f64::from(width.max(height).max(1));
        Self {
            middle: DVec2::new(f64::from(width), f64::from(height)) / 2.0,
            bend: distortion / (side * side),
        }
    }

    /// Where an ideal lens would show what is at a pixel.
    pub fn ideal(&self, shown: DVec2) -> DVec2 {
        if self.bend == 0.0 {
            return shown;
        }
        let d = shown - self.middle;
        self.middle + d / (1.0 + self.bend * d.length_squared()).max(1e-3)
    }

    /// The pixel that shows what an ideal lens would have at another.
    pub fn shown(&self, ideal: DVec2) -> DVec2 {
        if self.bend == 0.0 {
            return ideal;
        }
        let d = ideal - self.middle;
        let root = (1.0 - 4.0 * self.bend * d.length_squared()).max(0.0).sqrt();
        self.middle + d * (2.0 / (1.0 + root))
    }
}

/// The distortion that the lines of a photo ask for; mostly exactly zero.
pub fn find_distortion(
    working: &Working,
    segments: &[Segment],
    prior: &FocalPrior,
    cameras: &[CameraHypothesis],
) -> f64 {
    let Some(start) = cameras.first().map(|camera| camera.view) else {
        return 0.0;
    };
    let straight = Attempt::new(working, segments, prior, 0.0, start);
    let walk = |toward: f64| {
        let (mut best, mut last) = (straight, straight);
        while last.distortion.abs() < MOST && last.cost < best.cost + PATIENCE {
            last = Attempt::new(working, segments, prior, last.distortion + toward, last.view);
            if last.cost < best.cost {
                best = last;
            }
        }
        best
    };
    let (barrel, cushion) = rayon::join(|| walk(-STEP), || walk(STEP));
    let mut best = if cushion.cost < barrel.cost {
        cushion
    } else {
        barrel
    };
    let mut step = STEP / 2.0;
    while step > 1e-3 {
        for toward in [-step, step] {
            let other = Attempt::new(working, segments, prior, best.distortion + toward, best.view);
            if other.cost < best.cost {
                best = other;
            }
        }
        step /= 2.0;
    }
    let gains_in_half = |half: usize| {
        let lines: Vec<Segment> = segments.iter().skip(half).step_by(2).copied().collect();
        let cost = |attempt: &Attempt| {
            let straightened = without(working, &lines, attempt.distortion);
            Fit::new(working, &straightened, prior).cost(&attempt.view, 1.0)
        };
        cost(&straight) - cost(&best)
    };
    let least = if best.distortion < 0.0 {
        LEAST_GAIN
    } else {
        LEAST_GAIN_OF_CUSHION
    };
    let is_sure =
        straight.cost - best.cost > least && (0..2).all(|half| gains_in_half(half) > LEAST_GAIN_OF_HALF);
    if is_sure { best.distortion } else { 0.0 }
}

/// A distortion with the view that fits best once it is taken out.
#[derive(Debug, Clone, Copy)]
struct Attempt {
    distortion: f64,
    cost: f64,
    view: View,
}

impl Attempt {
    fn new(
        working: &Working,
        segments: &[Segment],
        prior: &FocalPrior,
        distortion: f64,
        start: View,
    ) -> Self {
        let straightened = without(working, segments, distortion);
        let fit = Fit::new(working, &straightened, prior);
        let view = fit.follow(start);
        Self {
            distortion,
            cost: fit.cost(&view, 1.0),
            view,
        }
    }
}

/// The segments as an ideal lens would show them, with the weights they have.
fn without(working: &Working, segments: &[Segment], distortion: f64) -> Vec<Segment> {
    let lens = Lens::new(distortion, working.width, working.height);
    segments
        .iter()
        .map(|segment| {
            let (a, b) = (lens.ideal(segment.a), lens.ideal(segment.b));
            Segment {
                a,
                b,
                length: a.distance(b).max(1e-6),
                weight: segment.weight,
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geometry::{DMat3, DVec3};

    /// The editor draws in the browser: `lens.test.ts` of the web has the same camera and numbers.
    #[test]
    fn a_lens_shows_points_where_the_editor_draws_them() {
        let rows = [
            0.984807753012,
            0.0,
            -0.173648177667,
            -0.015134435901,
            0.996194698092,
            -0.085831651177,
            0.172987393925,
            0.087155742748,
            0.98106026219,
        ];
        let rotation = DMat3::from_cols_array(&rows).transpose();
        for (distortion, point, pixel) in [
            (-0.12, [-1.5, 1.4, 3.0], [100.365051, 919.872689]),
            (-0.12, [1.2, -1.1, 4.5], [878.071017, 190.06021]),
            (-0.12, [0.3, 0.2, 2.0], [764.478086, 531.336058]),
            (0.06, [-1.5, 1.4, 3.0], [65.403731, 940.854064]),
            (0.06, [1.2, -1.1, 4.5], [878.637231, 187.812355]),
        ] {
            let seen = rotation * DVec3::from_array(point);
            let ideal = DVec2::new(seen.x, seen.y) / seen.z * 1000.0 + DVec2::new(790.0, 520.0);
            let shown = Lens::new(distortion, 1600, 1000).shown(ideal);
            assert!(
                shown.distance(DVec2::from_array(pixel)) < 1e-4,
                "{point:?} is at {shown}"
            );
        }
    }

    #[test]
    fn ideal_and_shown_undo_each_other() {
        for distortion in [-0.3, -0.05, 0.0, 0.04, 0.2] {
            let lens = Lens::new(distortion, 1200, 900);
            for pixel in [DVec2::new(600.0, 450.0), DVec2::ZERO, DVec2::new(1199.5, 310.25)] {
                let back = lens.shown(lens.ideal(pixel));
                assert!(back.distance(pixel) < 1e-6, "{pixel} came back as {back}");
            }
        }
        let barrel = Lens::new(-0.1, 1000, 1000);
        assert!(barrel.ideal(DVec2::ZERO).x < 0.0, "a barrel pulls corners in");
    }
}
