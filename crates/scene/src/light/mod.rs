//! The light of the room, read from the photo itself.
//!
//! The linearised photo is projected on the room box ([`faces`]); bright rectangles become emitters ([`emitters`]) whose
//! true strength, which a photo clips, is solved from how light falls off over floor and walls ([`solve`]); a grid of
//! irradiance probes ([`probes`]) answers cheap questions. Radiance is in units of the photo's white.
//!
//! Surprise: everything a photo does not show, the room behind the camera above all, is an assumption: typical wall
//! radiance plus one supposed window whose strength is solved like the others.

pub mod emitters;
pub mod faces;
pub mod gloss;
mod pane;
pub mod photo_map;
pub mod probes;
pub mod room_box;
pub mod solve;
pub mod sun;
mod sun_patch;

use crate::camera::Camera;
use crate::furnish::Surroundings;
use crate::geometry::Vec3;
use crate::geometry::sampling::{Sampler, basis, cosine_density, cosine_direction};
use crate::image::RgbImage;
use crate::room::Room;
use emitters::{Emitter, EmitterKind, MAX_EMITTERS};
pub use gloss::Gloss;
use photo_map::{PhotoMap, View};
pub use photo_map::{encode, linear_table, luminance};
use probes::Probes;
use room_box::{BACK, FACES, FLOOR, FaceMap, LEFT, NEAR, RIGHT, RoomBox};
pub use sun::Sun;

/// Highest radiance a mirror-like look-up returns; a clipped window reflects as glare, not as a laser.
const MAX_GLOSSY: f32 = 3.0;

/// Luminance of the walls of a room in which lamps show their full light, and the share that is left in the dark.
const WELL_LIT: f32 = 0.3;
const DIMMEST: f32 = 0.12;
/// A shadow on a wall fades out over this depth of a window's rectangle, metres.
const SHINE_RISE: f32 = 0.2;

/// Light of one room.
pub struct Light {
    pub room_box: RoomBox,
    pub view: View,
    pub emitters: Vec<Emitter>,
    maps: [FaceMap; FACES],
    photo: PhotoMap,
    probes: Probes,
    /// Factor per channel that makes neutral walls come out neutral.
    white: Vec3,
    /// How much the floor mirrors.
    pub gloss: Gloss,
    /// Factor on the light of furniture's own lamps: a shade that is pleasant in a bright room glares in a dark one.
    pub glow: f32,
    /// Direct sun, where the photo shows patches of it that a window explains.
    pub sun: Option<Sun>,
    /// What the solution says about itself, for `--json` and debugging.
    pub solution: solve::Solution,
}

/// Which emitters a point should ask, as probabilities.
pub type Choice = [f32; MAX_EMITTERS];

/// One direction to gather light from.
#[derive(Debug, Clone, Copy, Default)]
pub struct LightSample {
    pub direction: Vec3,
    /// Distance to the face the light comes from.
    pub distance: f32,
    pub radiance: Vec3,
    pub face: usize,
    /// Texel of that face.
    pub texel: usize,
    /// cos / (combined density of all samples): what radiance is multiplied with in an estimate of irradiance.
    pub weight: f32,
}

/// How many cosine and how many emitter samples an estimate takes; powers of two, as exponents.
///
/// An estimate may be one of several parts that together fill one low-discrepancy set: `part` of `2^log2_parts`.
#[derive(Debug, Clone, Copy)]
pub struct Effort {
    pub log2_cosine: u32,
    pub log2_emitter: u32,
    pub part: u32,
    pub log2_parts: u32,
}

impl Effort {
    pub const fn whole(log2_cosine: u32, log2_emitter: u32) -> Self {
        Self {
            log2_cosine,
            log2_emitter,
            part: 0,
            log2_parts: 0,
        }
    }
}

impl Light {
    /// Reads the light of a photo.
    pub fn from_photo(photo: &RgbImage, camera: &Camera, room: &Room) -> Self {
        let view = View::new(camera);
        let room_box = RoomBox::new(room);
        let map = PhotoMap::new(photo, 640);
        let mut maps = faces::project(&map, &view, &room_box);
        let mut emitters = emitters::find(&mut maps, room, &room_box);
        let patches = solve::patches(&map, &view, &room_box, &maps);
        let first = solve::solve(&patches, &room_box, &maps, &mut emitters);
        // What no photo shows is lit by what it shows, which says more of the windows than a guess did.
        solve::light_behind(&room_box, &mut maps, &emitters, &first);
        let solution = solve::solve(&patches, &room_box, &maps, &mut emitters);
        for (face, map) in maps.iter_mut().enumerate() {
            let behind = if face == NEAR { solution.behind } else { 1.0 };
            for i in 0..map.radiance.len() {
                if map.emitter[i] > 0 {
                    let emitter = &emitters[map.emitter[i] as usize - 1];
                    // A supposed window has no picture: it shines evenly in its own colour.
                    let shown = if emitter.kind == EmitterKind::Unseen {
                        emitter.shown
                    } else {
                        map.radiance[i]
                    };
                    map.radiance[i] = shown * emitter.gain;
                } else {
                    map.radiance[i] *= behind;
                }
                map.radiance[i] *= solution.exposure;
            }
        }
        let mut light = Self {
            room_box,
            view,
            emitters,
            maps,
            photo: map,
            probes: Probes::empty(),
            white: solution.white,
            gloss: Gloss::default(),
            glow: 1.0,
            sun: None,
            solution,
        };
        light.probes = Probes::new(&light);
        light.gloss = gloss::measure(&light.photo, &light);
        light.glow = (luminance(light.surroundings().wall) / WELL_LIT).clamp(DIMMEST, 1.0);
        light.sun = Sun::find(&light.photo, &light);
        light
    }

    /// A room whose faces all shine with the same radiance; for tests of energy.
    pub fn uniform(room_box: RoomBox, view: View, radiance: Vec3) -> Self {
        let maps = std::array::from_fn(|face| {
            let mut map = FaceMap::new(room_box.face_size(face), 0.5);
            map.radiance.fill(radiance);
            map.is_seen.fill(true);
            map
        });
        let photo = PhotoMap {
            width: 1,
            height: 1,
            scale: 1.0 / view.width,
            pixels: vec![radiance],
        };
        let mut light = Self {
            room_box,
            view,
            emitters: vec![],
            maps,
            photo,
            probes: Probes::empty(),
            white: Vec3::ONE,
            gloss: Gloss::default(),
            glow: 1.0,
            sun: None,
            solution: solve::Solution::default(),
        };
        light.probes = Probes::new(&light);
        light
    }

    /// Colours of walls and floor as the photo shows them, for choosing furniture.
    pub fn surroundings(&self) -> Surroundings {
        let seen = |faces: &[usize]| -> Vec<Vec3> {
            let texels = faces.iter().flat_map(|&face| {
                let map = &self.maps[face];
                (0..map.radiance.len())
                    .filter(|&i| map.is_seen[i] && map.emitter[i] == 0)
                    .map(|i| map.radiance[i])
            });
            texels.collect()
        };
        let default = Surroundings::default();
        Surroundings {
            wall: faces::median(seen(&[LEFT, RIGHT, BACK])).unwrap_or(default.wall),
            floor: faces::median(seen(&[FLOOR])).unwrap_or(default.floor),
        }
    }

    /// The texture of a face.
    pub fn map(&self, face: usize) -> &FaceMap {
        &self.maps[face]
    }

    /// Radiance of a texel.
    #[inline]
    pub fn texel(&self, face: usize, texel: usize) -> Vec3 {
        self.maps[face].radiance[texel] * self.white
    }

    /// Radiance that arrives at `origin` against `direction` from the empty room.
    #[inline]
    pub fn radiance(&self, origin: Vec3, direction: Vec3) -> Vec3 {
        let exit = self.room_box.exit(origin, direction);
        let map = &self.maps[exit.face];
        self.texel(exit.face, map.index(self.room_box.uv(exit.face, exit.point)))
    }

    /// The same at the sharpness of the photo, for glossy reflections.
    pub fn sharp_radiance(&self, origin: Vec3, direction: Vec3) -> Vec3 {
        let exit = self.room_box.exit(origin, direction);
        let map = &self.maps[exit.face];
        let uv = self.room_box.uv(exit.face, exit.point);
        let index = map.index(uv);
        let emitter = map.emitter[index];
        if map.is_seen[index]
            && let Some((pixel, _)) = self.view.project(exit.point)
        {
            let gain = if emitter > 0 {
                self.emitters[emitter as usize - 1].gain
            } else {
                1.0
            };
            let shown = self.photo.sample(pixel) * self.solution.exposure * self.white;
            return (shown * gain).min(Vec3::splat(MAX_GLOSSY));
        }
        let smooth = if emitter > 0 {
            map.radiance[index]
        } else {
            map.smooth(uv)
        };
        (smooth * self.white).min(Vec3::splat(MAX_GLOSSY))
    }

    /// Irradiance of a surface in the empty room, from the probes.
    #[inline]
    pub fn probe_irradiance(&self, point: Vec3, normal: Vec3) -> Vec3 {
        self.probes.irradiance(point, normal)
    }

    /// How likely each emitter should be asked from a point: by its unoccluded contribution.
    pub fn choice(&self, point: Vec3, normal: Vec3) -> Choice {
        let mut choice = [0.0; MAX_EMITTERS];
        let mut total = 0.0;
        for (share, emitter) in choice.iter_mut().zip(&self.emitters) {
            let to = emitter.center() - point;
            let squared = to.length_squared().max(0.05);
            let direction = to / squared.sqrt();
            // Large emitters reach around the horizon, so nothing that faces the point is ruled out.
            let receive = (normal.dot(direction) + 0.3).max(0.02);
            let send = (-RoomBox::normal(emitter.face).dot(direction)).max(0.02);
            *share = luminance(emitter.shown) * emitter.gain * emitter.area * receive * send
                / (squared + emitter.area);
            total += *share;
        }
        if total > 0.0 {
            choice.iter_mut().for_each(|share| *share /= total);
        }
        choice
    }

    /// Calls `take` for every sample of an estimate of irradiance at `point`: cosine-distributed directions and points
    /// on emitters, combined by the balance heuristic (Veach 1995). `dimension` separates independent estimates.
    #[inline]
    pub fn for_each_sample(
        &self,
        (point, normal): (Vec3, Vec3),
        sampler: &Sampler,
        dimension: u32,
        effort: Effort,
        mut take: impl FnMut(LightSample),
    ) {
        let frame = basis(normal);
        let choice = self.choice(point, normal);
        let cosine_count = 1_u32 << effort.log2_cosine;
        let emitter_count = if self.emitters.is_empty() {
            0
        } else {
            1_u32 << effort.log2_emitter
        };
        let mut combine = |direction: Vec3| {
            let cosine = normal.dot(direction);
            if cosine <= 1e-4 {
                return;
            }
            let exit = self.room_box.exit(point, direction);
            let map = &self.maps[exit.face];
            let texel = map.index(self.room_box.uv(exit.face, exit.point));
            let mut density = cosine_count as f32 * cosine_density(cosine);
            if map.emitter[texel] > 0 && emitter_count > 0 {
                let number = map.emitter[texel] as usize - 1;
                let slant = RoomBox::normal(exit.face).dot(-direction).max(1e-4);
                let solid = self.emitters[number].area * slant / (exit.t * exit.t).max(1e-4);
                density += emitter_count as f32 * choice[number] / solid;
            }
            let radiance = map.radiance[texel] * self.white;
            let weight = cosine / density;
            take(LightSample {
                direction,
                distance: exit.t,
                radiance,
                face: exit.face,
                texel,
                weight,
            });
        };
        for i in 0..cosine_count {
            let index = effort.part * cosine_count + i;
            combine(cosine_direction(
                &frame,
                sampler.pair(dimension, index, effort.log2_cosine + effort.log2_parts),
            ));
        }
        for i in 0..emitter_count {
            let index = effort.part * emitter_count + i;
            let (mut u, v) = sampler.pair(dimension + 1, index, effort.log2_emitter + effort.log2_parts);
            // One stratified number picks the emitter and, stretched, the place on it.
            let mut number = 0;
            while number + 1 < self.emitters.len() && u >= choice[number] {
                u -= choice[number];
                number += 1;
            }
            let emitter = &self.emitters[number];
            let u = if choice[number] > 0.0 {
                (u / choice[number]).clamp(0.0, 0.999_999)
            } else {
                0.5
            };
            let to = emitter.point(u, v) - point;
            let length = to.length();
            if length > 1e-3 {
                combine(to / length);
            }
        }
    }

    /// Irradiance of a surface in the empty room by sampling.
    pub fn irradiance(&self, place: (Vec3, Vec3), sampler: &Sampler, effort: Effort) -> Vec3 {
        let mut sum = Vec3::ZERO;
        self.for_each_sample(place, sampler, 0, effort, |sample| {
            sum += sample.radiance * sample.weight
        });
        sum
    }

    /// How far a point of the box is light itself, a window or lamp whose look no furniture changes: 0 on the wall, 1 well
    /// inside. It rises softly, because the rectangle's place is known to some centimetres only.
    pub fn shine(&self, face: usize, point: Vec3) -> f32 {
        let rise = (self.emitter_depth(face, point) / SHINE_RISE).clamp(0.0, 1.0);
        rise * rise * (3.0 - 2.0 * rise)
    }

    /// How far inside of a window or lamp a point of a face lies, metres; negative outside.
    fn emitter_depth(&self, face: usize, point: Vec3) -> f32 {
        self.emitters
            .iter()
            .filter(|emitter| emitter.face == face)
            .map(|emitter| emitter.depth(point))
            .fold(f32::NEG_INFINITY, f32::max)
    }
}
