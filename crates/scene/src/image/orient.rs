//! The eight orientations of EXIF and what they do to pixels.

use ::image::{RgbImage, imageops};

/// How stored pixels must be turned to stand upright (EXIF tag 0x0112).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Orientation {
    #[default]
    Upright,
    MirroredHorizontally,
    Rotated180,
    MirroredVertically,
    /// Mirrored along the main diagonal.
    Transposed,
    /// To be turned a quarter clockwise.
    Rotated90,
    /// Mirrored along the other diagonal.
    Transversed,
    /// To be turned a quarter counter-clockwise.
    Rotated270,
}

impl Orientation {
    /// From the tag's value; anything outside 1..=8 means upright.
    pub fn from_exif(value: u16) -> Self {
        match value {
            2 => Self::MirroredHorizontally,
            3 => Self::Rotated180,
            4 => Self::MirroredVertically,
            5 => Self::Transposed,
            6 => Self::Rotated90,
            7 => Self::Transversed,
            8 => Self::Rotated270,
            _ => Self::Upright,
        }
    }

    pub fn swaps_sides(self) -> bool {
        matches!(
            self,
            Self::Transposed | Self::Rotated90 | Self::Transversed | Self::Rotated270
        )
    }

    /// Width and height after turning.
    pub fn upright_size(self, width: u32, height: u32) -> (u32, u32) {
        if self.swaps_sides() {
            (height, width)
        } else {
            (width, height)
        }
    }

    pub fn apply(self, picture: RgbImage) -> RgbImage {
        match self {
            Self::Upright => picture,
            Self::MirroredHorizontally => imageops::flip_horizontal(&picture),
            Self::Rotated180 => imageops::rotate180(&picture),
            Self::MirroredVertically => imageops::flip_vertical(&picture),
            Self::Transposed => imageops::flip_horizontal(&imageops::rotate90(&picture)),
            Self::Rotated90 => imageops::rotate90(&picture),
            Self::Transversed => imageops::flip_horizontal(&imageops::rotate270(&picture)),
            Self::Rotated270 => imageops::rotate270(&picture),
        }
    }
}
