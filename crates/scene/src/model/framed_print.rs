//! A person's own picture in a frame: moulding, bevelled mat and glass, made to measure.
//!
//! The picture keeps its shape whatever the frame's: a mat takes up the difference, and without one
//! [`FramedPrint::fitted`] says which frame fits. Surprise: the glass is no pane but the gloss of what lies under it, which
//! mirrors the room as a pane would and costs no second layer of rays.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::furnish::Kind;
use crate::geometry::{Vec2, Vec3};
use crate::model::builder::Builder;
use crate::model::finish::{Wood, srgb};
use crate::model::framed::{GILT, PLAIN, mitred};
use crate::model::ink::{Ink, Printed, WHITE};
use crate::model::material::Texture;
use crate::model::part::Part;
use crate::model::shapes::block;
use crate::model::{Material, Piece};

/// Sides a frame may have, metres.
pub const SIDES: std::ops::RangeInclusive<f32> = 0.10..=3.0;
/// How deep it may be.
pub const DEPTHS: std::ops::RangeInclusive<f32> = 0.005..=0.08;

/// What a frame is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Frame {
    /// Ash, stained black.
    Black,
    /// Lacquered.
    White,
    Oak,
    Walnut,
    /// A gilt moulding.
    Gold,
    /// No frame: a sheet on a stiff board.
    None,
}

impl Frame {
    /// Width of the moulding as seen from the front, metres.
    pub const fn rail(self) -> f32 {
        match self {
            Self::Gold => 0.045,
            Self::None => 0.0,
            Self::Black | Self::White | Self::Oak | Self::Walnut => 0.018,
        }
    }

    fn material(self, seed: u32) -> Material {
        match self {
            Self::Black => Wood::BlackAsh.material(0.0, seed),
            Self::White | Self::None => Material::plain(srgb(0xF2F0EB), 0.38),
            Self::Oak => Wood::Oak.material(0.0, seed),
            Self::Walnut => Wood::Walnut.material(0.0, seed),
            Self::Gold => Material {
                metallic: 1.0,
                ..Material::plain(Vec3::new(0.50, 0.38, 0.19), 0.42)
            },
        }
    }
}

/// A picture and the frame it hangs in.
#[derive(Debug, Clone)]
pub struct FramedPrint {
    pub ink: Arc<Ink>,
    pub frame: Frame,
    pub has_mat: bool,
    /// Whether glass lies over it and mirrors the room.
    pub has_glass: bool,
}

/// Least width of a mat, as a share of the shorter side of the sight.
const MAT: f32 = 0.13;
/// Thickness of the mat's board.
const BOARD: f32 = 0.0022;

impl FramedPrint {
    /// The frame of this width and height or smaller that fits the picture; with a mat any does.
    pub fn fitted(aspect: f32, frame: Frame, has_mat: bool, size: Vec2) -> Vec2 {
        if has_mat {
            return size;
        }
        let rails = Vec2::splat(2.0 * frame.rail());
        let sight = (size - rails).max(Vec2::splat(0.02));
        within(aspect, sight) + rails
    }

    /// Width and height of the picture as seen in a frame of this size.
    pub fn picture_size(&self, size: Vec2) -> Vec2 {
        let sight = size - Vec2::splat(2.0 * self.frame.rail());
        if !self.has_mat {
            return sight;
        }
        let mat = MAT * sight.min_element();
        within(self.ink.aspect(), sight - Vec2::splat(2.0 * mat))
    }

    /// How far in front of its back the picture lies in a frame of this size.
    pub fn face(&self, size: Vec3) -> f32 {
        let sunk = if self.has_mat { BOARD } else { 0.0 };
        0.5 * size.z + self.front(size.z) - sunk
    }

    /// The front of what is framed, about the middle of the frame's depth: a little behind the moulding's.
    fn front(&self, depth: f32) -> f32 {
        depth * (0.5 - if self.frame.rail() > 0.0 { 0.22 } else { 0.0 })
    }

    /// Builds it: width, height, depth in metres.
    pub fn piece(&self, size: Vec3) -> Piece {
        let outer = size.truncate();
        // Without a mat a picture of another shape fills the sight and is cut, never stretched.
        let printed = if self.has_mat {
            self.picture_size(outer)
        } else {
            around(self.ink.aspect(), self.picture_size(outer))
        };
        self.printed(size, -printed * 0.5, printed)
    }

    /// The same with the picture at a place of its own on the paper: lower left corner about the middle, and size.
    pub fn printed(&self, size: Vec3, corner: Vec2, printed: Vec2) -> Piece {
        let mut b = Builder::new(17);
        let (width, height, depth) = (size.x, size.y, size.z);
        let rail = self.frame.rail();
        let middle = height * 0.5;
        let sight = Vec2::new(width, height) - Vec2::splat(2.0 * rail);
        let front = self.front(depth);
        if rail > 0.0 {
            let moulding = if self.frame == Frame::Gold { GILT } else { PLAIN };
            let wood = b.material(self.frame.material(29));
            b.add(
                wood,
                mitred(width, height, rail, depth, moulding).moved(0.0, middle, 0.0),
            );
        }
        let gloss = if self.has_glass { 0.06 } else { 0.62 };
        let picture = self.picture_size(Vec2::new(width, height));
        let sunk = if self.has_mat { BOARD } else { 0.0 };
        let paper = Material::plain(Vec3::splat(WHITE), gloss);
        let sheet = b.material(Material {
            texture: Texture::Printed {
                print: Arc::new(Printed {
                    ink: Arc::clone(&self.ink),
                    corner,
                    size: printed,
                    area: (
                        -picture * 0.5 - Vec2::splat(0.001),
                        picture * 0.5 + Vec2::splat(0.001),
                    ),
                    under: paper.clone(),
                    footprint: 1.0,
                }),
            },
            ..paper
        });
        let shown = if self.has_mat { picture } else { sight };
        b.add_aligned(sheet, rectangle(shown).moved(0.0, middle, front - sunk));
        if self.has_mat {
            let board = b.material(Material::plain(srgb(0xF1EFEA), gloss));
            let core = b.material(Material::plain(srgb(0xFAF9F6), 0.7));
            let cut = picture + Vec2::splat(2.0 * BOARD);
            b.add_aligned(board, ring(sight, front, cut, front).moved(0.0, middle, 0.0));
            b.add_aligned(
                core,
                ring(cut, front, picture, front - sunk).moved(0.0, middle, 0.0),
            );
        }
        // The backing; a little smaller than the moulding, so that it is never seen from the side.
        let back = b.material(Material::plain(srgb(0x8C7A64), 0.8));
        let (thick, inset) = (
            front - sunk - 0.0004 + depth * 0.5,
            if rail > 0.0 { rail } else { 0.0 },
        );
        b.add(
            back,
            block(width - inset, height - inset, thick, 0.0).moved(0.0, middle, -depth * 0.5 + thick * 0.5),
        );
        b.finish(Kind::Art, "Framed print".to_owned(), size)
    }
}

/// The largest rectangle of a shape that fits within a size.
pub(crate) fn within(aspect: f32, size: Vec2) -> Vec2 {
    let width = size.x.min(size.y * aspect);
    Vec2::new(width, width / aspect)
}

/// The smallest one that covers it.
pub(crate) fn around(aspect: f32, size: Vec2) -> Vec2 {
    let width = size.x.max(size.y * aspect);
    Vec2::new(width, width / aspect)
}

/// An upright rectangle that faces +Z; uvs are its own coordinates, (0, 0) in the middle.
pub(crate) fn rectangle(size: Vec2) -> Part {
    let half = size * 0.5;
    let corners = [(-1.0, -1.0), (1.0, -1.0), (1.0, 1.0), (-1.0, 1.0)].map(|(x, y)| half * Vec2::new(x, y));
    Part {
        positions: corners.map(|c| c.extend(0.0)).to_vec(),
        normals: vec![Vec3::Z; 4],
        uvs: corners.to_vec(),
        triangles: vec![[0, 1, 2], [0, 2, 3]],
    }
}

/// The surface between two rectangles about the origin at their own depths.
fn ring(outer: Vec2, outer_z: f32, inner: Vec2, inner_z: f32) -> Part {
    let corner = |size: Vec2, z: f32, k: usize| {
        let (x, y) = [(-0.5, -0.5), (0.5, -0.5), (0.5, 0.5), (-0.5, 0.5)][k % 4];
        Vec3::new(size.x * x, size.y * y, z)
    };
    let mut part = Part::default();
    for side in 0..4 {
        let first = part.positions.len() as u32;
        part.positions.extend([
            corner(outer, outer_z, side),
            corner(outer, outer_z, side + 1),
            corner(inner, inner_z, side + 1),
            corner(inner, inner_z, side),
        ]);
        part.triangles
            .extend([[first, first + 1, first + 2], [first, first + 2, first + 3]]);
    }
    part.uvs = part.positions.iter().map(|p| p.truncate()).collect();
    part.smooth(10.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use ::image::RgbImage;

    fn print(width: u32, height: u32, frame: Frame, has_mat: bool) -> FramedPrint {
        FramedPrint {
            ink: Arc::new(Ink::opaque(&RgbImage::new(width, height)).expect("it has pixels")),
            frame,
            has_mat,
            has_glass: true,
        }
    }

    #[test]
    fn a_picture_keeps_its_shape_in_any_frame() {
        for (width, height) in [(300, 200), (200, 300), (100, 100), (400, 100)] {
            let aspect = width as f32 / height as f32;
            for frame in [Frame::Black, Frame::Gold, Frame::None] {
                for has_mat in [true, false] {
                    let wanted = Vec2::new(0.5, 0.7);
                    let size = FramedPrint::fitted(aspect, frame, has_mat, wanted);
                    assert!(size.cmple(wanted + 1e-6).all());
                    let shown = print(width, height, frame, has_mat).picture_size(size);
                    assert!(
                        (shown.x / shown.y / aspect - 1.0).abs() < 1e-3,
                        "{shown} in {size}"
                    );
                    assert!(shown.min_element() > 0.05);
                }
            }
        }
    }

    #[test]
    fn it_is_built_to_the_size_that_was_asked_for() {
        for frame in [Frame::Oak, Frame::Gold, Frame::None] {
            for has_mat in [true, false] {
                let size = Vec3::new(0.5, 0.7, 0.025);
                let piece = print(2, 3, frame, has_mat).piece(size);
                let bounds = piece.mesh.bounds();
                assert!(
                    (bounds.size() - size).length() < 1e-5,
                    "{frame:?} {}",
                    bounds.size()
                );
                assert!(bounds.min.y.abs() < 1e-6);
                assert!(piece.mesh.positions.iter().all(|p| p.is_finite()));
            }
        }
    }
}
