//! Draws product pictures of two procedural designs: `mockups FOLDER [WIDTH] [preview|final|reference] [NAME…]`.
//!
//! A name is a product and scene such as `mug-desk`; without one all are drawn. Prints the time of each.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Instant;

use image::{Rgba, RgbaImage};
use vitrine_scene::Control;
use vitrine_scene::image::encode_png;
use vitrine_scene::mockup::{Fit, MockupQuality, MockupRequest, PrintPlace, Product, Shade, Variant, mockup};
use vitrine_scene::model::ink::Ink;

/// Four by four samples a pixel of a colour by place (0..1, y down).
fn drawn(width: u32, height: u32, color: impl Fn(f32, f32) -> [f32; 4]) -> RgbaImage {
    RgbaImage::from_fn(width, height, |x, y| {
        let mut sum = [0.0_f32; 4];
        for s in 0..16 {
            let (u, v) = (
                (x as f32 + (s % 4) as f32 / 4.0 + 0.125) / width as f32,
                (y as f32 + (s / 4) as f32 / 4.0 + 0.125) / height as f32,
            );
            let [r, g, b, a] = color(u, v);
            for (total, value) in sum.iter_mut().zip([r * a, g * a, b * a, a]) {
                *total += value;
            }
        }
        let alpha = sum[3].max(1e-6);
        Rgba(
            [
                sum[0] / alpha,
                sum[1] / alpha,
                sum[2] / alpha,
                sum[3] / 16.0 * 255.0,
            ]
            .map(|v| (v + 0.5) as u8),
        )
    })
}

fn ink(hex: u32) -> [f32; 4] {
    [
        (hex >> 16) as f32,
        (hex >> 8 & 255) as f32,
        (hex & 255) as f32,
        1.0,
    ]
}

/// A setting sun in stripes over mountains; nothing around it.
fn sunset() -> RgbaImage {
    drawn(1200, 1200, |u, v| {
        let (x, y) = (u - 0.5, v - 0.5);
        let ridge = |base: f32, seed: f32, height: f32| {
            base - height
                * ((x * 5.1 + seed).sin() * 0.5
                    + (x * 11.7 + seed * 2.3).sin() * 0.25
                    + ((x * 3.0 + seed).fract() - 0.5).abs() * 0.7)
        };
        if (x * x + y * y).sqrt() > 0.46 {
            return [0.0; 4];
        }
        if y > ridge(0.30, 1.7, 0.10) {
            return ink(0x1F3A44);
        }
        if y > ridge(0.20, 4.2, 0.14) {
            return ink(0x2F6A6B);
        }
        let stripe = (y * 13.0).fract().abs();
        if y > -0.02 && stripe < 0.10 + 0.5 * y {
            return [0.0; 4];
        }
        let t = (y + 0.46) / 0.8;
        let (a, b) = if t < 0.5 {
            (0xF2C14E, 0xF07F3C)
        } else {
            (0xF07F3C, 0xC83E4D)
        };
        let share = (t * 2.0).fract();
        let (a, b) = (ink(a), ink(b));
        std::array::from_fn(|c| a[c] + (b[c] - a[c]) * share)
    })
}

/// Arches, a sun and a stem on warm paper, 5 : 7.
fn arches() -> RgbaImage {
    drawn(1000, 1400, |u, v| {
        let (x, y) = (u, v * 1.4);
        if !(0.07..=0.93).contains(&x) || !(0.07..=1.33).contains(&y) {
            return ink(0xF7F2E8);
        }
        let arch = |cx: f32, top: f32, radius: f32| {
            let (dx, dy) = (x - cx, (y - top).min(0.0));
            (dx * dx + dy * dy).sqrt() < radius && y < 1.18
        };
        let stem = 0.70 + 0.02 * (y * 7.0).sin();
        for i in 0..9 {
            let at = 0.62 + 0.062 * i as f32;
            let side = if i % 2 == 0 { 1.0 } else { -1.0 };
            let (dx, dy) = ((x - stem) * side, y - at + 0.6 * (x - stem) * side);
            let along = dx / 0.13;
            if (0.0..1.0).contains(&along) && dy.abs() < 0.028 * (along * std::f32::consts::PI).sin() {
                return ink(0x2C4A3E);
            }
        }
        if (x - stem).abs() < 0.0035 && (0.55..1.18).contains(&y) {
            return ink(0x2C4A3E);
        }
        if ((x - 0.66).powi(2) + (y - 0.33).powi(2)).sqrt() < 0.12 {
            return ink(0xD98E32);
        }
        if arch(0.38, 0.62, 0.12) {
            ink(0xF1DFC4)
        } else if arch(0.38, 0.62, 0.19) {
            ink(0xE3B38A)
        } else if arch(0.38, 0.62, 0.26) {
            ink(0xC26B4A)
        } else if y > 1.18 {
            ink(0x8C4836)
        } else {
            ink(0xEFE6D6)
        }
    })
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let folder = PathBuf::from(arguments.next().unwrap_or_else(|| "mockups".to_owned()));
    let width = arguments
        .next()
        .and_then(|text| text.parse().ok())
        .unwrap_or(1600);
    let quality = match arguments.next().as_deref() {
        Some("preview") => MockupQuality::Preview,
        Some("reference") => MockupQuality::Reference,
        _ => MockupQuality::Final,
    };
    let names: Vec<String> = arguments.collect();
    std::fs::create_dir_all(&folder)?;
    let badge = Arc::new(Ink::new(sunset()).ok_or("no pixels")?);
    let sheet = Arc::new(Ink::new(arches()).ok_or("no pixels")?);
    for product in Product::ALL {
        for scene in product.scenes() {
            let name = format!(
                "{}-{scene}",
                serde_json::json!(product).as_str().unwrap_or("product")
            );
            if !names.is_empty() && !names.contains(&name) {
                continue;
            }
            let color = match (product, *scene) {
                (Product::Tshirt, "hanger") => Shade::parse("charcoal"),
                _ => None,
            };
            let request = MockupRequest {
                product,
                scene: Some((*scene).to_owned()),
                variant: Variant {
                    color,
                    has_mat: *scene == "bedroom",
                    ..Variant::default()
                },
                place: PrintPlace {
                    fit: if product == Product::Poster {
                        Fit::Cover
                    } else {
                        Fit::Contain
                    },
                    ..PrintPlace::default()
                },
                width,
                quality,
                seed: 1,
            };
            let design = if product == Product::Poster {
                &sheet
            } else {
                &badge
            };
            let started = Instant::now();
            let made = mockup(Arc::clone(design), &request, &Control::default())?;
            let took = started.elapsed();
            std::fs::write(folder.join(format!("{name}.png")), encode_png(&made.rgb, None)?)?;
            println!("{name}: {} ms", took.as_millis());
        }
    }
    Ok(())
}
