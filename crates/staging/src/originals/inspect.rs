//! What the bytes of an upload really are: size, format, dimensions, hash. Reads the object once, piece by piece.

use bytes::BytesMut;
use futures_util::TryStreamExt as _;
use sha2::{Digest as _, Sha256};
use vitrine_kernel::Error;
use vitrine_platform::files::Files;
use vitrine_scene::image::{PhotoFormat, probe};

use super::model::{Format, MEGAPIXELS_MAX, SIDE_MIN, Upload};

/// Headers lie within this much of nearly every photo. A file that hides its own behind more metadata is read whole.
const HEADER_BYTES: usize = 1024 * 1024;

/// What was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Inspected {
    pub sha256: String,
    /// Upright, in pixels.
    pub width: u32,
    pub height: u32,
}

/// Holds the object under `key` against what was announced.
///
/// # Errors
/// 422 on the field whose claim is not true; storage errors as they are.
pub async fn inspect(files: &Files, key: &str, upload: &Upload) -> Result<Inspected, Error> {
    let mut stream = files.stream(key, None).await?;
    let mut hash = Sha256::new();
    let mut head = BytesMut::new();
    let mut size = 0u64;
    while let Some(chunk) = stream.bytes.try_next().await? {
        size += chunk.len() as u64;
        if size > upload.size_bytes {
            break;
        }
        hash.update(&chunk);
        let room = HEADER_BYTES.saturating_sub(head.len()).min(chunk.len());
        head.extend_from_slice(&chunk[..room]);
    }
    if size != upload.size_bytes {
        return Err(Error::field(
            "file_size",
            "mismatch",
            "The file does not have the announced size.",
        ));
    }
    check_format(&head, upload.format)?;
    let sha256 = hex(&hash.finalize());
    if upload
        .sha256
        .as_ref()
        .is_some_and(|announced| *announced != sha256)
    {
        return Err(Error::field(
            "sha256",
            "mismatch",
            "The file does not have the announced SHA-256.",
        ));
    }
    let (width, height) = match dimensions(head.freeze()).await? {
        Some(found) => found,
        None if size > HEADER_BYTES as u64 => {
            let whole = files.get_up_to(key, upload.size_bytes).await?;
            dimensions(whole).await?.ok_or_else(unreadable)?
        }
        None => return Err(unreadable()),
    };
    check_dimensions(width, height)?;
    Ok(Inspected {
        sha256,
        width,
        height,
    })
}

fn check_format(head: &[u8], announced: Format) -> Result<(), Error> {
    match PhotoFormat::sniff(head) {
        Some(found) if found == announced.0 => Ok(()),
        Some(found) => {
            let message = format!(
                "The file is {}, not {}.",
                found.media_type(),
                announced.media_type()
            );
            Err(Error::field("content_type", "mismatch", message))
        }
        None => Err(Error::field(
            "content_type",
            "mismatch",
            "The file is no JPEG, PNG or WebP picture.",
        )),
    }
}

/// Width and height, or nothing when the header cannot be read from these bytes.
async fn dimensions(bytes: bytes::Bytes) -> Result<Option<(u32, u32)>, Error> {
    let header = tokio::task::spawn_blocking(move || probe(&bytes).ok());
    let header = header
        .await
        .map_err(|error| Error::internal("reading a picture's header panicked").with_source(error))?;
    Ok(header.map(|header| (header.width, header.height)))
}

fn check_dimensions(width: u32, height: u32) -> Result<(), Error> {
    if u64::from(width) * u64::from(height) > u64::from(MEGAPIXELS_MAX) * 1_000_000 {
        let message =
            format!("The picture has {width} x {height} pixels; {MEGAPIXELS_MAX} megapixels are the limit.");
        return Err(Error::field("file", "too_many_pixels", message));
    }
    if width.min(height) < SIDE_MIN {
        let message =
            format!("The picture has {width} x {height} pixels; each side needs {SIDE_MIN} at least.");
        return Err(Error::field("file", "too_few_pixels", message));
    }
    Ok(())
}

fn unreadable() -> Error {
    Error::field(
        "file",
        "unreadable",
        "The file is damaged: its header cannot be read.",
    )
}

/// Lower-case hexadecimal.
pub fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes
        .iter()
        .fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
            let _ = write!(text, "{byte:02x}");
            text
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dimensions_have_bounds_on_both_sides() {
        assert!(check_dimensions(20_000, 2_000).is_ok(), "a panorama");
        assert!(check_dimensions(20_000, 20_000).is_err());
        assert!(check_dimensions(u32::MAX, u32::MAX).is_err());
        assert!(check_dimensions(64, 64).is_ok());
        assert!(check_dimensions(4_000, 63).is_err());
    }
}
