//! Pictures printed on things: ink over paper, cloth or glaze, sharp from near and calm from afar.
//!
//! A picture is kept at halving sizes, so that what a sample cannot resolve is averaged instead of turning into noise.
//! Surprise: transparent ink shows what lies under it, and the structure under it (threads, grain) shows through opaque
//! ink as well.

use ::image::{RgbImage, RgbaImage};

use crate::geometry::{Vec2, Vec3, Vec4};
use crate::image::{linear_to_srgb, srgb_to_linear};
use crate::model::Material;

/// Reflectance of the white that ink is printed on, and so of its lightest colour.
pub const WHITE: f32 = 0.80;

/// One size of the picture: sRGB bytes with straight alpha.
#[derive(Debug, Clone, PartialEq)]
struct Level {
    picture: RgbaImage,
}

/// A picture with transparency, read in linear light. uv (0, 0) is its lower left corner, (1, 1) the upper right.
#[derive(Debug, Clone, PartialEq)]
pub struct Ink {
    levels: Vec<Level>,
    /// Linear value of each byte.
    linear: Box<[f32; 256]>,
}

impl Ink {
    /// A picture of at least one pixel; `None` for an empty one.
    pub fn new(picture: RgbaImage) -> Option<Self> {
        if picture.is_empty() {
            return None;
        }
        let linear: Box<[f32; 256]> = Box::new(std::array::from_fn(|v| srgb_to_linear(v as f32 / 255.0)));
        let mut levels = vec![Level { picture }];
        while let Some(smaller) = levels.last().and_then(|level| halved(&level.picture, &linear)) {
            levels.push(Level { picture: smaller });
        }
        Some(Self { levels, linear })
    }

    /// An opaque picture.
    pub fn opaque(picture: &RgbImage) -> Option<Self> {
        let pixels = picture.pixels().flat_map(|p| [p[0], p[1], p[2], 255]).collect();
        Self::new(RgbaImage::from_raw(picture.width(), picture.height(), pixels)?)
    }

    /// Width over height.
    pub fn aspect(&self) -> f32 {
        let picture = &self.levels[0].picture;
        picture.width() as f32 / picture.height() as f32
    }

    /// Premultiplied linear colour and coverage at `uv`, as samples `step` (shares of width and height) apart see it;
    /// nothing outside of the picture.
    pub fn at(&self, uv: Vec2, step: Vec2) -> Vec4 {
        let full = &self.levels[0].picture;
        let texels = (step * Vec2::new(full.width() as f32, full.height() as f32)).max_element();
        // Half a level sharper than the rule: the edges of lettering are what people look at.
        let level = (texels.max(1.0).log2() - 0.5).clamp(0.0, (self.levels.len() - 1) as f32);
        let (lower, share) = (level.floor() as usize, level.fract());
        let near = self.bilinear(lower, uv);
        if share < 0.02 || lower + 1 >= self.levels.len() {
            return near;
        }
        near.lerp(self.bilinear(lower + 1, uv), share)
    }

    fn bilinear(&self, level: usize, uv: Vec2) -> Vec4 {
        let picture = &self.levels[level].picture;
        let (width, height) = (picture.width() as i32, picture.height() as i32);
        let x = uv.x * width as f32 - 0.5;
        let y = (1.0 - uv.y) * height as f32 - 0.5;
        let (left, top) = (x.floor(), y.floor());
        let (fx, fy) = (x - left, y - top);
        let texel = |dx: i32, dy: i32| {
            let (column, row) = (left as i32 + dx, top as i32 + dy);
            if column < 0 || row < 0 || column >= width || row >= height {
                return Vec4::ZERO;
            }
            premultiplied(picture.get_pixel(column as u32, row as u32).0, &self.linear)
        };
        let upper = texel(0, 0).lerp(texel(1, 0), fx);
        let lower = texel(0, 1).lerp(texel(1, 1), fx);
        upper.lerp(lower, fy)
    }
}

fn premultiplied([r, g, b, a]: [u8; 4], linear: &[f32; 256]) -> Vec4 {
    let alpha = f32::from(a) / 255.0;
    let color = Vec3::new(
        linear[usize::from(r)],
        linear[usize::from(g)],
        linear[usize::from(b)],
    );
    (color * alpha).extend(alpha)
}

/// Half the size, averaged in linear light; `None` for what is small already.
fn halved(picture: &RgbaImage, linear: &[f32; 256]) -> Option<RgbaImage> {
    let (width, height) = picture.dimensions();
    if width.max(height) < 4 {
        return None;
    }
    let (small_width, small_height) = (width.div_ceil(2), height.div_ceil(2));
    Some(RgbaImage::from_fn(small_width, small_height, |x, y| {
        let mut sum = Vec4::ZERO;
        for (dx, dy) in [(0, 0), (1, 0), (0, 1), (1, 1)] {
            let (column, row) = ((2 * x + dx).min(width - 1), (2 * y + dy).min(height - 1));
            sum += premultiplied(picture.get_pixel(column, row).0, linear);
        }
        let alpha = sum.w / 4.0;
        let byte = |value: f32| (linear_to_srgb(value.clamp(0.0, 1.0)) * 255.0 + 0.5) as u8;
        let color = sum.truncate() / sum.w.max(1e-6);
        ::image::Rgba([
            byte(color.x),
            byte(color.y),
            byte(color.z),
            (alpha * 255.0 + 0.5) as u8,
        ])
    }))
}

/// A rectangle of a surface with a picture on it; lengths in the surface's uv, metres.
#[derive(Debug, Clone, PartialEq)]
pub struct Printed {
    pub ink: std::sync::Arc<Ink>,
    /// Where the picture's lower left corner lies.
    pub corner: Vec2,
    /// How large it is.
    pub size: Vec2,
    /// Lower left and upper right corner of where ink may lie: what hangs over is cut off.
    pub area: (Vec2, Vec2),
    /// What the picture is printed on.
    pub under: Material,
    /// Distance of the samples that see the ink, in that of the samples that see what lies under it.
    pub footprint: f32,
}

impl Printed {
    /// Colour of the printed surface. `plain` is what lies under the ink there, its structure included.
    pub(super) fn over(&self, plain: Vec3, uv: Vec2, footprint: f32) -> Vec3 {
        let (low, high) = self.area;
        if uv.cmplt(low).any() || uv.cmpgt(high).any() {
            return plain;
        }
        let place = (uv - self.corner) / self.size;
        let ink = self
            .ink
            .at(place, Vec2::splat(footprint * self.footprint) / self.size);
        let structure =
            (plain / self.under.albedo.max(Vec3::splat(1e-3))).clamp(Vec3::ZERO, Vec3::splat(1.3));
        plain * (1.0 - ink.w) + ink.truncate() * WHITE * structure
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ::image::Rgba;

    #[test]
    fn a_picture_stands_upright_and_ends_at_its_borders() {
        let mut picture = RgbaImage::from_pixel(4, 4, Rgba([0, 0, 0, 255]));
        picture.put_pixel(0, 3, Rgba([255, 0, 0, 255]));
        let ink = Ink::new(picture).expect("it has pixels");
        let at = |x, y| ink.at(Vec2::new(x, y), Vec2::ZERO);
        assert!((at(0.125, 0.125) - Vec4::new(1.0, 0.0, 0.0, 1.0)).length() < 1e-4);
        assert!((at(0.625, 0.625) - Vec4::W).length() < 1e-4);
        assert_eq!(at(1.5, 0.5), Vec4::ZERO);
        assert_eq!(at(0.5, -0.5), Vec4::ZERO);
    }

    #[test]
    fn stripes_too_fine_to_be_seen_become_their_mean_and_colour_does_not_leak_from_clear_pixels() {
        let stripes = RgbaImage::from_fn(256, 256, |x, _| {
            if x % 2 == 0 {
                Rgba([255, 255, 255, 255])
            } else {
                Rgba([255, 0, 0, 0])
            }
        });
        let ink = Ink::new(stripes).expect("it has pixels");
        for i in 0..50 {
            let u = 0.2 + 0.011 * i as f32;
            let seen = ink.at(Vec2::new(u, 0.5), Vec2::splat(8.0 / 256.0));
            assert!((seen - Vec4::splat(0.5)).length() < 0.02, "{seen} at {u}");
        }
    }
}
