//! Product pictures judged: against many rays, by colour, by where a print lands, by what shows through.

use std::sync::Arc;

use ::image::{Rgba, RgbaImage};

use super::*;
use crate::image::srgb_to_linear;
use crate::model::look::lab;

#[path = "../../tests/it/golden.rs"]
mod golden;

fn request(product: Product, scene: usize, width: u32, quality: MockupQuality) -> MockupRequest {
    MockupRequest {
        product,
        scene: Some(product.scenes()[scene].to_owned()),
        variant: Variant::default(),
        place: PrintPlace::default(),
        width,
        quality,
        seed: 1,
    }
}

fn made(design: RgbaImage, request: &MockupRequest) -> Mockup {
    let ink = Arc::new(Ink::new(design).expect("it has pixels"));
    mockup(ink, request, &Control::default()).expect("it is made")
}

fn flat(color: [u8; 4]) -> RgbaImage {
    RgbaImage::from_pixel(40, 40, Rgba(color))
}

fn striped() -> RgbaImage {
    RgbaImage::from_fn(120, 120, |x, y| {
        let v = if (x / 15 + y / 20) % 2 == 0 { 40 } else { 210 };
        Rgba([v, 120, 255 - v, 255])
    })
}

/// Mean structural similarity of luminance over 8 × 8 windows (Wang et al. 2004).
fn ssim(a: &RgbImage, b: &RgbImage) -> f64 {
    let luma =
        |p: &::image::Rgb<u8>| 0.299 * f64::from(p[0]) + 0.587 * f64::from(p[1]) + 0.114 * f64::from(p[2]);
    let (c1, c2) = ((0.01 * 255.0_f64).powi(2), (0.03 * 255.0_f64).powi(2));
    let (mut sum, mut count) = (0.0, 0.0);
    for top in (0..a.height() - 8).step_by(4) {
        for left in (0..a.width() - 8).step_by(4) {
            let (mut ma, mut mb, mut aa, mut bb, mut ab) = (0.0, 0.0, 0.0, 0.0, 0.0);
            for y in top..top + 8 {
                for x in left..left + 8 {
                    let (p, q) = (luma(a.get_pixel(x, y)), luma(b.get_pixel(x, y)));
                    (ma, mb, aa, bb, ab) = (ma + p, mb + q, aa + p * p, bb + q * q, ab + p * q);
                }
            }
            let n = 64.0;
            let (ma, mb) = (ma / n, mb / n);
            let (va, vb, cov) = (aa / n - ma * ma, bb / n - mb * mb, ab / n - ma * mb);
            sum += (2.0 * ma * mb + c1) * (2.0 * cov + c2) / ((ma * ma + mb * mb + c1) * (va + vb + c2));
            count += 1.0;
        }
    }
    sum / count
}

/// The aim is 0.98 everywhere; what a mug mirrors keeps it below.
fn resembles_its_reference(product: Product, least: f64) {
    for scene in 0..2 {
        let fast = made(striped(), &request(product, scene, 200, MockupQuality::Final));
        let slow = made(striped(), &request(product, scene, 200, MockupQuality::Reference));
        let similarity = ssim(&fast.rgb, &slow.rgb);
        println!("{product:?} {}: {similarity:.4}", fast.about.scene);
        golden::expect(
            similarity > least,
            &format!("mockup, {product:?} {}", fast.about.scene),
            &fast.rgb,
            &slow.rgb,
            &format!("SSIM {similarity:.4}"),
        );
    }
}

#[test]
fn a_poster_looks_as_with_many_rays() {
    resembles_its_reference(Product::Poster, 0.98);
}

#[test]
fn a_mug_looks_as_with_many_rays() {
    resembles_its_reference(Product::Mug, 0.94);
}

#[test]
fn a_shirt_looks_as_with_many_rays() {
    resembles_its_reference(Product::Tshirt, 0.98);
}

#[test]
fn a_bag_looks_as_with_many_rays() {
    resembles_its_reference(Product::Tote, 0.98);
}

/// Pixels well inside of where a design is seen.
fn inside(picture: &Mockup) -> Vec<[u8; 3]> {
    let corners = picture.about.design_px.map(Vec2::from_array);
    let middle = corners.iter().sum::<Vec2>() / 4.0;
    let mut all = Vec::new();
    for j in 0..20 {
        for i in 0..20 {
            let (u, v) = (i as f32 / 19.0, j as f32 / 19.0);
            let at = corners[0]
                .lerp(corners[1], u)
                .lerp(corners[3].lerp(corners[2], u), v);
            let at = middle + (at - middle) * 0.7;
            all.push(picture.rgb.get_pixel(at.x as u32, at.y as u32).0);
        }
    }
    all
}

fn linear(p: &[u8; 3]) -> Vec3 {
    Vec3::from_array(p.map(|v| srgb_to_linear(f32::from(v) / 255.0)))
}

#[test]
fn colours_keep_their_hue_and_white_is_not_clipped() {
    for product in Product::ALL {
        let wish = request(product, 0, 240, MockupQuality::Preview);
        for color in [
            [200, 60, 40],
            [50, 130, 90],
            [60, 80, 170],
            [230, 180, 60],
            [120, 120, 120],
        ] {
            let picture = made(flat([color[0], color[1], color[2], 255]), &wish);
            let seen = inside(&picture).iter().map(linear).sum::<Vec3>() / 400.0;
            let meant = linear(&color);
            // The light may be brighter or darker there; the colour is to be the same.
            let (seen, meant) = (lab(seen * (luminance(meant) / luminance(seen))), lab(meant));
            let apart = (seen - meant).length();
            assert!(apart < 9.0, "{product:?} {color:?}: ΔE {apart}");
        }
        let white = made(flat([255; 4]), &wish);
        let pixels = inside(&white);
        let clipped = pixels.iter().filter(|p| p.iter().all(|v| *v >= 254)).count();
        // The window's image in a mug's glaze is as bright as a window.
        let most = if product == Product::Mug { 80 } else { 0 };
        assert!(
            clipped <= most,
            "{product:?}: {clipped} of 400 white pixels are clipped"
        );
        let mean = pixels.iter().map(|p| f32::from(p[1])).sum::<f32>() / 400.0;
        assert!(mean > 185.0, "{product:?}: white is {mean}");
    }
}

#[test]
fn a_checkers_corners_land_where_projection_says() {
    const FIELDS: u32 = 6;
    let checker = RgbaImage::from_fn(60 * FIELDS, 60 * FIELDS, |x, y| {
        let v = if (x / 60 + y / 60) % 2 == 0 { 15 } else { 240 };
        Rgba([v, v, v, 255])
    });
    for product in Product::ALL {
        for scene in 0..2 {
            let wish = request(product, scene, 800, MockupQuality::Preview);
            let ink = Arc::new(Ink::new(checker.clone()).expect("it has pixels"));
            let built = products::build(Arc::clone(&ink), &wish).expect("it is built");
            let picture = mockup(ink, &wish, &Control::default()).expect("it is made");
            let (corner, size) = wish.place.rectangle(1.0, built.area);
            let grey = |x: i32, y: i32| {
                let p = picture
                    .rgb
                    .get_pixel(x.clamp(0, 799) as u32, y.clamp(0, 599) as u32)
                    .0;
                p.iter().map(|v| f64::from(*v)).sum::<f64>()
            };
            let (mut sum, mut worst) = (Vec2::ZERO, 0.0_f32);
            let mut count = 0.0;
            for j in 1..FIELDS {
                for i in 1..FIELDS {
                    let at = corner + size * Vec2::new(i as f32, j as f32) / FIELDS as f32;
                    let meant = picture
                        .camera
                        .project((built.surface)(at))
                        .expect("it is in front");
                    // Around a corner opposite fields are alike and neighbours are not: most so at the corner itself.
                    let contrast = |x: i32, y: i32| {
                        let mut total = 0.0;
                        for d in 1..=4 {
                            for e in 1..=4 {
                                total += grey(x - d, y - e) + grey(x + d - 1, y + e - 1)
                                    - grey(x + d - 1, y - e)
                                    - grey(x - d, y + e - 1);
                            }
                        }
                        total.abs()
                    };
                    let (x, y) = (meant.x.round() as i32, meant.y.round() as i32);
                    let found = (-4..=4)
                        .flat_map(|dy| (-4..=4).map(move |dx| (x + dx, y + dy)))
                        .max_by(|a, b| contrast(a.0, a.1).total_cmp(&contrast(b.0, b.1)))
                        .expect("places were tried");
                    let off = Vec2::new(found.0 as f32, found.1 as f32) - meant;
                    sum += off;
                    worst = worst.max(off.abs().max_element());
                    count += 1.0;
                }
            }
            let mean = sum / count;
            assert!(
                mean.abs().max_element() < 1.0,
                "{product:?} {scene}: {mean} on average"
            );
            // Rounding to whole pixels takes half of the one that is allowed.
            // The window is mirrored across some corners of the mug, where brightness tells nothing of them.
            assert!(
                worst <= 1.5 || product == Product::Mug,
                "{product:?} {scene}: {worst} at worst"
            );
        }
    }
}

#[test]
fn what_is_transparent_keeps_the_products_colour() {
    let half = RgbaImage::from_fn(40, 40, |x, _| Rgba([200, 20, 20, if x < 20 { 255 } else { 0 }]));
    for product in [Product::Mug, Product::Tshirt, Product::Tote] {
        let mut wish = request(product, 0, 240, MockupQuality::Preview);
        if product == Product::Tshirt {
            wish.variant.color = Shade::parse("royal");
        }
        let plain = inside(&made(flat([255, 255, 255, 0]), &wish));
        let printed = inside(&made(half.clone(), &wish));
        let apart = |columns: std::ops::Range<usize>| {
            let of = |p: &[u8; 3], q: &[u8; 3]| (0..3).map(|c| p[c].abs_diff(q[c])).max().unwrap_or(0);
            let cells = (0..400).filter(|i| columns.contains(&(i % 20)));
            let all: Vec<f32> = cells.map(|i| f32::from(of(&plain[i], &printed[i]))).collect();
            all.iter().sum::<f32>() / all.len() as f32
        };
        assert!(apart(0..8) > 50.0, "{product:?}: ink covers {}", apart(0..8));
        assert!(
            apart(12..20) < 6.0,
            "{product:?}: nothing covers {}",
            apart(12..20)
        );
    }
    // Half of the ink is half of the way.
    let wish = request(Product::Tote, 0, 240, MockupQuality::Preview);
    let level = |alpha: u8| {
        let all = inside(&made(flat([0, 0, 0, alpha]), &wish));
        all.iter().map(|p| linear(p).y).sum::<f32>() / 400.0
    };
    let (bare, thin, thick) = (level(0), level(128), level(255));
    assert!(
        ((bare - thin) / (bare - thick) - 0.5).abs() < 0.05,
        "{bare} {thin} {thick}"
    );
}

#[test]
fn any_number_of_threads_makes_the_same_picture_and_the_mask_is_the_product() {
    let wish = request(Product::Tshirt, 0, 160, MockupQuality::Final);
    let on = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build();
        pool.expect("a pool").install(|| made(striped(), &wish))
    };
    let (one, three) = (on(1), on(3));
    assert_eq!(one.rgb, three.rgb);
    assert_eq!(one.mask, three.mask);
    assert_eq!(one.rgb.dimensions(), (160, 120));
    assert_eq!((one.mask[0], one.mask[60 * 160 + 80]), (0, 255));
}

#[test]
fn what_cannot_be_made_is_refused_in_words() {
    let ink = Arc::new(Ink::new(flat([0; 4])).expect("it has pixels"));
    let refused = |wish: MockupRequest| mockup(Arc::clone(&ink), &wish, &Control::default()).err();
    let good = request(Product::Mug, 0, 100, MockupQuality::Preview);
    let elsewhere = MockupRequest {
        scene: Some("beach".into()),
        ..good.clone()
    };
    assert_eq!(
        refused(elsewhere),
        Some(MockupError::UnknownScene("beach".into()))
    );
    let huge = MockupRequest {
        width: 100_000,
        ..good.clone()
    };
    assert_eq!(refused(huge), Some(MockupError::OutOfRange("width")));
    let control = Control::default();
    control.cancel();
    let stopped = mockup(Arc::clone(&ink), &good, &control).err();
    assert_eq!(stopped, Some(MockupError::Engine(StageError::Canceled)));
    assert_eq!(
        Paper::parse("50x70"),
        Some(Paper {
            width_mm: 500,
            height_mm: 700
        })
    );
    assert_eq!((Paper::parse("5x70"), Paper::parse("poster")), (None, None));
    assert_eq!(Shade::parse("#102030"), Some(Shade(0x10_2030)));
}
