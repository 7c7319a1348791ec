//! The few EXIF fields that matter: orientation and focal length.
//!
//! A reader for hostile input: every offset is checked, loops cannot happen because only one sub-directory is
//! followed, and nothing that cannot be read is an error (metadata is optional). Field numbers: EXIF 2.32.

use super::{Orientation, PhotoFormat};

/// What was found; everything may be missing.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Exif {
    pub orientation: Orientation,
    /// Tag 0xA405, in millimetres.
    pub focal_35mm: Option<f64>,
    /// Size of the picture as the camera took it (tags 0xA002 and 0xA003), before orientation.
    pub sensor_size: Option<(u32, u32)>,
    /// Tag 0xA404; 1 or absent means none.
    pub digital_zoom: Option<f64>,
}

impl Exif {
    pub fn read(bytes: &[u8], format: PhotoFormat) -> Self {
        let block = match format {
            PhotoFormat::Jpeg => in_jpeg(bytes),
            PhotoFormat::Png => in_png(bytes),
            PhotoFormat::WebP => in_webp(bytes),
        };
        block.and_then(Self::parse).unwrap_or_default()
    }

    /// The 35 mm focal length if this file still shows what the lens saw. A crop keeps the tag but not the field of
    /// view; it betrays itself by another aspect ratio than the sensor's.
    pub fn trusted_focal_35mm(&self, stored_width: u32, stored_height: u32) -> Option<f64> {
        let focal = self.focal_35mm.filter(|focal| (8.0..=300.0).contains(focal))?;
        if self.digital_zoom.is_some_and(|zoom| zoom > 1.01) {
            return None;
        }
        let aspect = |w: u32, h: u32| f64::from(w.max(h)) / f64::from(w.min(h).max(1));
        let shown = aspect(stored_width, stored_height);
        let taken = match self.sensor_size {
            Some((w, h)) if w > 0 && h > 0 => aspect(w, h),
            _ => shown,
        };
        // Sensors are 4:3 or 3:2; 16:9 and squares are crops made in the camera, whose equivalent focal length is
        // computed differently by every maker.
        let is_sensor_shape = [4.0 / 3.0, 3.0 / 2.0]
            .iter()
            .any(|shape| (taken / shape - 1.0f64).abs() < 0.02);
        ((shown / taken - 1.0).abs() < 0.01 && is_sensor_shape).then_some(focal)
    }

    fn parse(block: &[u8]) -> Option<Self> {
        let tiff = Tiff::open(block)?;
        let mut exif = Self::default();
        let first = tiff.u32(4)? as usize;
        let mut sub_directory = None;
        tiff.for_each_entry(first, |tag, entry| match tag {
            0x0112 => exif.orientation = Orientation::from_exif(tiff.number(entry).unwrap_or(1.0) as u16),
            0x8769 => sub_directory = tiff.number(entry).map(|offset| offset as usize),
            _ => {}
        });
        let (mut width, mut height) = (None, None);
        if let Some(offset) = sub_directory {
            tiff.for_each_entry(offset, |tag, entry| match tag {
                0xA002 => width = tiff.number(entry),
                0xA003 => height = tiff.number(entry),
                0xA404 => exif.digital_zoom = tiff.number(entry).filter(|zoom| *zoom > 0.0),
                0xA405 => exif.focal_35mm = tiff.number(entry).filter(|focal| *focal > 0.0),
                _ => {}
            });
        }
        exif.sensor_size = width.zip(height).map(|(w, h)| (w as u32, h as u32));
        Some(exif)
    }
}

/// A TIFF block in either byte order.
#[derive(Clone, Copy)]
struct Tiff<'a> {
    bytes: &'a [u8],
    big_endian: bool,
}

impl<'a> Tiff<'a> {
    fn open(bytes: &'a [u8]) -> Option<Self> {
        let big_endian = match bytes.get(..4)? {
            [b'I', b'I', 42, 0] => false,
            [b'M', b'M', 0, 42] => true,
            _ => return None,
        };
        Some(Self { bytes, big_endian })
    }

    fn u16(&self, at: usize) -> Option<u16> {
        let raw: [u8; 2] = self.bytes.get(at..at.checked_add(2)?)?.try_into().ok()?;
        Some(if self.big_endian {
            u16::from_be_bytes(raw)
        } else {
            u16::from_le_bytes(raw)
        })
    }

    fn u32(&self, at: usize) -> Option<u32> {
        let raw: [u8; 4] = self.bytes.get(at..at.checked_add(4)?)?.try_into().ok()?;
        Some(if self.big_endian {
            u32::from_be_bytes(raw)
        } else {
            u32::from_le_bytes(raw)
        })
    }

    fn for_each_entry(&self, directory: usize, mut visit: impl FnMut(u16, usize)) {
        let count = self.u16(directory).unwrap_or(0).min(512);
        for index in 0..usize::from(count) {
            let entry = directory + 2 + 12 * index;
            match self.u16(entry) {
                Some(tag) => visit(tag, entry),
                None => return,
            }
        }
    }

    /// The first value of an entry as a number.
    fn number(&self, entry: usize) -> Option<f64> {
        match self.u16(entry + 2)? {
            3 => self.u16(entry + 8).map(f64::from),
            4 | 9 => self.u32(entry + 8).map(f64::from),
            5 => {
                let at = self.u32(entry + 8)? as usize;
                let (top, bottom) = (self.u32(at)?, self.u32(at.checked_add(4)?)?);
                (bottom != 0).then(|| f64::from(top) / f64::from(bottom))
            }
            _ => None,
        }
    }
}

fn in_jpeg(bytes: &[u8]) -> Option<&[u8]> {
    let mut at = 2;
    loop {
        let (&[0xFF, marker], rest) = bytes.get(at..)?.split_first_chunk::<2>()? else {
            return None;
        };
        match marker {
            0xFF => at += 1,
            0xDA | 0xD9 => return None,
            0x01 | 0xD0..=0xD8 => at += 2,
            _ => {
                let length = usize::from(u16::from_be_bytes(*rest.first_chunk::<2>()?));
                let body = rest.get(2..length)?;
                if marker == 0xE1 && body.starts_with(b"Exif\0\0") {
                    return Some(&body[6..]);
                }
                at += 2 + length;
            }
        }
    }
}

fn in_png(bytes: &[u8]) -> Option<&[u8]> {
    let mut at = 8usize;
    loop {
        let head = bytes.get(at..at.checked_add(8)?)?;
        let length = u32::from_be_bytes(*head.first_chunk::<4>()?) as usize;
        let body = bytes.get(at + 8..(at + 8).checked_add(length)?);
        match &head[4..8] {
            b"eXIf" => return body,
            b"IEND" => return None,
            _ => at = (at + 12).checked_add(length)?,
        }
    }
}

fn in_webp(bytes: &[u8]) -> Option<&[u8]> {
    let mut at = 12usize;
    loop {
        let head = bytes.get(at..at.checked_add(8)?)?;
        let length = u32::from_le_bytes([head[4], head[5], head[6], head[7]]) as usize;
        if &head[..4] == b"EXIF" {
            let body = bytes.get(at + 8..(at + 8).checked_add(length)?)?;
            return Some(body.strip_prefix(b"Exif\0\0").unwrap_or(body));
        }
        at = (at + 8).checked_add(length)?.checked_add(length & 1)?;
    }
}
