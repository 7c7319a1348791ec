//! Light of furniture pixels that gathered none, from the lattice of those that did.

use super::budget::Budget;
use super::filter::{Guide, Signal, estimate_variance, remove_fireflies, smooth};
use super::pixel::TracedPixel;
use super::traced::Traced;
use crate::geometry::Vec3;
use crate::{Control, StageError};

/// Smooths the pixels of the lattice among themselves.
pub(super) fn smooth_lattice(
    traced: &mut Traced<'_>,
    budget: &Budget,
    control: &Control,
) -> Result<(), StageError> {
    let lattice = budget.lattice;
    let (width, height) = (traced.width, traced.guides.len() / traced.width);
    let (columns, rows) = (width.div_ceil(lattice), height.div_ceil(lattice));
    let at = |i: usize| i / columns * lattice * width + i % columns * lattice;
    let mut signals: Vec<Signal> = (0..columns * rows).map(|i| traced.signals[at(i)]).collect();
    let guides: Vec<Guide> = (0..columns * rows).map(|i| traced.guides[at(i)]).collect();
    remove_fireflies(columns, &guides, &mut signals);
    estimate_variance(columns, &guides, &mut signals, |_| true);
    smooth(
        columns,
        &guides,
        &mut signals,
        budget.lattice_levels,
        control,
        |_| true,
    )?;
    for (i, signal) in signals.into_iter().enumerate() {
        traced.signals[at(i)] = signal;
    }
    Ok(())
}

/// The pixel with light between that of the lattice points fewer than `steps` + 1 steps away both ways; `None` where none of
/// them is like it.
pub(super) fn from_neighbours(
    traced: &Traced<'_>,
    budget: &Budget,
    steps: usize,
    x: usize,
    y: usize,
) -> Option<TracedPixel> {
    let lattice = budget.lattice;
    let (width, height) = (traced.width, traced.guides.len() / traced.width);
    let mut pixel = TracedPixel {
        surface: traced.surfaces[y * width + x],
        signal: Signal::default(),
        guide: traced.guides[y * width + x],
    };
    let guide = pixel.guide;
    let (x0, y0) = (x / lattice * lattice, y / lattice * lattice);
    let (mut sum, mut total, mut reach) = ([Vec3::ZERO; 2], 0.0, f32::INFINITY);
    // Twice the steps less one to either side of the corner at x0, y0; bilinear with one step.
    let before = (steps - 1) * lattice;
    let closeness = |a: usize, b: usize| 1.0 - a.abs_diff(b) as f32 / (steps * lattice) as f32;
    let around = (0..4 * steps * steps).map(|i| (i % (2 * steps) * lattice, i / (2 * steps) * lattice));
    for (dx, dy) in around {
        let (Some(nx), Some(ny)) = ((x0 + dx).checked_sub(before), (y0 + dy).checked_sub(before)) else {
            continue;
        };
        let weight = closeness(nx, x) * closeness(ny, y);
        if weight <= 0.0 || nx >= width || ny >= height {
            continue;
        }
        let at = ny * width + nx;
        let other = &traced.guides[at];
        if !traced.surfaces[at].is_lit || other.id != guide.id {
            continue;
        }
        let facing = other.normal.dot(guide.normal).max(0.0).powi(8);
        let offset = other.position - guide.position;
        let lift = guide.normal.dot(offset);
        let flat = 1.0 / (1.0 + 40.0 * lift * lift / (offset.length_squared() + 1e-8));
        let weight = weight * facing * flat;
        for (sum, color) in sum.iter_mut().zip(traced.signals[at].colors) {
            *sum += color * weight;
        }
        pixel.signal.variance += traced.signals[at].variance * weight;
        total += weight;
        reach = reach.min(other.reach[0]);
    }
    if total < budget.least_agreement {
        return None;
    }
    pixel.signal.colors = sum.map(|color| color / total);
    pixel.signal.variance /= total;
    pixel.guide.reach[0] = reach;
    pixel.surface.is_lit = true;
    Some(pixel)
}
