//! Light that arrives at a point of the furnished room.
//!
//! One bounce is followed: a ray that meets furniture returns its colour times the light the probes know there; a ray that
//! reaches the room returns the photo's radiance, darkened where furniture shades the floor and walls ([`Shade`]).

use std::f32::consts::PI;

use super::kept::{Gathering, Memory};
use super::scene::{OFFSET, Scene, SceneHit};
use super::shade::Shade;
use crate::geometry::Vec3;
use crate::geometry::bvh::{BUNDLE, Bundle};
use crate::geometry::sampling::Sampler;
use crate::light::photo_map::View;
use crate::light::room_box::{Exit, FLOOR};
use crate::light::{Effort, Light, LightSample, luminance};

/// Share of the probes' light that reaches a surface amid furniture: the probes know the empty room only.
const BOUNCE: f32 = 0.7;
/// The same for surfaces seen in a mirror, which are mostly open ones.
const MIRRORED: f32 = 0.85;
/// Distance at which two surfaces leave each other half of the light, metres.
const MUTUAL_SHADE: f32 = 0.12;
/// Brightest radiance a bounce may carry, so that a surface next to a window is not a speckle on others.
const MAX_BOUNCE: f32 = 1.0;
/// Samples of a small gathering.
const FEW: usize = 8;
/// Fewer rays than this go one by one.
const LEAST_BUNDLE: usize = 8;

/// Irradiance at one place.
#[derive(Debug, Clone, Copy, Default)]
pub struct Gathered {
    /// With the furniture.
    pub with: Vec3,
    /// Of the empty room, along the same rays.
    pub without: Vec3,
    /// Sum of the weights of blocked light, and of the same times the distance of the blocker.
    blocked: f32,
    blocked_distance: f32,
    /// Nearest blocker.
    pub nearest: f32,
    /// Sums over the samples of with², with · without and without², luminance.
    moments: [f32; 3],
}

impl Gathered {
    pub fn new() -> Self {
        Self {
            nearest: f32::INFINITY,
            ..Self::default()
        }
    }

    /// Light that is blocked, and the same over the distance of what blocks it; both add up over samples and places.
    pub fn blocking(&self) -> [f32; 2] {
        [self.blocked, self.blocked_distance]
    }

    /// Typical distance of what blocks the light: harmonic towards the near ones.
    pub fn blocker_distance(&self) -> f32 {
        if self.blocked > 0.0 {
            self.blocked / self.blocked_distance
        } else {
            f32::INFINITY
        }
    }

    /// `with / without`, and the variance of its luminance as the samples' own scatter tells it.
    pub fn ratio(&self) -> (Vec3, f32) {
        let without = self.without.max(Vec3::splat(1e-5));
        let ratio = self.with / without;
        let (share, total) = (luminance(self.with) / luminance(without), luminance(without));
        let [with, both, squares] = self.moments;
        let scatter = with - 2.0 * share * both + share * share * squares;
        (ratio, (scatter / (total * total)).max(0.0))
    }

    /// How few samples bring the light: one over the number of equal samples that would scatter as much.
    pub fn concentration(&self) -> f32 {
        let total = luminance(self.with);
        if total > 0.0 {
            self.moments[0] / (total * total)
        } else {
            0.0
        }
    }

    pub fn add(&mut self, other: &Self) {
        self.with += other.with;
        self.without += other.without;
        self.blocked += other.blocked;
        self.blocked_distance += other.blocked_distance;
        self.nearest = self.nearest.min(other.nearest);
        for (own, other) in self.moments.iter_mut().zip(other.moments) {
            *own += other;
        }
    }

    /// Counts one sample's light with and without the furniture.
    #[inline]
    fn count(&mut self, with: Vec3, without: Vec3) {
        self.with += with;
        self.without += without;
        let (a, b) = (luminance(with), luminance(without));
        self.moments = [
            self.moments[0] + a * a,
            self.moments[1] + a * b,
            self.moments[2] + b * b,
        ];
    }
}

/// Everything a ray can meet.
#[derive(Clone, Copy)]
pub struct World<'a> {
    pub scene: &'a Scene<'a>,
    pub light: &'a Light,
    pub shade: &'a Shade,
    /// The view that is drawn; the light's own is that of the whole photo.
    pub view: &'a View,
    /// What is known from the picture before; `None` when nobody will ask for another.
    pub memory: Option<&'a Memory<'a>>,
}

impl<'a> World<'a> {
    /// Everything, and nothing known before.
    pub fn new(scene: &'a Scene<'a>, light: &'a Light, shade: &'a Shade, view: &'a View) -> Self {
        Self {
            scene,
            light,
            shade,
            view,
            memory: None,
        }
    }

    /// The same with what the picture before found out.
    pub fn remembering(mut self, memory: Option<&'a Memory<'a>>) -> Self {
        self.memory = memory;
        self
    }

    /// Radiance that furniture sends back along a ray that met it. Lamps do not light the room: a photo taken by day shows
    /// hardly any of it, and what it would show is the brightest noise there is.
    pub fn bounce(&self, hit: &SceneHit, origin: Vec3, direction: Vec3) -> Vec3 {
        let material = self.scene.material(hit);
        let point = origin + direction * hit.t;
        let normal = self.scene.facing_normal(hit, direction);
        let irradiance = self.light.probe_irradiance(point, normal) * self.below(point, normal);
        // Surfaces close to each other shade each other: what is near the point is as dark as the point.
        let open = hit.t / (hit.t + MUTUAL_SHADE);
        (material.albedo * irradiance * (BOUNCE * open / PI)).min(Vec3::splat(MAX_BOUNCE))
    }

    /// Factor on the light of an underside: it comes off the floor below, which lies in the same shade.
    fn below(&self, point: Vec3, normal: Vec3) -> f32 {
        if normal.y < 0.5 {
            return 1.0;
        }
        let map = self.light.map(FLOOR);
        self.shade
            .at(FLOOR, map.index(self.light.room_box.uv(FLOOR, point)))
    }

    /// Irradiance by sampling.
    pub fn gather(&self, place: (Vec3, Vec3), sampler: &Sampler, dimension: u32, effort: Effort) -> Gathered {
        let room = |sample: &LightSample| sample.radiance * self.shade.at(sample.face, sample.texel);
        self.gather_over(place, (sampler, dimension, effort), (1.0, 1.0), room)
    }

    /// Irradiance of the room itself: blockers count fully up to the first distance of `near` and not at all from the second
    /// on. What furniture far away takes from a wall dims the whole room a little, which no eye compares with the empty
    /// photo; what it takes nearby is the shadow.
    pub fn gather_near(
        &self,
        place: (Vec3, Vec3),
        sampler: &Sampler,
        dimension: u32,
        effort: Effort,
        near: (f32, f32),
    ) -> Gathered {
        self.gather_over(place, (sampler, dimension, effort), near, |sample| {
            sample.radiance
        })
    }

    /// Sums the samples' light over the hemisphere; `room` is the radiance of the furnished room behind one.
    fn gather_over(
        &self,
        place: (Vec3, Vec3),
        how: (&Sampler, u32, Effort),
        near: (f32, f32),
        room: impl Fn(&LightSample) -> Vec3,
    ) -> Gathered {
        let samples = (1_usize << how.2.log2_cosine) + (1_usize << how.2.log2_emitter);
        if samples <= FEW {
            self.gather_by::<FEW>(place, how, near, room)
        } else {
            self.gather_by::<BUNDLE>(place, how, near, room)
        }
    }

    /// The same, `N` samples at a time.
    #[inline]
    fn gather_by<const N: usize>(
        &self,
        place: (Vec3, Vec3),
        (sampler, dimension, effort): (&Sampler, u32, Effort),
        near: (f32, f32),
        room: impl Fn(&LightSample) -> Vec3,
    ) -> Gathered {
        let mut sum = Gathered::new();
        let mut known = self
            .memory
            .map(|memory| memory.gathering(place, sampler, dimension, effort));
        if let Some(mut gathering) = known.take() {
            if let Some(whole) = gathering.whole() {
                gathering.finish(&whole);
                return whole;
            }
            known = Some(gathering);
        }
        let mut rays = Rays::<N>::new(place.0);
        let light = self.light;
        light.for_each_sample(place, sampler, dimension, effort, |sample| {
            rays.samples[rays.count] = sample;
            rays.count += 1;
            if rays.count == N {
                self.take(&mut sum, &mut known, &mut rays, near, &room);
            }
        });
        self.take(&mut sum, &mut known, &mut rays, near, &room);
        if let Some(known) = known {
            known.finish(&sum);
        }
        sum
    }

    /// Adds the samples that have come together, in their order, and empties them.
    fn take<const N: usize>(
        &self,
        sum: &mut Gathered,
        known: &mut Option<Gathering<'_>>,
        rays: &mut Rays<N>,
        near: (f32, f32),
        room: &impl Fn(&LightSample) -> Vec3,
    ) {
        let samples = &rays.samples[..rays.count];
        let hits = rays_met::<N>(self.scene, known, rays.origin, samples);
        for (sample, hit) in samples.iter().zip(&hits) {
            self.add(sum, hit.as_ref(), rays.origin, sample, room(sample), near);
        }
        rays.count = 0;
    }

    /// Adds one sample; `room` is the radiance of the furnished room behind it.
    #[inline]
    fn add(
        &self,
        sum: &mut Gathered,
        hit: Option<&SceneHit>,
        point: Vec3,
        sample: &LightSample,
        room: Vec3,
        (from, to): (f32, f32),
    ) {
        let without = sample.radiance * sample.weight;
        let Some(hit) = hit else {
            sum.count(room * sample.weight, without);
            return;
        };
        let (bounced, passed) = self.through(hit, point, sample.direction, reach(sample));
        let remote = if to > from {
            ((hit.t - from) / (to - from)).clamp(0.0, 1.0)
        } else {
            0.0
        };
        let with = (bounced + room * passed).lerp(room, remote * remote * (3.0 - 2.0 * remote));
        sum.count(with * sample.weight, without);
        let weight = luminance(without) * (1.0 - passed) * (1.0 - remote);
        sum.blocked += weight;
        sum.blocked_distance += weight / hit.t.max(1e-3);
        sum.nearest = sum.nearest.min(hit.t);
    }

    /// What a hit surface adds, and the share of light from behind it that passes on.
    fn through(&self, hit: &SceneHit, origin: Vec3, direction: Vec3, far: f32) -> (Vec3, f32) {
        let bounced = self.bounce(hit, origin, direction);
        let transmission = self.scene.material(hit).transmission;
        if transmission <= 0.0 {
            return (bounced, 0.0);
        }
        let behind = origin + direction * (hit.t + OFFSET);
        let passed = transmission * self.scene.transmittance(behind, direction, far - hit.t);
        (bounced * (1.0 - transmission), passed)
    }

    /// Radiance along one ray, furniture or room: for glossy reflections.
    pub fn radiance(&self, origin: Vec3, direction: Vec3, is_sharp: bool) -> (Vec3, Option<f32>) {
        let exit = self.light.room_box.exit(origin, direction);
        match self.scene.closest(origin, direction, exit.t - 2.0 * OFFSET) {
            Some(hit) => {
                let glow =
                    (self.scene.material(&hit).emission * self.light.glow).min(Vec3::splat(MAX_BOUNCE));
                (self.bounce(&hit, origin, direction) + glow, Some(hit.t))
            }
            None => (self.behind(origin, direction, &exit, is_sharp), None),
        }
    }

    /// Radiance of the furnished room where no furniture stands before it.
    fn behind(&self, origin: Vec3, direction: Vec3, exit: &Exit, is_sharp: bool) -> Vec3 {
        let map = self.light.map(exit.face);
        let texel = map.index(self.light.room_box.uv(exit.face, exit.point));
        let radiance = if is_sharp {
            self.light.sharp_radiance(origin, direction)
        } else {
            self.light.texel(exit.face, texel)
        };
        radiance * self.shade.at(exit.face, texel)
    }

    /// What a mirror shows along one ray: furniture with its texture, in the light of the empty room about it.
    pub(super) fn mirror_image(&self, origin: Vec3, direction: Vec3) -> Vec3 {
        let exit = self.light.room_box.exit(origin, direction);
        let Some(hit) = self.scene.closest(origin, direction, exit.t - 2.0 * OFFSET) else {
            return self.behind(origin, direction, &exit, true);
        };
        let seen = self.scene.shade(&hit, origin, direction);
        let irradiance = self.light.probe_irradiance(seen.position, seen.surface.normal)
            * self.below(seen.position, seen.smooth);
        let glow = seen.surface.emission * self.light.glow;
        (seen.surface.albedo * irradiance * (MIRRORED / PI) + glow).min(Vec3::splat(MAX_BOUNCE))
    }
}

/// Samples of one point whose rays go together.
struct Rays<const N: usize> {
    origin: Vec3,
    samples: [LightSample; N],
    count: usize,
}

impl<const N: usize> Rays<N> {
    fn new(origin: Vec3) -> Self {
        Self {
            origin,
            samples: [LightSample::default(); N],
            count: 0,
        }
    }
}

/// How far a sample's ray may go without meeting the room itself.
#[inline]
fn reach(sample: &LightSample) -> f32 {
    sample.distance - 2.0 * OFFSET
}

/// What the rays of some samples meet: as it is known from before, and the others traced, together where they are many. A
/// bundle has the bits of single rays.
fn rays_met<const N: usize>(
    scene: &Scene<'_>,
    known: &mut Option<Gathering<'_>>,
    origin: Vec3,
    samples: &[LightSample],
) -> [Option<SceneHit>; N] {
    let mut hits = [None; N];
    let mut open = [0_usize; N];
    let mut count = 0;
    for (lane, sample) in samples.iter().enumerate() {
        let known = known.as_mut();
        match known.and_then(|known| known.still(lane, sample.direction, reach(sample))) {
            Some(met) => hits[lane] = met,
            None => {
                open[count] = lane;
                count += 1;
            }
        }
    }
    if count >= LEAST_BUNDLE {
        let mut bundle = Bundle::new(origin);
        for &lane in &open[..count] {
            bundle.push(samples[lane].direction, reach(&samples[lane]));
        }
        let met = scene.closest_of_bundle(&bundle);
        for (&lane, met) in open[..count].iter().zip(met) {
            hits[lane] = met;
        }
    } else {
        for &lane in &open[..count] {
            hits[lane] = scene.closest(origin, samples[lane].direction, reach(&samples[lane]));
        }
    }
    if let Some(known) = known {
        for (sample, hit) in samples.iter().zip(&hits) {
            // What stands behind glass counts too.
            let end = match hit {
                Some(hit) if scene.material(hit).transmission <= 0.0 => hit.t,
                _ => reach(sample),
            };
            known.note(sample.direction, end, hit.as_ref());
        }
    }
    hits
}
