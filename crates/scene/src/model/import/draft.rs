//! A model as read, before its repairs: one bag of triangles whatever format it came from.

use ::image::RgbImage;

use super::{ImportError, Limits};
use crate::geometry::{Vec2, Vec3};

/// Vertices, triangles and materials in the units of the file. `normals` and `uvs` run beside `positions`.
#[derive(Debug, Clone, Default)]
pub(super) struct Draft {
    pub positions: Vec<Vec3>,
    /// `ZERO` where the file gives none.
    pub normals: Vec<Vec3>,
    /// Texture coordinates, v upwards.
    pub uvs: Vec<Vec2>,
    pub triangles: Vec<[u32; 3]>,
    /// One entry per triangle: index into `materials`.
    pub slots: Vec<u16>,
    pub materials: Vec<DraftMaterial>,
}

/// A material as the file describes it; colours are linear.
#[derive(Debug, Clone)]
pub(super) struct DraftMaterial {
    pub name: String,
    /// With a texture: what it is multiplied by.
    pub albedo: Vec3,
    /// As in [`crate::model::Material::roughness`].
    pub roughness: f32,
    pub metallic: f32,
    /// 0 lets all light through.
    pub opacity: f32,
    pub emission: Vec3,
    pub texture: Option<RgbImage>,
}

impl DraftMaterial {
    pub fn new(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            albedo: Vec3::splat(0.5),
            roughness: 0.6,
            metallic: 0.0,
            opacity: 1.0,
            emission: Vec3::ZERO,
            texture: None,
        }
    }
}

impl Draft {
    /// Refuses numbers that are none, indices to nowhere, and more than the limits allow; drops empty triangles.
    pub fn checked(mut self, limits: &Limits, file: &'static str) -> Result<Self, ImportError> {
        Limits::check(self.positions.len() as u64, limits.vertices, "vertices")?;
        Limits::check(self.triangles.len() as u64, limits.triangles, "triangles")?;
        Limits::check(self.materials.len() as u64, limits.materials, "materials")?;
        if self
            .positions
            .iter()
            .any(|p| !p.is_finite() || p.abs().max_element() > 1e7)
        {
            return Err(ImportError::damaged(file, "a vertex is nowhere"));
        }
        let count = self.positions.len() as u32;
        if self.triangles.iter().flatten().any(|&index| index >= count) {
            return Err(ImportError::damaged(
                file,
                "a triangle names a vertex that is not there",
            ));
        }
        for normal in &mut self.normals {
            *normal = if normal.is_finite() {
                normal.normalize_or_zero()
            } else {
                Vec3::ZERO
            };
        }
        for uv in &mut self.uvs {
            if !uv.is_finite() || uv.abs().max_element() > 1e5 {
                *uv = Vec2::ZERO;
            }
        }
        let positions = &self.positions;
        let keep: Vec<bool> = self
            .triangles
            .iter()
            .map(|t| {
                let [a, b, c] = t.map(|i| positions[i as usize]);
                (b - a).cross(c - a).length_squared() > 0.0
            })
            .collect();
        let mut index = 0;
        self.slots.retain(|_| {
            index += 1;
            keep[index - 1]
        });
        index = 0;
        self.triangles.retain(|_| {
            index += 1;
            keep[index - 1]
        });
        if self.triangles.is_empty() {
            return Err(ImportError::Empty);
        }
        Ok(self)
    }
}
