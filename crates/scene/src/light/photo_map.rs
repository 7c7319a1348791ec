//! The photo as light: linear, reduced, with the view that maps room points into it.

use crate::camera::Camera;
use crate::geometry::{Mat3, Vec2, Vec3};
use crate::image::{RgbImage, linear_to_srgb, srgb_to_linear};

/// Linear values of all 8-bit sRGB values.
pub fn linear_table() -> [f32; 256] {
    std::array::from_fn(|value| srgb_to_linear(value as f32 / 255.0))
}

/// Encodes a linear value to the 0..=255 scale, not rounded.
pub fn encode(linear: f32) -> f32 {
    255.0 * linear_to_srgb(linear)
}

/// Luminance of a linear colour (BT.709).
#[inline]
pub fn luminance(color: Vec3) -> f32 {
    color.dot(Vec3::new(0.2126, 0.7152, 0.0722))
}

/// The camera in `f32`, for many projections.
#[derive(Debug, Clone, Copy)]
pub struct View {
    rotation: Mat3,
    focal: f32,
    center: Vec2,
    /// What the distortion is about, and how strong it is per squared pixel ([`crate::camera::Lens`]).
    middle: Vec2,
    bend: f32,
    pub width: f32,
    pub height: f32,
}

impl View {
    pub fn new(camera: &Camera) -> Self {
        Self {
            rotation: camera.rotation.as_mat3(),
            focal: camera.focal as f32,
            center: camera.center.as_vec2(),
            middle: Vec2::new(camera.width as f32, camera.height as f32) / 2.0,
            bend: (camera.distortion / f64::from(camera.width.max(camera.height).max(1)).powi(2)) as f32,
            width: camera.width as f32,
            height: camera.height as f32,
        }
    }

    /// Pixel of a room point when it is in front of the camera, and its depth.
    #[inline]
    pub fn project(&self, point: Vec3) -> Option<(Vec2, f32)> {
        let p = self.rotation * point;
        (p.z > 0.02).then(|| {
            let ideal = Vec2::new(p.x, p.y) / p.z * self.focal + self.center;
            (self.shown(ideal), p.z)
        })
    }

    /// Unit direction through a pixel.
    #[inline]
    pub fn ray(&self, pixel: Vec2) -> Vec3 {
        let d = (self.ideal(pixel) - self.center) / self.focal;
        (self.rotation.transpose() * Vec3::new(d.x, d.y, 1.0)).normalize()
    }

    #[inline]
    fn ideal(&self, shown: Vec2) -> Vec2 {
        if self.bend == 0.0 {
            return shown;
        }
        let d = shown - self.middle;
        self.middle + d / (1.0 + self.bend * d.length_squared()).max(1e-3)
    }

    #[inline]
    fn shown(&self, ideal: Vec2) -> Vec2 {
        if self.bend == 0.0 {
            return ideal;
        }
        let d = ideal - self.middle;
        let root = (1.0 - 4.0 * self.bend * d.length_squared()).max(0.0).sqrt();
        self.middle + d * (2.0 / (1.0 + root))
    }

    /// The same view at another size of the picture.
    pub fn scaled(&self, factor: f32) -> Self {
        Self {
            focal: self.focal * factor,
            center: self.center * factor,
            middle: self.middle * factor,
            bend: self.bend / (factor * factor),
            width: (self.width * factor).floor(),
            height: (self.height * factor).floor(),
            ..*self
        }
    }

    pub fn contains(&self, pixel: Vec2) -> bool {
        pixel.x >= 0.0 && pixel.y >= 0.0 && pixel.x < self.width && pixel.y < self.height
    }

    pub fn focal(&self) -> f32 {
        self.focal
    }
}

/// The linearised photo at reduced size.
#[derive(Debug, Clone)]
pub struct PhotoMap {
    pub width: usize,
    pub height: usize,
    /// Reduced pixels per photo pixel.
    pub scale: f32,
    pub pixels: Vec<Vec3>,
}

impl PhotoMap {
    /// Averages the photo in linear light down to at most `long_side`.
    pub fn new(photo: &RgbImage, long_side: u32) -> Self {
        let (w, h) = photo.dimensions();
        let scale = (long_side as f32 / w.max(h) as f32).min(1.0);
        let (width, height) = (
            ((w as f32 * scale) as usize).max(1),
            ((h as f32 * scale) as usize).max(1),
        );
        let table = linear_table();
        let bytes = photo.as_raw();
        let span = |i: usize, n: usize, full: u32| {
            let from = i * full as usize / n;
            from..((i + 1) * full as usize / n).max(from + 1)
        };
        let mut pixels = Vec::with_capacity(width * height);
        for y in 0..height {
            let rows = span(y, height, h);
            for x in 0..width {
                let columns = span(x, width, w);
                let mut sum = Vec3::ZERO;
                for row in rows.clone() {
                    for column in columns.clone() {
                        let at = (row * w as usize + column) * 3;
                        sum += Vec3::new(
                            table[bytes[at] as usize],
                            table[bytes[at + 1] as usize],
                            table[bytes[at + 2] as usize],
                        );
                    }
                }
                pixels.push(sum / (rows.len() * columns.len()) as f32);
            }
        }
        Self {
            width,
            height,
            scale,
            pixels,
        }
    }

    /// Bilinear look-up at a position in photo pixels.
    #[inline]
    pub fn sample(&self, pixel: Vec2) -> Vec3 {
        let x = (pixel.x * self.scale - 0.5).clamp(0.0, (self.width - 1) as f32);
        let y = (pixel.y * self.scale - 0.5).clamp(0.0, (self.height - 1) as f32);
        let (x0, y0) = (x as usize, y as usize);
        let (x1, y1) = ((x0 + 1).min(self.width - 1), (y0 + 1).min(self.height - 1));
        let (fx, fy) = (x - x0 as f32, y - y0 as f32);
        let at = |x: usize, y: usize| self.pixels[y * self.width + x];
        at(x0, y0)
            .lerp(at(x1, y0), fx)
            .lerp(at(x0, y1).lerp(at(x1, y1), fx), fy)
    }

    /// Mean over a square of `radius` photo pixels about a position.
    pub fn mean(&self, pixel: Vec2, radius: f32) -> Vec3 {
        let range = |center: f32, n: usize| {
            let from = ((center - radius) * self.scale).clamp(0.0, (n - 1) as f32) as usize;
            let to = ((center + radius) * self.scale).clamp(0.0, (n - 1) as f32) as usize;
            from..=to.max(from)
        };
        let (mut sum, mut count) = (Vec3::ZERO, 0.0);
        for y in range(pixel.y, self.height) {
            for x in range(pixel.x, self.width) {
                sum += self.pixels[y * self.width + x];
                count += 1.0;
            }
        }
        sum / count
    }
}
