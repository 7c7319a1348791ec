//! The photo's own noise, measured and, where it would be missed, given to the furniture.

use crate::geometry::sampling::{hash2, unit};
use crate::image::RgbImage;

/// Noise below this standard deviation (of 255) is not seen and not added.
const INVISIBLE: f32 = 0.7;
/// More than this is texture taken for noise.
const MOST: f32 = 3.0;

/// Gaussian noise of the photo.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Grain {
    /// Standard deviation in 8-bit steps; 0 when it is not worth adding.
    pub sigma: f32,
}

impl Grain {
    /// Measures noise in the smooth half of the photo: a Laplacian that is blind to edges and ramps (Immerkaer 1996), as
    /// the lower quartile over blocks, so that texture does not count.
    pub fn measure(photo: &RgbImage) -> Self {
        const BLOCK: usize = 24;
        let (width, height) = (photo.width() as usize, photo.height() as usize);
        let bytes = photo.as_raw();
        let green = |x: usize, y: usize| i32::from(bytes[(y * width + x) * 3 + 1]);
        let mut blocks = Vec::new();
        for y0 in (1..height.saturating_sub(BLOCK)).step_by(2 * BLOCK) {
            for x0 in (1..width.saturating_sub(BLOCK)).step_by(2 * BLOCK) {
                let (mut sum, mut count, mut is_clipped) = (0_i32, 0, false);
                for y in y0..y0 + BLOCK - 1 {
                    for x in x0..x0 + BLOCK - 1 {
                        let v = green(x, y);
                        is_clipped |= !(4..=250).contains(&v);
                        let corners = green(x - 1, y - 1)
                            + green(x + 1, y - 1)
                            + green(x - 1, y + 1)
                            + green(x + 1, y + 1);
                        let sides = green(x, y - 1) + green(x, y + 1) + green(x - 1, y) + green(x + 1, y);
                        sum += (corners - 2 * sides + 4 * v).abs();
                        count += 1;
                    }
                }
                if !is_clipped {
                    blocks.push(sum as f32 / count as f32);
                }
            }
        }
        if blocks.is_empty() {
            return Self { sigma: 0.0 };
        }
        blocks.sort_by(f32::total_cmp);
        let sigma = blocks[blocks.len() / 4] * (std::f32::consts::FRAC_PI_2).sqrt() / 6.0;
        Self {
            sigma: if sigma > INVISIBLE { sigma.min(MOST) } else { 0.0 },
        }
    }

    /// Noise of one pixel, the same for all channels.
    pub fn at(&self, seed: u32, x: usize, y: usize) -> f32 {
        if self.sigma == 0.0 {
            return 0.0;
        }
        let bits = hash2(hash2(seed ^ 0x6a1_2a17, x as u32), y as u32);
        let (radius, angle) = (
            (-2.0 * unit(bits).max(1e-7).ln()).sqrt(),
            unit(hash2(bits, 1)) * std::f32::consts::TAU,
        );
        self.sigma * radius * angle.cos()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn noise_is_measured_and_a_clean_ramp_has_none() {
        let ramp = |x: u32| 60 + (x / 4) as u8;
        let clean = RgbImage::from_fn(400, 300, |x, _| image::Rgb([ramp(x); 3]));
        assert_eq!(Grain::measure(&clean).sigma, 0.0);
        let grain = Grain { sigma: 2.0 };
        let noisy = RgbImage::from_fn(400, 300, |x, y| {
            let value = (f32::from(ramp(x)) + grain.at(3, x as usize, y as usize)).round() as u8;
            image::Rgb([value; 3])
        });
        let measured = Grain::measure(&noisy).sigma;
        assert!((measured - 2.0).abs() < 0.25, "{measured}");
    }
}
