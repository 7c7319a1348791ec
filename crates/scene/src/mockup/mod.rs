//! Product pictures: a design on a framed poster, a mug, a T-shirt or a tote bag, in scenes of our own.
//!
//! Real geometry, printed by the cloth's or wall's own coordinates and lit by the same rays as furniture is; no photo is
//! behind it, so nobody else's rights are. [`mockup()`] does all of it. Surprise: a design is ink, so transparent parts
//! keep the product's colour and folds and threads show through.
//!
//! To add a product: a module that builds it with uvs in metres, a variant of [`Product`], its scenes in `sets.rs`.

mod camera;
mod cloth;
mod light;
mod mug;
mod place;
mod products;
mod sets;
mod sheet;
mod shirt;
mod tote;
mod tracer;

#[cfg(test)]
mod tests;

use std::sync::Arc;

use serde::Serialize;

pub use camera::SetCamera;
pub use place::{Fit, PrintPlace};
pub use products::{Paper, Product, Shade, Variant};

use crate::geometry::{Vec2, Vec3};
use crate::image::{RgbImage, linear_to_srgb};
use crate::light::luminance;
use crate::model::ink::Ink;
use crate::trace::{Scene, SolidStore};
use crate::{Control, StageError};
use tracer::{Effort, Set};

/// What picture to make.
#[derive(Debug, Clone, PartialEq)]
pub struct MockupRequest {
    pub product: Product,
    /// One of the product's [`Product::scenes`]; the first when not given.
    pub scene: Option<String>,
    pub variant: Variant,
    pub place: PrintPlace,
    /// Pixels; the height is three quarters of it.
    pub width: u32,
    pub quality: MockupQuality,
    /// The same seed and request give the same bytes.
    pub seed: u32,
}

/// What a picture is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MockupQuality {
    /// To look at while choosing.
    Preview,
    Final,
    /// Slow and without any smoothing: what the others are judged by.
    Reference,
}

/// Widths that are made.
pub const WIDTHS: std::ops::RangeInclusive<u32> = 64..=4096;

/// Pictures up to this width gather light for every pixel.
const SMALL: u32 = 800;

/// A product picture.
#[derive(Debug, Clone)]
pub struct Mockup {
    pub rgb: RgbImage,
    /// Coverage of the product, 0..=255 per pixel.
    pub mask: Vec<u8>,
    pub about: MockupAbout,
    pub camera: SetCamera,
}

/// What a picture shows, for lists and for tools that draw over it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct MockupAbout {
    pub product: Product,
    pub scene: &'static str,
    pub width: u32,
    pub height: u32,
    /// Width and height of the print area.
    pub area_mm: [f32; 2],
    /// Lower left corner of the design about the area's middle, and its size.
    pub design_corner_mm: [f32; 2],
    pub design_size_mm: [f32; 2],
    /// Where the area's corners are seen: upper left, upper right, lower right, lower left.
    pub area_px: [[f32; 2]; 4],
    /// Where the design's corners are seen, in the same order.
    pub design_px: [[f32; 2]; 4],
}

/// Why a picture could not be made.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum MockupError {
    #[error("there is no scene {0} for this product")]
    UnknownScene(String),
    #[error("{0} is out of range")]
    OutOfRange(&'static str),
    #[error(transparent)]
    Engine(#[from] StageError),
}

/// Radiance of a white sheet in the light, of 1: bright, and never clipped.
const WHITE_SHEET: f32 = 0.83;
/// Above this, highlights are rolled off.
const SHOULDER: f32 = 0.80;

/// Makes a product picture of a design.
///
/// Fails for a scene the product does not have, a width or placement out of range, and when `control` says stop.
pub fn mockup(design: Arc<Ink>, request: &MockupRequest, control: &Control) -> Result<Mockup, MockupError> {
    control.check()?;
    if !WIDTHS.contains(&request.width) {
        return Err(MockupError::OutOfRange("width"));
    }
    if !request.place.is_sound() {
        return Err(MockupError::OutOfRange("place"));
    }
    control.progress(0.0, "building");
    let aspect = design.aspect();
    let built = products::build(design, request)?;
    let (width, height) = (request.width, (request.width * 3 / 4).max(1));
    let camera = SetCamera::new(&built.stage.stand, width, height);
    let product = built.stage.around.len() as u16;
    let mut placements = built.stage.around;
    placements.push(built.product);
    let scene = Scene::new(&placements, f32::MAX, &SolidStore::default())
        .sampled_every(products::CALM * camera.pixel_angle());
    control.check()?;
    let set = Set {
        scene: &scene,
        lights: &built.stage.lights,
        camera: &camera,
        product,
        seed: request.seed,
    };
    let effort = match request.quality {
        MockupQuality::Preview => Effort::PREVIEW,
        MockupQuality::Final if request.width <= SMALL => Effort::FINAL_SMALL,
        MockupQuality::Final => Effort::FINAL,
        MockupQuality::Reference => Effort::REFERENCE,
    };
    control.progress(0.1, "rendering");
    let drawn = set.draw(&effort, control)?;
    // White paper where the print is, in the open, sets exposure and white.
    let surface = &built.surface;
    let (here, there) = (surface(Vec2::ZERO), surface(Vec2::new(0.004, 0.0)));
    let up = surface(Vec2::new(0.0, 0.004));
    let normal = (there - here).cross(up - here).normalize_or(Vec3::Z);
    let light = set.lights.open(camera::turned(here), camera::turned(normal))
        * (crate::model::ink::WHITE / std::f32::consts::PI);
    let gain = Vec3::splat(WHITE_SHEET) / light.lerp(Vec3::splat(luminance(light)), 0.25);
    let pixels = drawn
        .colors
        .iter()
        .flat_map(|color| developed(*color * gain))
        .collect();
    let rgb = RgbImage::from_raw(width, height, pixels)
        .ok_or_else(|| StageError::Internal("the picture has another size than its pixels".into()))?;
    let (corner, size) = request.place.rectangle(aspect, built.area);
    let seen = |low: Vec2, size: Vec2| {
        [(0.0, 1.0), (1.0, 1.0), (1.0, 0.0), (0.0, 0.0)].map(|(x, y)| {
            let at = surface(low + size * Vec2::new(x, y));
            camera.project(at).unwrap_or(Vec2::splat(-1.0)).to_array()
        })
    };
    let about = MockupAbout {
        product: request.product,
        scene: built.scene,
        width,
        height,
        area_mm: (built.area * 1000.0).to_array(),
        design_corner_mm: (corner * 1000.0).to_array(),
        design_size_mm: (size * 1000.0).to_array(),
        area_px: seen(-built.area * 0.5, built.area),
        design_px: seen(corner, size),
    };
    control.progress(1.0, "finishing");
    Ok(Mockup {
        rgb,
        mask: drawn
            .product
            .iter()
            .map(|share| (share * 255.0 + 0.5) as u8)
            .collect(),
        about,
        camera,
    })
}

/// Linear light to sRGB bytes, highlights rolled off.
fn developed(color: Vec3) -> [u8; 3] {
    color.to_array().map(|value| {
        let value = value.max(0.0);
        let value = if value > SHOULDER {
            let room = 1.0 - SHOULDER;
            SHOULDER + room * (1.0 - (-(value - SHOULDER) / room).exp())
        } else {
            value
        };
        (linear_to_srgb(value) * 255.0 + 0.5) as u8
    })
}
