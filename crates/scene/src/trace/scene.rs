//! The placed furniture as the tracer sees it: a ray index per piece, found through the pieces' boxes, and surfaces at hits.

use std::sync::Arc;

use super::solid::{Solid, SolidStore};
use crate::furnish::Placement;
use crate::geometry::bvh::{BUNDLE, Boxes, Bundle, Hits};
use crate::geometry::{Aabb, Hit, Mat3, Vec2, Vec3};
use crate::model::{Material, Piece, Surface};

/// Rays start this far off a surface, metres.
pub const OFFSET: f32 = 1e-3;
/// Feet sink this deep into the floor, so that no light line shows under them.
const SINK: f32 = 0.002;

/// All furniture of a room.
pub struct Scene<'a> {
    placements: &'a [Placement],
    solids: Vec<Arc<Solid>>,
    /// Model frame to room frame, and where the model's origin lies.
    frames: Vec<(Mat3, Vec3)>,
    boxes: Boxes,
    /// Bounds of each piece in the room frame.
    pub piece_bounds: Vec<Aabb>,
    /// Angle between the samples of the picture, radians: detail finer than that is not resolved.
    sample_angle: f32,
}

/// The nearest surface on a ray.
#[derive(Debug, Clone, Copy)]
pub struct SceneHit {
    pub piece: u16,
    /// Number in the piece's [`Solid`].
    pub(super) triangle: u32,
    /// Distance in units of the ray's direction.
    pub t: f32,
    u: f32,
    v: f32,
}

impl SceneHit {
    #[inline]
    fn new(piece: u32, hit: Hit) -> Self {
        Self {
            piece: piece as u16,
            triangle: hit.triangle,
            t: hit.t,
            u: hit.u,
            v: hit.v,
        }
    }

    /// A hit whose place on the triangle nobody asks for.
    pub(super) fn on(piece: u16, triangle: u32, t: f32) -> Self {
        Self {
            piece,
            triangle,
            t,
            u: 0.0,
            v: 0.0,
        }
    }
}

/// A fully evaluated hit.
#[derive(Debug, Clone, Copy)]
pub struct Shaded {
    pub position: Vec3,
    /// Unit geometric normal towards the ray's origin.
    pub flat: Vec3,
    /// Unit interpolated normal before the texture's relief, towards the ray's origin.
    pub smooth: Vec3,
    pub piece: u16,
    pub material: u16,
    /// `normal` is in the room frame, towards the ray's origin.
    pub surface: Surface,
    pub t: f32,
}

/// Boxes a ray may cross; more pieces than this on one line of sight are visited out of order.
const CROSSED: usize = 24;
/// So few rays of a bundle look into a piece one by one.
const ALONE: usize = 4;

impl<'a> Scene<'a> {
    /// Places prepared pieces; `store` prepares what is new to it.
    pub fn new(placements: &'a [Placement], floor_y: f32, store: &SolidStore) -> Self {
        let pieces: Vec<&Piece> = placements.iter().map(|p| &p.piece).collect();
        let solids = store.get(&pieces);
        let frames: Vec<(Mat3, Vec3)> = placements
            .iter()
            .map(|placement| {
                let mut origin = placement.position.as_vec3();
                if (origin.y - floor_y).abs() < 1e-3 {
                    origin.y += SINK;
                }
                (placement.rotation(), origin)
            })
            .collect();
        let piece_bounds: Vec<Aabb> = placements
            .iter()
            .zip(&frames)
            .map(|(placement, (rotation, origin))| {
                let mut bounds = Aabb::EMPTY;
                let positions = placement.piece.mesh.positions.iter();
                positions.for_each(|&p| bounds.include(*rotation * p + *origin));
                bounds
            })
            .collect();
        Self {
            placements,
            solids,
            frames,
            boxes: Boxes::new(piece_bounds.iter().map(|b| (b.min, b.max))),
            piece_bounds,
            sample_angle: 0.0,
        }
    }

    /// Shades surfaces only as finely as samples this far apart (radians) can show.
    pub fn sampled_every(mut self, angle: f32) -> Self {
        self.sample_angle = angle;
        self
    }

    /// What a piece is and where it stands: its shape, frame and materials.
    pub(super) fn placed(&self, number: usize) -> (&Arc<Solid>, &(Mat3, Vec3), &[Material]) {
        let materials = &self.placements[number].piece.materials;
        (&self.solids[number], &self.frames[number], materials)
    }

    /// Triangles in all pieces.
    pub fn triangle_count(&self) -> usize {
        self.solids.iter().map(|solid| solid.triangles.len()).sum()
    }

    /// The nearest hit before `far`.
    #[inline]
    pub fn closest(&self, origin: Vec3, direction: Vec3, far: f32) -> Option<SceneHit> {
        let mut crossed = [(0.0_f32, 0_u32); CROSSED];
        let mut count = 0;
        let mut best: Option<SceneHit> = None;
        self.boxes.crossed(origin, direction, far, |enter, piece| {
            if count < CROSSED {
                crossed[count] = (enter, piece);
                count += 1;
            } else {
                self.meet(piece, origin, direction, far, &mut best);
            }
        });
        // Nearest box first, so that most of the others are out of reach by the time they come up.
        for done in 0..count {
            for next in done + 1..count {
                if crossed[next].0 < crossed[done].0 {
                    crossed.swap(done, next);
                }
            }
            let (enter, piece) = crossed[done];
            if best.is_some_and(|hit| hit.t < enter) {
                break;
            }
            self.meet(piece, origin, direction, far, &mut best);
        }
        best
    }

    /// The nearest hit of every ray of a bundle.
    pub fn closest_of_bundle(&self, bundle: &Bundle) -> [Option<SceneHit>; BUNDLE] {
        let mut best = [None; BUNDLE];
        let mut crossed = [(0.0_f32, 0_u32, 0_u32); CROSSED];
        let mut count = 0;
        self.boxes.crossed_by_bundle(bundle, |piece, rays, distance| {
            if count < CROSSED {
                crossed[count] = (distance, piece, rays);
                count += 1;
            } else {
                self.meet_bundle(piece, rays, distance, bundle, &mut best);
            }
        });
        crossed[..count].sort_unstable_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
        for &(distance, piece, rays) in &crossed[..count] {
            self.meet_bundle(piece, rays, distance, bundle, &mut best);
        }
        best
    }

    /// Which rays of a bundle meet anything, glass included, one bit each.
    pub fn met_by_bundle(&self, bundle: &Bundle) -> u32 {
        let mut met = 0;
        self.boxes.crossed_by_bundle(bundle, |piece, rays, _| {
            let open = rays & !met;
            let lanes = || (0..bundle.len()).filter(|lane| open >> lane & 1 == 1);
            let index = &self.solids[piece as usize].index;
            if open.count_ones() as usize <= ALONE {
                for lane in lanes() {
                    let (direction, far) = bundle.ray(lane);
                    let (origin, direction) = self.localize(piece, bundle.origin, direction);
                    met |= u32::from(index.is_met(origin, direction, 0.0, far)) << lane;
                }
                return;
            }
            let mut far = [-1.0; BUNDLE];
            lanes().for_each(|lane| far[lane] = bundle.ray(lane).1);
            let (rotation, place) = &self.frames[piece as usize];
            met |= index.met_by_bundle(&bundle.localized(rotation, *place, far), 0.0);
        });
        met
    }

    /// Looks into one piece, which is no nearer than `distance`, for nearer hits of the rays that have their bit in `rays`.
    fn meet_bundle(
        &self,
        piece: u32,
        rays: u32,
        distance: f32,
        bundle: &Bundle,
        best: &mut [Option<SceneHit>; BUNDLE],
    ) {
        let mut far = [-1.0; BUNDLE];
        let mut count = 0;
        for lane in (0..bundle.len()).filter(|lane| rays >> lane & 1 == 1) {
            let reach = best[lane].map_or(bundle.ray(lane).1, |hit| hit.t);
            if reach > distance {
                far[lane] = reach;
                count += 1;
            }
        }
        if count <= ALONE {
            for lane in (0..bundle.len()).filter(|&lane| far[lane] > 0.0) {
                let (direction, far) = bundle.ray(lane);
                self.meet(piece, bundle.origin, direction, far, &mut best[lane]);
            }
            return;
        }
        let (rotation, place) = &self.frames[piece as usize];
        let local = bundle.localized(rotation, *place, far);
        let mut hits = Hits::none(&local);
        let index = &self.solids[piece as usize].index;
        index.closest_of_bundle(&local, 0.0, &mut hits);
        for (lane, best) in best.iter_mut().enumerate() {
            if let Some(hit) = hits.get(lane) {
                *best = Some(SceneHit::new(piece, hit));
            }
        }
    }

    /// Looks into one piece for something nearer than `best`.
    #[inline]
    fn meet(&self, piece: u32, origin: Vec3, direction: Vec3, far: f32, best: &mut Option<SceneHit>) {
        let far = best.map_or(far, |hit| hit.t);
        let (origin, direction) = self.localize(piece, origin, direction);
        let index = &self.solids[piece as usize].index;
        if let Some(hit) = index.closest(origin, direction, 0.0, far) {
            *best = Some(SceneHit::new(piece, hit));
        }
    }

    /// Share of light that travels `far` along the ray: 0 behind anything opaque.
    #[inline]
    pub fn transmittance(&self, origin: Vec3, direction: Vec3, far: f32) -> f32 {
        let mut left = 1.0;
        self.boxes.crossed(origin, direction, far, |_, piece| {
            if left > 0.0 {
                let (origin, direction) = self.localize(piece, origin, direction);
                let index = &self.solids[piece as usize].index;
                left *= index.transmittance(origin, direction, 0.0, far);
            }
        });
        left
    }

    /// A ray in the frame of a piece. Rotations are undone by transposition.
    #[inline]
    fn localize(&self, piece: u32, origin: Vec3, direction: Vec3) -> (Vec3, Vec3) {
        let (rotation, place) = &self.frames[piece as usize];
        let inverse = rotation.transpose();
        (inverse * (origin - *place), inverse * direction)
    }

    /// Geometric normal of a hit triangle, towards the ray's origin.
    #[inline]
    pub fn facing_normal(&self, hit: &SceneHit, direction: Vec3) -> Vec3 {
        let number = usize::from(hit.piece);
        let normal = self.frames[number].0 * self.solids[number].normals[hit.triangle as usize];
        if normal.dot(direction) > 0.0 {
            -normal
        } else {
            normal
        }
    }

    /// Piece, number of the triangle in its mesh, and number of its material.
    #[inline]
    fn source(&self, hit: &SceneHit) -> (&Piece, usize, u16) {
        let number = usize::from(hit.piece);
        let piece = &self.placements[number].piece;
        let triangle = self.solids[number].triangles[hit.triangle as usize] as usize;
        (piece, triangle, piece.mesh.materials[triangle])
    }

    /// The material of a hit triangle, untextured: enough for light that bounces once.
    #[inline]
    pub fn material(&self, hit: &SceneHit) -> &Material {
        let (piece, _, material) = self.source(hit);
        &piece.materials[usize::from(material)]
    }

    /// Evaluates texture and normals at a hit.
    pub fn shade(&self, hit: &SceneHit, origin: Vec3, direction: Vec3) -> Shaded {
        let (piece, triangle, material) = self.source(hit);
        let mesh = &piece.mesh;
        let [a, b, c] = mesh.triangles[triangle].map(|i| i as usize);
        let weights = Vec3::new(1.0 - hit.u - hit.v, hit.u, hit.v);
        let mix3 = |values: &[Vec3]| values[a] * weights.x + values[b] * weights.y + values[c] * weights.z;
        let mix2 = |values: &[Vec2]| values[a] * weights.x + values[b] * weights.y + values[c] * weights.z;
        let flat = self.facing_normal(hit, direction);
        let rotation = &self.frames[usize::from(hit.piece)].0;
        // The rotation is its own inverse up to transposition; normals are turned towards the ray in the model frame, so
        // that relief bends them to the visible side.
        let local_flat = rotation.transpose() * flat;
        let mut local = mix3(&mesh.normals).normalize_or_zero();
        if local == Vec3::ZERO {
            local = local_flat;
        }
        if local.dot(local_flat) < 0.0 {
            local = -local;
        }
        let mut surface = piece.materials[usize::from(material)].seen(
            mix3(&mesh.positions),
            mix2(&mesh.uvs),
            local,
            hit.t * self.sample_angle,
        );
        let towards = |normal: Vec3| {
            // Shading normals must not look away from the viewer, or the surface turns black at its rim.
            let slant = normal.dot(direction);
            if slant > -0.02 {
                (normal - direction * (slant + 0.05)).normalize()
            } else {
                normal
            }
        };
        let smooth = towards(*rotation * local);
        surface.normal = towards((*rotation * surface.normal).normalize_or(smooth));
        Shaded {
            position: origin + direction * hit.t,
            flat,
            smooth,
            piece: hit.piece,
            material,
            surface,
            t: hit.t,
        }
    }
}
