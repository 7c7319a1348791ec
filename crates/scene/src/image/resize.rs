//! Resampling.

use ::image::RgbImage;
use fast_image_resize::images::{TypedImage, TypedImageRef};
use fast_image_resize::pixels::U8x3;
use fast_image_resize::{FilterType, ResizeAlg, ResizeOptions, Resizer};

use crate::StageError;

/// Resamples to exactly `width` x `height`: Lanczos when shrinking and enlarging alike.
pub fn resize(picture: &RgbImage, width: u32, height: u32) -> Result<RgbImage, StageError> {
    resample(picture, width, height, FilterType::Lanczos3)
}

/// Shrinks so that the long side has at most `max_side` pixels; smaller pictures stay as they are.
pub fn shrink_to(picture: &RgbImage, max_side: u32) -> Result<RgbImage, StageError> {
    let (width, height) = fitted(picture.width(), picture.height(), max_side);
    resize(picture, width, height)
}

/// Size of a picture within a square of `max_side`, never enlarged, never zero.
pub(crate) fn fitted(width: u32, height: u32, max_side: u32) -> (u32, u32) {
    let long = width.max(height).max(1);
    if long <= max_side {
        return (width, height);
    }
    let scaled = |side: u32| {
        let exact = u64::from(side) * u64::from(max_side);
        (((exact + u64::from(long) / 2) / u64::from(long)) as u32).max(1)
    };
    (scaled(width), scaled(height))
}

pub(crate) fn resample(
    picture: &RgbImage,
    width: u32,
    height: u32,
    filter: FilterType,
) -> Result<RgbImage, StageError> {
    if (width, height) == picture.dimensions() {
        return Ok(picture.clone());
    }
    let failed = |cause: &dyn std::fmt::Display| StageError::Internal(format!("could not resize: {cause}"));
    // One pixel type only: the library's general call would compile every kernel for every type into this crate.
    let source = TypedImageRef::<U8x3>::from_buffer(picture.width(), picture.height(), picture.as_raw())
        .map_err(|cause| failed(&cause))?;
    let mut pixels = RgbImage::new(width, height);
    let mut target =
        TypedImage::<U8x3>::from_buffer(width, height, &mut pixels).map_err(|cause| failed(&cause))?;
    let options = ResizeOptions::new().resize_alg(ResizeAlg::Convolution(filter));
    Resizer::new()
        .resize_typed(&source, &mut target, &options)
        .map_err(|cause| failed(&cause))?;
    Ok(pixels)
}
