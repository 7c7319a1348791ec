//! How strong the windows and lamps really are: least squares over patches of floor, walls and ceiling.
//!
//! A patch of albedo ρ shows radiance B = ρ E / π. With the unknowns a = 1/ρ per plane and a gain g per emitter,
//! a π B − Σ g K = E(rest) is linear; K and E(rest) come from the room box. The rest is what the photo shows unclipped, so it
//! fixes the scale: the windows must supply what the walls swallow.

use std::f32::consts::PI;

use super::emitters::{Emitter, EmitterKind, MAX_EMITTERS};
use super::photo_map::{PhotoMap, View, luminance};
use super::room_box::{BACK, CEILING, FACES, FLOOR, FaceMap, LEFT, NEAR, RIGHT, RoomBox};
use crate::geometry::sampling::{Sampler, basis, cosine_direction};
use crate::geometry::{Vec2, Vec3};

/// A small piece of a plane as the photo shows it.
#[derive(Debug, Clone, Copy)]
pub struct Patch {
    pub face: usize,
    pub point: Vec3,
    /// Radiance in units of the photo's white.
    pub shown: Vec3,
}

/// What was solved.
#[derive(Debug, Clone, PartialEq)]
pub struct Solution {
    /// Albedo per face, by luminance; 0 where no patch was seen.
    pub albedo: [f32; FACES],
    /// Factor on what was assumed of the wall behind the camera.
    pub behind: f32,
    /// Overall factor on all light that is left after the solution, near 1.
    pub exposure: f32,
    /// Factor per channel that makes neutral walls neutral.
    pub white: Vec3,
    /// Relative misfit of the patches.
    pub residual: f32,
}

impl Default for Solution {
    fn default() -> Self {
        Self {
            albedo: [0.0; FACES],
            behind: BEHIND_PRIOR.0,
            exposure: 1.0,
            white: Vec3::ONE,
            residual: 0.0,
        }
    }
}

const GRID: (usize, usize) = (26, 20);
const UNKNOWNS: usize = FACES + MAX_EMITTERS + 1;
/// The last unknown: how bright the wall behind the camera is beside what was assumed of it.
const BEHIND: usize = UNKNOWNS - 1;
/// Its expected value, relative deviation and range.
const BEHIND_PRIOR: (f32, f32, (f32, f32)) = (0.8, 0.45, (0.15, 1.4));

/// Patches on a grid over the photo, away from edges, openings and clipped areas.
pub fn patches(photo: &PhotoMap, view: &View, room_box: &RoomBox, maps: &[FaceMap; FACES]) -> Vec<Patch> {
    let mut patches = Vec::new();
    let margin = 0.025 * view.width;
    for j in 0..GRID.1 {
        for i in 0..GRID.0 {
            let pixel = Vec2::new(
                (i as f32 + 0.5) / GRID.0 as f32 * view.width,
                (j as f32 + 0.5) / GRID.1 as f32 * view.height,
            );
            let exit = |offset: Vec2| room_box.exit(Vec3::ZERO, view.ray(pixel + offset));
            let here = exit(Vec2::ZERO);
            let offsets = [Vec2::X, Vec2::NEG_X, Vec2::Y, Vec2::NEG_Y].map(|o| o * margin);
            if here.face == NEAR || offsets.iter().any(|&o| exit(o).face != here.face) {
                continue;
            }
            let map = &maps[here.face];
            if offsets
                .iter()
                .chain([&Vec2::ZERO])
                .any(|&o| map.emitter[map.index(room_box.uv(here.face, exit(o).point))] > 0)
            {
                continue;
            }
            let shown = photo.mean(pixel, 0.6 * margin);
            if !(0.004..0.88).contains(&luminance(shown)) {
                continue;
            }
            patches.push(Patch {
                face: here.face,
                point: here.point,
                shown,
            });
        }
    }
    patches
}

/// Irradiance of a patch by the seen room without emitters, by the wall behind the camera, and by each emitter at gain 1.
struct Received {
    rest: Vec3,
    behind: Vec3,
    emitters: [Vec3; MAX_EMITTERS],
}

fn receive(
    patch: &Patch,
    number: usize,
    room_box: &RoomBox,
    maps: &[FaceMap; FACES],
    emitters: &[Emitter],
) -> Received {
    let normal = RoomBox::normal(patch.face);
    let point = patch.point + normal * 0.01;
    let frame = basis(normal);
    let sampler = Sampler::new(0x11_9417, number as u32, 0);
    let (mut rest, mut behind) = (Vec3::ZERO, Vec3::ZERO);
    const COSINE: u32 = 64;
    for i in 0..COSINE {
        let exit = room_box.exit(point, cosine_direction(&frame, sampler.pair(0, i, 6)));
        let map = &maps[exit.face];
        let texel = map.index(room_box.uv(exit.face, exit.point));
        if map.emitter[texel] == 0 && exit.face == NEAR {
            behind += map.radiance[texel];
        } else if map.emitter[texel] == 0 {
            rest += map.radiance[texel];
        }
    }
    let scale = PI / COSINE as f32;
    let mut per_emitter = [Vec3::ZERO; MAX_EMITTERS];
    for (j, emitter) in emitters.iter().enumerate() {
        let mut factor = 0.0;
        for i in 0..16 {
            let (u, v) = sampler.pair(1 + j as u32, i, 4);
            let to = emitter.point(u, v) - point;
            let squared = to.length_squared().max(1e-3);
            let direction = to / squared.sqrt();
            let cosines =
                normal.dot(direction).max(0.0) * (-RoomBox::normal(emitter.face).dot(direction)).max(0.0);
            factor += cosines / squared;
        }
        per_emitter[j] = emitter.shown * (factor * emitter.area / 16.0);
    }
    Received {
        rest: rest * scale,
        behind: behind * scale,
        emitters: per_emitter,
    }
}

/// Lights the wall behind the camera by what stands opposite: the seen room and the windows as solved.
pub fn light_behind(
    room_box: &RoomBox,
    maps: &mut [FaceMap; FACES],
    emitters: &[Emitter],
    solution: &Solution,
) {
    let walls = [LEFT, RIGHT, BACK].map(|face| solution.albedo[face]);
    let seen = walls.iter().filter(|albedo| **albedo > 0.0);
    let albedo = walls.iter().sum::<f32>() / (seen.count() as f32).max(1.0);
    if albedo <= 0.0 {
        return;
    }
    // Coarse: whatever stands behind the camera is no plain wall anyway.
    let mut coarse = FaceMap::new(room_box.face_size(NEAR), 0.7);
    for number in 0..coarse.radiance.len() {
        let (u, v) = coarse.center(number);
        let patch = Patch {
            face: NEAR,
            point: room_box.point(NEAR, u, v),
            shown: Vec3::ZERO,
        };
        let light = receive(&patch, number, room_box, maps, emitters);
        let windows = emitters.iter().zip(&light.emitters).map(|(e, k)| *k * e.gain);
        coarse.radiance[number] = (light.rest + windows.sum::<Vec3>()) * (albedo / PI);
    }
    let near = &mut maps[NEAR];
    for texel in 0..near.radiance.len() {
        if near.emitter[texel] == 0 {
            near.radiance[texel] = coarse.smooth(near.center(texel));
        }
    }
}

/// What is known before looking: gain and its relative deviation, and the range it may take.
fn prior(emitter: &Emitter) -> (f32, f32, (f32, f32)) {
    let clipped = luminance(emitter.shown).min(1.0);
    match emitter.kind {
        // A clipped window hides any strength; one exposed to show its view was darkened by hand.
        EmitterKind::Window => (3.0 + 3.0 * clipped, 1.5, (1.0, 40.0)),
        EmitterKind::Lamp => (2.0, 1.0, (1.0, 25.0)),
        EmitterKind::Unseen => (2.0, 1.5, (0.2, 25.0)),
    }
}

/// Solves the gains into `emitters` and says what else it learned.
pub fn solve(
    patches: &[Patch],
    room_box: &RoomBox,
    maps: &[FaceMap; FACES],
    emitters: &mut [Emitter],
) -> Solution {
    let mut solution = Solution::default();
    for emitter in emitters.iter_mut() {
        emitter.gain = prior(emitter).0;
    }
    if patches.len() < 8 {
        return solution;
    }
    let received: Vec<Received> = patches
        .iter()
        .enumerate()
        .map(|(i, p)| receive(p, i, room_box, maps, emitters))
        .collect();
    let albedo_prior = albedo_priors(patches);
    let mut x = [0.0_f32; UNKNOWNS];
    let (mut low, mut high) = ([0.0_f32; UNKNOWNS], [0.0_f32; UNKNOWNS]);
    for face in 0..FACES {
        let (albedo, _) = albedo_prior[face];
        (x[face], low[face], high[face]) = (1.0 / albedo, 1.0 / 0.86, 1.0 / 0.04);
    }
    for (j, emitter) in emitters.iter().enumerate() {
        let (gain, _, range) = prior(emitter);
        (x[FACES + j], low[FACES + j], high[FACES + j]) = (gain, range.0, range.1);
    }
    (x[BEHIND], low[BEHIND], high[BEHIND]) = (BEHIND_PRIOR.0, BEHIND_PRIOR.2.0, BEHIND_PRIOR.2.1);
    let start = x;
    // Patches share the model's errors, so a hundred of them count like a dozen independent ones.
    let data_weight = 12.0 / patches.len() as f32;
    let mut robust = vec![1.0_f32; patches.len()];
    for _ in 0..4 {
        let (mut matrix, mut right) = ([[0.0_f32; UNKNOWNS]; UNKNOWNS], [0.0_f32; UNKNOWNS]);
        for ((patch, light), &robust) in patches.iter().zip(&received).zip(&robust) {
            let (row, rest) = equation(patch, light, emitters.len(), start[patch.face]);
            let weight = data_weight * robust / (0.12 * 0.12);
            for (i, &a) in row.iter().enumerate().filter(|(_, a)| **a != 0.0) {
                right[i] += weight * a * rest;
                for (k, &b) in row.iter().enumerate() {
                    matrix[i][k] += weight * a * b;
                }
            }
        }
        for face in 0..FACES {
            let weight = 1.0 / (albedo_prior[face].1 * start[face]).powi(2);
            matrix[face][face] += weight;
            right[face] += weight * start[face];
        }
        for (j, emitter) in emitters.iter().enumerate() {
            let (gain, sigma, _) = prior(emitter);
            let weight = 1.0 / (sigma * gain).powi(2);
            matrix[FACES + j][FACES + j] += weight;
            right[FACES + j] += weight * gain;
        }
        let weight = 1.0 / (BEHIND_PRIOR.0 * BEHIND_PRIOR.1).powi(2);
        matrix[BEHIND][BEHIND] += weight;
        right[BEHIND] += weight * BEHIND_PRIOR.0;
        bounded_descent(&matrix, &right, &mut x, &low, &high);
        for ((patch, light), robust) in patches.iter().zip(&received).zip(&mut robust) {
            let (row, rest) = equation(patch, light, emitters.len(), start[patch.face]);
            let misfit: f32 = row.iter().zip(&x).map(|(a, x)| a * x).sum::<f32>() - rest;
            *robust = 1.0 / (1.0 + (misfit / 0.25).powi(2));
        }
    }
    for (j, emitter) in emitters.iter_mut().enumerate() {
        emitter.gain = x[FACES + j];
    }
    solution.behind = x[BEHIND];
    finish(patches, &received, emitters, &x, &mut solution);
    solution
}

/// Coefficients of one patch, divided by the size of its terms, and the known side.
fn equation(patch: &Patch, light: &Received, emitters: usize, inverse_albedo: f32) -> ([f32; UNKNOWNS], f32) {
    let shown = PI * luminance(patch.shown);
    let scale = 1.0 / (shown * inverse_albedo);
    let mut row = [0.0; UNKNOWNS];
    row[patch.face] = shown * scale;
    for j in 0..emitters {
        row[FACES + j] = -luminance(light.emitters[j]) * scale;
    }
    row[BEHIND] = -luminance(light.behind) * scale;
    (row, luminance(light.rest) * scale)
}

/// Albedo expected for each face and its relative deviation: walls and ceilings are mostly painted light, the darker one of
/// them less so; of the floor little is known.
fn albedo_priors(patches: &[Patch]) -> [(f32, f32); FACES] {
    let mean = |face: usize| {
        let values: Vec<f32> = patches
            .iter()
            .filter(|p| p.face == face)
            .map(|p| luminance(p.shown))
            .collect();
        (values.len() >= 4).then(|| values.iter().sum::<f32>() / values.len() as f32)
    };
    let means: [Option<f32>; FACES] = std::array::from_fn(mean);
    let brightest = (0..FACES)
        .filter(|&f| f != FLOOR)
        .filter_map(|f| means[f])
        .fold(0.05, f32::max);
    std::array::from_fn(|face| {
        let relative = (means[face].unwrap_or(brightest) / brightest).clamp(0.02, 1.0);
        match face {
            FLOOR => ((0.6 * relative).clamp(0.08, 0.6), 0.45),
            CEILING => ((0.80 * relative.powf(0.3)).clamp(0.3, 0.82), 0.07),
            _ => ((0.74 * relative.powf(0.5)).clamp(0.12, 0.76), 0.08),
        }
    })
}

/// Minimises xᵀ M x / 2 − rᵀ x within bounds, one unknown at a time.
fn bounded_descent(
    matrix: &[[f32; UNKNOWNS]; UNKNOWNS],
    right: &[f32; UNKNOWNS],
    x: &mut [f32; UNKNOWNS],
    low: &[f32; UNKNOWNS],
    high: &[f32; UNKNOWNS],
) {
    for _ in 0..400 {
        for i in 0..UNKNOWNS {
            if matrix[i][i] <= 0.0 {
                continue;
            }
            let others: f32 = (0..UNKNOWNS)
                .filter(|&k| k != i)
                .map(|k| matrix[i][k] * x[k])
                .sum();
            x[i] = ((right[i] - others) / matrix[i][i]).clamp(low[i], high[i]);
        }
    }
}

/// The last factors: overall exposure, colour balance, and how well it all fits.
fn finish(
    patches: &[Patch],
    received: &[Received],
    emitters: &[Emitter],
    x: &[f32; UNKNOWNS],
    solution: &mut Solution,
) {
    let (mut ratios, mut misfits) = (Vec::new(), Vec::new());
    let (mut shown_sum, mut light_sum) = (Vec3::ZERO, Vec3::ZERO);
    for (patch, light) in patches.iter().zip(received) {
        let total: Vec3 = light.rest
            + light.behind * x[BEHIND]
            + emitters
                .iter()
                .zip(&light.emitters)
                .map(|(e, k)| *k * e.gain)
                .sum::<Vec3>();
        let ratio = PI * luminance(patch.shown) * x[patch.face] / luminance(total).max(1e-4);
        misfits.push((ratio - 1.0).abs());
        if patch.face != FLOOR {
            ratios.push(ratio);
            shown_sum += patch.shown;
            light_sum += total;
        }
    }
    for (face, albedo) in solution.albedo.iter_mut().enumerate() {
        if patches.iter().any(|p| p.face == face) {
            *albedo = 1.0 / x[face];
        }
    }
    misfits.sort_by(f32::total_cmp);
    solution.residual = misfits[misfits.len() / 2];
    if ratios.is_empty() {
        return;
    }
    ratios.sort_by(f32::total_cmp);
    solution.exposure = ratios[ratios.len() / 2].clamp(0.6, 1.7);
    let shown = shown_sum / luminance(shown_sum).max(1e-4);
    let predicted = light_sum / luminance(light_sum).max(1e-4);
    let saturation = (shown.max_element() - shown.min_element()) / shown.max_element();
    // Strongly coloured walls are paint, not light: they must not bleach the furniture.
    let trust = (1.0 - (saturation - 0.15) / 0.2).clamp(0.0, 1.0);
    let white = Vec3::ONE.lerp(shown / predicted.max(Vec3::splat(1e-3)), trust);
    let white = white.clamp(Vec3::splat(0.8), Vec3::splat(1.25));
    solution.white = white / luminance(white);
}
