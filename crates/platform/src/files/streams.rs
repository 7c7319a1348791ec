//! Objects piece by piece, in and out.

use bytes::{Bytes, BytesMut};
use futures_util::stream::BoxStream;
use futures_util::{Stream, StreamExt as _, TryStreamExt as _};
use object_store::buffered::BufWriter;
use object_store::{GetOptions, GetRange, GetResultPayload, ObjectStoreExt as _};
use tokio::io::{AsyncReadExt as _, AsyncSeekExt as _, AsyncWriteExt as _};

use super::{FileError, FileMeta, Files, path};

const READ_CHUNK_BYTES: usize = 64 * 1024;

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
    /// Stores an object piece by piece; it appears under its key when the writer finishes.
    pub fn writer(&self, key: &str, content_type: &str) -> Result<FileWriter, FileError> {
        let inner =
            BufWriter::new(self.0.store.clone(), path(key)?).with_attributes(self.attributes(content_type));
        Ok(FileWriter {
            key: key.to_owned(),
            inner,
        })
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

    /// Stores a stream of exactly `length` bytes without holding it in memory. Nothing appears under the key unless
    /// all of it came; the answer is whether it did.
    pub(super) async fn receive<E>(
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
