//! Taking metadata out of photos, segment by segment, without touching their pixels.
//!
//! What stays is what changes how the picture looks, and the EXIF block the caller gives. Each function answers `None`
//! when the structure cannot be followed.

/// A JPEG with nothing but what shows the picture, and the given EXIF block.
pub fn strip_jpeg(bytes: &[u8], mut exif: Option<Vec<u8>>) -> Option<Vec<u8>> {
    let mut out = Vec::with_capacity(bytes.len());
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

/// A PNG with nothing but what shows the picture, and the given EXIF block.
pub fn strip_png(bytes: &[u8], mut exif: Option<Vec<u8>>) -> Option<Vec<u8>> {
    const SIGNATURE: usize = 8;
    let mut out = Vec::with_capacity(bytes.len());
    out.extend_from_slice(bytes.get(..SIGNATURE)?);
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

/// A WebP with nothing but what shows the picture, and the given EXIF block.
pub fn strip_webp(bytes: &[u8], exif: Option<Vec<u8>>) -> Option<Vec<u8>> {
    const HAS_EXIF: u8 = 0b0000_1000;
    const HAS_XMP: u8 = 0b0000_0100;
    let riff = usize::try_from(u32::from_le_bytes(bytes.get(4..8)?.try_into().ok()?)).ok()?;
    let all = bytes.get(..riff.checked_add(8)?)?;
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

/// How a JPEG is turned, as the EXIF field 0x0112 says (2 to 8); `None` when upright or unknown.
pub fn jpeg_orientation(bytes: &[u8]) -> Option<u16> {
    let mut at = 2;
    loop {
        let marker = (*bytes.get(at)? == 0xFF).then(|| bytes.get(at + 1).copied())??;
        let end = at + 2 + segment_length(bytes, at + 2)?;
        if marker == 0xDA {
            return None;
        }
        if marker == 0xE1
            && let Some(block) = bytes.get(at + 4..end)?.strip_prefix(b"Exif\0\0")
        {
            return orientation_in(block);
        }
        at = end;
    }
}

/// The field in the first directory of a TIFF block.
fn orientation_in(block: &[u8]) -> Option<u16> {
    let is_little = block.starts_with(b"II");
    let short = |at: usize| {
        let two: [u8; 2] = block.get(at..at.checked_add(2)?)?.try_into().ok()?;
        Some(if is_little {
            u16::from_le_bytes(two)
        } else {
            u16::from_be_bytes(two)
        })
    };
    let four: [u8; 4] = block.get(4..8)?.try_into().ok()?;
    let first = if is_little {
        u32::from_le_bytes(four)
    } else {
        u32::from_be_bytes(four)
    } as usize;
    for entry in 0..usize::from(short(first)?) {
        let at = first.checked_add(2 + 12 * entry)?;
        if short(at)? == 0x0112 {
            return short(at + 8).filter(|turned| (2..=8).contains(turned));
        }
    }
    None
}

/// A TIFF block that says only how the picture is turned.
pub fn orientation_exif(turned: u16) -> Vec<u8> {
    let mut block = b"II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0".to_vec();
    block.extend_from_slice(&u32::from(turned).to_le_bytes());
    block.extend_from_slice(&0u32.to_le_bytes());
    block
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Segments of a JPEG as a phone writes them: turned, with a name, a comment and a second picture behind it.
    fn phone_jpeg() -> Vec<u8> {
        let mut exif = b"Exif\0\0II*\0\x08\0\0\0\x02\0\x12\x01\x03\0\x01\0\0\0\x06\0\0\0".to_vec();
        exif.extend_from_slice(b"\x3b\x01\x02\0\x0d\0\0\0\x26\0\0\0\0\0\0\0Ada Lovelace\0");
        let mut bytes = vec![0xFF, 0xD8, 0xFF, 0xE1];
        bytes.extend_from_slice(&(u16::try_from(exif.len()).expect("it is short") + 2).to_be_bytes());
        bytes.extend_from_slice(&exif);
        bytes.extend_from_slice(b"\xFF\xFE\0\x08secret");
        bytes.extend_from_slice(b"\xFF\xDB\0\x04ab\xFF\xDA\0\x04cd\x01\xFF\0\x02\xFF\xD9behind");
        bytes
    }

    #[test]
    fn a_stripped_jpeg_keeps_how_it_is_turned_and_nothing_personal() {
        let bytes = phone_jpeg();
        assert_eq!(jpeg_orientation(&bytes), Some(6));
        let stripped = strip_jpeg(&bytes, Some(orientation_exif(6))).expect("it can be followed");
        assert_eq!(jpeg_orientation(&stripped), Some(6));
        for gone in [&b"Ada"[..], b"secret", b"behind"] {
            assert!(!stripped.windows(gone.len()).any(|part| part == gone), "{gone:?}");
        }
        assert!(stripped.ends_with(b"\xFF\xDB\0\x04ab\xFF\xDA\0\x04cd\x01\xFF\0\x02\xFF\xD9"));
        let plain = strip_jpeg(&bytes, None).expect("it can be followed");
        assert_eq!(jpeg_orientation(&plain), None);
    }

    #[test]
    fn what_cannot_be_followed_is_no_picture() {
        for length in 0..phone_jpeg().len() - 10 {
            let cut = &phone_jpeg()[..length];
            assert_eq!(strip_jpeg(cut, None), None);
            let _ = jpeg_orientation(cut);
        }
        assert_eq!(strip_png(b"\x89PNG\r\n\x1A\nrest", None), None);
        assert_eq!(strip_webp(b"RIFF\x04\0\0\0", None), None);
    }
}
