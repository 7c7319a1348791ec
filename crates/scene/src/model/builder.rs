//! Joins parts and materials into a [`Piece`].

use crate::furnish::Kind;
use crate::geometry::{Mat3, Mesh, Vec2, Vec3};
use crate::model::Piece;
use crate::model::material::Material;
use crate::model::noise::Dice;
use crate::model::part::Part;

/// A piece under construction. Handles returned by [`Builder::material`] name its materials.
#[derive(Debug)]
pub struct Builder {
    mesh: Mesh,
    materials: Vec<Material>,
    pub dice: Dice,
}

impl Builder {
    pub fn new(seed: u32) -> Self {
        Self {
            mesh: Mesh::default(),
            materials: Vec::new(),
            dice: Dice::new(u64::from(seed)),
        }
    }

    pub fn material(&mut self, material: Material) -> u16 {
        if let Some(known) = self.materials.iter().position(|m| *m == material) {
            return known as u16;
        }
        self.materials.push(material);
        (self.materials.len() - 1) as u16
    }

    /// Adds a part whose texture starts anywhere, so that equal boards do not look alike.
    pub fn add(&mut self, material: u16, part: Part) {
        let shift = Vec2::new(self.dice.range(-2.0, 2.0), self.dice.range(-0.25, 0.25));
        self.push(material, part, shift);
    }

    /// Adds a part whose texture stays where its uvs say.
    pub fn add_aligned(&mut self, material: u16, part: Part) {
        self.push(material, part, Vec2::ZERO);
    }

    fn push(&mut self, material: u16, part: Part, shift: Vec2) {
        let base = self.mesh.positions.len() as u32;
        self.mesh.positions.extend(part.positions);
        self.mesh.normals.extend(part.normals);
        self.mesh.uvs.extend(part.uvs.into_iter().map(|uv| uv + shift));
        self.mesh
            .materials
            .extend(std::iter::repeat_n(material, part.triangles.len()));
        self.mesh
            .triangles
            .extend(part.triangles.iter().map(|t| t.map(|i| i + base)));
    }

    /// Adds a part and its mirror image about x = 0.
    pub fn pair(&mut self, material: u16, part: Part) {
        self.add(material, part.clone().mirrored());
        self.add(material, part);
    }

    /// Adds a part in all four corners, mirrored about x = 0 and z = 0.
    pub fn corners(&mut self, material: u16, part: Part) {
        let mut behind = part.clone();
        for vector in behind.positions.iter_mut().chain(behind.normals.iter_mut()) {
            vector.z = -vector.z;
        }
        for triangle in &mut behind.triangles {
            triangle.swap(1, 2);
        }
        self.pair(material, behind);
        self.pair(material, part);
    }

    /// Sets a finished piece into this one.
    pub fn place(&mut self, piece: &Piece, at: Vec3, yaw_deg: f32) {
        let turn = Mat3::from_rotation_y(yaw_deg.to_radians());
        let handles: Vec<u16> = piece.materials.iter().map(|m| self.material(m.clone())).collect();
        let base = self.mesh.positions.len() as u32;
        self.mesh
            .positions
            .extend(piece.mesh.positions.iter().map(|&p| turn * p + at));
        self.mesh
            .normals
            .extend(piece.mesh.normals.iter().map(|&n| turn * n));
        self.mesh.uvs.extend(&piece.mesh.uvs);
        self.mesh
            .triangles
            .extend(piece.mesh.triangles.iter().map(|t| t.map(|i| i + base)));
        self.mesh
            .materials
            .extend(piece.mesh.materials.iter().map(|&m| handles[m as usize]));
    }

    /// Closes the piece: fits it to its stated size, stands it on y = 0 and centres it.
    ///
    /// Builders come within a few per cent of the stated size (folds and leaves vary with the seed); the planner
    /// relies on the exact figure, so the rest is scaled away here.
    pub fn finish(mut self, kind: Kind, name: String, size: Vec3) -> Piece {
        let bounds = self.mesh.bounds();
        let scale = size / bounds.size().max(Vec3::splat(1e-6));
        let centre = (bounds.min + bounds.max) * 0.5;
        for p in &mut self.mesh.positions {
            *p = Vec3::new(
                (p.x - centre.x) * scale.x,
                (p.y - bounds.min.y) * scale.y,
                (p.z - centre.z) * scale.z,
            );
        }
        for n in &mut self.mesh.normals {
            *n = (*n / scale).normalize_or(Vec3::Y);
        }
        Piece {
            kind,
            name,
            mesh: self.mesh,
            materials: self.materials,
            size,
        }
    }

    /// Middle of the base of what was built so far.
    pub fn middle(&self) -> Vec3 {
        let bounds = self.mesh.bounds();
        let centre = (bounds.min + bounds.max) * 0.5;
        Vec3::new(centre.x, bounds.min.y, centre.z)
    }

    /// Size of what was built so far.
    pub fn size(&self) -> Vec3 {
        self.mesh.bounds().size()
    }
}
