//! Triangle meshes of furniture, in the model frame: metres, X right, Y up, the front towards +Z.

use super::{Vec2, Vec3};

/// An axis-aligned box; `EMPTY` contains nothing.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Aabb {
    pub min: Vec3,
    pub max: Vec3,
}

impl Aabb {
    pub const EMPTY: Self = Self {
        min: Vec3::splat(f32::INFINITY),
        max: Vec3::splat(f32::NEG_INFINITY),
    };

    pub fn include(&mut self, point: Vec3) {
        self.min = self.min.min(point);
        self.max = self.max.max(point);
    }

    pub fn size(&self) -> Vec3 {
        (self.max - self.min).max(Vec3::ZERO)
    }
}

/// An indexed triangle mesh. Each triangle names a material of the piece it belongs to.
///
/// `normals` and `uvs` run beside `positions`; `uvs` are in metres along the surface, so that textures keep
/// their real size. Winding may be mixed: shading is two-sided.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Mesh {
    pub positions: Vec<Vec3>,
    pub normals: Vec<Vec3>,
    pub uvs: Vec<Vec2>,
    pub triangles: Vec<[u32; 3]>,
    /// One entry per triangle: index into the piece's materials.
    pub materials: Vec<u16>,
}

impl Mesh {
    pub fn bounds(&self) -> Aabb {
        let mut bounds = Aabb::EMPTY;
        for &position in &self.positions {
            bounds.include(position);
        }
        bounds
    }
}
