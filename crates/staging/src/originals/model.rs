//! What an original and an upload are, and which files may be announced.

use std::str::FromStr;

use vitrine_kernel::id::{AccountId, OriginalId, ProjectId, UploadId, WorkspaceId};
use vitrine_kernel::{Error, Time};
use vitrine_platform::files;
use vitrine_platform::web::Fields;
use vitrine_scene::image::PhotoFormat;

/// Uploads a workspace may have announced and not completed.
pub const OPEN_UPLOADS_MAX: u32 = 500;
/// Pixels a photo may have, in millions.
pub const MEGAPIXELS_MAX: u32 = 100;
/// The short side must have at least this many pixels.
pub const SIDE_MIN: u32 = 64;

/// Where an original stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum OriginalStatus {
    /// Its pictures are being made.
    Processing,
    Ready,
    /// It could not be decoded.
    Rejected,
}

impl OriginalStatus {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Processing => "processing",
            Self::Ready => "ready",
            Self::Rejected => "rejected",
        }
    }
}

impl FromStr for OriginalStatus {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        [Self::Processing, Self::Ready, Self::Rejected]
            .into_iter()
            .find(|status| status.as_str() == text)
            .ok_or(())
    }
}

/// Why an original was rejected.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct OriginalFailure {
    /// `decode_failed`, `original_missing`, `canceled`, or what kept the server from preparing it.
    pub code: String,
    /// For a person.
    pub message: String,
}

/// An uploaded photo.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Original {
    pub id: OriginalId,
    pub workspace_id: WorkspaceId,
    /// As the person named it; shown, never used as a key.
    pub filename: String,
    pub content_type: String,
    pub size_bytes: u64,
    /// Lower-case hex of the uploaded bytes.
    pub sha256: String,
    /// Upright, in pixels.
    pub width: u32,
    pub height: u32,
    /// The photo without personal metadata once it is ready; until then what was uploaded.
    pub file_key: String,
    /// Upright JPEG without metadata, at most [`super::PREVIEW_SIDE`].
    pub preview_key: Option<String>,
    /// The same, at most [`super::THUMB_SIDE`].
    pub thumb_key: Option<String>,
    pub status: OriginalStatus,
    pub failure: Option<OriginalFailure>,
    pub created_at: Time,
}

/// An announced file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Upload {
    pub id: UploadId,
    pub workspace_id: WorkspaceId,
    pub account_id: AccountId,
    pub project_id: Option<ProjectId>,
    pub filename: String,
    pub format: Format,
    pub size_bytes: u64,
    pub sha256: Option<String>,
    /// Where the bytes are awaited.
    pub file_key: String,
    pub status: UploadStatus,
    pub original_id: Option<OriginalId>,
    pub is_duplicate: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UploadStatus {
    Announced,
    Completed,
    Expired,
}

impl FromStr for UploadStatus {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        Ok(match text {
            "announced" => Self::Announced,
            "completed" => Self::Completed,
            "expired" => Self::Expired,
            _ => return Err(()),
        })
    }
}

/// A photo format by its media type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Format(pub PhotoFormat);

impl Format {
    const ALL: [Self; 3] = [
        Self(PhotoFormat::Jpeg),
        Self(PhotoFormat::Png),
        Self(PhotoFormat::WebP),
    ];

    pub fn media_type(self) -> &'static str {
        self.0.media_type()
    }

    fn of_extension(extension: &str) -> Option<Self> {
        match extension.to_ascii_lowercase().as_str() {
            "jpg" | "jpeg" => Some(Self(PhotoFormat::Jpeg)),
            "png" => Some(Self(PhotoFormat::Png)),
            "webp" => Some(Self(PhotoFormat::WebP)),
            _ => None,
        }
    }
}

impl FromStr for Format {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        Self::ALL
            .into_iter()
            .find(|format| format.media_type().eq_ignore_ascii_case(text))
            .ok_or(())
    }
}

/// A file somebody wants to upload, as it came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Announcement {
    pub filename: String,
    pub content_type: String,
    pub file_size: u64,
    pub sha256: Option<String>,
    pub project_id: Option<ProjectId>,
}

/// The same after checking.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewUpload {
    pub filename: String,
    pub format: Format,
    pub size_bytes: u64,
    pub sha256: Option<String>,
    pub project_id: Option<ProjectId>,
}

impl NewUpload {
    pub fn check(announced: Announcement, max_bytes: u64) -> Result<Self, Error> {
        let mut fields = Fields::new();
        let filename = announced.filename.trim();
        fields.check(
            !filename.is_empty() && filename.chars().count() <= 255,
            "filename",
            "invalid_length",
            "A file name has 1 to 255 characters.",
        );
        let by_name = filename
            .rsplit_once('.')
            .and_then(|(_, extension)| Format::of_extension(extension));
        fields.check(
            by_name.is_some(),
            "filename",
            "unsupported_type",
            "The name must end in .jpg, .jpeg, .png or .webp.",
        );
        let by_type = fields.require(
            announced.content_type.parse::<Format>().ok(),
            "content_type",
            "unsupported_type",
            "Must be image/jpeg, image/png or image/webp.",
        );
        fields.check(
            by_name.is_none() || by_type.is_none() || by_name == by_type,
            "content_type",
            "mismatch",
            "The type does not fit the name's ending.",
        );
        fields.check(
            announced.file_size > 0,
            "file_size",
            "too_small",
            "The file is empty.",
        );
        fields.check(
            announced.file_size <= max_bytes,
            "file_size",
            "too_large",
            format!("A photo may have {} MiB at most.", max_bytes / (1024 * 1024)),
        );
        let is_hash = |text: &str| text.len() == 64 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
        fields.check(
            announced.sha256.as_deref().is_none_or(is_hash),
            "sha256",
            "invalid",
            "Must be the SHA-256 of the file as 64 hexadecimal digits.",
        );
        fields.finish()?;
        let format = by_type.ok_or_else(|| Error::internal("a checked upload has no type"))?;
        Ok(Self {
            filename: files::clean_filename(filename),
            format,
            size_bytes: announced.file_size,
            sha256: announced.sha256.map(|text| text.to_ascii_lowercase()),
            project_id: announced.project_id,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn announcement() -> Announcement {
        Announcement {
            filename: "Living Room.JPG".into(),
            content_type: "image/jpeg".into(),
            file_size: 1000,
            sha256: Some("AB".repeat(32)),
            project_id: None,
        }
    }

    fn complaints(announced: Announcement) -> Vec<String> {
        let error = NewUpload::check(announced, 25 << 20).expect_err("it is wrong");
        error
            .fields()
            .iter()
            .map(|field| format!("{} {}", field.field, field.code))
            .collect()
    }

    #[test]
    fn a_good_announcement_is_kept_with_a_plain_name_and_lower_case_hash() {
        let upload = NewUpload::check(announcement(), 25 << 20).expect("all is fine");
        assert_eq!(upload.filename, "Living Room.JPG");
        assert_eq!(upload.format, Format(PhotoFormat::Jpeg));
        assert_eq!(upload.sha256.as_deref(), Some("ab".repeat(32).as_str()));
        let path = Announcement {
            filename: "../../etc/room.jpg".into(),
            ..announcement()
        };
        assert_eq!(
            NewUpload::check(path, 25 << 20)
                .expect("the path is cut off")
                .filename,
            "room.jpg"
        );
    }

    #[test]
    fn every_wrong_field_is_named() {
        let all_wrong = Announcement {
            filename: "notes.txt".into(),
            content_type: "text/plain".into(),
            file_size: 0,
            sha256: Some("xyz".into()),
            project_id: None,
        };
        assert_eq!(
            complaints(all_wrong),
            [
                "filename unsupported_type",
                "content_type unsupported_type",
                "file_size too_small",
                "sha256 invalid"
            ]
        );
        assert_eq!(
            complaints(Announcement {
                content_type: "image/png".into(),
                ..announcement()
            }),
            ["content_type mismatch"]
        );
        assert_eq!(
            complaints(Announcement {
                file_size: (25 << 20) + 1,
                ..announcement()
            }),
            ["file_size too_large"]
        );
        assert_eq!(
            complaints(Announcement {
                filename: format!("{}.jpg", "x".repeat(255)),
                ..announcement()
            }),
            ["filename invalid_length"]
        );
    }
}
