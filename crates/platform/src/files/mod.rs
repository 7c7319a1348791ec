//! Files: an object store (a local folder or an S3 bucket), signed links to upload and download, keys of our own.
//!
//! Services put and get by key; people and browsers get links that are signed for one method, one object, one type
//! and a limited time. With S3 the links lead to the bucket; with a local folder they lead to [`routes`], which hold
//! them to the same rules. What surprises people: a stored object is never overwritten with other bytes. Whatever
//! changes gets a new key, so that links and caches stay true.

mod disposition;
mod error;
mod link;
pub mod metadata;
mod objects;
mod presigned;
mod range;
pub mod routes;
mod s3;
mod streams;
mod zip;

use std::path::PathBuf;
use std::sync::Arc;

use object_store::local::LocalFileSystem;
use object_store::path::Path;
use object_store::{Attribute, Attributes, ObjectStore};
use url::Url;
use uuid::Uuid;
use vitrine_kernel::id::WorkspaceId;
use vitrine_kernel::{Clock, Secret};

pub use disposition::{clean_filename, content_disposition};
pub use error::FileError;
pub use link::{Signed, TokenError, TokenSigner};
pub use objects::{FileMeta, StoredFile};
pub use presigned::PresignedPut;
pub use s3::S3Options;
use s3::S3Signer;
pub use streams::{FileStream, FileWriter};
pub use zip::ZipWriter;

/// How to open the storage.
#[derive(Debug, Clone)]
pub struct FilesOptions {
    /// Where people reach this instance, without a trailing slash; local links start with it.
    pub public_url: String,
    /// Signs local links.
    pub secret: Secret<Vec<u8>>,
    pub clock: Arc<dyn Clock>,
    pub s3: S3Options,
}

/// The object store of the instance; cheap to clone.
#[derive(Debug, Clone)]
pub struct Files(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    store: Arc<dyn ObjectStore>,
    links: Links,
    clock: Arc<dyn Clock>,
}

#[derive(Debug)]
enum Links {
    Local {
        signer: TokenSigner,
        base: String,
        root: PathBuf,
    },
    S3(S3Signer),
}

impl Files {
    /// Opens `file:///absolute/folder` (made when missing) or `s3://bucket`.
    pub fn open(url: &str, options: FilesOptions) -> Result<Self, FileError> {
        let not_valid = || {
            FileError::Invalid(format!(
                "the storage URL {url:?} is neither file:///folder nor s3://bucket"
            ))
        };
        let parsed = Url::parse(url).map_err(|_| not_valid())?;
        match parsed.scheme() {
            "file" => {
                let root = parsed.to_file_path().map_err(|()| not_valid())?;
                let refused = |error: &dyn std::fmt::Display| {
                    FileError::Invalid(format!(
                        "the storage folder {} cannot be used: {error}",
                        root.display()
                    ))
                };
                std::fs::create_dir_all(&root).map_err(|error| refused(&error))?;
                let store = LocalFileSystem::new_with_prefix(&root).map_err(|error| refused(&error))?;
                Ok(Self::local(Arc::new(store.with_fsync(true)), root, options))
            }
            "s3" => {
                let bucket = parsed
                    .host_str()
                    .filter(|_| matches!(parsed.path(), "" | "/"))
                    .ok_or_else(not_valid)?;
                let (store, signer) = s3::open(bucket, &options.s3)?;
                Ok(Self(Arc::new(Inner {
                    store,
                    links: Links::S3(signer),
                    clock: options.clock,
                })))
            }
            _ => Err(not_valid()),
        }
    }

    /// A storage whose links lead to our own routes, over any store; `root` is the folder that must be there.
    pub fn local(store: Arc<dyn ObjectStore>, root: PathBuf, options: FilesOptions) -> Self {
        let links = Links::Local {
            signer: TokenSigner::new(options.secret.expose(), "file link"),
            base: format!("{}/api/v1/files", options.public_url.trim_end_matches('/')),
            root,
        };
        Self(Arc::new(Inner {
            store,
            links,
            clock: options.clock,
        }))
    }

    /// The origin browsers fetch files from when it is not ours.
    pub fn foreign_origin(&self) -> Option<String> {
        match &self.0.links {
            Links::Local { .. } => None,
            Links::S3(signer) => Some(signer.origin()),
        }
    }

    /// Answers when the storage does; for `/ready`.
    pub async fn probe(&self) -> Result<(), FileError> {
        if let Links::Local { root, .. } = &self.0.links {
            // A folder that was never mounted looks like an empty one to the store.
            tokio::fs::metadata(root).await.map_err(|source| {
                let source = object_store::Error::Generic {
                    store: "file",
                    source: Box::new(source),
                };
                FileError::from_store("", source)
            })?;
        }
        match self.head("probe").await {
            Ok(_) | Err(FileError::NotFound { .. }) => Ok(()),
            Err(error) => Err(error),
        }
    }

    fn attributes(&self, content_type: &str) -> Attributes {
        match &self.0.links {
            // A folder has no place for them; our links carry the type.
            Links::Local { .. } => Attributes::new(),
            Links::S3(_) => Attributes::from_iter([(Attribute::ContentType, content_type.to_owned())]),
        }
    }
}

/// A key of our own making: `area/workspace/id.extension`. Nothing a person typed ever becomes part of one.
pub fn key(area: &'static str, workspace: WorkspaceId, id: Uuid, extension: &'static str) -> String {
    format!("{area}/{workspace}/{id}.{extension}")
}

fn path(key: &str) -> Result<Path, FileError> {
    Path::parse(key).map_err(|_| FileError::Invalid(format!("{key:?} is no storage key")))
}
