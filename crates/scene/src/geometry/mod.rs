//! Vectors, boxes, meshes and the ray index. `f64` for geometry that is measured, `f32` for geometry that is rendered.

pub use glam::{DMat3, DVec2, DVec3, Mat3, Mat4, Quat, Vec2, Vec3, Vec4};

pub mod bvh;
pub mod mesh;
pub mod polygon;
pub mod sampling;

pub use bvh::{Hit, RayIndex};
pub use mesh::{Aabb, Mesh};
