//! From bytes to an upright photo.

use ::image::{DynamicImage, ImageFormat, RgbImage, RgbaImage};

use super::probe::{Header, probe};
use super::{Photo, PhotoFormat};
use crate::StageError;

/// What a photo may cost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Pixels, in millions; checked on the header, before memory is taken.
    pub megapixels: u32,
    /// The long side must have at least this many pixels.
    pub minimum_side: u32,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            megapixels: 100,
            minimum_side: 200,
        }
    }
}

impl Limits {
    pub(super) fn check(&self, header: &Header) -> Result<(), StageError> {
        let Header { width, height, .. } = *header;
        if u64::from(width) * u64::from(height) > u64::from(self.megapixels) * 1_000_000 {
            return Err(StageError::TooLarge {
                width,
                height,
                limit_megapixels: self.megapixels,
            });
        }
        if width.max(height) < self.minimum_side {
            return Err(StageError::TooSmall {
                width,
                height,
                minimum: self.minimum_side,
            });
        }
        Ok(())
    }
}

/// Decodes a JPEG, PNG or WebP file, recognised by its first bytes, and turns it upright. Transparent pixels are
/// laid over white.
///
/// # Errors
/// `TooLarge` and `TooSmall` from the header alone; `Decode` for anything that cannot be read whole.
pub fn decode(bytes: &[u8], limits: &Limits) -> Result<Photo, StageError> {
    let (header, picture) = open(bytes, limits)?;
    let rgb = header.orientation.apply(flatten(picture));
    if rgb.dimensions() != (header.width, header.height) {
        return Err(StageError::Decode(
            "the picture has another size than its header says".into(),
        ));
    }
    Ok(Photo {
        rgb,
        focal_35mm: header.focal_35mm,
        format: header.format,
    })
}

/// Decodes a design to be printed: as [`decode`] does, but what is transparent stays so.
pub fn decode_design(bytes: &[u8], limits: &Limits) -> Result<RgbaImage, StageError> {
    let (header, picture) = open(bytes, limits)?;
    let has_alpha = picture.color().has_alpha();
    let rgba = picture.into_rgba8();
    if has_alpha {
        return Ok(rgba);
    }
    // Only formats without transparency carry an orientation.
    let rgb = header.orientation.apply(flatten(DynamicImage::ImageRgba8(rgba)));
    let pixels = rgb.pixels().flat_map(|p| [p[0], p[1], p[2], 255]).collect();
    RgbaImage::from_raw(rgb.width(), rgb.height(), pixels)
        .ok_or_else(|| StageError::Internal("a picture has another size than its pixels".into()))
}

fn open(bytes: &[u8], limits: &Limits) -> Result<(Header, DynamicImage), StageError> {
    let header = probe(bytes)?;
    limits.check(&header)?;
    let format = match header.format {
        PhotoFormat::Jpeg if !jpeg_is_whole(bytes) => {
            return Err(StageError::Decode("the JPEG is cut short".into()));
        }
        PhotoFormat::Jpeg => ImageFormat::Jpeg,
        PhotoFormat::Png => ImageFormat::Png,
        PhotoFormat::WebP => ImageFormat::WebP,
    };
    // The decoders bound their own memory by default (512 MB), which covers what the header may lie about.
    let picture = ::image::load_from_memory_with_format(bytes, format)
        .map_err(|cause| StageError::Decode(cause.to_string()))?;
    Ok((header, picture))
}

/// Whether the file runs on to an end-of-image marker outside of its segments. Decoders are lenient here and
/// fill what is missing with grey, which nobody wants in a listing.
pub(super) fn jpeg_is_whole(bytes: &[u8]) -> bool {
    let mut at = 2;
    while let Some(&byte) = bytes.get(at) {
        if byte != 0xFF {
            // Entropy-coded data; between segments anything is tolerated, as decoders do.
            match bytes[at..].iter().position(|byte| *byte == 0xFF) {
                Some(distance) => at += distance,
                None => return false,
            }
            continue;
        }
        match bytes.get(at + 1) {
            None => return false,
            Some(0xD9) => return true,
            Some(0xFF) => at += 1,
            Some(0x00 | 0x01 | 0xD0..=0xD8) => at += 2,
            Some(_) => {
                let Some(length) = bytes.get(at + 2..at + 4) else {
                    return false;
                };
                let length = usize::from(u16::from_be_bytes([length[0], length[1]]));
                at += 2 + length.max(2);
            }
        }
    }
    false
}

fn flatten(picture: DynamicImage) -> RgbImage {
    if !picture.color().has_alpha() {
        return picture.into_rgb8();
    }
    let rgba = picture.into_rgba8();
    let mut rgb = RgbImage::new(rgba.width(), rgba.height());
    for (target, source) in rgb.pixels_mut().zip(rgba.pixels()) {
        let alpha = u32::from(source[3]);
        for channel in 0..3 {
            let value = u32::from(source[channel]) * alpha + 255 * (255 - alpha);
            target[channel] = ((value + 127) / 255) as u8;
        }
    }
    rgb
}
