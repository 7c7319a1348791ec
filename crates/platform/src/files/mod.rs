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
mod range;
pub mod routes;
mod s3;
mod zip;

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use futures_util::stream::BoxStream;
use futures_util::{Stream, StreamExt as _, TryStreamExt as _};
use object_store::buffered::BufWriter;
use object_store::local::LocalFileSystem;
use object_store::path::Path;
use object_store::{
    Attribute, Attributes, GetOptions, GetRange, GetResultPayload, ObjectStore, ObjectStoreExt as _,
    PutOptions,
};
use tokio::io::{AsyncReadExt as _, AsyncSeekExt as _, AsyncWriteExt as _};
use url::Url;
use uuid::Uuid;
use vitrine_kernel::id::WorkspaceId;
use vitrine_kernel::{Clock, Secret, Time};

pub use disposition::{clean_filename, content_disposition};
pub use error::FileError;
use link::{Access, Link};
pub use link::{Signed, TokenError, TokenSigner};
pub use s3::S3Options;
use s3::{S3Signer, Valid};
pub use zip::ZipWriter;

/// Links that are shown in lists stay the same for this long, so that browsers can cache what is behind them.
const VIEW_STEP_S: i64 = 30 * 60;
const READ_CHUNK_BYTES: usize = 64 * 1024;

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

/// Where and how to send an upload.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PresignedPut {
    pub url: String,
    /// Headers to send exactly like this. The length is signed too, and set by every HTTP client itself.
    pub headers: Vec<(String, String)>,
}

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

/// An object, or a part of one, as it is read.
pub struct FileStream {
    pub meta: FileMeta,
    /// The bytes that follow, counted from the start of the object.
    pub range: std::ops::Range<u64>,
    pub bytes: BoxStream<'static, Result<Bytes, FileError>>,
}

/// An object on its way into the storage.
#[derive(Debug)]
pub struct FileWriter {
    key: String,
    inner: BufWriter,
}

impl FileWriter {
    pub async fn write(&mut self, bytes: Bytes) -> Result<(), FileError> {
        let put = self.inner.put(bytes).await;
        put.map_err(|error| FileError::from_store(&self.key, error))
    }

    /// Makes the object appear.
    pub async fn finish(mut self) -> Result<(), FileError> {
        self.inner.shutdown().await.map_err(|source| {
            let source = object_store::Error::Generic {
                store: "writer",
                source: Box::new(source),
            };
            FileError::from_store(&self.key, source)
        })
    }

    /// Leaves nothing behind, as far as the storage still answers.
    pub async fn abort(mut self) {
        if let Err(error) = self.inner.abort().await {
            tracing::warn!(file.key = self.key, "parts of an object may be left: {error}");
        }
    }
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

    /// Stores an object piece by piece; it appears under its key when the writer finishes.
    pub fn writer(&self, key: &str, content_type: &str) -> Result<FileWriter, FileError> {
        let inner =
            BufWriter::new(self.0.store.clone(), path(key)?).with_attributes(self.attributes(content_type));
        Ok(FileWriter {
            key: key.to_owned(),
            inner,
        })
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

    /// Reads an object whole into memory, if it has at most `limit_bytes`.
    pub async fn get_up_to(&self, key: &str, limit_bytes: u64) -> Result<Bytes, FileError> {
        let too_large = || FileError::TooLarge {
            key: key.to_owned(),
            limit_bytes,
        };
        let mut stream = self.stream(key, None).await?;
        if stream.meta.size_bytes > limit_bytes {
            return Err(too_large());
        }
        let mut all = BytesMut::with_capacity(usize::try_from(stream.meta.size_bytes).unwrap_or(0));
        while let Some(chunk) = stream.bytes.try_next().await? {
            if (all.len() + chunk.len()) as u64 > limit_bytes {
                return Err(too_large());
            }
            all.extend_from_slice(&chunk);
        }
        Ok(all.freeze())
    }

    /// Reads an object whole into memory. For what people sent, say a limit: [`Self::get_up_to`].
    pub async fn get(&self, key: &str) -> Result<Bytes, FileError> {
        self.get_up_to(key, u64::MAX).await
    }

    /// Reads an object, or a part of it, piece by piece.
    pub async fn stream(&self, key: &str, range: Option<GetRange>) -> Result<FileStream, FileError> {
        let options = GetOptions {
            range,
            ..GetOptions::default()
        };
        let result = self
            .0
            .store
            .get_opts(&path(key)?, options)
            .await
            .map_err(|error| FileError::from_store(key, error))?;
        let (meta, range) = (FileMeta::from(&result.meta), result.range.clone());
        let key = key.to_owned();
        let bytes = match result.payload {
            GetResultPayload::File(file, _) => read_file(file, range.clone())
                .map_err(move |source| {
                    let source = object_store::Error::Generic {
                        store: "file",
                        source: Box::new(source),
                    };
                    FileError::from_store(&key, source)
                })
                .boxed(),
            GetResultPayload::Stream(stream) => stream
                .map_err(move |error| FileError::from_store(&key, error))
                .boxed(),
        };
        Ok(FileStream { meta, range, bytes })
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

    /// A link to look at or download one object, good for exactly `expires_in`.
    pub fn presign_get(
        &self,
        key: &str,
        filename: &str,
        content_type: &str,
        expires_in: Duration,
        download: bool,
    ) -> String {
        let valid = Valid {
            from: self.0.clock.now(),
            duration: expires_in,
        };
        self.get_link(key, filename, content_type, valid, download)
    }

    /// A link to show an object in a page. It stays the same for half an hour and is good for an hour to an hour
    /// and a half, so that a list that is fetched again does not make the browser fetch all its pictures again.
    pub fn view_url(&self, key: &str, filename: &str, content_type: &str) -> String {
        let now = self.0.clock.now();
        let from =
            Time::from_timestamp(now.timestamp().div_euclid(VIEW_STEP_S) * VIEW_STEP_S, 0).unwrap_or(now);
        let duration = Duration::from_secs(3 * VIEW_STEP_S.unsigned_abs());
        self.get_link(key, filename, content_type, Valid { from, duration }, false)
    }

    fn get_link(
        &self,
        key: &str,
        filename: &str,
        content_type: &str,
        valid: Valid,
        download: bool,
    ) -> String {
        match &self.0.links {
            Links::Local { signer, base, .. } => {
                let claim = Link {
                    access: Access::Get,
                    key: key.to_owned(),
                    content_type: content_type.to_owned(),
                    length: None,
                    filename: Some(clean_filename(filename)),
                    download,
                };
                format!(
                    "{base}/{}",
                    signer.seal(&Signed {
                        claim,
                        expires_at: valid.until()
                    })
                )
            }
            Links::S3(signer) => {
                signer.get_url(key, content_type, &content_disposition(filename, download), valid)
            }
        }
    }

    /// Where to send exactly `length` bytes of `content_type`.
    pub fn presign_put(
        &self,
        key: &str,
        content_type: &str,
        length: u64,
        expires_in: Duration,
    ) -> PresignedPut {
        let valid = Valid {
            from: self.0.clock.now(),
            duration: expires_in,
        };
        let url = match &self.0.links {
            Links::Local { signer, base, .. } => {
                let claim = Link {
                    access: Access::Put,
                    key: key.to_owned(),
                    content_type: content_type.to_owned(),
                    length: Some(length),
                    filename: None,
                    download: false,
                };
                format!(
                    "{base}/{}",
                    signer.seal(&Signed {
                        claim,
                        expires_at: valid.until()
                    })
                )
            }
            Links::S3(signer) => signer.put_url(key, content_type, length, valid),
        };
        PresignedPut {
            url,
            headers: vec![("Content-Type".to_owned(), content_type.to_owned())],
        }
    }

    /// Opens a local link; with S3 there are none.
    fn open_link(&self, token: &str) -> Result<Signed<Link>, TokenError> {
        match &self.0.links {
            Links::Local { signer, .. } => signer.open(token, self.0.clock.now()),
            Links::S3(_) => Err(TokenError::Forged),
        }
    }

    /// Stores a stream of exactly `length` bytes without holding it in memory. Nothing appears under the key unless
    /// all of it came; the answer is whether it did.
    async fn receive<E>(
        &self,
        key: &str,
        length: u64,
        mut body: impl Stream<Item = Result<Bytes, E>> + Unpin,
    ) -> Result<bool, FileError> {
        let failed = |error| FileError::from_store(key, error);
        let mut upload = self.0.store.put_multipart(&path(key)?).await.map_err(failed)?;
        let mut received = 0u64;
        let outcome = loop {
            match body.next().await {
                Some(Ok(chunk)) => {
                    received += chunk.len() as u64;
                    if received > length {
                        break Ok(false);
                    }
                    if let Err(error) = upload.put_part(chunk.into()).await {
                        break Err(failed(error));
                    }
                }
                Some(Err(_)) => break Ok(false),
                None => break Ok(received == length),
            }
        };
        match outcome {
            Ok(true) => upload.complete().await.map(|_| true).map_err(failed),
            other => {
                if let Err(error) = upload.abort().await {
                    tracing::warn!("could not clean up an unfinished upload to {key}: {error}");
                }
                other
            }
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

fn read_file(
    file: std::fs::File,
    range: std::ops::Range<u64>,
) -> impl Stream<Item = std::io::Result<Bytes>> + Send + 'static {
    let open = async move {
        let mut file = tokio::fs::File::from_std(file);
        file.set_max_buf_size(READ_CHUNK_BYTES);
        file.seek(std::io::SeekFrom::Start(range.start)).await?;
        let part = file.take(range.end - range.start);
        Ok::<_, std::io::Error>(tokio_util::io::ReaderStream::with_capacity(
            part,
            READ_CHUNK_BYTES,
        ))
    };
    futures_util::stream::once(open).try_flatten()
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
