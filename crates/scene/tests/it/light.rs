//! Light, shadow and insertion against rooms whose light is known (measures D11 to D14 and D16). `make eval-light` prints the figures.

use std::path::PathBuf;

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
        if !is_good {
            let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR"));
            for (name, picture) in ["photo", "truth", "made"].iter().zip(&pictures) {
                let path = folder.join(format!("{}-{name}.png", case.name.replace([' ', ','], "-")));
                picture.save(&path).expect("the target folder can be written");
            }
            panic!("{}: {score:?}, pictures in {}", case.name, folder.display());
        }
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
