//! What is measured on the staged photo itself; only the photo is needed for it.

use std::error::Error;
use std::time::Instant;

use vitrine_scene::furnish::{Style, ViolationKind, check};
use vitrine_scene::image::{Limits, Photo, RgbImage, decode, encode_jpeg, shrink_to};
use vitrine_scene::redecorate::Redecoration;
use vitrine_scene::{Control, StageRequest, Staged, stage};

/// Long side of the photo that is staged with one and with two threads, pixels.
const SMALL_SIDE: u32 = 640;
/// Quality of the JPEG that unchanged pixels are compared in.
const QUALITY: u8 = 92;

/// A staged photo and what it says about the engine.
pub struct Staging {
    pub rgb: RgbImage,
    /// Broken rules, and by how many millimetres pieces are in walls or each other at most.
    pub broken: Vec<ViolationKind>,
    pub deepest_mm: f64,
    /// Most that a pixel outside of furniture, shadow and reflection differs from the photo, 8-bit steps.
    pub most_changed: u8,
    /// The same pixels after both were written as JPEG, dB; infinite when they are all alike.
    pub psnr: f64,
    /// From the file's bytes to the staged file's, and what it was about.
    pub seconds: f64,
    pub megapixels: f64,
    pub pieces: usize,
    /// Whether one and two threads give the same bytes.
    pub is_deterministic: bool,
}

/// The request that every photo is staged with.
pub fn request() -> StageRequest {
    StageRequest {
        room_type: None,
        style: Style::Scandinavian,
        seed: 1,
        redecoration: Redecoration::default(),
        force: false,
        plan: 0,
        furniture: None,
        library: None,
        picture: None,
    }
}

/// Stages a photo as a customer would have it, and again small; `None` where the engine refuses or finds no plan.
pub fn measure(bytes: &[u8]) -> Result<Option<Staging>, Box<dyn Error>> {
    let control = Control::default();
    let started = Instant::now();
    let photo = decode(bytes, &Limits::default())?;
    let Ok(staged) = stage(&photo, &request(), &control) else {
        return Ok(None);
    };
    let written = encode_jpeg(&staged.rgb, QUALITY, None)?;
    let seconds = started.elapsed().as_secs_f64();

    let found = check(&staged.analysis.room, &staged.analysis.camera, &staged.placements);
    let same = |at: usize| staged.furniture_mask[at] == 0 && staged.shadow_mask[at] == 0;
    let changed = (0..staged.furniture_mask.len())
        .filter(|at| same(*at))
        .flat_map(|at| {
            let pixels = (
                &staged.rgb.as_raw()[3 * at..3 * at + 3],
                &photo.rgb.as_raw()[3 * at..3 * at + 3],
            );
            pixels.0.iter().zip(pixels.1).map(|(p, q)| p.abs_diff(*q))
        });
    let (width, height) = photo.rgb.dimensions();
    Ok(Some(Staging {
        broken: found.iter().map(|violation| violation.kind).collect(),
        deepest_mm: found
            .iter()
            .map(|violation| violation.amount_mm)
            .fold(0.0, f64::max),
        most_changed: changed.max().unwrap_or(0),
        psnr: written_alike(&photo, &written, same)?,
        seconds,
        megapixels: f64::from(width) * f64::from(height) / 1e6,
        pieces: staged.placements.len(),
        is_deterministic: is_deterministic(&photo)?,
        rgb: staged.rgb,
    }))
}

/// PSNR between the staged file and the photo written in the same way, over pixels that nothing was put on.
fn written_alike(photo: &Photo, written: &[u8], same: impl Fn(usize) -> bool) -> Result<f64, Box<dyn Error>> {
    let again = |bytes: &[u8]| decode(bytes, &Limits::default()).map(|photo| photo.rgb);
    let (staged, plain) = (again(written)?, again(&encode_jpeg(&photo.rgb, QUALITY, None)?)?);
    let (mut squares, mut count) = (0.0, 0.0_f64);
    for (at, (p, q)) in staged.pixels().zip(plain.pixels()).enumerate() {
        if same(at) {
            squares += (0..3)
                .map(|k| f64::from(p[k].abs_diff(q[k])).powi(2))
                .sum::<f64>();
            count += 3.0;
        }
    }
    Ok(10.0 * (255.0_f64.powi(2) * count / squares).log10())
}

fn is_deterministic(photo: &Photo) -> Result<bool, Box<dyn Error>> {
    let small = Photo {
        rgb: shrink_to(&photo.rgb, SMALL_SIDE)?,
        ..photo.clone()
    };
    let with = |threads: usize| -> Result<Option<Staged>, Box<dyn Error>> {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build()?;
        Ok(pool.install(|| stage(&small, &request(), &Control::default()).ok()))
    };
    Ok(match (with(1)?, with(2)?) {
        (Some(one), Some(two)) => one.rgb == two.rgb,
        (one, two) => one.is_none() && two.is_none(),
    })
}
