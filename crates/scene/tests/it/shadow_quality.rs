//! Shadows by number: how dark they are where things stand (D11), and how much of their look is chance (D16).

use std::borrow::Cow;

use image::RgbImage;
use vitrine_scene::camera::Camera;
use vitrine_scene::geometry::DVec2;
use vitrine_scene::image::srgb_to_linear;
use vitrine_scene::{Control, Prepared, Quality, Rendered};

use crate::rendering_support::{cabinet, camera, photo, room};

/// Width of the band around the foot of a piece in which contact is judged, metres.
const BAND: f64 = 0.03;
/// Pictures of other seeds whose mean stands for the picture without noise; 24 times the rays of one leave a fifth of its
/// noise.
const SEEDS: u32 = 24;

struct Studio {
    camera: Camera,
    photo: RgbImage,
}

impl Studio {
    fn new(width: u32, height: u32) -> Self {
        let camera = camera(width, height);
        let photo = photo(&camera, &room());
        Self { camera, photo }
    }

    fn render(&self, seeds: impl Iterator<Item = u32>) -> Vec<Rendered> {
        let control = Control::default();
        let prepared = Prepared::new(Cow::Borrowed(&self.photo), &self.camera, &room(), &control)
            .expect("it is prepared");
        seeds
            .map(|seed| {
                prepared
                    .render(&[cabinet()], Quality::Final, seed, &control, |_| {})
                    .expect("it renders")
            })
            .collect()
    }
}

/// D11: mean ratio of light left in a band of 3 cm in front of a cabinet's foot.
pub fn contact_ratio() -> f64 {
    let studio = Studio::new(960, 720);
    let made = &studio.render(5..6)[0];
    let placement = cabinet();
    let front = placement.position.z - f64::from(placement.piece.size.z) / 2.0;
    let half = f64::from(placement.piece.size.x) / 2.0;
    let (mut sum, mut count) = (0.0, 0.0_f64);
    for (x, y, before) in studio.photo.enumerate_pixels() {
        let ray = studio
            .camera
            .ray(DVec2::new(f64::from(x) + 0.5, f64::from(y) + 0.5));
        let point = ray * (placement.position.y / ray.y);
        let is_band = ray.y > 0.0
            && (front - BAND..front).contains(&point.z)
            && (point.x - placement.position.x).abs() < half;
        let at = (y * studio.camera.width + x) as usize;
        if is_band && made.furniture_mask[at] == 0 {
            let linear = |value: u8| f64::from(srgb_to_linear(f32::from(value) / 255.0));
            sum += linear(made.rgb.get_pixel(x, y).0[1]) / linear(before.0[1]);
            count += 1.0;
        }
    }
    assert!(count > 50.0, "the band is in view");
    sum / count
}

/// D16: standard deviation in the shadow of one picture from the mean of many others, 8-bit steps.
pub fn shadow_noise() -> f64 {
    let studio = Studio::new(320, 240);
    let made = studio.render(0..SEEDS + 1);
    let (one, others) = made.split_first().expect("there are pictures");
    let (mut squares, mut count) = (0.0, 0.0_f64);
    for at in 0..one.shadow_mask.len() {
        let is_shadow = one.shadow_mask[at] > 0 && made.iter().all(|m| m.furniture_mask[at] == 0);
        if !is_shadow {
            continue;
        }
        for channel in 0..3 {
            let value = |picture: &Rendered| f64::from(picture.rgb.as_raw()[3 * at + channel]);
            let mean = others.iter().map(value).sum::<f64>() / f64::from(SEEDS);
            squares += (value(one) - mean).powi(2);
            count += 1.0;
        }
    }
    assert!(count > 3000.0, "there is a shadow");
    (squares / count).sqrt()
}
