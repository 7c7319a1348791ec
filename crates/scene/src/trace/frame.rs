//! Rectangles of pixels that furniture can cover.

use crate::geometry::{Aabb, Vec2, Vec3};
use crate::light::photo_map::View;

/// Half-open pixel rectangle.
#[derive(Debug, Clone, Copy)]
pub(super) struct Frame {
    pub(super) x0: usize,
    pub(super) y0: usize,
    pub(super) x1: usize,
    pub(super) y1: usize,
}

impl Frame {
    pub(super) const EMPTY: Self = Self {
        x0: 0,
        y0: 0,
        x1: 0,
        y1: 0,
    };

    pub(super) fn union(self, other: Self) -> Self {
        Self {
            x0: self.x0.min(other.x0),
            y0: self.y0.min(other.y0),
            x1: self.x1.max(other.x1),
            y1: self.y1.max(other.y1),
        }
    }

    /// The frame grown to the left and upwards until it begins at multiples of these: grids in it stay where they are while
    /// furniture moves.
    pub(super) fn out_to_multiple_of(self, columns: usize, rows: usize) -> Self {
        Self {
            x0: self.x0 / columns * columns,
            y0: self.y0 / rows * rows,
            ..self
        }
    }

    pub(super) fn is_within(&self, other: &Self) -> bool {
        self.x0 >= other.x0 && self.y0 >= other.y0 && self.x1 <= other.x1 && self.y1 <= other.y1
    }

    pub(super) fn meets(&self, other: &Self) -> bool {
        self.x0 < other.x1 && other.x0 < self.x1 && self.y0 < other.y1 && other.y0 < self.y1
    }
}

/// The pixels a box can cover; the whole picture when it reaches behind the camera.
pub(super) fn frame(view: &View, bounds: &Aabb) -> Option<Frame> {
    let (mut low, mut high) = (Vec2::INFINITY, Vec2::NEG_INFINITY);
    let mut is_behind = [false; 8];
    for (corner, is_behind) in is_behind.iter_mut().enumerate() {
        let pick = |a: usize| {
            if corner >> a & 1 == 0 {
                bounds.min[a]
            } else {
                bounds.max[a]
            }
        };
        match view.project(Vec3::new(pick(0), pick(1), pick(2))) {
            Some((pixel, _)) => (low, high) = (low.min(pixel), high.max(pixel)),
            None => *is_behind = true,
        }
    }
    if is_behind.iter().all(|b| *b) {
        return None;
    }
    if is_behind.iter().any(|b| *b) {
        (low, high) = (Vec2::ZERO, Vec2::new(view.width, view.height));
    }
    let clamp = |value: f32, most: f32| value.clamp(0.0, most) as usize;
    let frame = Frame {
        x0: clamp(low.x.floor() - 3.0, view.width),
        y0: clamp(low.y.floor() - 3.0, view.height),
        x1: clamp(high.x.ceil() + 3.0, view.width),
        y1: clamp(high.y.ceil() + 3.0, view.height),
    };
    (frame.x1 > frame.x0 && frame.y1 > frame.y0).then_some(frame)
}
