//! Where a design goes on a product: standard print areas, and how it fits into them.

use serde::{Deserialize, Serialize};

use crate::geometry::Vec2;
use crate::model::framed_print::{around, within};

/// How a design is fitted into its print area.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fit {
    /// All of it is seen.
    #[default]
    Contain,
    /// The area is full; what hangs over is cut off.
    Cover,
}

/// How a design lies in its print area.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct PrintPlace {
    #[serde(default)]
    pub fit: Fit,
    /// Of the fitted size.
    pub scale: f32,
    /// Shift from the middle in shares of the area's width and height: to the right, and down.
    pub offset: [f32; 2],
}

impl Default for PrintPlace {
    fn default() -> Self {
        Self {
            fit: Fit::Contain,
            scale: 1.0,
            offset: [0.0, 0.0],
        }
    }
}

impl PrintPlace {
    /// Scales that make sense.
    pub const SCALES: std::ops::RangeInclusive<f32> = 0.05..=5.0;
    /// Offsets that leave something of the design in the area.
    pub const OFFSETS: std::ops::RangeInclusive<f32> = -1.0..=1.0;

    pub(super) fn is_sound(&self) -> bool {
        Self::SCALES.contains(&self.scale) && self.offset.iter().all(|o| Self::OFFSETS.contains(o))
    }

    /// Lower left corner, about the area's middle, and size of a design in an area.
    pub(super) fn rectangle(&self, aspect: f32, area: Vec2) -> (Vec2, Vec2) {
        let fitted = match self.fit {
            Fit::Contain => within(aspect, area),
            Fit::Cover => around(aspect, area),
        };
        let size = fitted * self.scale;
        let shift = Vec2::new(self.offset[0], -self.offset[1]) * area;
        (shift - size * 0.5, size)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_design_is_contained_or_covers_and_keeps_its_shape() {
        let area = Vec2::new(0.3, 0.4);
        for aspect in [0.4, 0.75, 1.0, 2.5] {
            for fit in [Fit::Contain, Fit::Cover] {
                let place = PrintPlace {
                    fit,
                    ..PrintPlace::default()
                };
                let (corner, size) = place.rectangle(aspect, area);
                assert!((size.x / size.y / aspect - 1.0).abs() < 1e-5);
                assert!((corner + size * 0.5).length() < 1e-6);
                let over = (size - area).max_element();
                match fit {
                    Fit::Contain => assert!(over.abs() < 1e-6),
                    Fit::Cover => assert!((size - area).min_element().abs() < 1e-6),
                }
            }
        }
        let shifted = PrintPlace {
            scale: 0.5,
            offset: [0.25, -0.25],
            ..PrintPlace::default()
        };
        let (corner, size) = shifted.rectangle(0.75, area);
        assert!((size - Vec2::new(0.15, 0.2)).length() < 1e-6);
        assert!((corner + size * 0.5 - Vec2::new(0.075, 0.1)).length() < 1e-6);
    }
}
