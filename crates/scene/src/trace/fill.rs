//! Gives furniture pixels that gathered no light that of their neighbours on the same smooth surface.

use rayon::prelude::*;

use super::film::FilmPixel;

/// Neighbours that agree less than this with a pixel cannot speak for it.
const LEAST_AGREEMENT: f32 = 0.2;

/// Fills pixels off the lattice; `gather` renders a pixel anew, with light of its own, where no neighbour will do.
pub(super) fn fill(
    pixels: &mut [FilmPixel],
    width: usize,
    lattice: usize,
    gather: impl Fn(usize, usize) -> FilmPixel + Sync,
) {
    let height = pixels.len() / width.max(1);
    let filled: Vec<Option<FilmPixel>> = (0..pixels.len())
        .into_par_iter()
        .with_min_len(256)
        .map(|i| {
            let pixel = pixels[i];
            if pixel.is_lit || pixel.guide.id == 0 {
                return None;
            }
            let (x, y) = (i % width, i / width);
            Some(from_neighbours(pixels, (width, height), lattice, x, y).unwrap_or_else(|| gather(x, y)))
        })
        .collect();
    for (pixel, filled) in pixels.iter_mut().zip(filled) {
        if let Some(filled) = filled {
            *pixel = filled;
        }
    }
}

/// The pixel with light between that of the four lattice points around it.
fn from_neighbours(
    pixels: &[FilmPixel],
    (width, height): (usize, usize),
    lattice: usize,
    x: usize,
    y: usize,
) -> Option<FilmPixel> {
    let mut pixel = pixels[y * width + x];
    let guide = pixel.guide;
    let (x0, y0) = (x / lattice * lattice, y / lattice * lattice);
    let (fx, fy) = ((x - x0) as f32 / lattice as f32, (y - y0) as f32 / lattice as f32);
    let (mut sum, mut total, mut reach) = (crate::geometry::Vec3::ZERO, 0.0, f32::INFINITY);
    for (dx, dy, weight) in [
        (0, 0, (1.0 - fx) * (1.0 - fy)),
        (lattice, 0, fx * (1.0 - fy)),
        (0, lattice, (1.0 - fx) * fy),
        (lattice, lattice, fx * fy),
    ] {
        let (nx, ny) = (x0 + dx, y0 + dy);
        if weight <= 0.0 || nx >= width || ny >= height {
            continue;
        }
        let other = &pixels[ny * width + nx];
        if !other.is_lit || other.guide.id != guide.id {
            continue;
        }
        let facing = other.guide.normal.dot(guide.normal).max(0.0).powi(8);
        let offset = other.guide.position - guide.position;
        let lift = guide.normal.dot(offset);
        let flat = 1.0 / (1.0 + 40.0 * lift * lift / (offset.length_squared() + 1e-8));
        let weight = weight * facing * flat;
        sum += other.irradiance * weight;
        total += weight;
        reach = reach.min(other.guide.reach[0]);
    }
    if total < LEAST_AGREEMENT {
        return None;
    }
    pixel.irradiance = sum / total;
    pixel.guide.reach[0] = reach;
    pixel.is_lit = true;
    Some(pixel)
}
