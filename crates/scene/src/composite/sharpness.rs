//! How sharp the photo is, so that furniture is no sharper: enlarged and phone pictures are softer than a ray tracer.

use crate::image::RgbImage;

/// Weakest step across four pixels that counts as an edge, of 255.
const EDGE: i32 = 56;
/// Blur below this standard deviation, in pixels, is what four rays per pixel give anyway.
const OWN: f32 = 0.45;
/// More than this is motion or focus, which furniture need not share.
const MOST: f32 = 1.5;

/// Standard deviation, in pixels, of the blur that makes a perfectly sharp edge as soft as the photo's sharper edges; 0 for
/// a sharp photo.
///
/// An edge blurred with deviation s keeps erf(1/(s√2)) / erf(2/(s√2)) of its step across four pixels between its two middle
/// neighbours.
pub fn missing_blur(photo: &RgbImage) -> f32 {
    let (width, height) = (photo.width() as usize, photo.height() as usize);
    let bytes = photo.as_raw();
    let mut shares = Vec::new();
    for y in (0..height).step_by(2) {
        let green = |x: usize| i32::from(bytes[(y * width + x) * 3 + 1]);
        for x in 3..width.saturating_sub(3) {
            let wide = green(x + 2) - green(x - 2);
            if wide.abs() < EDGE {
                continue;
            }
            let narrow = |x: usize| (green(x + 1) - green(x - 1)).abs();
            if narrow(x) >= narrow(x - 1) && narrow(x) > narrow(x + 1) {
                shares.push(narrow(x) as f32 / wide.abs() as f32);
            }
        }
    }
    if shares.len() < 200 {
        return 0.0;
    }
    let at = shares.len() * 3 / 5;
    let (_, share, _) = shares.select_nth_unstable_by(at, f32::total_cmp);
    let blur = blur_of(*share);
    (blur * blur - OWN * OWN).max(0.0).sqrt().min(MOST)
}

/// Inverts the share of an edge's step by bisection.
fn blur_of(share: f32) -> f32 {
    let expected =
        |s: f32| erf(1.0 / (s * std::f32::consts::SQRT_2)) / erf(2.0 / (s * std::f32::consts::SQRT_2));
    let (mut low, mut high) = (0.2, 4.0);
    for _ in 0..24 {
        let middle = 0.5 * (low + high);
        if expected(middle) > share {
            low = middle
        } else {
            high = middle
        }
    }
    low
}

/// Error function (Abramowitz and Stegun 7.1.26).
fn erf(x: f32) -> f32 {
    let t = 1.0 / (1.0 + 0.327_591_1 * x);
    let series =
        t * (0.254_829_6 + t * (-0.284_496_7 + t * (1.421_413_7 + t * (-1.453_152 + t * 1.061_405_4))));
    1.0 - series * (-x * x).exp()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn edges(blur: f32) -> RgbImage {
        RgbImage::from_fn(400, 200, |x, y| {
            // Slanted edges, so that every sub-pixel phase occurs.
            let distance = ((x as f32 + 0.13 * y as f32) % 80.0 - 40.0).abs() - 20.0;
            let step =
                0.5 * (1.0 + erf(distance.abs() / (blur * std::f32::consts::SQRT_2)) * distance.signum());
            image::Rgb([(60.0 + 120.0 * step) as u8; 3])
        })
    }

    #[test]
    fn a_sharp_photo_asks_for_no_blur_and_a_soft_one_for_its_own() {
        assert!(missing_blur(&edges(0.3)) < 0.35, "{}", missing_blur(&edges(0.3)));
        let soft = missing_blur(&edges(1.2));
        assert!((0.9..1.4).contains(&soft), "{soft}");
    }
}
