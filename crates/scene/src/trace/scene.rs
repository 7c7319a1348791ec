//! The placed furniture as the tracer sees it: one ray index over all pieces, and surfaces at hits.

use crate::furnish::Placement;
use crate::geometry::{Aabb, Hit, Mat3, RayIndex, Vec2, Vec3};
use crate::model::{Material, Surface};

/// Rays start this far off a surface, metres.
pub const OFFSET: f32 = 1e-3;
/// Feet sink this deep into the floor, so that no light line shows under them.
const SINK: f32 = 0.002;

/// Where one triangle comes from.
#[derive(Debug, Clone, Copy)]
struct Source {
    piece: u16,
    triangle: u32,
}

/// All furniture of a room.
pub struct Scene<'a> {
    placements: &'a [Placement],
    rotations: Vec<Mat3>,
    origins: Vec<Vec3>,
    index: RayIndex,
    sources: Vec<Source>,
    /// Geometric normals in the room frame.
    normals: Vec<Vec3>,
    /// Bounds of each piece in the room frame.
    pub piece_bounds: Vec<Aabb>,
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

impl<'a> Scene<'a> {
    pub fn new(placements: &'a [Placement], floor_y: f32) -> Self {
        let rotations: Vec<Mat3> = placements.iter().map(Placement::rotation).collect();
        let origins: Vec<Vec3> = placements
            .iter()
            .map(|placement| {
                let mut origin = placement.position.as_vec3();
                if (origin.y - floor_y).abs() < 1e-3 {
                    origin.y += SINK;
                }
                origin
            })
            .collect();
        let (mut corners, mut see_through, mut sources, mut normals) = (vec![], vec![], vec![], vec![]);
        let mut piece_bounds = vec![Aabb::EMPTY; placements.len()];
        for (number, placement) in placements.iter().enumerate() {
            let mesh = &placement.piece.mesh;
            let place = |i: u32| rotations[number] * mesh.positions[i as usize] + origins[number];
            for (triangle, indices) in mesh.triangles.iter().enumerate() {
                let [a, b, c] = indices.map(place);
                let normal = (b - a).cross(c - a);
                let is_sound = normal.is_finite() && normal.length_squared() > 1e-20;
                if !is_sound {
                    continue;
                }
                let material = &placement.piece.materials[usize::from(mesh.materials[triangle])];
                [a, b, c]
                    .into_iter()
                    .for_each(|corner| piece_bounds[number].include(corner));
                corners.push([a, b, c]);
                normals.push(normal.normalize());
                see_through.push(material.transmission.clamp(0.0, 0.98));
                sources.push(Source {
                    piece: number as u16,
                    triangle: triangle as u32,
                });
            }
        }
        let index = RayIndex::new(&corners, &see_through);
        Self {
            placements,
            rotations,
            origins,
            index,
            sources,
            normals,
            piece_bounds,
        }
    }

    pub fn bounds(&self) -> Aabb {
        self.index.bounds()
    }

    pub fn triangle_count(&self) -> usize {
        self.sources.len()
    }

    #[inline]
    pub fn closest(&self, origin: Vec3, direction: Vec3, far: f32) -> Option<Hit> {
        self.index.closest(origin, direction, 0.0, far)
    }

    #[inline]
    pub fn transmittance(&self, origin: Vec3, direction: Vec3, far: f32) -> f32 {
        self.index.transmittance(origin, direction, 0.0, far)
    }

    /// Geometric normal of a hit triangle, towards the ray's origin.
    #[inline]
    pub fn facing_normal(&self, hit: &Hit, direction: Vec3) -> Vec3 {
        let normal = self.normals[hit.triangle as usize];
        if normal.dot(direction) > 0.0 {
            -normal
        } else {
            normal
        }
    }

    /// The material of a hit triangle, untextured: enough for light that bounces once.
    #[inline]
    pub fn material(&self, hit: &Hit) -> &Material {
        let source = self.sources[hit.triangle as usize];
        let piece = &self.placements[source.piece as usize].piece;
        &piece.materials[usize::from(piece.mesh.materials[source.triangle as usize])]
    }

    /// Evaluates texture and normals at a hit.
    pub fn shade(&self, hit: &Hit, origin: Vec3, direction: Vec3) -> Shaded {
        let source = self.sources[hit.triangle as usize];
        let number = source.piece as usize;
        let mesh = &self.placements[number].piece.mesh;
        let [a, b, c] = mesh.triangles[source.triangle as usize].map(|i| i as usize);
        let weights = Vec3::new(1.0 - hit.u - hit.v, hit.u, hit.v);
        let mix3 = |values: &[Vec3]| values[a] * weights.x + values[b] * weights.y + values[c] * weights.z;
        let mix2 = |values: &[Vec2]| values[a] * weights.x + values[b] * weights.y + values[c] * weights.z;
        let flat = self.facing_normal(hit, direction);
        let rotation = &self.rotations[number];
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
        let material = mesh.materials[source.triangle as usize];
        let mut surface = self.placements[number].piece.materials[usize::from(material)].at(
            mix3(&mesh.positions),
            mix2(&mesh.uvs),
            local,
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
            piece: source.piece,
            material,
            surface,
            t: hit.t,
        }
    }

    /// Where a piece stands; its origin in the room frame.
    pub fn origin(&self, piece: usize) -> Vec3 {
        self.origins[piece]
    }
}
