//! What a placed piece is made of, as data: enough to store, send and build it again exactly.
//!
//! [`PlacementSpec`] is the stored form of a [`Placement`]; [`rebuild`] is the way back. Positions are those of the
//! room frame (origin at the camera, Y down, metres): a document that changes the camera's height moves its pieces.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::{Kind, Placement, Style};
use crate::geometry::{DVec3, Vec3};
use crate::model::framed_print::{DEPTHS, Frame, FramedPrint, SIDES as SIDES_OF_PRINTS};
use crate::model::import::Asset;
use crate::model::ink::Ink;
use crate::model::{Design, Look, build_tinted, forms, palettes};
use crate::room::Surface;

/// What carries a piece.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "on", rename_all = "snake_case")]
pub enum Support {
    Floor,
    /// Hangs on a wall.
    Wall {
        wall: Surface,
    },
    /// Hangs from the ceiling.
    Ceiling,
    /// Stands on another piece of the same plan.
    Item {
        id: String,
    },
}

/// Where a piece of the catalogue comes from; pieces made by other means have none.
#[derive(Debug, Clone, PartialEq)]
pub struct Source {
    /// Unique within a plan, such as `armchair-2`.
    pub id: String,
    pub design: Design,
    pub style: Style,
    /// Name of a palette of the style.
    pub palette: &'static str,
    /// Seed of the mesh: folds, leaves, grain.
    pub seed: u32,
    /// sRGB colour `0xRRGGBB` that replaces the main colour.
    pub tint: Option<u32>,
    pub support: Support,
    /// Id of the imported asset it is made of, instead of a design of the catalogue.
    pub asset: Option<String>,
    /// The person's own picture it shows, instead of a design of the catalogue.
    pub print: Option<Print>,
}

/// A placed piece as data.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PlacementSpec {
    /// Unique within a plan, such as `armchair-2`.
    pub id: String,
    pub kind: Kind,
    /// Which form of the kind, a number of the catalogue.
    pub option: u8,
    pub style: Style,
    /// Name of a palette of the style, such as `stone and black`.
    pub palette: String,
    /// Seed of the mesh: folds, leaves, grain.
    pub seed: u32,
    /// sRGB colour `0xRRGGBB` that replaces the main colour.
    pub tint: Option<u32>,
    /// Room frame, metres; the centre of the footprint at the base of the piece.
    pub position_m: [f64; 3],
    /// As in [`Placement`].
    pub yaw_deg: f64,
    /// Width, height, depth in metres.
    pub size_m: [f32; 3],
    pub support: Support,
    /// Id of the imported asset it is made of, instead of a design of the catalogue.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub asset: Option<String>,
    /// The person's own picture it shows, instead of a design of the catalogue.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub print: Option<Print>,
}

/// A person's own picture in a frame on the wall, as data.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema), schema(as = ScenePrint))]
#[serde(deny_unknown_fields)]
pub struct Print {
    /// The upload it was made from, which may be gone by now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub original_id: Option<String>,
    /// Name of the copy that is kept for the scene. Made by the server.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schema(max_length = 64))]
    pub artwork: Option<String>,
    /// `black`, `white`, `oak`, `walnut`, `gold` or `none`.
    #[cfg_attr(feature = "schema", schema(value_type = String, example = "oak"))]
    pub frame: Frame,
    /// A mat around the picture takes up what its shape leaves of the frame.
    pub mat: bool,
    /// Width over height of the picture. Made by the server.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub aspect: Option<f32>,
}

/// Finds what a spec names and the catalogue does not have.
pub trait Assets: Sync {
    /// An imported piece by its id.
    fn asset(&self, id: &str) -> Option<Arc<Asset>>;
    /// A picture by the name of its copy.
    fn artwork(&self, name: &str) -> Option<Arc<Ink>>;
}

/// Imported pieces alone.
impl<F: Fn(&str) -> Option<Arc<Asset>> + Sync> Assets for F {
    fn asset(&self, id: &str) -> Option<Arc<Asset>> {
        self(id)
    }

    fn artwork(&self, _: &str) -> Option<Arc<Ink>> {
        None
    }
}

/// For plans without imported pieces.
pub fn no_assets(_: &str) -> Option<Arc<Asset>> {
    None
}

/// Why a spec names no piece.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum SpecError {
    #[error("the style has no palette named {0}")]
    UnknownPalette(String),
    #[error("{kind:?} has no option {option}")]
    UnknownOption { kind: Kind, option: u8 },
    #[error("there is no imported piece {0}")]
    UnknownAsset(String),
    #[error("there is no picture for {0}")]
    UnknownPicture(String),
    /// Not a number, or a size outside 5 mm to 8 m, or a position or angle no room has.
    #[error("{0} is out of range")]
    OutOfRange(&'static str),
}

/// Sides a piece may have, metres; thinner than a rug or longer than a wall is a mistake.
const SIDES: std::ops::RangeInclusive<f32> = 0.005..=8.0;

/// Option of every print: that of a single upright picture.
const PRINT_OPTION: u8 = 4;

/// The look a palette's name stands for.
pub fn look_named(style: Style, palette: &str) -> Result<Look, SpecError> {
    palettes(style)
        .iter()
        .find(|known| known.name == palette)
        .map(|known| Look {
            style,
            palette: *known,
        })
        .ok_or_else(|| SpecError::UnknownPalette(palette.to_owned()))
}

/// The catalogue's design of a kind and option at a size; what it carries things on keeps its place in the height.
pub fn design_of(kind: Kind, option: u8, style: Style, size: Vec3) -> Result<Design, SpecError> {
    if !size.to_array().iter().all(|side| SIDES.contains(side)) {
        return Err(SpecError::OutOfRange("size_m"));
    }
    let known = forms(kind, style)
        .into_iter()
        .filter(|design| design.option == option)
        .min_by(|a, b| a.size.distance(size).total_cmp(&b.size.distance(size)))
        .ok_or(SpecError::UnknownOption { kind, option })?;
    let mut design = known.sized(size);
    design.top = known.top * (size.y / known.size.y);
    Ok(design)
}

/// A print as the planner and the rules see it.
fn print_design(size: Vec3) -> Result<Design, SpecError> {
    let fits =
        SIDES_OF_PRINTS.contains(&size.x) && SIDES_OF_PRINTS.contains(&size.y) && DEPTHS.contains(&size.z);
    fits.then(|| Design::new(Kind::Art, PRINT_OPTION, size.to_array(), 0.0))
        .ok_or(SpecError::OutOfRange("size_m"))
}

fn framed(print: &Print, ink: Arc<Ink>) -> FramedPrint {
    FramedPrint {
        ink,
        frame: print.frame,
        has_mat: print.mat,
        has_glass: print.frame != Frame::None,
    }
}

/// Builds the piece of a spec and places it: the same mesh, materials and place as the placement the spec came from.
/// What the catalogue does not have is asked of `assets`.
pub fn rebuild(spec: &PlacementSpec, assets: &dyn Assets) -> Result<Placement, SpecError> {
    let look = look_named(spec.style, &spec.palette)?;
    let size = Vec3::from_array(spec.size_m);
    let asset = match &spec.asset {
        Some(id) => Some(
            assets
                .asset(id)
                .ok_or_else(|| SpecError::UnknownAsset(id.clone()))?,
        ),
        None => None,
    };
    let ink = match &spec.print {
        Some(print) => Some(
            print
                .artwork
                .as_deref()
                .and_then(|name| assets.artwork(name))
                .ok_or_else(|| SpecError::UnknownPicture(spec.id.clone()))?,
        ),
        None => None,
    };
    let design = match &asset {
        _ if spec.print.is_some() => print_design(size)?,
        Some(asset) => asset.design(size).ok_or(SpecError::OutOfRange("size_m"))?,
        None => design_of(spec.kind, spec.option, spec.style, size)?,
    };
    let position = DVec3::from_array(spec.position_m);
    if !position.is_finite() || position.abs().max_element() > 100.0 {
        return Err(SpecError::OutOfRange("position_m"));
    }
    if !spec.yaw_deg.is_finite() || spec.yaw_deg.abs() > 3600.0 {
        return Err(SpecError::OutOfRange("yaw_deg"));
    }
    Ok(Placement {
        piece: match (&spec.print, ink, &asset) {
            (Some(print), Some(ink), _) => framed(print, ink).piece(size),
            (_, _, Some(asset)) => asset.piece(Some(size), spec.tint),
            _ => build_tinted(&look, &design, spec.seed, spec.tint),
        },
        position,
        yaw_deg: spec.yaw_deg,
        source: Some(Source {
            id: spec.id.clone(),
            design,
            style: spec.style,
            palette: look.palette.name,
            seed: spec.seed,
            tint: spec.tint,
            support: spec.support.clone(),
            asset: spec.asset.clone(),
            print: spec.print.clone(),
        }),
    })
}

impl Placement {
    /// The placement as data; `None` for a piece that is not from the catalogue.
    pub fn spec(&self) -> Option<PlacementSpec> {
        let source = self.source.as_ref()?;
        Some(PlacementSpec {
            id: source.id.clone(),
            kind: source.design.kind,
            option: source.design.option,
            style: source.style,
            palette: source.palette.to_owned(),
            seed: source.seed,
            tint: source.tint,
            position_m: self.position.to_array(),
            yaw_deg: self.yaw_deg,
            size_m: source.design.size.to_array(),
            support: source.support.clone(),
            asset: source.asset.clone(),
            print: source.print.clone(),
        })
    }
}
