//! Products, their variants and print areas; and the way from a request to a built scene.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::sets::{self, Seat, Stage};
use super::shirt::{self, Shirt};
use super::tote::{self, Tote};
use super::{MockupError, MockupRequest, mug, sheet};
use crate::furnish::Placement;
use crate::geometry::{Mat3, Vec2, Vec3};
use crate::model::finish::srgb;
use crate::model::framed_print::{Frame, FramedPrint};
use crate::model::ink::{Ink, Printed};
use crate::model::material::{Texture, clamp_albedo};
use crate::model::{Material, Piece};

/// Threads are shaded as if samples lay this much further apart than they do: a picture has one sample a pixel.
pub(super) const CALM: f32 = 1.9;

/// What carries the design.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Product {
    /// A framed poster on a wall.
    Poster,
    /// An 11 oz mug.
    Mug,
    /// A T-shirt, its front.
    Tshirt,
    /// A tote bag.
    Tote,
}

/// A colour of cloth or glaze.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shade(pub u32);

impl Shade {
    /// The colours that have names, and their sRGB values.
    pub const NAMED: [(&'static str, u32); 12] = [
        ("white", 0xF6F5F2),
        ("natural", 0xE4D8BF),
        ("sand", 0xD3C2A4),
        ("heather", 0xB4B5B8),
        ("sage", 0x9CA88C),
        ("dusty_rose", 0xC99C98),
        ("red", 0xA3252B),
        ("royal", 0x2B4B9B),
        ("navy", 0x222B45),
        ("forest", 0x244235),
        ("charcoal", 0x434549),
        ("black", 0x1D1D1F),
    ];

    /// A name, or `#rrggbb`.
    pub fn parse(text: &str) -> Option<Self> {
        let named = Self::NAMED.iter().find(|(name, _)| *name == text);
        match named {
            Some((_, value)) => Some(Self(*value)),
            None => crate::document::color_value(text).map(Self),
        }
    }

    fn albedo(self) -> Vec3 {
        clamp_albedo(srgb(self.0))
    }
}

/// A size of paper, width and height in millimetres; the frame is larger by its rails.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Paper {
    pub width_mm: u32,
    pub height_mm: u32,
}

impl Paper {
    /// Sizes of the trade, by their names.
    pub const NAMED: [(&'static str, u32, u32); 8] = [
        ("a4", 210, 297),
        ("a3", 297, 420),
        ("a2", 420, 594),
        ("30x40", 300, 400),
        ("40x50", 400, 500),
        ("50x70", 500, 700),
        ("61x91", 610, 914),
        ("70x100", 700, 1000),
    ];

    /// A name of the trade, or centimetres as in `50x70`.
    pub fn parse(text: &str) -> Option<Self> {
        if let Some((_, width_mm, height_mm)) = Self::NAMED.iter().find(|(name, ..)| *name == text) {
            return Some(Self {
                width_mm: *width_mm,
                height_mm: *height_mm,
            });
        }
        let (width, height) = text.split_once('x')?;
        let side = |text: &str| {
            let side: u32 = text.parse().ok()?;
            (10..=200).contains(&side).then_some(side * 10)
        };
        Some(Self {
            width_mm: side(width)?,
            height_mm: side(height)?,
        })
    }

    fn metres(self) -> Vec2 {
        Vec2::new(self.width_mm as f32, self.height_mm as f32) / 1000.0
    }
}

/// What a product may be had in; what does not concern it is not looked at.
#[derive(Debug, Clone, PartialEq)]
pub struct Variant {
    /// Of a shirt or bag, or of a mug's inside and handle.
    pub color: Option<Shade>,
    /// Of a poster.
    pub frame: Frame,
    /// Of a poster; upright, turned when the design lies.
    pub paper: Paper,
    pub has_mat: bool,
    /// The design goes around the mug instead of on one side.
    pub is_wrapped: bool,
}

impl Default for Variant {
    fn default() -> Self {
        Self {
            color: None,
            frame: Frame::Oak,
            paper: Paper {
                width_mm: 500,
                height_mm: 700,
            },
            has_mat: false,
            is_wrapped: false,
        }
    }
}

impl Product {
    pub const ALL: [Self; 4] = [Self::Poster, Self::Mug, Self::Tshirt, Self::Tote];

    /// Its scenes, the usual one first.
    pub const fn scenes(self) -> &'static [&'static str] {
        match self {
            Self::Poster => &["console", "bedroom"],
            Self::Mug => &["desk", "studio"],
            Self::Tshirt => &["table", "hanger"],
            Self::Tote => &["hook", "table"],
        }
    }
}

/// A scene with its product, ready to be drawn.
pub(super) struct Built {
    pub scene: &'static str,
    pub stage: Stage,
    pub product: Placement,
    pub area: Vec2,
    /// Where a place of the print area, metres about its middle, is in the set.
    pub surface: Box<dyn Fn(Vec2) -> Vec3>,
}

pub(super) fn build(design: Arc<Ink>, request: &MockupRequest) -> Result<Built, MockupError> {
    let known = request.product.scenes();
    let wanted = request.scene.as_deref().unwrap_or(known[0]);
    let scene = *known
        .iter()
        .find(|name| **name == wanted)
        .ok_or_else(|| MockupError::UnknownScene(wanted.to_owned()))?;
    Ok(match request.product {
        Product::Poster => poster(design, request, scene),
        Product::Mug => cup(design, request, scene),
        Product::Tshirt => tshirt(design, request, scene),
        Product::Tote => bag(design, request, scene),
    })
}

fn poster(design: Arc<Ink>, request: &MockupRequest, scene: &'static str) -> Built {
    let variant = &request.variant;
    let paper = variant.paper.metres();
    let paper = if (design.aspect() > 1.0) == (paper.x > paper.y) {
        paper
    } else {
        Vec2::new(paper.y, paper.x)
    };
    // A design of nearly the paper's shape is printed to its edges; others keep a margin of paper.
    let frame = FramedPrint {
        ink: Arc::clone(&design),
        frame: variant.frame,
        has_mat: variant.has_mat,
        has_glass: variant.frame != Frame::None,
    };
    let mat = if variant.has_mat {
        2.0 * 0.16 * paper.min_element()
    } else {
        0.0
    };
    let outer = paper + Vec2::splat(mat + 2.0 * variant.frame.rail());
    let depth = if variant.frame == Frame::None {
        0.008
    } else {
        0.024
    };
    let size = outer.extend(depth);
    let area = frame.picture_size(outer);
    let (corner, printed) = if variant.has_mat {
        (-area * 0.5, area)
    } else {
        request.place.rectangle(design.aspect(), area)
    };
    let stage = match scene {
        "bedroom" => sets::bedroom(size),
        _ => sets::console(size),
    };
    let at = stage.seat.at;
    let front = at.z - 0.5 * depth + frame.face(size);
    Built {
        scene,
        product: sheet::placed(frame.printed(size, corner, printed), at, 0.0),
        area,
        surface: Box::new(move |place| Vec3::new(at.x + place.x, at.y + 0.5 * size.y + place.y, front)),
        stage,
    }
}

fn cup(design: Arc<Ink>, request: &MockupRequest, scene: &'static str) -> Built {
    let stage = match scene {
        "studio" => sets::studio(),
        _ => sets::desk(),
    };
    let (area, around) = if request.variant.is_wrapped {
        (mug::WRAP, 0.0)
    } else if stage.seat.yaw_deg > 90.0 {
        (mug::SIDE, -mug::QUARTER)
    } else {
        (mug::SIDE, mug::QUARTER)
    };
    let middle = Vec2::new(around, mug::MIDDLE);
    let glaze = Material::plain(srgb(0xF4F3F0), 0.075);
    let tinted = request.variant.color.map(|shade| Material {
        albedo: shade.albedo(),
        ..glaze.clone()
    });
    let wall = printed(design, request, (middle, area), &glaze);
    let handle = tinted.as_ref().unwrap_or(&glaze);
    let coffee = Material::plain(srgb(0x3A2112), 0.10);
    let drink = (scene == "desk").then_some(&coffee);
    let piece = mug::piece(&wall, handle, handle, drink);
    let seat = stage.seat;
    Built {
        scene,
        product: sheet::placed(piece, seat.at, f64::from(seat.yaw_deg)),
        area,
        surface: Box::new(move |place| seat.place(mug::point(middle + place))),
        stage,
    }
}

fn tshirt(design: Arc<Ink>, request: &MockupRequest, scene: &'static str) -> Built {
    let stage = match scene {
        "hanger" => sets::shirt_hanger(),
        _ => sets::shirt_table(),
    };
    let shirt = Shirt::get(sets::shirt_pose(stage.seat.is_lying));
    let albedo = request.variant.color.unwrap_or(Shade(Shade::NAMED[0].1)).albedo();
    let jersey = Material {
        sheen: 0.25,
        texture: Texture::Knit {
            stitch: 0.0016,
            relief: 0.2,
        },
        ..Material::plain(albedo, 0.92)
    };
    let front = printed(design, request, (shirt::MIDDLE, shirt::AREA), &jersey);
    let seat = stage.seat;
    Built {
        scene,
        product: seated(shirt.piece(&front, &jersey), seat),
        area: shirt::AREA,
        surface: Box::new(move |place| seat.place(shirt.point(shirt::MIDDLE + place))),
        stage,
    }
}

fn bag(design: Arc<Ink>, request: &MockupRequest, scene: &'static str) -> Built {
    let stage = match scene {
        "table" => sets::tote_table(),
        _ => sets::tote_hook(),
    };
    let tote = Tote::get(sets::tote_pose(stage.seat.is_lying));
    let albedo = request.variant.color.unwrap_or(Shade(Shade::NAMED[1].1)).albedo();
    let canvas = Material {
        sheen: 0.15,
        texture: Texture::Weave {
            thread: 0.0013,
            second: albedo * 0.90,
            relief: 0.5,
        },
        ..Material::plain(albedo, 0.93)
    };
    let front = printed(design, request, (tote::MIDDLE, tote::AREA), &canvas);
    let seat = stage.seat;
    Built {
        scene,
        product: seated(tote.piece(&front, &canvas), seat),
        area: tote::AREA,
        surface: Box::new(move |place| seat.place(tote.point(tote::MIDDLE + place))),
        stage,
    }
}

/// A material with the design at its place; `middle` and `area` are in the surface's uv.
fn printed(
    design: Arc<Ink>,
    request: &MockupRequest,
    (middle, area): (Vec2, Vec2),
    under: &Material,
) -> Material {
    let (corner, size) = request.place.rectangle(design.aspect(), area);
    Material {
        texture: Texture::Printed {
            print: Arc::new(Printed {
                ink: design,
                corner: middle + corner,
                size,
                area: (middle - area * 0.5, middle + area * 0.5),
                under: under.clone(),
                footprint: 1.0 / CALM,
            }),
        },
        ..under.clone()
    }
}

/// A piece of cloth at its seat: laid down and turned in its mesh, as a placement only turns about the upright.
fn seated(mut piece: Piece, seat: Seat) -> Placement {
    let still = Seat {
        at: Vec3::ZERO,
        ..seat
    };
    let turn = Mat3::from_cols(still.place(Vec3::X), still.place(Vec3::Y), still.place(Vec3::Z));
    for point in piece.mesh.positions.iter_mut().chain(&mut piece.mesh.normals) {
        *point = turn * *point;
    }
    sheet::placed(piece, seat.at, 0.0)
}
