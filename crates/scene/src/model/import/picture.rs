//! Textures: decoded under limits, kept small.

use ::image::{ImageDecoder, ImageReader, RgbImage};

use super::{ImportError, Limits};

/// Long side of a stored texture; a piece is rarely more pixels across in a photo.
pub(super) const MAX_SIDE: u32 = 512;

/// Counts what the textures of one model cost together.
#[derive(Debug, Default)]
pub(super) struct Pictures {
    pixels: u64,
}

impl Pictures {
    /// Decodes a JPEG, PNG or WebP texture and shrinks it; alpha is dropped.
    pub fn read(&mut self, bytes: &[u8], limits: &Limits) -> Result<RgbImage, ImportError> {
        const FILE: &str = "texture";
        let damaged = |cause: ::image::ImageError| ImportError::damaged(FILE, cause.to_string());
        let reader = ImageReader::new(std::io::Cursor::new(bytes))
            .with_guessed_format()
            .map_err(|cause| ImportError::damaged(FILE, cause.to_string()))?;
        if reader.format().is_none() {
            return Err(ImportError::WrongFormat("texture in JPEG, PNG or WebP"));
        }
        let decoder = reader.into_decoder().map_err(damaged)?;
        let (width, height) = decoder.dimensions();
        self.pixels += u64::from(width) * u64::from(height);
        Limits::check(self.pixels, limits.texture_pixels, "texture pixels")?;
        if width == 0 || height == 0 {
            return Err(ImportError::damaged(FILE, "it has no pixels"));
        }
        let picture = ::image::DynamicImage::from_decoder(decoder)
            .map_err(damaged)?
            .into_rgb8();
        crate::image::shrink_to(&picture, MAX_SIDE)
            .map_err(|cause| ImportError::damaged(FILE, cause.to_string()))
    }
}
