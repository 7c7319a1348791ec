//! Taking personal metadata out of a photo without touching its pixels.
//!
//! What stays is what changes how the picture looks (colour profile, transparency, how it is turned) and, when it can
//! be trusted, the focal length, which the engine measures rooms with. Place, time, camera, names, comments, previews
//! and anything unknown go. A file that has none of that comes back byte for byte.

use vitrine_scene::image::{Header, Orientation, PhotoFormat};

/// The photo without personal metadata; `None` when its structure cannot be followed.
pub fn strip(bytes: &[u8], header: &Header) -> Option<Vec<u8>> {
    match header.format {
        PhotoFormat::Jpeg => strip_jpeg(bytes, header),
        PhotoFormat::Png => strip_png(bytes, header),
        PhotoFormat::WebP => strip_webp(bytes, header),
    }
}

fn strip_jpeg(bytes: &[u8], header: &Header) -> Option<Vec<u8>> {
    let mut out = Vec::with_capacity(bytes.len());
    let mut exif = minimal_exif(header);
    out.extend_from_slice(bytes.get(..2).filter(|start| *start == [0xFF, 0xD8])?);
    let mut at = 2;
    loop {
        // Stray bytes between segments are skipped, as decoders do.
        at += bytes.get(at..)?.iter().position(|byte| *byte == 0xFF)?;
        let marker = *bytes.get(at + 1)?;
        match marker {
            0xFF => at += 1,
            0xD9 => {
                // Whatever follows the picture (videos, depth maps, second pictures) goes.
                out.extend_from_slice(&[0xFF, 0xD9]);
                return Some(out);
            }
            0x00 | 0x01 | 0xD0..=0xD8 => at += 2,
            _ => {
                let end = at + 2 + segment_length(bytes, at + 2)?;
                let segment = bytes.get(at..end)?;
                let body = segment.get(4..)?;
                let keep = match marker {
                    // JFIF, but not its thumbnail extension.
                    0xE0 => body.starts_with(b"JFIF\0"),
                    0xE2 => body.starts_with(b"ICC_PROFILE\0"),
                    // Adobe's note on how colours are stored.
                    0xEE => body.starts_with(b"Adobe"),
                    0xE1 | 0xE3..=0xED | 0xEF | 0xFE => false,
                    _ => true,
                };
                // JFIF's own segment comes first, ours right after it.
                if marker != 0xE0
                    && let Some(block) = exif.take()
                {
                    let length = u16::try_from(2 + 6 + block.len()).ok()?;
                    out.extend_from_slice(&[0xFF, 0xE1]);
                    out.extend_from_slice(&length.to_be_bytes());
                    out.extend_from_slice(b"Exif\0\0");
                    out.extend_from_slice(&block);
                }
                if keep {
                    out.extend_from_slice(segment);
                }
                at = end;
                if marker == 0xDA {
                    let scan = scan_length(bytes.get(at..)?);
                    out.extend_from_slice(bytes.get(at..at + scan)?);
                    at += scan;
                }
            }
        }
    }
}

/// Length of a segment's length field and body.
fn segment_length(bytes: &[u8], at: usize) -> Option<usize> {
    let length = usize::from(u16::from_be_bytes([*bytes.get(at)?, *bytes.get(at + 1)?]));
    (length >= 2).then_some(length)
}

/// Bytes of entropy-coded data up to the next marker that is none of its own.
fn scan_length(data: &[u8]) -> usize {
    let mut at = 0;
    while let Some(found) = data[at..].iter().position(|byte| *byte == 0xFF) {
        at += found;
        match data.get(at + 1) {
            Some(0x00 | 0xD0..=0xD7) => at += 2,
            Some(0xFF) => at += 1,
            _ => return at,
        }
    }
    data.len()
}

fn strip_png(bytes: &[u8], header: &Header) -> Option<Vec<u8>> {
    const SIGNATURE: usize = 8;
    let mut out = Vec::with_capacity(bytes.len());
    out.extend_from_slice(bytes.get(..SIGNATURE)?);
    let mut exif = minimal_exif(header);
    let mut at = SIGNATURE;
    loop {
        let length = u32::from_be_bytes(bytes.get(at..at + 4)?.try_into().ok()?) as usize;
        let end = at.checked_add(12)?.checked_add(length)?;
        let chunk = bytes.get(at..end)?;
        let kind = &chunk[4..8];
        // Upper case first: the picture cannot be shown without it. Of the rest, what changes its look.
        let changes_look = [
            b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"iCCP", b"cICP", b"sBIT", b"bKGD", b"pHYs",
        ];
        if kind[0].is_ascii_uppercase() || changes_look.iter().any(|known| kind == *known) {
            out.extend_from_slice(chunk);
        }
        if kind == b"IHDR"
            && let Some(block) = exif.take()
        {
            let mut checked = b"eXIf".to_vec();
            checked.extend_from_slice(&block);
            out.extend_from_slice(&u32::try_from(block.len()).ok()?.to_be_bytes());
            out.extend_from_slice(&checked);
            out.extend_from_slice(&crc32fast::hash(&checked).to_be_bytes());
        }
        if kind == b"IEND" {
            return Some(out);
        }
        at = end;
    }
}

fn strip_webp(bytes: &[u8], header: &Header) -> Option<Vec<u8>> {
    const HAS_EXIF: u8 = 0b0000_1000;
    const HAS_XMP: u8 = 0b0000_0100;
    let riff = usize::try_from(u32::from_le_bytes(bytes.get(4..8)?.try_into().ok()?)).ok()?;
    let all = bytes.get(..riff.checked_add(8)?)?;
    let exif = minimal_exif(header);
    let mut out = all.get(..12)?.to_vec();
    let mut at = 12;
    while at < all.len() {
        let kind = all.get(at..at + 4)?;
        let length = u32::from_le_bytes(all.get(at + 4..at + 8)?.try_into().ok()?) as usize;
        let end = (at + 8)
            .checked_add(length)?
            .checked_add(length & 1)?
            .min(all.len());
        let start = out.len();
        if matches!(
            kind,
            b"VP8X" | b"ICCP" | b"ALPH" | b"VP8 " | b"VP8L" | b"ANIM" | b"ANMF"
        ) {
            out.extend_from_slice(all.get(at..end)?);
        }
        if kind == b"VP8X" {
            let flags = out.get_mut(start + 8)?;
            *flags = (*flags & !(HAS_EXIF | HAS_XMP)) | if exif.is_some() { HAS_EXIF } else { 0 };
        }
        at = end;
    }
    // Only the extended form can carry metadata, so a simple file had none to keep.
    if let Some(block) = exif {
        out.extend_from_slice(b"EXIF");
        out.extend_from_slice(&u32::try_from(block.len()).ok()?.to_le_bytes());
        out.extend_from_slice(&block);
        if block.len() % 2 == 1 {
            out.push(0);
        }
    }
    let size = u32::try_from(out.len() - 8).ok()?;
    out[4..8].copy_from_slice(&size.to_le_bytes());
    Some(out)
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
