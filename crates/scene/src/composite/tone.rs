//! The sRGB curve as a table: a picture needs it for every channel of every changed pixel.

use crate::light::encode;

/// Steps of the table, even in the square root of the light, where the curve is nearly straight.
const STEPS: usize = 1024;

/// [`encode`], within a thousandth of a step of 255.
pub struct Tone {
    table: Vec<f32>,
}

impl Tone {
    pub fn new() -> Self {
        let at = |i: usize| encode((i as f32 / STEPS as f32).powi(2));
        Self {
            // One more, so that the brightest light has a neighbour.
            table: (0..=STEPS + 1).map(at).collect(),
        }
    }

    /// A linear value on the scale 0..=255, not rounded; values outside 0..=1 are clamped.
    #[inline]
    pub fn encode(&self, linear: f32) -> f32 {
        let place = linear.clamp(0.0, 1.0).sqrt() * STEPS as f32;
        let (index, share) = (place as usize, place.fract());
        self.table[index] + (self.table[index + 1] - self.table[index]) * share
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_the_curve() {
        let tone = Tone::new();
        for i in 0..=100_000 {
            let linear = i as f32 / 100_000.0;
            let error = (tone.encode(linear) - encode(linear)).abs();
            assert!(error < 2e-3, "{linear}: off by {error}");
        }
        assert_eq!((tone.encode(-1.0), tone.encode(7.0)), (0.0, tone.encode(1.0)));
    }

    #[test]
    fn every_byte_comes_back() {
        let (tone, linear) = (Tone::new(), crate::light::linear_table());
        for (byte, light) in linear.iter().enumerate() {
            assert_eq!(tone.encode(*light).round() as usize, byte);
        }
    }
}
