//! Linear light: what adds up when lamps do. sRGB values do not.

use ::image::RgbImage;
use rayon::prelude::*;

/// The sRGB transfer function (IEC 61966-2-1), 0..=1 to 0..=1.
pub fn srgb_to_linear(value: f32) -> f32 {
    if value <= 0.04045 {
        value / 12.92
    } else {
        ((value + 0.055) / 1.055).powf(2.4)
    }
}

/// The inverse; values outside 0..=1 are clamped.
pub fn linear_to_srgb(value: f32) -> f32 {
    let value = value.clamp(0.0, 1.0);
    if value <= 0.003_130_8 {
        value * 12.92
    } else {
        1.055 * value.powf(1.0 / 2.4) - 0.055
    }
}

/// A picture in linear light, row by row, red green blue, 1.0 is the photo's white.
#[derive(Debug, Clone, PartialEq)]
pub struct LinearImage {
    pub width: u32,
    pub height: u32,
    pub pixels: Vec<[f32; 3]>,
}

impl LinearImage {
    pub fn new(width: u32, height: u32) -> Self {
        Self {
            width,
            height,
            pixels: vec![[0.0; 3]; width as usize * height as usize],
        }
    }

    pub fn from_srgb(picture: &RgbImage) -> Self {
        let table: Vec<f32> = (0..=255u8)
            .map(|value| srgb_to_linear(f32::from(value) / 255.0))
            .collect();
        let pixels = picture
            .as_raw()
            .par_chunks_exact(3)
            .with_min_len(1 << 14)
            .map(|rgb| {
                [
                    table[usize::from(rgb[0])],
                    table[usize::from(rgb[1])],
                    table[usize::from(rgb[2])],
                ]
            })
            .collect();
        Self {
            width: picture.width(),
            height: picture.height(),
            pixels,
        }
    }

    /// Rounds to the nearest 8-bit value. A picture that came from [`Self::from_srgb`] comes back unchanged.
    pub fn to_srgb(&self) -> RgbImage {
        let mut picture = RgbImage::new(self.width, self.height);
        picture
            .par_chunks_exact_mut(3)
            .with_min_len(1 << 14)
            .zip(self.pixels.par_iter().with_min_len(1 << 14))
            .for_each(|(target, source)| {
                for channel in 0..3 {
                    target[channel] = (linear_to_srgb(source[channel]) * 255.0 + 0.5) as u8;
                }
            });
        picture
    }

    pub fn get(&self, x: u32, y: u32) -> [f32; 3] {
        self.pixels[y as usize * self.width as usize + x as usize]
    }
}
