//! A design at a place on the floor.
//!
//! Floor coordinates are `(x, z)` of the room frame, metres.

use std::collections::HashMap;

use super::Kind;
use super::polygon::separation;
use crate::geometry::DVec2;
use crate::model::curtains::stack;
use crate::model::{Design, own_option};

/// Windows whose view is watched; the largest count.
pub(super) const WINDOWS: usize = 3;

/// A design at a place on the floor.
#[derive(Debug, Clone, Copy)]
pub(super) struct Item {
    pub design: Design,
    pub x: f64,
    pub z: f64,
    pub yaw: f64,
    /// Height of its base above the floor.
    pub lift: f64,
    pub view: View,
}

/// A piece's bounding box as seen in the picture.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct View {
    /// Share of the picture it covers.
    pub share: f64,
    /// Share of the piece that is inside the frame.
    pub inside: f64,
    /// Bounds within the frame as fractions of width and height.
    pub min: DVec2,
    pub max: DVec2,
    /// Which sample points of the windows ([`super::space::Space::windows`]) it stands before, one bit each.
    pub windows: [u64; WINDOWS],
}

impl View {
    pub fn centre(&self) -> DVec2 {
        (self.min + self.max) * 0.5
    }

    /// Area shared with another view, as a fraction of `other`'s bounds.
    pub fn covers(&self, other: &Self) -> f64 {
        let low = self.min.max(other.min);
        let high = self.max.min(other.max);
        let area = (high - low).max(DVec2::ZERO);
        let whole = (other.max - other.min).max(DVec2::splat(1e-6));
        area.x * area.y / (whole.x * whole.y)
    }
}

impl Item {
    pub fn width(&self) -> f64 {
        f64::from(self.design.size.x)
    }

    pub fn depth(&self) -> f64 {
        f64::from(self.design.size.z)
    }

    pub fn height(&self) -> f64 {
        f64::from(self.design.size.y)
    }

    /// Distance of the footprint's corners from its middle, at least.
    pub fn radius(&self) -> f64 {
        // Not quite the diagonal, but never less.
        0.5 * (self.width().max(self.depth()) + 0.415 * self.width().min(self.depth()))
    }

    /// Direction its front faces.
    pub fn front(&self) -> DVec2 {
        let (sin, cos) = self.yaw.to_radians().sin_cos();
        DVec2::new(sin, -cos)
    }

    /// A floor point given in the piece's own frame (x to its right as seen from its front, z towards its front).
    pub fn local(&self, x: f64, z: f64) -> DVec2 {
        let (sin, cos) = self.yaw.to_radians().sin_cos();
        DVec2::new(self.x + cos * x + sin * z, self.z + sin * x - cos * z)
    }

    /// Corners of the footprint, grown by a margin.
    pub fn footprint(&self, margin: f64) -> [DVec2; 4] {
        let (w, d) = (self.width() * 0.5 + margin, self.depth() * 0.5 + margin);
        [
            self.local(-w, -d),
            self.local(w, -d),
            self.local(w, d),
            self.local(-w, d),
        ]
    }

    /// The floor it takes: its footprint, but only the foot of a parasol.
    pub fn ground(&self) -> [DVec2; 4] {
        const FOOT: f64 = 0.30;
        if self.design.kind != Kind::Parasol {
            return self.footprint(0.0);
        }
        [(-FOOT, -FOOT), (FOOT, -FOOT), (FOOT, FOOT), (-FOOT, FOOT)].map(|(x, z)| self.local(x, z))
    }

    /// The parts of its ground that are really taken: a corner sofa leaves room in its nook, drawn-back curtains leave the
    /// window free.
    pub fn parts(&self) -> impl Iterator<Item = [DVec2; 4]> + use<> {
        let (w, d) = (self.width() * 0.5, self.depth() * 0.5);
        let block = |x0: f64, x1: f64, z0: f64, z1: f64| {
            [(x0, z0), (x1, z0), (x1, z1), (x0, z1)].map(|(x, z)| self.local(x, z))
        };
        let design = &self.design;
        let (first, second) = if let Some(seat) = design.drawn_out() {
            let front = -d + f64::from(seat.body);
            let edge = f64::from(seat.side) * (w - f64::from(seat.width));
            let (x0, x1) = if seat.side > 0.0 { (edge, w) } else { (-w, edge) };
            (block(-w, w, -d, front), Some(block(x0, x1, front, d)))
        } else if design.kind == Kind::Curtain && own_option(design.option) > 1 {
            let stack = f64::from(stack(design.size.x));
            (block(-w, -w + stack, -d, d), Some(block(w - stack, w, -d, d)))
        } else {
            (self.ground(), None)
        };
        std::iter::once(first).chain(second)
    }

    /// Distance between the parts of two pieces; how far they are in each other when negative.
    pub fn apart(&self, other: &Self) -> f64 {
        self.parts()
            .flat_map(|a| other.parts().map(move |b| separation(&a, &b)))
            .fold(f64::INFINITY, f64::min)
    }

    /// The clear floor in front of the piece, `reach` metres deep.
    pub fn apron(&self, reach: f64) -> [DVec2; 4] {
        let (w, d) = (self.width() * 0.5 - 0.02, self.depth() * 0.5);
        [
            self.local(-w, d),
            self.local(w, d),
            self.local(w, d + reach),
            self.local(-w, d + reach),
        ]
    }

    /// Height of the piece itself, without the small things that come with it.
    pub fn body_height(&self) -> f64 {
        if self.design.top > 0.0 {
            f64::from(self.design.top)
        } else {
            self.height()
        }
    }

    /// Whether it would fill the picture when close.
    pub fn is_large(&self) -> bool {
        self.body_height() > 0.5 || self.width() > 0.9
    }

    pub fn is_flat(&self) -> bool {
        self.design.size.y < 0.05
    }

    /// Flat things and curtains are in nobody's way.
    pub fn is_solid(&self) -> bool {
        !self.is_flat() && self.on_floor() && self.design.kind != Kind::Curtain
    }

    pub fn on_floor(&self) -> bool {
        self.lift < 0.01
    }

    /// Whether two pieces share heights.
    pub fn meets_vertically(&self, other: &Self) -> bool {
        // Stored heights are rounded.
        const ROUNDING: f64 = 0.001;
        self.lift < other.lift + other.height() - ROUNDING
            && other.lift < self.lift + self.height() - ROUNDING
            && !self.carries(other)
            && !other.carries(self)
    }

    /// Whether another piece stands on this one's top.
    pub fn carries(&self, other: &Self) -> bool {
        let top = f64::from(self.design.top);
        top > 0.0 && (self.lift + top - other.lift).abs() < 0.002
    }
}

/// Names unique within a list, such as `armchair-2`.
pub(super) fn ids(items: &[Item]) -> Vec<String> {
    let mut count: HashMap<Kind, usize> = HashMap::new();
    items
        .iter()
        .map(|item| {
            let kind = item.design.kind;
            let n = count.entry(kind).or_default();
            *n += 1;
            format!("{}-{n}", serde_json::json!(kind).as_str().unwrap_or("piece"))
        })
        .collect()
}
