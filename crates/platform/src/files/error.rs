//! What can go wrong with stored files, and what a person is told about it.

use vitrine_kernel::{Error, ErrorCode};

use crate::jobs::JobError;

/// A storage failure. Matched by callers; the text is for the log.
#[derive(Debug, thiserror::Error)]
pub enum FileError {
    /// There is no object under this key.
    #[error("there is no object {key}")]
    NotFound { key: String },
    /// The disk, the quota or the bucket is full. What was stored before is untouched.
    #[error("the storage is full, writing {key}")]
    NoSpace {
        key: String,
        source: object_store::Error,
    },
    /// The storage refused us: wrong credentials, missing rights, read-only folder.
    #[error("the storage refused access to {key}")]
    Refused {
        key: String,
        source: object_store::Error,
    },
    /// The storage could not be reached, or failed.
    #[error("the storage is not available for {key}")]
    Unavailable {
        key: String,
        source: object_store::Error,
    },
    /// More bytes than the caller was ready to take.
    #[error("object {key} has more than {limit_bytes} bytes")]
    TooLarge { key: String, limit_bytes: u64 },
    /// A key or URL this storage cannot have.
    #[error("{0}")]
    Invalid(String),
}

impl FileError {
    pub(super) fn from_store(key: &str, source: object_store::Error) -> Self {
        let key = key.to_owned();
        match &source {
            object_store::Error::NotFound { .. } => Self::NotFound { key },
            object_store::Error::PermissionDenied { .. } | object_store::Error::Unauthenticated { .. } => {
                Self::Refused { key, source }
            }
            object_store::Error::InvalidPath { .. } => Self::Invalid(format!("{key:?} is no storage key")),
            _ => match io_kind(&source) {
                Some(std::io::ErrorKind::StorageFull | std::io::ErrorKind::QuotaExceeded) => {
                    Self::NoSpace { key, source }
                }
                Some(std::io::ErrorKind::PermissionDenied | std::io::ErrorKind::ReadOnlyFilesystem) => {
                    Self::Refused { key, source }
                }
                _ => Self::Unavailable { key, source },
            },
        }
    }

    /// The code a caller of the API would see.
    pub fn code(&self) -> ErrorCode {
        match self {
            Self::NotFound { .. } => ErrorCode::NotFound,
            Self::NoSpace { .. } | Self::Refused { .. } | Self::Unavailable { .. } => ErrorCode::Unavailable,
            Self::TooLarge { .. } | Self::Invalid(_) => ErrorCode::Internal,
        }
    }
}

/// The kind of the first I/O error in the chain of causes.
fn io_kind(error: &(dyn std::error::Error + 'static)) -> Option<std::io::ErrorKind> {
    let mut cause = Some(error);
    while let Some(error) = cause {
        if let Some(io) = error.downcast_ref::<std::io::Error>() {
            return Some(io.kind());
        }
        cause = error.source();
    }
    None
}

impl From<FileError> for Error {
    fn from(error: FileError) -> Self {
        let context = error.to_string();
        let public = match &error {
            FileError::NotFound { .. } => {
                Self::new(ErrorCode::NotFound, "This file is no longer in the storage.")
            }
            FileError::NoSpace { .. } => Self::new(
                ErrorCode::Unavailable,
                "The storage is full. Nothing was lost; try again when there is space.",
            )
            .with_retry_after(60),
            FileError::Refused { .. } | FileError::Unavailable { .. } => Self::new(
                ErrorCode::Unavailable,
                "The file storage is not available at the moment. Try again shortly.",
            )
            .with_retry_after(5),
            FileError::TooLarge { .. } | FileError::Invalid(_) => Self::internal(context.clone()),
        };
        public.with_context(context).with_source(error)
    }
}

/// A job whose storage failed is worth another try: nothing here says that the work itself is impossible.
impl From<FileError> for JobError {
    fn from(error: FileError) -> Self {
        Error::from(error).into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn generic(source: std::io::Error) -> object_store::Error {
        object_store::Error::Generic {
            store: "LocalFileSystem",
            source: Box::new(source),
        }
    }

    #[test]
    fn a_full_disk_is_told_apart_from_a_failing_one() {
        let full = FileError::from_store("k", generic(std::io::Error::from_raw_os_error(28)));
        assert!(matches!(full, FileError::NoSpace { .. }), "{full:?}");
        let error = Error::from(full);
        assert_eq!(error.code(), ErrorCode::Unavailable);
        assert!(error.detail().contains("full"), "{}", error.detail());

        let broken = FileError::from_store("k", generic(std::io::Error::from_raw_os_error(5)));
        assert!(matches!(broken, FileError::Unavailable { .. }), "{broken:?}");
        let read_only = FileError::from_store("k", generic(std::io::Error::from_raw_os_error(30)));
        assert!(matches!(read_only, FileError::Refused { .. }), "{read_only:?}");
    }
}
