//! Patches of direct sun: areas of floor and walls that are much brighter than what lies around them, and end abruptly.
//!
//! Shape and contrast alone do not tell sun from white paint; [`super::sun`] keeps what a window can have let in.

use rayon::prelude::*;

use super::Light;
use super::pane::Pane;
use super::photo_map::{PhotoMap, luminance};
use super::room_box::{CEILING, FLOOR, NEAR};
use crate::geometry::{Vec2, Vec3};

/// Sun makes a surface at least this much brighter than it is beside the patch.
const CONTRAST: f32 = 1.6;
/// Part of the step that the rim of a patch takes within a few pixels, and share of the rim that must do so.
const RIM_STEP: f32 = 1.3;
const SHARP_SHARE: f32 = 0.45;
/// Smallest patch, as a share of the picture.
const SMALLEST: f32 = 0.0012;
/// Sunlight is not much bluer than the light of the room, which walls and floor may have warmed: least ratio of red over blue beside that of the surroundings.
const WARM: f32 = 0.55;
/// Frames and reveals around windows are bright too, metres.
const FRAME: f32 = 0.12;
/// Side of the blocks the light beside the sun is read in, reduced pixels.
const BLOCK: usize = 16;
const REACH: usize = 6;
/// Distance of the pixels that are read for it.
const SPARSE: usize = 8;

/// Per pixel of the reduced photo.
pub(super) struct Candidates {
    /// 1 + face of the room box; 0 where nothing is known: windows, lamps, what lies behind the camera.
    pub face: Vec<u8>,
    /// Where the surface is, room frame.
    pub point: Vec<Vec3>,
    /// 1 + number of the patch.
    pub patch: Vec<u16>,
    pub patches: usize,
    /// Luminance the surface would have without the sun.
    pub unlit: Vec<f32>,
}

/// Finds what could be sun.
pub(super) fn find(photo: &PhotoMap, light: &Light) -> Candidates {
    let count = photo.pixels.len();
    let (width, height) = (photo.width, photo.height);
    let mut found = Candidates {
        face: Vec::new(),
        point: Vec::new(),
        patch: vec![0; count],
        patches: 0,
        unlit: vec![0.0; count],
    };
    let panes: Vec<Pane> = light.emitters.iter().map(Pane::new).collect();
    let is_lamp = |face: usize, point: Vec3| panes.iter().any(|pane| pane.holds(face, point, FRAME));
    let value: Vec<f32> = photo.pixels.iter().map(|&color| luminance(color)).collect();
    // Face and place; the window's mirror image in a polished floor is as bright as sun.
    let place = |i: usize| {
        let pixel = Vec2::new((i % width) as f32 + 0.5, (i / width) as f32 + 0.5) / photo.scale;
        let direction = light.view.ray(pixel);
        let exit = light.room_box.exit(Vec3::ZERO, direction);
        let is_known = exit.face != NEAR && exit.face != CEILING && !is_lamp(exit.face, exit.point);
        let is_mirror = || {
            let up = Vec3::new(direction.x, -direction.y, direction.z);
            let mirrored = light.room_box.exit(exit.point, up);
            exit.face == FLOOR && is_lamp(mirrored.face, mirrored.point)
        };
        if is_known && !is_mirror() {
            (exit.face as u8 + 1, exit.point)
        } else {
            (0, Vec3::ZERO)
        }
    };
    let places = (0..count).into_par_iter().with_min_len(4096).map(place);
    (found.face, found.point) = places.unzip();
    let mut is_bright = vec![false; count];
    // The light beside a patch is known better once the patch does not count; a large one grows inwards from its rim.
    for quantile in [0.3, 0.4, 0.5] {
        let beside = surroundings(&found, photo, |i| !is_bright[i], quantile);
        is_bright = (0..count)
            .map(|i| {
                let own = photo.pixels[i];
                let other = beside[block_of(i, width)][usize::from(found.face[i])];
                found.face[i] > 0
                    && other != Vec3::ZERO
                    && value[i] > CONTRAST * luminance(other)
                    && own.x * other.z > WARM * other.x * own.z
            })
            .collect();
        let bright = is_bright.iter().filter(|is_bright| **is_bright).count();
        if (bright as f32) < SMALLEST * count as f32 {
            return found;
        }
    }
    let mut is_free = is_bright.clone();
    for start in 0..count {
        if !is_free[start] {
            continue;
        }
        let members = flood(start, &mut is_free, &found.face, (width, height));
        if (members.len() as f32) < SMALLEST * count as f32 || found.patches >= usize::from(u16::MAX) - 1 {
            continue;
        }
        if is_sharp(&members, &is_bright, &found.face, &value, (width, height)) {
            found.patches += 1;
            for i in members {
                found.patch[i] = found.patches as u16;
            }
        }
    }
    let beside = surroundings(&found, photo, |i| !is_bright[i], 0.5);
    for i in 0..count {
        found.unlit[i] = between(&beside, (width, height), i, usize::from(found.face[i]));
    }
    found
}

/// Luminance of one face at a pixel, between the middles of the blocks that know it.
fn between(blocks: &[[Vec3; 7]], (width, height): (usize, usize), pixel: usize, face: usize) -> f32 {
    let (columns, rows) = (width.div_ceil(BLOCK), height.div_ceil(BLOCK));
    let position = |i: usize, n: usize| {
        let p = ((i as f32 + 0.5) / BLOCK as f32 - 0.5).clamp(0.0, (n - 1) as f32);
        (p as usize, p.fract())
    };
    let ((x, fx), (y, fy)) = (position(pixel % width, columns), position(pixel / width, rows));
    let (mut sum, mut total) = (0.0, 0.0);
    for (dx, dy) in [(0, 0), (1, 0), (0, 1), (1, 1)] {
        let along = |d: usize, f: f32| if d == 1 { f } else { 1.0 - f };
        let value = luminance(blocks[(y + dy).min(rows - 1) * columns + (x + dx).min(columns - 1)][face]);
        if value > 0.0 {
            let weight = along(dx, fx) * along(dy, fy) + 1e-6;
            sum += value * weight;
            total += weight;
        }
    }
    if total > 0.0 { sum / total } else { 0.0 }
}

fn block_of(pixel: usize, width: usize) -> usize {
    pixel / width / BLOCK * width.div_ceil(BLOCK) + pixel % width / BLOCK
}

/// Colour at a quantile of brightness around each block, for each face by its number; zero where the face is not near.
fn surroundings(
    found: &Candidates,
    photo: &PhotoMap,
    counts: impl Fn(usize) -> bool,
    quantile: f32,
) -> Vec<[Vec3; 7]> {
    let (columns, rows) = (photo.width.div_ceil(BLOCK), photo.height.div_ceil(BLOCK));
    // Face, brightness and colour.
    let mut samples: Vec<Vec<(u8, f32, Vec3)>> = vec![Vec::new(); columns * rows];
    for y in (0..photo.height).step_by(SPARSE) {
        for x in (0..photo.width).step_by(SPARSE) {
            let i = y * photo.width + x;
            if found.face[i] > 0 && counts(i) {
                let color = photo.pixels[i];
                samples[block_of(i, photo.width)].push((found.face[i], luminance(color), color));
            }
        }
    }
    (0..columns * rows)
        .into_par_iter()
        .with_min_len(32)
        .map(|block| {
            let (bx, by) = (block % columns, block / columns);
            let mut near: [Vec<(f32, Vec3)>; 7] = Default::default();
            // What is beside comes first; a patch as large as that is asked about further away.
            for reach in [REACH, 2 * REACH] {
                let is_missing: [bool; 7] = std::array::from_fn(|face| near[face].len() < 12);
                for y in by.saturating_sub(reach)..=(by + reach).min(rows - 1) {
                    for x in bx.saturating_sub(reach)..=(bx + reach).min(columns - 1) {
                        for &(face, bright, color) in &samples[y * columns + x] {
                            if is_missing[usize::from(face)] {
                                near[usize::from(face)].push((bright, color));
                            }
                        }
                    }
                }
            }
            near.map(|mut colors| {
                if colors.is_empty() {
                    return Vec3::ZERO;
                }
                let at = (colors.len() as f32 * quantile) as usize;
                colors.select_nth_unstable_by(at, |a, b| a.0.total_cmp(&b.0)).1.1
            })
        })
        .collect()
}

/// Pixels of one face connected with `start`, taken out of `is_free`.
fn flood(start: usize, is_free: &mut [bool], face: &[u8], (width, height): (usize, usize)) -> Vec<usize> {
    let (mut members, mut next) = (vec![start], 0);
    is_free[start] = false;
    while let Some(&i) = members.get(next) {
        next += 1;
        for n in neighbours(i, 1, (width, height)).into_iter().flatten() {
            if is_free[n] && face[n] == face[i] {
                is_free[n] = false;
                members.push(n);
            }
        }
    }
    members
}

/// The pixels `step` to the left, right, above and below.
fn neighbours(i: usize, step: usize, (width, height): (usize, usize)) -> [Option<usize>; 4] {
    let (x, y) = (i % width, i / width);
    [
        (x >= step).then(|| i - step),
        (x + step < width).then(|| i + step),
        (y >= step).then(|| i - step * width),
        (y + step < height).then(|| i + step * width),
    ]
}

/// Whether the light falls abruptly around most of a patch; where the patch ends with its face says nothing.
fn is_sharp(members: &[usize], is_bright: &[bool], face: &[u8], value: &[f32], size: (usize, usize)) -> bool {
    let (mut rim, mut sharp) = (0, 0);
    for &i in members {
        let near = neighbours(i, 1, size);
        let far = neighbours(i, 4, size);
        let inner = neighbours(i, 2, size);
        for side in 0..4 {
            let (Some(n), Some(out)) = (near[side], far[side]) else {
                continue;
            };
            if is_bright[n] || face[n] != face[i] || face[out] != face[i] {
                continue;
            }
            rim += 1;
            // Sides come in opposite pairs.
            let within = inner[side ^ 1].map_or(value[i], |n| value[n].max(value[i]));
            sharp += usize::from(within > RIM_STEP * value[out]);
        }
    }
    rim > 0 && sharp as f32 > SHARP_SHARE * rim as f32
}
