//! Prints how near the engine's light comes to the truth in rooms of our own (measures D11 to D14 and D16):
//! `cargo run --release -p vitrine-scene --example eval_light -- [folder for pictures]`. With photos (`.jpg`, `.png`)
//! instead it prints what it reads from each: windows and their strength, sun, gloss.

#[path = "../tests/it/rendering_support.rs"]
mod rendering_support;
#[path = "../tests/it/shadow_quality.rs"]
mod shadow_quality;
#[path = "../tests/it/true_light.rs"]
mod true_light;

use std::error::Error;
use std::time::Instant;

use shadow_quality::{contact_ratio, shadow_noise};
use true_light::{CASES, judge};
use vitrine_scene::image::{Limits, decode};
use vitrine_scene::light::{Light, luminance};
use vitrine_scene::{Control, analyze};

fn describe(path: &str) -> Result<(), Box<dyn Error>> {
    let photo = decode(&std::fs::read(path)?, &Limits::default())?;
    let found = match analyze(&photo, &Control::default()) {
        Ok(found) => found,
        Err(error) => {
            println!("{path}: {error}");
            return Ok(());
        }
    };
    let started = Instant::now();
    let light = Light::from_photo(&photo.rgb, &found.camera, &found.room);
    let solution = &light.solution;
    println!(
        "{path}: misfit {:.2}, exposure {:.2}, behind {:.2}, gloss {:.2} blurred {:.2}, lamps {:.2}, {} ms",
        solution.residual,
        solution.exposure,
        solution.behind,
        light.gloss.strength,
        light.gloss.alpha,
        light.glow,
        started.elapsed().as_millis()
    );
    for e in &light.emitters {
        let at = e.center();
        println!(
            "    {:?} of {:.2} m² at {at:.1}: shows {:.2}, gain {:.1}",
            e.kind,
            e.area,
            luminance(e.shown),
            e.gain
        );
    }
    if let Some(sun) = &light.sun {
        let (d, strength) = (sun.direction, luminance(sun.irradiance));
        println!(
            "    sun towards {d:.2}, irradiance {strength:.1}, agreement {:.2}",
            sun.agreement
        );
    }
    Ok(())
}

fn main() -> Result<(), Box<dyn Error>> {
    let is_photo = |name: &String| name.ends_with(".jpg") || name.ends_with(".png");
    let (photos, folders): (Vec<String>, Vec<String>) = std::env::args().skip(1).partition(is_photo);
    for photo in &photos {
        describe(photo)?;
    }
    if !photos.is_empty() {
        return Ok(());
    }
    let folder = folders.first().map(std::path::PathBuf::from);
    let (mut error, mut psnr) = (0.0, 0.0);
    println!(
        "{:34} {:>10} {:>16} {:>10}",
        "room", "D12 error", "D13 ours (true)", "D14 dB"
    );
    for case in &CASES {
        let (score, pictures) = judge(case);
        let degrees = |value: Option<f64>| value.map_or("-".into(), |v| format!("{v:.0}"));
        println!(
            "{:34} {:>10.3} {:>10} ({:>3}) {:>10.1}",
            case.name,
            score.object_error,
            degrees(score.shadow_angle),
            degrees(score.true_angle),
            score.psnr
        );
        (error, psnr) = (error + score.object_error, psnr + score.psnr);
        if let Some(folder) = &folder {
            std::fs::create_dir_all(folder)?;
            for (name, picture) in ["photo", "truth", "made"].iter().zip(&pictures) {
                picture.save(folder.join(format!("{}-{name}.png", case.name.replace([' ', ','], "-"))))?;
            }
        }
    }
    let count = CASES.len() as f64;
    println!(
        "{:34} {:>10.3} {:>16} {:>10.1}",
        "mean",
        error / count,
        "",
        psnr / count
    );
    println!("D11 contact ratio {:.2} (target 0.3 to 0.7)", contact_ratio());
    println!(
        "D16 shadow noise {:.2} of 255 (target at most 1.5)",
        shadow_noise()
    );
    println!("targets: D12 at most 0.09, D13 at most 45 degrees, D14 at least 22 dB");
    Ok(())
}
