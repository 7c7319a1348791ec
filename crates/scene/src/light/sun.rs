//! Direct sun: where it comes from, how strong it is, and which part of the room it falls on.
//!
//! The outline of a window, carried along the sun's rays, lands on the patch it makes. The direction is the one that
//! makes windows and patches agree best; without agreement there is no sun, only a bright patch. What lies in the beam
//! needs no window any more: whatever point of space is followed along the rays to a lit pixel is lit.

use std::f32::consts::{PI, TAU};

use rayon::prelude::*;

use super::Light;
use super::emitters::{Emitter, EmitterKind};
use super::pane::{Asked, Pane};
use super::photo_map::{PhotoMap, luminance};
use super::room_box::RoomBox;
use super::sun_patch::{self, Candidates};
use crate::geometry::{Vec2, Vec3};

/// Agreement (intersection over union) of windows and patches from which a direction is believed, and the share of the
/// patches it must explain.
const AGREEMENT: f32 = 0.45;
const EXPLAINED: f32 = 0.6;
/// Lowest and highest sun that falls far enough into a room to be seen, degrees.
const ELEVATION: (f32, f32) = (6.0, 76.0);
/// More irradiance than this, in units of the photo's white, is no sun but a white wall beside a dark floor.
const STRONGEST: f32 = 5.0 * PI;
/// A direction further away than this, degrees, that explains the patches nearly as well leaves both in doubt.
const RIVAL: (f32, f32) = (20.0, 0.9);
/// Points that are asked while searching, and while refining.
const ASKED: (usize, usize) = (500, 4000);

/// The sun of one photo.
pub struct Sun {
    /// Unit vector towards the sun, room frame.
    pub direction: Vec3,
    /// Irradiance of a surface that faces it.
    pub irradiance: Vec3,
    /// Windows against patches, 0..1.
    pub agreement: f32,
    width: usize,
    height: usize,
    scale: f32,
    pixels: Vec<Lit>,
}

/// One pixel of the reduced photo.
#[derive(Debug, Clone, Copy, Default)]
struct Lit {
    /// Share of the light that is the sun's, 0 outside of patches and their rims.
    share: f32,
    /// Luminance without the sun.
    unlit: f32,
    /// Whether all around it is lit too.
    is_inside: bool,
}

impl Sun {
    /// Reads the sun from the patches it makes; `light` knows its emitters and albedos already.
    pub(super) fn find(photo: &PhotoMap, light: &Light) -> Option<Self> {
        let found = sun_patch::find(photo, light);
        if found.patches == 0 {
            return None;
        }
        // Bright rectangles that are no known openings may be sun on a wall themselves: they are asked last.
        let is_opening = |e: &&Emitter| e.kind == EmitterKind::Window && e.is_opening;
        let openings: Vec<Pane> = light.emitters.iter().filter(is_opening).map(Pane::new).collect();
        let is_window = |e: &&Emitter| e.kind == EmitterKind::Window;
        let all: Vec<Pane> = light.emitters.iter().filter(is_window).map(Pane::new).collect();
        let (windows, (direction, agreement)) = [openings, all]
            .into_iter()
            .filter(|windows| !windows.is_empty())
            .find_map(|windows| {
                let best = direction(&found, &windows)?;
                Some((windows, best))
            })?;
        // Patches that no window explains are something else.
        let mut votes = vec![(0_u32, 0_u32); found.patches + 1];
        for patch in &found.patch {
            votes[usize::from(*patch)].0 += 1;
        }
        let patches = Asked::new(&found, (0..found.patch.len()).filter(|&i| found.patch[i] > 0));
        patches.for_each_lit(&windows, direction, |patch| votes[usize::from(patch)].1 += 1);
        let is_sun = |i: usize| {
            let (all, lit) = votes[usize::from(found.patch[i])];
            found.patch[i] > 0 && 2 * lit > all
        };
        let mut sun = Self {
            direction,
            irradiance: Vec3::ZERO,
            agreement,
            width: photo.width,
            height: photo.height,
            scale: photo.scale,
            pixels: vec![Lit::default(); photo.pixels.len()],
        };
        sun.irradiance = strength(photo, light, &found, direction, &is_sun)?;
        sun.fill(photo, &found, is_sun);
        Some(sun)
    }

    /// Shares inside of the patches, carried over their rims.
    fn fill(&mut self, photo: &PhotoMap, found: &Candidates, is_sun: impl Fn(usize) -> bool) {
        const RIM: usize = 2;
        let (width, height) = (self.width, self.height);
        let mask: Vec<bool> = (0..self.pixels.len()).map(is_sun).collect();
        for i in 0..mask.len() {
            let (x, y) = (i % width, i / width);
            let (mut lit, mut all, mut sum) = (0, 0, 0.0);
            for ny in y.saturating_sub(RIM)..=(y + RIM).min(height - 1) {
                for nx in x.saturating_sub(RIM)..=(x + RIM).min(width - 1) {
                    let n = ny * width + nx;
                    all += 1;
                    if mask[n] && found.face[n] == found.face[i] {
                        lit += 1;
                        sum += luminance(photo.pixels[n]);
                    }
                }
            }
            if lit > 0 && found.face[i] > 0 {
                let unlit = found.unlit[i];
                self.pixels[i] = Lit {
                    share: (1.0 - unlit * lit as f32 / sum).clamp(0.0, 0.95),
                    unlit,
                    is_inside: lit == all,
                };
            }
        }
    }

    fn pixel(&self, pixel: Vec2) -> Option<&Lit> {
        let at = pixel * self.scale;
        if at.x < 0.0 || at.y < 0.0 {
            return None;
        }
        let (x, y) = (at.x as usize, at.y as usize);
        (x < self.width && y < self.height).then(|| &self.pixels[y * self.width + x])
    }

    /// Share of the light on the room at a pixel of the photo that is the sun's; `own` is the luminance seen there, which
    /// tells on which side of a rim the pixel lies.
    pub fn share(&self, pixel: Vec2, own: f32) -> f32 {
        let Some(lit) = self.pixel(pixel).filter(|lit| lit.share > 0.0) else {
            return 0.0;
        };
        if lit.is_inside {
            return lit.share;
        }
        let full = lit.unlit / (1.0 - lit.share);
        lit.share * ((own - lit.unlit) / (full - lit.unlit).max(1e-4)).clamp(0.0, 1.0)
    }

    /// Whether sun falls on a pixel of the photo, 0..1, smooth between pixels.
    fn beam(&self, pixel: Vec2) -> f32 {
        let p = pixel * self.scale - Vec2::splat(0.5);
        let (x, y) = (p.x.floor(), p.y.floor());
        let (fx, fy) = (p.x - x, p.y - y);
        let at = |dx: f32, dy: f32| {
            let (x, y) = (x + dx, y + dy);
            let is_known = x >= 0.0 && y >= 0.0 && x < self.width as f32 && y < self.height as f32;
            let lit = is_known.then(|| self.pixels[y as usize * self.width + x as usize]);
            lit.map_or(0.0, |lit| if lit.is_inside { 1.0 } else { lit.share.min(0.4) })
        };
        let above = at(0.0, 0.0) * (1.0 - fx) + at(1.0, 0.0) * fx;
        let below = at(0.0, 1.0) * (1.0 - fx) + at(1.0, 1.0) * fx;
        above * (1.0 - fy) + below * fy
    }

    /// How much of the sun reaches a point of the empty room.
    pub fn reaches(&self, light: &Light, point: Vec3) -> f32 {
        let exit = light.room_box.exit(point, -self.direction);
        light
            .view
            .project(exit.point)
            .map_or(0.0, |(pixel, _)| self.beam(pixel))
    }

    /// Directions over the sun's disc (half a degree across), for soft edges; four of them.
    pub fn ray(&self, number: usize) -> Vec3 {
        const RADIUS: f32 = 0.0032;
        let frame = crate::geometry::sampling::basis(self.direction);
        let angle = TAU * (number as f32 + 0.5) / 4.0;
        (frame * Vec3::new(RADIUS * angle.cos(), RADIUS * angle.sin(), 1.0)).normalize()
    }
}

/// Unit vector towards azimuth and elevation, radians; azimuth 0 is Z, a right angle is X.
fn towards(azimuth: f32, elevation: f32) -> Vec3 {
    let level = elevation.cos();
    Vec3::new(azimuth.sin() * level, -elevation.sin(), azimuth.cos() * level)
}

/// Which direction makes windows and patches agree, and how well.
fn direction(found: &Candidates, windows: &[Pane]) -> Option<(Vec3, f32)> {
    let known: Vec<usize> = (0..found.face.len()).filter(|&i| found.face[i] > 0).collect();
    let asked = |most: usize| {
        // Every so manieth pixel; a step without small factors visits all columns.
        let step = (known.len() / most).max(1) | 1;
        Asked::new(found, known.iter().copied().step_by(step))
    };
    let score = |points: &Asked, (azimuth, elevation): (f32, f32)| {
        points.agreement(windows, towards(azimuth, elevation))
    };
    let few = asked(ASKED.0);
    let step = 6.0_f32.to_radians();
    let (low, high) = (ELEVATION.0.to_radians(), ELEVATION.1.to_radians());
    const AROUND: usize = 60;
    let mut tried: Vec<(f32, (f32, f32))> = (0..AROUND * (((high - low) / step) as usize + 1))
        .into_par_iter()
        .map(|number| {
            let place = (
                (number % AROUND) as f32 * step,
                low + (number / AROUND) as f32 * step,
            );
            (score(&few, place).0, place)
        })
        .collect();
    tried.sort_by(|a, b| b.0.total_cmp(&a.0));
    let many = asked(ASKED.1);
    let apart =
        |a: (f32, f32), b: (f32, f32)| towards(a.0, a.1).dot(towards(b.0, b.1)) < RIVAL.0.to_radians().cos();
    // The best few, the best that is quite another direction among them.
    let mut starts: Vec<(f32, (f32, f32))> = tried.iter().take(3).copied().collect();
    starts.extend(tried.iter().find(|(_, place)| apart(*place, tried[0].1)));
    let mut best = ((0.0, 0.0), (0.0, 0.0));
    let mut ends = Vec::new();
    for (coarse, mut place) in starts {
        if coarse <= 0.0 {
            break;
        }
        let mut own = score(&many, place);
        for degrees in [2.5_f32, 1.2, 0.6, 0.3] {
            let step = degrees.to_radians();
            // Up to a few steps of each size downhill.
            for _ in 0..6 {
                let next = [
                    (1.0, 0.0),
                    (-1.0, 0.0),
                    (0.0, 1.0),
                    (0.0, -1.0),
                    (1.0, 1.0),
                    (-1.0, -1.0),
                ]
                .map(|(a, e)| (place.0 + a * step, (place.1 + e * step).clamp(low, high)))
                .map(|place| (score(&many, place), place))
                .into_iter()
                .max_by(|a, b| a.0.0.total_cmp(&b.0.0))
                .filter(|(next, _)| next.0 > own.0);
                let Some((next, there)) = next else {
                    break;
                };
                (own, place) = (next, there);
            }
        }
        ends.push((own.0, place));
        if own.0 > best.0.0 {
            best = (own, place);
        }
    }
    let is_ambiguous = ends
        .iter()
        .any(|end| end.0 > RIVAL.1 * best.0.0 && apart(end.1, best.1));
    if is_ambiguous {
        return None;
    }
    let ((agreement, explained), (azimuth, elevation)) = best;
    (agreement > AGREEMENT && explained > EXPLAINED).then(|| (towards(azimuth, elevation), agreement))
}

/// Irradiance across the beam: what the patches show more than their surroundings, over their albedo and slant.
fn strength(
    photo: &PhotoMap,
    light: &Light,
    found: &Candidates,
    direction: Vec3,
    is_sun: &impl Fn(usize) -> bool,
) -> Option<Vec3> {
    let (mut more, mut color, mut count) = (0.0, Vec3::ZERO, 0.0_f32);
    for i in (0..found.patch.len()).filter(|&i| is_sun(i)) {
        let face = usize::from(found.face[i]) - 1;
        let slant = RoomBox::normal(face).dot(direction);
        let albedo = light.solution.albedo[face];
        if slant < 0.05 || albedo <= 0.0 {
            continue;
        }
        let own = photo.pixels[i];
        more += (luminance(own) - found.unlit[i]).max(0.0) * PI / (albedo * slant);
        color += own / luminance(own).max(1e-4);
        count += 1.0;
    }
    if count == 0.0 {
        return None;
    }
    // The patch has the floor's colour; what is left of it against the room's white is a little warmth.
    let tint = Vec3::ONE.lerp(
        Vec3::new(1.06, 1.0, 0.88),
        (color.x / color.z.max(1e-4) - 0.8).clamp(0.0, 1.0),
    );
    let strength = more / count;
    (strength < STRONGEST).then(|| tint * strength)
}
