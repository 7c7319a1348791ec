//! Taking personal metadata out of a photo without touching its pixels.
//!
//! What stays is what changes how the picture looks (colour profile, transparency, how it is turned) and, when it can
//! be trusted, the focal length, which the engine measures rooms with. Place, time, camera, names, comments, previews
//! and anything unknown go. A file that has none of that comes back byte for byte.

use vitrine_platform::files::metadata;
use vitrine_scene::image::{Header, Orientation, PhotoFormat};

/// The photo without personal metadata; `None` when its structure cannot be followed.
pub fn strip(bytes: &[u8], header: &Header) -> Option<Vec<u8>> {
    let exif = minimal_exif(header);
    match header.format {
        PhotoFormat::Jpeg => metadata::strip_jpeg(bytes, exif),
        PhotoFormat::Png => metadata::strip_png(bytes, exif),
        PhotoFormat::WebP => metadata::strip_webp(bytes, exif),
    }
}

/// A TIFF block with nothing but how the picture is turned and its trusted focal length, or nothing when there is
/// nothing to say. Field numbers: EXIF 2.32.
fn minimal_exif(header: &Header) -> Option<Vec<u8>> {
    const SHORT: u16 = 3;
    const LONG: u16 = 4;
    if header.orientation == Orientation::Upright && header.focal_35mm.is_none() {
        return None;
    }
    let (width, height) = match header.orientation.swaps_sides() {
        true => (header.height, header.width),
        false => (header.width, header.height),
    };
    let mut first = vec![(0x0112, SHORT, exif_orientation(header.orientation))];
    let mut second = Vec::new();
    if let Some(focal) = header.focal_35mm {
        // Behind the header (8), one directory of two entries (2 + 24 + 4).
        first.push((0x8769, LONG, 38));
        second = vec![
            (0xA002, LONG, width),
            (0xA003, LONG, height),
            (0xA405, SHORT, focal.round() as u32),
        ];
    }
    let mut block = b"II*\0\x08\0\0\0".to_vec();
    for directory in [first, second] {
        if directory.is_empty() {
            continue;
        }
        block.extend_from_slice(&(directory.len() as u16).to_le_bytes());
        for (tag, kind, value) in directory {
            block.extend_from_slice(&u16::to_le_bytes(tag));
            block.extend_from_slice(&u16::to_le_bytes(kind));
            block.extend_from_slice(&1u32.to_le_bytes());
            block.extend_from_slice(&u32::to_le_bytes(value));
        }
        block.extend_from_slice(&0u32.to_le_bytes());
    }
    Some(block)
}

fn exif_orientation(orientation: Orientation) -> u32 {
    match orientation {
        Orientation::Upright => 1,
        Orientation::MirroredHorizontally => 2,
        Orientation::Rotated180 => 3,
        Orientation::MirroredVertically => 4,
        Orientation::Transposed => 5,
        Orientation::Rotated90 => 6,
        Orientation::Transversed => 7,
        Orientation::Rotated270 => 8,
    }
}

#[cfg(test)]
#[path = "strip_tests.rs"]
mod tests;
