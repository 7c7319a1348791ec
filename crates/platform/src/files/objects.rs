//! Objects as wholes: storing, looking, copying, listing, deleting.

use bytes::Bytes;
use futures_util::StreamExt as _;
use futures_util::stream::BoxStream;
use object_store::{ObjectStoreExt as _, PutOptions};
use vitrine_kernel::Time;
use vitrine_kernel::id::WorkspaceId;

use super::{FileError, Files, path};

/// What is known of an object without reading it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileMeta {
    pub size_bytes: u64,
    /// Quoted, as in HTTP.
    pub etag: Option<String>,
    pub modified_at: Time,
}

/// An object as [`Files::list`] finds it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredFile {
    pub key: String,
    pub meta: FileMeta,
}

impl Files {
    /// Stores an object whole; it appears under its key only once it is complete and durable.
    pub async fn put(&self, key: &str, bytes: Bytes, content_type: &str) -> Result<(), FileError> {
        let options = PutOptions {
            attributes: self.attributes(content_type),
            ..PutOptions::default()
        };
        self.0
            .store
            .put_opts(&path(key)?, bytes.into(), options)
            .await
            .map(|_| ())
            .map_err(|error| FileError::from_store(key, error))
    }

    /// The folders that hold objects of a workspace, one for each kind of file there is: keys begin with
    /// `kind/workspace/`.
    pub async fn folders_of(&self, workspace: WorkspaceId) -> Result<Vec<String>, FileError> {
        let found = self.0.store.list_with_delimiter(None).await;
        let found = found.map_err(|error| FileError::from_store("", error))?;
        Ok(found
            .common_prefixes
            .iter()
            .map(|kind| format!("{kind}/{workspace}"))
            .collect())
    }

    pub async fn head(&self, key: &str) -> Result<FileMeta, FileError> {
        let meta = self
            .0
            .store
            .head(&path(key)?)
            .await
            .map_err(|error| FileError::from_store(key, error))?;
        Ok(FileMeta::from(&meta))
    }

    /// Copies within the storage, without moving bytes through this process.
    pub async fn copy(&self, from: &str, to: &str) -> Result<(), FileError> {
        self.0
            .store
            .copy(&path(from)?, &path(to)?)
            .await
            .map_err(|error| FileError::from_store(from, error))
    }

    /// Every object below a folder such as `originals`, in no order, as they are found.
    pub fn list(&self, folder: &str) -> BoxStream<'static, Result<StoredFile, FileError>> {
        let prefix = match path(folder) {
            Ok(prefix) => prefix,
            Err(error) => return futures_util::stream::once(async { Err(error) }).boxed(),
        };
        let folder = folder.to_owned();
        let objects = self.0.store.list(Some(&prefix));
        objects
            .map(move |found| match found {
                Ok(meta) => Ok(StoredFile {
                    key: meta.location.to_string(),
                    meta: FileMeta::from(&meta),
                }),
                Err(error) => Err(FileError::from_store(&folder, error)),
            })
            .boxed()
    }

    /// Deletes an object; one that is not there counts as deleted.
    pub async fn delete(&self, key: &str) -> Result<(), FileError> {
        match self.0.store.delete(&path(key)?).await {
            Ok(()) | Err(object_store::Error::NotFound { .. }) => Ok(()),
            Err(error) => Err(FileError::from_store(key, error)),
        }
    }
}

impl From<&object_store::ObjectMeta> for FileMeta {
    fn from(meta: &object_store::ObjectMeta) -> Self {
        let etag = meta.e_tag.as_ref().map(|tag| {
            if tag.contains('"') {
                tag.clone()
            } else {
                format!("\"{tag}\"")
            }
        });
        Self {
            size_bytes: meta.size,
            etag,
            modified_at: meta.last_modified,
        }
    }
}
