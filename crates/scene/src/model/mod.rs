//! Parametric furniture: size-exact, recolourable, free of foreign licences; and [`import`] for pieces from elsewhere.
//!
//! A [`Design`] says what a piece is and how large; [`build`] makes its mesh in a [`Look`] (style and palette). The
//! planner works on designs alone and builds only what it placed. To add a piece: a `Kind`, its sizes in
//! `catalogue.rs`, a builder in the module of its family, and a look at the contact sheet example.

use crate::geometry::{Mesh, Vec3};

pub(crate) mod art;
mod baskets;
mod bath;
mod beds;
mod builder;
mod carpet;
mod catalogue;
mod cloth;
pub(crate) mod curtains;
mod decor;
pub mod finish;
pub(crate) mod framed;
pub mod framed_print;
mod hall;
pub mod image_texture;
pub mod import;
pub mod ink;
mod kitchen;
mod lamps;
pub(crate) mod look;
pub mod material;
pub mod noise;
mod outdoor;
mod palettes;
pub(crate) mod part;
mod plants;
mod rugs;
mod screens;
mod seating;
pub(crate) mod shapes;
mod storage;
pub mod studio;
mod tables;
mod tableware;
mod tint;
mod upholstery;
mod wood;

#[cfg(test)]
mod tests;

pub(crate) use catalogue::own_option;
pub use catalogue::{Design, DrawnOut, build, build_tinted, designs, forms};
pub use look::{Look, Palette};
pub use material::{Material, Surface};
pub use palettes::palettes;

/// A piece of furniture ready to stand in a room: mesh in the model frame (metres, Y up, front +Z, standing on y = 0,
/// centred on x = z = 0) and the materials its triangles name.
#[derive(Debug, Clone)]
pub struct Piece {
    /// What it is, such as `sofa`; a word of [`crate::furnish::Kind`].
    pub kind: crate::furnish::Kind,
    /// What a person reads, such as "Three-seat sofa, oat weave".
    pub name: String,
    pub mesh: Mesh,
    pub materials: Vec<Material>,
    /// Width (x), height (y), depth (z) in metres.
    pub size: Vec3,
}
