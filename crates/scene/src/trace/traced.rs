//! The traced pixels of a film side by side, and tracing some of them again.

use rayon::prelude::*;

use super::filter::{Guide, Signal};
use super::pixel::{Surface, TracedPixel};
use crate::light::luminance;
use crate::{Control, StageError};

/// Rows that are looked at before new pixels are written: a pixel in flight is large.
const ROWS: usize = 128;
/// Neighbours whose reflectances differ more than this, as share of the larger, have an edge between them.
const CONTRAST: f32 = 0.3;

/// Pixels row by row.
pub(super) struct Traced<'a> {
    pub(super) width: usize,
    pub(super) surfaces: &'a mut [Surface],
    pub(super) signals: &'a mut [Signal],
    pub(super) guides: &'a mut [Guide],
}

impl Traced<'_> {
    /// Replaces the pixels for which `anew` has another.
    pub(super) fn replace(
        &mut self,
        control: &Control,
        anew: impl Fn(&Self, usize, usize) -> Option<TracedPixel> + Sync,
    ) -> Result<(), StageError> {
        let (width, count) = (self.width, self.guides.len());
        for from in (0..count).step_by(ROWS * width) {
            control.check()?;
            let replaced: Vec<(usize, TracedPixel)> = (from..(from + ROWS * width).min(count))
                .into_par_iter()
                .with_min_len(512)
                .filter_map(|i| Some((i, anew(self, i % width, i / width)?)))
                .collect();
            for (i, pixel) in replaced {
                self.surfaces[i] = pixel.surface;
                self.signals[i] = pixel.signal;
                self.guides[i] = pixel.guide;
            }
        }
        Ok(())
    }

    /// Whether an outline runs between a pixel and one beside it, or with `is_fine` a fold or pattern.
    pub(super) fn is_edge(&self, x: usize, y: usize, is_fine: bool) -> bool {
        let (width, height) = (self.width, self.guides.len() / self.width);
        let here = y * width + x;
        let differs = |there: usize| {
            let (a, b) = (&self.guides[here], &self.guides[there]);
            let (s, t) = (&self.surfaces[here], &self.surfaces[there]);
            if a.id != b.id || (s.coverage - t.coverage).abs() > 0.02 {
                return true;
            }
            if !is_fine {
                return false;
            }
            let (s, t) = (luminance(s.reflect), luminance(t.reflect));
            let (u, v) = (
                luminance(self.surfaces[here].shine),
                luminance(self.surfaces[there].shine),
            );
            a.id != 0
                && (a.normal.dot(b.normal) < 0.9
                    || (s - t).abs() > CONTRAST * s.max(t) + 0.002
                    || (u - v).abs() > CONTRAST * u.max(v) + 0.02)
        };
        (x > 0 && differs(here - 1))
            || (x + 1 < width && differs(here + 1))
            || (y > 0 && differs(here - width))
            || (y + 1 < height && differs(here + width))
    }
}
