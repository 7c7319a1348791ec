//! New walls and floors in the photo's own light: more than furniture, from the same geometry.
//!
//! A photo is light times albedo. Where the room box says *wall* or *floor*, the light is estimated from the photo
//! ([`walls`], [`floor`]) and multiplied with another albedo; shadows, sun patches and the fall-off from the window stay
//! where they are. What is no paint or floor (windows, doors, skirting boards, sockets, things standing in the room) keeps
//! its bytes. [`straighten`] makes verticals vertical, which touches every pixel and is a step of its own.

mod floor;
mod plane_grid;
pub mod straighten;
mod surfaces;
mod wall_fit;
mod walls;

use serde::{Deserialize, Serialize};

use crate::camera::Camera;
use crate::image::RgbImage;
use crate::room::Room;
use crate::{Control, StageError};

pub use surfaces::Flooring;

/// An sRGB colour as `#rrggbb`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Color(pub [u8; 3]);

impl TryFrom<String> for Color {
    type Error = String;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl std::str::FromStr for Color {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let digits = text
            .strip_prefix('#')
            .filter(|digits| digits.len() == 6 && digits.bytes().all(|byte| byte.is_ascii_hexdigit()))
            .ok_or_else(|| format!("\"{text}\" is no colour like #e8e0d4"))?;
        let value = u32::from_str_radix(digits, 16).map_err(|error| error.to_string())?;
        Ok(Self([(value >> 16) as u8, (value >> 8) as u8, value as u8]))
    }
}

impl From<Color> for String {
    fn from(Color([red, green, blue]): Color) -> Self {
        format!("#{red:02x}{green:02x}{blue:02x}")
    }
}

/// What to change about the room itself; the default changes nothing.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(default, deny_unknown_fields)]
pub struct Redecoration {
    /// Another floor covering: `oak`, `walnut`, `tile` or `carpet`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schema(value_type = Option<String>, example = "oak"))]
    pub floor: Option<Flooring>,
    /// Paint for all walls.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schema(value_type = Option<String>, pattern = "^#[0-9a-f]{6}$", example = "#d8c3a5"))]
    pub walls: Option<Color>,
}

impl Redecoration {
    pub fn is_empty(&self) -> bool {
        self.floor.is_none() && self.walls.is_none()
    }
}

/// A photo with other walls or another floor.
#[derive(Debug, Clone)]
pub struct Redecorated {
    /// Same size as the photo; where `mask` is 0 every value is the photo's own.
    pub rgb: RgbImage,
    /// 0..=255 per pixel: how far a pixel belongs to what was changed.
    pub mask: Vec<u8>,
}

/// Changes walls and floor. The same arguments give the same bytes.
///
/// Fails with [`StageError::NoFloorVisible`] when a floor is wanted and none can be seen, and with
/// [`StageError::Canceled`].
pub fn redecorate(
    photo: &RgbImage,
    camera: &Camera,
    room: &Room,
    wish: &Redecoration,
    seed: u32,
    control: &Control,
) -> Result<Redecorated, StageError> {
    control.check()?;
    let mut result = Redecorated {
        rgb: photo.clone(),
        mask: vec![0; photo.width() as usize * photo.height() as usize],
    };
    if let Some(color) = wish.walls {
        walls::paint(photo, camera, room, color, &mut result, control)?;
    }
    if let Some(flooring) = wish.floor {
        floor::lay(photo, camera, room, flooring, seed, &mut result, control)?;
    }
    Ok(result)
}
