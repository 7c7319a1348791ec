//! Light, shadow and insertion against rooms whose light is known (measures D11 to D14 and D16). `make eval-light` prints the figures.

use std::borrow::Cow;

use image::{Rgb, RgbImage};
use vitrine_scene::geometry::{DVec3, Vec3};
use vitrine_scene::image::srgb_to_linear;
use vitrine_scene::light::encode;
use vitrine_scene::{Control, Prepared, Quality};

use crate::golden;
use crate::rendering_support::{cabinet, camera, photo, room};
use crate::shadow_quality::{contact_ratio, shadow_noise};
use crate::true_light::{CASES, judge};

#[test]
fn a_box_is_lit_and_shaded_as_the_room_would_have_done() {
    let (mut errors, mut ratios) = (Vec::new(), Vec::new());
    for case in &CASES {
        let (score, pictures) = judge(case);
        // The measure itself: a true shadow lies away from the window.
        assert!(score.true_angle.is_none_or(|degrees| degrees < 30.0), "{score:?}");
        let is_good = score.object_error < 0.17
            && score.psnr > 22.0
            && score.shadow_angle.is_none_or(|degrees| degrees < 45.0);
        let [_, truth, made] = &pictures;
        golden::expect(
            is_good,
            &format!("light, {}", case.name),
            made,
            truth,
            &format!("{score:?}"),
        );
        errors.push(score.object_error);
        ratios.push(score.psnr);
    }
    let mean = |values: &[f64]| values.iter().sum::<f64>() / values.len() as f64;
    assert!(
        mean(&errors) < 0.09,
        "light on objects is off by {:.3}",
        mean(&errors)
    );
    assert!(mean(&ratios) > 24.0, "insertion is at {:.1} dB", mean(&ratios));
}

#[test]
fn a_shadow_is_dark_where_things_stand_and_free_of_grain() {
    let (contact, noise) = (contact_ratio(), shadow_noise());
    println!("contact {contact:.2}, noise {noise:.2}");
    assert!(
        (0.3..0.7).contains(&contact),
        "contact leaves {contact:.2} of the light"
    );
    assert!(noise < 1.0, "shadows scatter by {noise:.2} of 255");
}

#[test]
fn a_lamp_does_not_outshine_a_dark_photo() {
    let camera = camera(160, 120);
    let bright = photo(&camera, &room());
    let dark = RgbImage::from_fn(160, 120, |x, y| {
        let dim = |value: u8| encode(0.05 * srgb_to_linear(f32::from(value) / 255.0)).round() as u8;
        Rgb(bright.get_pixel(x, y).0.map(dim))
    });
    let mut shade = cabinet();
    shade.piece.materials[0].emission = Vec3::splat(0.4);
    let (point, control) = (shade.position - DVec3::new(0.0, 0.4, 0.3), Control::default());
    let (pixel, _) = camera.project(point).expect("its front is in view");
    let lit = |photo: &RgbImage| {
        Prepared::new(Cow::Borrowed(photo), &camera, &room(), &control)
            .and_then(|p| p.render(&[shade.clone()], Quality::Final, 7, &control, |_| {}))
            .expect("it renders")
            .rgb
            .get_pixel(pixel.x as u32, pixel.y as u32)
            .0[1]
    };
    let (day, night) = (lit(&bright), lit(&dark));
    assert!(day > 150, "by day it shines with {day}");
    assert!((30..100).contains(&night), "in the dark it shines with {night}");
}
