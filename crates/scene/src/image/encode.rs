//! Encoding: the input's own format, nothing of its metadata, and a note that the picture was staged.
//!
//! What surprises people: a staged photo must say so. Listing rules demand it, so the encoders take a
//! [`Disclosure`] and write it as XMP that picture archives understand. The bytes depend on the pixels and the
//! disclosure alone: no dates, no random ids.

use std::io::Cursor;

use ::image::codecs::png::{CompressionType, FilterType, PngEncoder};
use ::image::codecs::webp::WebPEncoder;
use ::image::{ExtendedColorType, ImageEncoder, RgbImage};
use jpeg_encoder::{ColorType, Encoder, SamplingFactor};

use super::PhotoFormat;
use crate::StageError;

/// Quality that keeps a listing photo visually unchanged.
pub const JPEG_QUALITY: u8 = 92;
const XMP_NAMESPACE: &[u8] = b"http://ns.adobe.com/xap/1.0/\0";

/// What the file says about itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Disclosure {
    /// A sentence for people, such as "Virtually staged: furniture was added by software."
    pub description: String,
}

impl Default for Disclosure {
    fn default() -> Self {
        Self {
            description: "Virtually staged: furniture was added by software; the room itself is unchanged."
                .into(),
        }
    }
}

impl Disclosure {
    /// An XMP packet with IPTC's term for a photograph that synthetic elements were composited into.
    fn xmp(&self) -> String {
        let escaped = self
            .description
            .replace('&', "&amp;")
            .replace('<', "&lt;")
            .replace('>', "&gt;");
        format!(
            concat!(
                "<?xpacket begin=\"\u{feff}\" id=\"W5M0MpCehiHzreSzNTczkc9d\"?>",
                "<x:xmpmeta xmlns:x=\"adobe:ns:meta/\"><rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\">",
                "<rdf:Description rdf:about=\"\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\" ",
                "xmlns:xmp=\"http://ns.adobe.com/xap/1.0/\" ",
                "xmlns:Iptc4xmpExt=\"http://iptc.org/std/Iptc4xmpExt/2008-02-29/\" ",
                "xmp:CreatorTool=\"Vitrine\" ",
                "Iptc4xmpExt:DigitalSourceType=\"http://cv.iptc.org/newscodes/digitalsourcetype/compositeSynthetic\">",
                "<dc:description><rdf:Alt><rdf:li xml:lang=\"x-default\">{}</rdf:li></rdf:Alt></dc:description>",
                "</rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end=\"w\"?>",
            ),
            escaped
        )
    }
}

/// Encodes in `format`: JPEG at [`JPEG_QUALITY`], PNG and WebP without loss.
///
/// # Errors
/// `Internal` when a side is longer than the format allows.
pub fn encode(
    picture: &RgbImage,
    format: PhotoFormat,
    disclosure: Option<&Disclosure>,
) -> Result<Vec<u8>, StageError> {
    match format {
        PhotoFormat::Jpeg => encode_jpeg(picture, JPEG_QUALITY, disclosure),
        PhotoFormat::Png => encode_png(picture, disclosure),
        PhotoFormat::WebP => encode_webp(picture, disclosure),
    }
}

fn failed(cause: impl std::fmt::Display) -> StageError {
    StageError::Internal(format!("could not encode the picture: {cause}"))
}

/// A baseline JPEG. Chroma is kept at full resolution from quality 90 on, halved below: that is where the eye
/// starts to see it on furniture edges.
pub fn encode_jpeg(
    picture: &RgbImage,
    quality: u8,
    disclosure: Option<&Disclosure>,
) -> Result<Vec<u8>, StageError> {
    let side =
        |length: u32| u16::try_from(length).map_err(|_| failed("a JPEG side has at most 65535 pixels"));
    let (width, height) = (side(picture.width())?, side(picture.height())?);
    let mut bytes = Vec::with_capacity(picture.as_raw().len() / 6);
    let mut encoder = Encoder::new(&mut bytes, quality);
    encoder.set_sampling_factor(if quality >= 90 {
        SamplingFactor::F_1_1
    } else {
        SamplingFactor::F_2_2
    });
    if let Some(disclosure) = disclosure {
        let packet = [XMP_NAMESPACE, disclosure.xmp().as_bytes()].concat();
        encoder.add_app_segment(1, packet).map_err(failed)?;
    }
    encoder
        .encode(picture.as_raw(), width, height, ColorType::Rgb)
        .map_err(failed)?;
    Ok(bytes)
}

pub fn encode_png(picture: &RgbImage, disclosure: Option<&Disclosure>) -> Result<Vec<u8>, StageError> {
    let mut bytes = Vec::new();
    PngEncoder::new_with_quality(
        Cursor::new(&mut bytes),
        CompressionType::Fast,
        FilterType::Adaptive,
    )
    .write_image(
        picture.as_raw(),
        picture.width(),
        picture.height(),
        ExtendedColorType::Rgb8,
    )
    .map_err(failed)?;
    if let Some(disclosure) = disclosure {
        // Signature (8 bytes) and header chunk (25) come first, text may follow anywhere before the end.
        let mut text = b"XML:com.adobe.xmp\0\0\0\0\0".to_vec();
        text.extend_from_slice(disclosure.xmp().as_bytes());
        let mut chunk = (text.len() as u32).to_be_bytes().to_vec();
        let mut checked = b"iTXt".to_vec();
        checked.extend_from_slice(&text);
        chunk.extend_from_slice(&checked);
        chunk.extend_from_slice(&crc32(&checked).to_be_bytes());
        bytes.splice(33..33, chunk);
    }
    Ok(bytes)
}

pub fn encode_webp(picture: &RgbImage, disclosure: Option<&Disclosure>) -> Result<Vec<u8>, StageError> {
    let mut bytes = Vec::new();
    WebPEncoder::new_lossless(Cursor::new(&mut bytes))
        .write_image(
            picture.as_raw(),
            picture.width(),
            picture.height(),
            ExtendedColorType::Rgb8,
        )
        .map_err(failed)?;
    match disclosure {
        None => Ok(bytes),
        Some(disclosure) => Ok(extended_webp(&bytes, picture.dimensions(), &disclosure.xmp())),
    }
}

/// Wraps a simple WebP file into the extended form, which may carry metadata.
fn extended_webp(simple: &[u8], (width, height): (u32, u32), xmp: &str) -> Vec<u8> {
    const HAS_XMP: u8 = 0b0000_0100;
    let mut body = b"WEBPVP8X\x0A\0\0\0".to_vec();
    body.extend_from_slice(&[HAS_XMP, 0, 0, 0]);
    for side in [width, height] {
        body.extend_from_slice(&(side - 1).to_le_bytes()[..3]);
    }
    body.extend_from_slice(&simple[12..]);
    body.extend_from_slice(b"XMP ");
    body.extend_from_slice(&(xmp.len() as u32).to_le_bytes());
    body.extend_from_slice(xmp.as_bytes());
    if xmp.len() % 2 == 1 {
        body.push(0);
    }
    let mut bytes = b"RIFF".to_vec();
    bytes.extend_from_slice(&(body.len() as u32).to_le_bytes());
    bytes.extend_from_slice(&body);
    bytes
}

/// The checksum of PNG chunks (ISO 3309), a bit at a time: it runs over a kilobyte.
fn crc32(bytes: &[u8]) -> u32 {
    let mut crc = u32::MAX;
    for byte in bytes {
        crc ^= u32::from(*byte);
        for _ in 0..8 {
            crc = (crc >> 1) ^ (0xEDB8_8320 & (crc & 1).wrapping_neg());
        }
    }
    !crc
}
