//! What the last preview of a photo found out, so that the next one pays only for what a moved piece concerns.
//!
//! A kept hit counts only when neither the piece that was met nor anything before it has changed, a kept pixel only when no
//! changed piece stood or stands there. Surprise: light is kept a little too long. What a surface gathered holds as long as
//! its rays meet the same, although the shadow of a moved piece may have changed the floor they end on, and where light
//! came out nearly as before, the part of the picture stays as it is. The final picture knows nothing of this.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use glam::Vec3A;

use super::filter::{Guide, Signal};
use super::frame::{Frame, frame};
use super::gather::Gathered;
use super::pixel::Surface;
use super::scene::{Scene, SceneHit};
use super::solid::Solid;
use crate::geometry::sampling::Sampler;
use crate::geometry::{Aabb, Mat3, Vec3};
use crate::light::Effort;
use crate::light::photo_map::View;
use crate::model::Material;

/// Parts the kept rays are divided into, so that threads seldom wait for each other.
const SHARDS: usize = 64;
/// Rays of one gathering that are kept at most; longer ones are traced anew.
const MOST_RAYS: usize = 16;
/// Number of a piece that is not there, and of no piece.
const NOWHERE: u16 = u16::MAX;

/// How much of a picture was taken from the one before.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Reuse {
    /// Rays of gatherings that were traced, and those known from before.
    pub rays_traced: u64,
    pub rays_kept: u64,
    /// Pixels that may show furniture: traced, and known from before.
    pub pixels_traced: u64,
    pub pixels_kept: u64,
}

/// A finished picture's findings.
pub struct Kept {
    seed: u32,
    width: u32,
    pieces: Vec<Placed>,
    shards: Vec<Shard>,
    pixels: Option<Pixels>,
    edges: Option<Pixels>,
    sheet: Option<Sheet>,
}

/// The last film as it came out, and the light it was made from.
pub(super) struct Sheet {
    pub(super) frame: Frame,
    /// Steps of the lattice, in pixels of the frame, and what was gathered there, row by row.
    pub(super) lattice: usize,
    pub(super) gathered: Vec<(Signal, u32)>,
    /// Coverage and colour of every pixel, row by row.
    pub(super) developed: Vec<(f32, Vec3)>,
}

impl Sheet {
    /// What the lattice gathered at a pixel of the picture, and for which surface.
    pub(super) fn gathered(&self, x: usize, y: usize) -> Option<(Signal, u32)> {
        let Frame { x0, y0, x1, y1 } = self.frame;
        let is_inside = (x0..x1).contains(&x) && (y0..y1).contains(&y);
        let columns = (x1 - x0).div_ceil(self.lattice);
        is_inside.then(|| self.gathered[(y - y0) / self.lattice * columns + (x - x0) / self.lattice])
    }

    /// How a pixel of the picture came out.
    pub(super) fn developed(&self, x: usize, y: usize) -> (f32, Vec3) {
        let Frame { x0, y0, x1, .. } = self.frame;
        self.developed[(y - y0) * (x1 - x0) + x - x0]
    }
}

/// A piece as it stood.
struct Placed {
    solid: Arc<Solid>,
    frame: (Mat3, Vec3),
    materials: Vec<Material>,
    bounds: Aabb,
}

/// What one ray met: nothing, or a triangle of a piece at a distance.
#[derive(Debug, Clone, Copy)]
struct Met {
    direction: Vec3,
    /// How far the ray's light depends on what stands there.
    end: f32,
    triangle: u32,
    t: f32,
    piece: u16,
}

const NOTHING: Met = Met {
    direction: Vec3::Z,
    end: 0.0,
    triangle: 0,
    t: 0.0,
    piece: NOWHERE,
};

#[derive(Default)]
struct Shard {
    /// First ray, number of rays and sum, by the gathering's key.
    places: HashMap<u64, (u32, u8, Gathered), BuildHasherDefault<Ready>>,
    met: Vec<Met>,
}

/// Keys are hashes already.
#[derive(Default)]
struct Ready(u64);

impl Hasher for Ready {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, _: &[u8]) {}

    fn write_u64(&mut self, key: u64) {
        self.0 = key;
    }
}

/// Furniture as the first rays saw it, without its light.
pub(super) struct Pixels {
    frame: Frame,
    /// Number in `seen` plus one; 0 where there is nothing, [`Self::ANEW`] where a pixel depends on more than itself.
    index: Vec<u32>,
    seen: Vec<(Surface, Guide)>,
}

impl Pixels {
    const ANEW: u32 = u32::MAX;

    /// Keeps the pixels of a frame, row by row, that were traced with so many rays.
    pub(super) fn new(frame: Frame, surfaces: &[Surface], guides: &[Guide], log2_primaries: u32) -> Self {
        let mut seen = Vec::new();
        let pixels = surfaces.iter().zip(guides);
        let index = pixels
            .map(|(surface, guide)| match (guide.id, surface.looks_elsewhere) {
                _ if surface.log2_primaries != log2_primaries => Self::ANEW,
                (0, _) => 0,
                (_, true) => Self::ANEW,
                _ => {
                    seen.push((*surface, *guide));
                    seen.len() as u32
                }
            })
            .collect();
        Self { frame, index, seen }
    }
}

/// The findings of the picture before, as far as they hold, and of the one that is being drawn.
pub struct Memory<'a> {
    before: Option<&'a Kept>,
    /// Number now by number before, [`NOWHERE`] for what has gone or changed.
    numbers: Vec<u16>,
    /// Boxes of what is new or changed, and where it and what has gone may be seen.
    changed: Vec<(Vec3A, Vec3A)>,
    touched: Vec<Frame>,
    seed: u32,
    width: u32,
    pieces: Vec<Placed>,
    shards: Vec<Mutex<Shard>>,
    pixels: OnceLock<Pixels>,
    edges: OnceLock<Pixels>,
    sheet: OnceLock<Sheet>,
    reuse: [AtomicU64; 4],
}

impl<'a> Memory<'a> {
    /// Compares a scene with the one before, which counts only if it was drawn from the same view with the same seed.
    pub fn new(before: Option<&'a Kept>, scene: &Scene<'_>, view: &View, seed: u32) -> Self {
        let width = view.width as u32;
        let before = before.filter(|kept| kept.seed == seed && kept.width == width);
        let pieces: Vec<Placed> = (0..scene.piece_bounds.len())
            .map(|number| {
                let (solid, frame, materials) = scene.placed(number);
                Placed {
                    solid: Arc::clone(solid),
                    frame: *frame,
                    materials: materials.to_vec(),
                    bounds: scene.piece_bounds[number],
                }
            })
            .collect();
        let old = before.map_or(&[][..], |kept| &kept.pieces);
        let mut numbers = vec![NOWHERE; old.len()];
        let (mut changed, mut touched) = (Vec::new(), Vec::new());
        for (number, piece) in pieces.iter().enumerate() {
            let same = (0..old.len()).find(|&i| numbers[i] == NOWHERE && old[i].is_same(piece));
            match same {
                Some(i) => numbers[i] = number as u16,
                None => {
                    changed.push((piece.bounds.min.into(), piece.bounds.max.into()));
                    touched.extend(frame(view, &piece.bounds));
                }
            }
        }
        let gone = old.iter().zip(&numbers).filter(|(_, number)| **number == NOWHERE);
        touched.extend(gone.filter_map(|(piece, _)| frame(view, &piece.bounds)));
        let shard = |i: usize| {
            let expected = before.map_or(0, |kept| kept.shards[i].places.len());
            let mut shard = Shard::default();
            shard.places.reserve(expected);
            shard
                .met
                .reserve(before.map_or(0, |kept| kept.shards[i].met.len()));
            Mutex::new(shard)
        };
        Self {
            before,
            numbers,
            changed,
            touched,
            seed,
            width,
            pieces,
            shards: (0..SHARDS).map(shard).collect(),
            pixels: OnceLock::new(),
            edges: OnceLock::new(),
            sheet: OnceLock::new(),
            reuse: Default::default(),
        }
    }

    /// The findings, once the picture is drawn.
    pub fn finish(self) -> (Kept, Reuse) {
        let [rays_traced, rays_kept, pixels_traced, pixels_kept] = self.reuse.map(AtomicU64::into_inner);
        let shards = self.shards.into_iter();
        let kept = Kept {
            seed: self.seed,
            width: self.width,
            pieces: self.pieces,
            shards: shards
                .map(|shard| shard.into_inner().unwrap_or_else(PoisonError::into_inner))
                .collect(),
            pixels: self.pixels.into_inner(),
            edges: self.edges.into_inner(),
            sheet: self.sheet.into_inner(),
        };
        let reuse = Reuse {
            rays_traced,
            rays_kept,
            pixels_traced,
            pixels_kept,
        };
        (kept, reuse)
    }

    /// The rays of a gathering: what they met before, and what they meet now.
    pub(super) fn gathering(
        &self,
        (point, normal): (Vec3, Vec3),
        sampler: &Sampler,
        dimension: u32,
        effort: Effort,
    ) -> Gathering<'_> {
        let [a, b, c] = point.to_array().map(f32::to_bits);
        let [d, e, f] = normal.to_array().map(f32::to_bits);
        let parts =
            effort.log2_cosine | effort.log2_emitter << 8 | effort.part << 16 | effort.log2_parts << 24;
        let words = [(a, b), (c, d), (e, f), (sampler.seed(), dimension), (parts, 0)];
        let key = words
            .into_iter()
            .fold(0x9e37_79b9_7f4a_7c15_u64, |hash, (low, high)| {
                let word = hash ^ (u64::from(high) << 32 | u64::from(low));
                let product = u128::from(word) * 0xd6e8_feb8_6659_fd93_u128;
                (product as u64 ^ (product >> 64) as u64).wrapping_add(0x2545_f491_4f6c_dd1d)
            });
        let found = self.before.and_then(|kept| {
            let shard = &kept.shards[shard_of(key)];
            let &(from, count, sum) = shard.places.get(&key)?;
            Some((&shard.met[from as usize..][..usize::from(count)], sum))
        });
        Gathering {
            memory: self,
            key,
            origin: point,
            before: found.map_or(&[], |(met, _)| met),
            sum: found.map(|(_, sum)| sum),
            met: [NOTHING; MOST_RAYS],
            count: 0,
            kept: 0,
        }
    }

    /// Whether a rectangle of pixels must be traced because something changed there.
    pub(super) fn is_touched(&self, part: &Frame) -> bool {
        self.pixels_before().is_none() || self.touched.iter().any(|frame| frame.meets(part))
    }

    /// A pixel of the picture as it was before, where nothing was touched.
    pub(super) fn pixel(&self, x: usize, y: usize) -> Option<(Surface, Guide)> {
        self.seen_before(self.pixels_before()?, x, y)
    }

    /// A pixel at an edge as it was before.
    pub(super) fn edge(&self, x: usize, y: usize) -> Option<(Surface, Guide)> {
        let part = Frame {
            x0: x,
            y0: y,
            x1: x + 1,
            y1: y + 1,
        };
        let edges = self.before?.edges.as_ref()?;
        if self.is_touched(&part) {
            return None;
        }
        self.seen_before(edges, x, y)
    }

    fn seen_before(&self, pixels: &Pixels, x: usize, y: usize) -> Option<(Surface, Guide)> {
        let Frame { x0, y0, x1, y1 } = pixels.frame;
        if !(x0..x1).contains(&x) || !(y0..y1).contains(&y) {
            return Some((Surface::default(), Guide::NONE));
        }
        match pixels.index[(y - y0) * (x1 - x0) + x - x0] {
            0 => Some((Surface::default(), Guide::NONE)),
            Pixels::ANEW => None,
            number => {
                let (surface, mut guide) = pixels.seen[number as usize - 1];
                let piece = self.numbers[guide.id as usize - 1];
                guide.id = u32::from(piece) + 1;
                (piece != NOWHERE).then_some((surface, guide))
            }
        }
    }

    /// Notes the picture's pixels, and how many of them were traced.
    pub(super) fn note_pixels(&self, pixels: Pixels, traced: u64, kept: u64) {
        self.reuse[2].fetch_add(traced, Ordering::Relaxed);
        self.reuse[3].fetch_add(kept, Ordering::Relaxed);
        // A picture has one film.
        let _ = self.pixels.set(pixels);
    }

    /// Notes the pixels at edges, which took more rays.
    pub(super) fn note_edges(&self, edges: Pixels) {
        let _ = self.edges.set(edges);
    }

    /// The film before, if its pieces go by the same numbers.
    pub(super) fn sheet(&self) -> Option<&Sheet> {
        let is_in_order = |(i, number): (usize, &u16)| *number == NOWHERE || usize::from(*number) == i;
        let is_whole = self.pieces.len() == self.numbers.len();
        let is_same = is_whole && self.numbers.iter().enumerate().all(is_in_order);
        self.before?.sheet.as_ref().filter(|_| is_same)
    }

    /// Notes the film.
    pub(super) fn note_sheet(&self, sheet: Sheet) {
        let _ = self.sheet.set(sheet);
    }

    fn pixels_before(&self) -> Option<&Pixels> {
        self.before?.pixels.as_ref()
    }

    /// What a ray would meet, if that can be said without tracing it.
    #[inline]
    fn still(&self, met: &Met, origin: Vec3, direction: Vec3, far: f32) -> Option<Met> {
        let mut now = *met;
        if met.piece != NOWHERE {
            now.piece = self.numbers[usize::from(met.piece)];
            if now.piece == NOWHERE {
                return None;
            }
        }
        let end = if met.piece == NOWHERE { far } else { met.t };
        self.is_free(origin, direction, end).then_some(now)
    }

    /// Whether nothing that changed may stand on the way.
    #[inline]
    fn is_free(&self, origin: Vec3, direction: Vec3, end: f32) -> bool {
        let (inverse, origin) = (Vec3A::from(direction).recip(), Vec3A::from(origin));
        self.changed.iter().all(|&(min, max)| {
            let (a, b) = ((min - origin) * inverse, (max - origin) * inverse);
            let enter = a.min(b).max_element().max(0.0);
            let leave = a.max(b).min_element().min(end);
            enter > leave * 1.000_01
        })
    }
}

impl Placed {
    fn is_same(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.solid, &other.solid)
            && self.frame == other.frame
            && self.materials == other.materials
    }
}

fn shard_of(key: u64) -> usize {
    (key >> 58) as usize % SHARDS
}

/// The rays of one gathering, in their order.
pub(super) struct Gathering<'a> {
    memory: &'a Memory<'a>,
    key: u64,
    origin: Vec3,
    before: &'a [Met],
    sum: Option<Gathered>,
    met: [Met; MOST_RAYS],
    count: usize,
    kept: u64,
}

impl Gathering<'_> {
    /// The whole sum, if no ray of it meets anything else than before.
    #[inline]
    pub(super) fn whole(&mut self) -> Option<Gathered> {
        let sum = self.sum?;
        for (now, met) in self.met.iter_mut().zip(self.before) {
            *now = *met;
            if met.piece != NOWHERE {
                now.piece = self.memory.numbers[usize::from(met.piece)];
                if now.piece == NOWHERE {
                    return None;
                }
            }
            if !self.memory.is_free(self.origin, met.direction, met.end) {
                return None;
            }
        }
        self.count = self.before.len();
        self.kept = self.count as u64;
        Some(sum)
    }

    /// What the ray `ahead` of those noted so far meets before `far`, if that can be said without tracing it.
    #[inline]
    pub(super) fn still(&mut self, ahead: usize, direction: Vec3, far: f32) -> Option<Option<SceneHit>> {
        let met = self.before.get(self.count + ahead)?;
        let met = self.memory.still(met, self.origin, direction, far)?;
        self.kept += 1;
        Some((met.piece != NOWHERE).then(|| SceneHit::on(met.piece, met.triangle, met.t)))
    }

    /// Notes what the next ray met; its light depends on what stands before `end`.
    #[inline]
    pub(super) fn note(&mut self, direction: Vec3, end: f32, hit: Option<&SceneHit>) {
        if let Some(place) = self.met.get_mut(self.count) {
            *place = Met {
                direction,
                end,
                ..hit.map_or(NOTHING, |hit| Met {
                    triangle: hit.triangle,
                    t: hit.t,
                    piece: hit.piece,
                    ..NOTHING
                })
            };
        }
        self.count += 1;
    }

    /// Keeps what was noted.
    pub(super) fn finish(self, sum: &Gathered) {
        let traced = self.count as u64 - self.kept;
        let shard = &self.memory.shards[shard_of(self.key)];
        let mut shard = shard.lock().unwrap_or_else(PoisonError::into_inner);
        if self.count <= MOST_RAYS {
            let from = shard.met.len() as u32;
            shard.met.extend_from_slice(&self.met[..self.count]);
            shard.places.insert(self.key, (from, self.count as u8, *sum));
        }
        drop(shard);
        self.memory.reuse[0].fetch_add(traced, Ordering::Relaxed);
        self.memory.reuse[1].fetch_add(self.kept, Ordering::Relaxed);
    }
}
