//! What is wrong with models from elsewhere, each defect with its repair.

mod albedo;
mod bevel;
mod fit;
mod gloss;
mod normals;
mod simplify;
mod stand;
mod surface;

pub(super) use albedo::tame;
pub(super) use bevel::round_edges;
pub(super) use fit::{fit, rotate, turn};
pub(super) use gloss::{is_glass, roughness_of_phong};
pub(super) use normals::{complete_normals, mirror_windings};
pub(super) use simplify::simplify;
pub(super) use stand::{Standing, settle};
pub(super) use surface::{lay_out, top_surface};
