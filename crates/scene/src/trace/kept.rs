//! What the last preview of a photo found out, so that the next one pays only for what a moved piece concerns.
//!
//! Surprise: nothing here is an approximation. A kept hit counts only when neither the piece that was met nor anything
//! before it has changed, a kept pixel only when no changed piece stood or stands there: a preview drawn with it has the
//! bytes of one drawn without.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use glam::Vec3A;

use super::filter::Guide;
use super::frame::{Frame, frame};
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
    triangle: u32,
    t: f32,
    piece: u16,
}

const NOTHING: Met = Met {
    triangle: 0,
    t: 0.0,
    piece: NOWHERE,
};

#[derive(Default)]
struct Shard {
    /// First ray and number of rays, by the gathering's key.
    places: HashMap<u64, (u32, u8), BuildHasherDefault<Ready>>,
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
        let before = self.before.map_or(&[][..], |kept| {
            let shard = &kept.shards[shard_of(key)];
            let place = shard.places.get(&key).copied();
            place.map_or(&[], |(from, count)| {
                &shard.met[from as usize..][..usize::from(count)]
            })
        });
        Gathering {
            memory: self,
            key,
            before,
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
        let (inverse, origin) = (Vec3A::from(direction).recip(), Vec3A::from(origin));
        let is_free = self.changed.iter().all(|&(min, max)| {
            let (a, b) = ((min - origin) * inverse, (max - origin) * inverse);
            let enter = a.min(b).max_element().max(0.0);
            let leave = a.max(b).min_element().min(end);
            enter > leave * 1.000_01
        });
        is_free.then_some(now)
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
    before: &'a [Met],
    met: [Met; MOST_RAYS],
    count: usize,
    kept: u64,
}

impl Gathering<'_> {
    /// What the ray `ahead` of those noted so far meets before `far`, if that can be said without tracing it.
    #[inline]
    pub(super) fn still(
        &mut self,
        ahead: usize,
        origin: Vec3,
        direction: Vec3,
        far: f32,
    ) -> Option<Option<SceneHit>> {
        let met = self.before.get(self.count + ahead)?;
        let met = self.memory.still(met, origin, direction, far)?;
        self.kept += 1;
        Some((met.piece != NOWHERE).then(|| SceneHit::on(met.piece, met.triangle, met.t)))
    }

    /// Notes what the next rays met.
    pub(super) fn note(&mut self, hits: &[Option<SceneHit>]) {
        for hit in hits {
            if let Some(place) = self.met.get_mut(self.count) {
                *place = hit.map_or(NOTHING, |hit| Met {
                    triangle: hit.triangle,
                    t: hit.t,
                    piece: hit.piece,
                });
            }
            self.count += 1;
        }
    }

    /// Keeps what was noted.
    pub(super) fn finish(self) {
        let traced = self.count as u64 - self.kept;
        let shard = &self.memory.shards[shard_of(self.key)];
        let mut shard = shard.lock().unwrap_or_else(PoisonError::into_inner);
        if self.count <= MOST_RAYS {
            let from = shard.met.len() as u32;
            shard.met.extend_from_slice(&self.met[..self.count]);
            shard.places.insert(self.key, (from, self.count as u8));
        }
        drop(shard);
        self.memory.reuse[0].fetch_add(traced, Ordering::Relaxed);
        self.memory.reuse[1].fetch_add(self.kept, Ordering::Relaxed);
    }
}
