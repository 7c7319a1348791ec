//! Small previews, fast.
//!
//! Most of a large JPEG's detail never has to be computed for a thumbnail: the decoder is asked for 1/2, 1/4 or 1/8
//! of the size, which it reads off the low frequencies of each block. Entropy decoding is what remains.

use std::panic::{AssertUnwindSafe, catch_unwind};

use ::image::RgbImage;

use super::decode::jpeg_is_whole;
use super::{Limits, PhotoFormat, decode, encode_jpeg, probe, shrink_to};
use crate::StageError;

/// Good enough for a tile in a gallery, a third of the bytes of a listing photo.
const QUALITY: u8 = 82;

/// An upright JPEG of the picture with at most `max_side` pixels on its long side, without metadata. Smaller
/// pictures keep their size.
///
/// # Errors
/// As [`decode`] with the default limits, but without a lower bound on the size.
pub fn thumbnail(bytes: &[u8], max_side: u32) -> Result<Vec<u8>, StageError> {
    let limits = Limits {
        minimum_side: 1,
        ..Limits::default()
    };
    let header = probe(bytes)?;
    limits.check(&header)?;
    let reduced = match header.format {
        PhotoFormat::Jpeg => reduced_jpeg(bytes, header.width.max(header.height), max_side)?,
        PhotoFormat::Png | PhotoFormat::WebP => None,
    };
    let small = match reduced {
        Some(picture) => header.orientation.apply(shrink_to(&picture, max_side)?),
        None => shrink_to(&decode(bytes, &limits)?.rgb, max_side)?,
    };
    encode_jpeg(&small, QUALITY, None)
}

/// The JPEG at a fraction of its size, at least `max_side` long, as stored (not upright). `None` where the fast
/// decoder does not know the file's colours; the careful one may.
fn reduced_jpeg(bytes: &[u8], long: u32, max_side: u32) -> Result<Option<RgbImage>, StageError> {
    if !jpeg_is_whole(bytes) {
        return Err(StageError::Decode("the JPEG is cut short".into()));
    }
    let eighths = [1u8, 2, 4, 8]
        .into_iter()
        .find(|n| long * u32::from(*n) / 8 >= max_side)
        .unwrap_or(8);
    // The C library reports damage by unwinding.
    let outcome = catch_unwind(AssertUnwindSafe(|| -> std::io::Result<Option<RgbImage>> {
        let mut decoder = mozjpeg::Decompress::new_mem(bytes)?;
        decoder.scale(eighths);
        decoder.do_fancy_upsampling(eighths == 8);
        let mut started = decoder.rgb()?;
        let (width, height) = (started.width() as u32, started.height() as u32);
        let pixels: Vec<u8> = started.read_scanlines()?;
        started.finish()?;
        Ok(RgbImage::from_raw(width, height, pixels))
    }));
    Ok(outcome.ok().and_then(Result::ok).flatten())
}
