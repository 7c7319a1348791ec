//! A picture laid over a surface, as imported models carry them.

use ::image::RgbImage;

use crate::geometry::{Vec2, Vec3};
use crate::image::srgb_to_linear;

/// An sRGB picture that repeats, read in linear light. uv (0, 0) is its lower left corner, (1, 1) the upper right.
#[derive(Debug, Clone, PartialEq)]
pub struct ImageTexture {
    picture: RgbImage,
    mean: Vec3,
    /// Linear value of each byte.
    linear: Box<[f32; 256]>,
}

impl ImageTexture {
    /// A picture of at least one pixel; `None` for an empty one.
    pub fn new(picture: RgbImage) -> Option<Self> {
        if picture.is_empty() {
            return None;
        }
        let linear: Box<[f32; 256]> = Box::new(std::array::from_fn(|v| srgb_to_linear(v as f32 / 255.0)));
        let mut sum = [0.0f64; 3];
        for pixel in picture.pixels() {
            for (total, value) in sum.iter_mut().zip(pixel.0) {
                *total += f64::from(linear[usize::from(value)]);
            }
        }
        let count = f64::from(picture.width()) * f64::from(picture.height());
        let mean = Vec3::from_array(sum.map(|v| (v / count) as f32));
        Some(Self {
            picture,
            mean: mean.max(Vec3::splat(1e-3)),
            linear,
        })
    }

    /// Average colour, linear.
    pub fn mean(&self) -> Vec3 {
        self.mean
    }

    pub fn picture(&self) -> &RgbImage {
        &self.picture
    }

    /// Linear colour at `uv`, between the four nearest pixels.
    #[inline]
    pub fn at(&self, uv: Vec2) -> Vec3 {
        let (width, height) = (self.picture.width(), self.picture.height());
        let x = (uv.x - uv.x.floor()) * width as f32 - 0.5;
        let y = (1.0 - (uv.y - uv.y.floor())) * height as f32 - 0.5;
        let (left, top) = (x.floor(), y.floor());
        let (fx, fy) = (x - left, y - top);
        let texel = |dx: i32, dy: i32| {
            let column = (left as i32 + dx).rem_euclid(width as i32) as u32;
            let row = (top as i32 + dy).rem_euclid(height as i32) as u32;
            Vec3::from_array(
                self.picture
                    .get_pixel(column, row)
                    .0
                    .map(|v| self.linear[usize::from(v)]),
            )
        };
        let upper = texel(0, 0).lerp(texel(1, 0), fx);
        let lower = texel(0, 1).lerp(texel(1, 1), fx);
        upper.lerp(lower, fy)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lower_left_pixel_is_at_zero_and_the_picture_repeats() {
        let mut picture = RgbImage::new(2, 2);
        picture.put_pixel(0, 1, ::image::Rgb([255, 0, 0]));
        let texture = ImageTexture::new(picture).expect("it has pixels");
        for uv in [(0.25, 0.25), (1.25, -0.75), (-2.75, 7.25)] {
            assert!((texture.at(Vec2::from(uv)) - Vec3::X).length() < 1e-5, "{uv:?}");
        }
        assert!(texture.at(Vec2::new(0.75, 0.75)).length() < 1e-5);
        assert!((texture.mean().x - 0.25).abs() < 1e-5);
    }
}
