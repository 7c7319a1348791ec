//! Line segments packed eight abreast, so that the compiler makes vector code of the loops that dominate the
//! camera search.

use super::Segment;
use crate::geometry::{DVec2, DVec3};

type Lane = [f32; 8];

/// Width of the kernel that counts a segment as pointing to a vanishing point, as the sine of 1.6 degrees: the
/// spread of detected segments around the true direction in ordinary photos.
const SPREAD: f32 = 0.027_9;

/// Segments relative to a centre: middles in pixels, unit directions and weights.
#[derive(Debug, Clone, Default)]
pub(super) struct Lanes {
    middle_x: Vec<Lane>,
    middle_y: Vec<Lane>,
    direction_x: Vec<Lane>,
    direction_y: Vec<Lane>,
    pub weight: Vec<Lane>,
}

impl Lanes {
    /// Packs segments; the last lane is filled with weightless ones.
    pub fn new<'a>(segments: impl Iterator<Item = &'a Segment>, center: DVec2) -> Self {
        let mut lanes = Self::default();
        for (index, segment) in segments.enumerate() {
            let at = index % 8;
            if at == 0 {
                lanes.middle_x.push([0.0; 8]);
                lanes.middle_y.push([0.0; 8]);
                lanes.direction_x.push([1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0]);
                lanes.direction_y.push([0.0; 8]);
                lanes.weight.push([0.0; 8]);
            }
            let lane = index / 8;
            let (middle, direction) = (segment.middle() - center, segment.direction());
            lanes.middle_x[lane][at] = middle.x as f32;
            lanes.middle_y[lane][at] = middle.y as f32;
            lanes.direction_x[lane][at] = direction.x as f32;
            lanes.direction_y[lane][at] = direction.y as f32;
            lanes.weight[lane][at] = segment.weight as f32;
        }
        lanes
    }

    pub fn count(&self) -> usize {
        self.weight.len()
    }

    /// Squared sine of the angle between each segment of a lane and the line from its middle to the vanishing point
    /// of `axis`. `shift` moves the principal point down from the centre.
    #[inline]
    pub fn deviation(&self, lane: usize, axis: DVec3, focal: f64, shift: f64) -> Lane {
        let (ax, ay, az) = ((focal * axis.x) as f32, (focal * axis.y) as f32, axis.z as f32);
        let shift = shift as f32;
        let (mx, my) = (&self.middle_x[lane], &self.middle_y[lane]);
        let (dx, dy) = (&self.direction_x[lane], &self.direction_y[lane]);
        let mut result = [0.0; 8];
        for at in 0..8 {
            let (vx, vy) = (ax - az * mx[at], ay - az * (my[at] - shift));
            let cross = vx * dy[at] - vy * dx[at];
            result[at] = cross * cross / (vx * vx + vy * vy + 1e-6);
        }
        result
    }

    /// The smaller deviation of three axes.
    #[inline]
    pub fn least_deviation(&self, lane: usize, axes: [DVec3; 3], focal: f64, shift: f64) -> Lane {
        let mut least = self.deviation(lane, axes[0], focal, shift);
        for axis in [axes[1], axes[2]] {
            let other = self.deviation(lane, axis, focal, shift);
            for at in 0..8 {
                least[at] = least[at].min(other[at]);
            }
        }
        least
    }

    /// The sine of the angle by which each segment's middle lies below the horizon.
    #[inline]
    pub fn depression(&self, lane: usize, down: DVec3, focal: f64, shift: f64) -> Lane {
        let (ax, ay, az) = (down.x as f32, down.y as f32, (down.z * focal) as f32);
        let (focal, shift) = (focal as f32, shift as f32);
        std::array::from_fn(|at| {
            let (x, y) = (self.middle_x[lane][at], self.middle_y[lane][at] - shift);
            (ax * x + ay * y + az) / (x * x + y * y + focal * focal).sqrt()
        })
    }
}

/// `exp(-deviation / SPREAD^2)`, as the eighth power that compiles to vector code.
#[inline]
pub(super) fn agreement(deviation: &Lane) -> Lane {
    const SCALE: f32 = 1.0 / (8.0 * SPREAD * SPREAD);
    let mut result = [0.0; 8];
    for at in 0..8 {
        let base = (1.0 - deviation[at] * SCALE).max(0.0);
        let squared = base * base;
        let fourth = squared * squared;
        result[at] = fourth * fourth;
    }
    result
}

/// Sum of `weight * value` over all lanes in a fixed order.
#[inline]
pub(super) fn weighted_sum(lanes: usize, mut term: impl FnMut(usize) -> Lane) -> f64 {
    let mut sum = [0.0f32; 8];
    for lane in 0..lanes {
        let value = term(lane);
        for at in 0..8 {
            sum[at] += value[at];
        }
    }
    sum.iter().map(|value| f64::from(*value)).sum()
}

#[inline]
pub(super) fn times(p: &Lane, q: &Lane) -> Lane {
    std::array::from_fn(|at| p[at] * q[at])
}
