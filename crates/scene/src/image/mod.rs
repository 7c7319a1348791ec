//! Pictures: decoding under limits, colour spaces, resampling, encoding.
//!
//! A photo is upright from here on: the orientation of its metadata is applied while decoding, and none of that
//! metadata travels further than [`Photo::focal_35mm`]. What surprises people: decoding refuses a JPEG that ends
//! early instead of filling the rest with grey. To read one more format, give it a [`PhotoFormat`], a line in
//! [`probe`] and an arm in [`decode`].

pub use ::image::{RgbImage, RgbaImage};

mod decode;
mod encode;
mod exif;
mod linear;
mod orient;
mod probe;
mod resize;
mod thumbnail;

pub use decode::{Limits, decode, decode_design};
pub use encode::{Disclosure, JPEG_QUALITY, encode, encode_jpeg, encode_png, encode_webp};
pub use linear::{LinearImage, linear_to_srgb, srgb_to_linear};
pub use orient::Orientation;
pub use probe::{Header, probe};
pub(crate) use resize::resample;
pub use resize::{resize, shrink_to};
pub use thumbnail::thumbnail;

/// A decoded photo: upright 8-bit sRGB and what its metadata says about the lens.
#[derive(Debug, Clone)]
pub struct Photo {
    pub rgb: RgbImage,
    /// Focal length as on 35 mm film (a frame with a diagonal of 43.27 mm), when the metadata gives one that can
    /// be trusted: the picture still has the sensor's aspect ratio.
    pub focal_35mm: Option<f64>,
    /// Format of the file the photo came from.
    pub format: PhotoFormat,
}

/// The formats the engine reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PhotoFormat {
    Jpeg,
    Png,
    WebP,
}

impl PhotoFormat {
    /// Recognises a format by its first bytes; the file's name and the announced type are not asked.
    pub fn sniff(bytes: &[u8]) -> Option<Self> {
        match bytes {
            [0xFF, 0xD8, 0xFF, ..] => Some(Self::Jpeg),
            [0x89, b'P', b'N', b'G', 0x0D, 0x0A, 0x1A, 0x0A, ..] => Some(Self::Png),
            [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => Some(Self::WebP),
            _ => None,
        }
    }

    pub fn media_type(self) -> &'static str {
        match self {
            Self::Jpeg => "image/jpeg",
            Self::Png => "image/png",
            Self::WebP => "image/webp",
        }
    }

    pub fn extension(self) -> &'static str {
        match self {
            Self::Jpeg => "jpg",
            Self::Png => "png",
            Self::WebP => "webp",
        }
    }
}
