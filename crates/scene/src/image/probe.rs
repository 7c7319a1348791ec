//! What a file says about itself before anything is decoded.

use super::exif::Exif;
use super::{Orientation, PhotoFormat};
use crate::StageError;

/// Format and size of a picture file, read from its header alone.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Header {
    pub format: PhotoFormat,
    /// Width in pixels once upright.
    pub width: u32,
    /// Height in pixels once upright.
    pub height: u32,
    pub orientation: Orientation,
    /// See [`super::Photo::focal_35mm`].
    pub focal_35mm: Option<f64>,
}

/// Reads the header of a JPEG, PNG or WebP file. Neither pixels nor memory for them are touched.
///
/// # Errors
/// `Decode` for empty files, other formats and damaged headers.
pub fn probe(bytes: &[u8]) -> Result<Header, StageError> {
    if bytes.is_empty() {
        return Err(StageError::Decode("the file is empty".into()));
    }
    let format = PhotoFormat::sniff(bytes)
        .ok_or_else(|| StageError::Decode("it is neither JPEG, PNG nor WebP".into()))?;
    let size = match format {
        PhotoFormat::Jpeg => jpeg_size(bytes),
        PhotoFormat::Png => png_size(bytes),
        PhotoFormat::WebP => webp_size(bytes),
    };
    let damaged = || StageError::Decode(format!("the header of the {} is damaged", format.extension()));
    let (width, height) = size.ok_or_else(damaged)?;
    if width == 0 || height == 0 {
        return Err(damaged());
    }
    let exif = Exif::read(bytes, format);
    let (upright_width, upright_height) = exif.orientation.upright_size(width, height);
    Ok(Header {
        format,
        width: upright_width,
        height: upright_height,
        orientation: exif.orientation,
        focal_35mm: exif.trusted_focal_35mm(width, height),
    })
}

/// From the start-of-frame segment (ITU T.81, B.2.2).
fn jpeg_size(bytes: &[u8]) -> Option<(u32, u32)> {
    let mut at = 2;
    loop {
        let marker = *bytes.get(at + 1)?;
        if bytes[at] != 0xFF {
            at += 1;
            continue;
        }
        match marker {
            0xFF => at += 1,
            0x00 | 0x01 | 0xD0..=0xD8 => at += 2,
            0xD9 | 0xDA => return None,
            0xC0..=0xC3 | 0xC5..=0xC7 | 0xC9..=0xCB | 0xCD..=0xCF => {
                let frame = bytes.get(at + 5..at + 9)?;
                let side = |k: usize| u32::from(u16::from_be_bytes([frame[k], frame[k + 1]]));
                return Some((side(2), side(0)));
            }
            _ => {
                let length = bytes.get(at + 2..at + 4)?;
                at += 2 + usize::from(u16::from_be_bytes([length[0], length[1]])).max(2);
            }
        }
    }
}

fn png_size(bytes: &[u8]) -> Option<(u32, u32)> {
    let header = bytes.get(12..24)?.strip_prefix(b"IHDR")?;
    let side = |k: usize| u32::from_be_bytes([header[k], header[k + 1], header[k + 2], header[k + 3]]);
    Some((side(0), side(4)))
}

/// From the first chunk: extended, lossless or lossy (RFC 9649).
fn webp_size(bytes: &[u8]) -> Option<(u32, u32)> {
    let little = |at: usize, count: usize| -> Option<u32> {
        Some(
            bytes
                .get(at..at + count)?
                .iter()
                .rev()
                .fold(0, |value, byte| value << 8 | u32::from(*byte)),
        )
    };
    match bytes.get(12..16)? {
        b"VP8X" => Some((little(24, 3)? + 1, little(27, 3)? + 1)),
        b"VP8L" if bytes.get(20) == Some(&0x2F) => {
            let packed = little(21, 4)?;
            Some(((packed & 0x3FFF) + 1, (packed >> 14 & 0x3FFF) + 1))
        }
        b"VP8 " if bytes.get(23..26)? == [0x9D, 0x01, 0x2A] => {
            Some((little(26, 2)? & 0x3FFF, little(28, 2)? & 0x3FFF))
        }
        _ => None,
    }
}
