//! Reading request bodies up to the limit.

use std::time::Duration;

use axum::body::{Body, BodyDataStream};
use bytes::{Bytes, BytesMut};
use futures_util::StreamExt as _;
use vitrine_kernel::{Error, ErrorCode};

use super::MAX_BODY_BYTES;

/// A body of the API is small; whoever takes longer holds a connection for nothing.
const READ_TIME: Duration = Duration::from_secs(30);

/// Of a body that is too large this much is still read and thrown away, because a client that is busy sending does
/// not see an answer before it is done.
const DRAIN_BYTES: usize = 32 * 1024 * 1024;
const DRAIN_TIME: Duration = Duration::from_secs(5);

/// The whole body, if it comes in time.
pub(super) async fn read(body: Body) -> Result<Bytes, Error> {
    read_within(body, READ_TIME).await
}

async fn read_within(body: Body, time: Duration) -> Result<Bytes, Error> {
    let late = |_| Error::new(ErrorCode::BadRequest, "The body did not come in time.");
    tokio::time::timeout(time, read_all(body)).await.map_err(late)?
}

async fn read_all(body: Body) -> Result<Bytes, Error> {
    let mut stream = body.into_data_stream();
    let mut all = BytesMut::new();
    while let Some(chunk) = stream.next().await {
        let chunk = chunk.map_err(|error| {
            Error::new(ErrorCode::BadRequest, "The body ended too early.").with_context(error.to_string())
        })?;
        if all.len() + chunk.len() > MAX_BODY_BYTES {
            drain_stream(stream).await;
            return Err(too_large());
        }
        all.extend_from_slice(&chunk);
    }
    Ok(all.freeze())
}

/// The whole body of a request that is read by hand.
pub async fn read_body(request: axum::extract::Request) -> Result<Bytes, Error> {
    read(request.into_body()).await
}

/// Reads what nobody wants, within bounds.
pub(super) async fn drain(body: Body) {
    drain_stream(body.into_data_stream()).await;
}

async fn drain_stream(mut stream: BodyDataStream) {
    let mut left = DRAIN_BYTES;
    let reading = async {
        while let Some(Ok(chunk)) = stream.next().await {
            left = left.saturating_sub(chunk.len());
            if left == 0 {
                break;
            }
        }
    };
    let _ = tokio::time::timeout(DRAIN_TIME, reading).await;
}

pub(super) fn too_large() -> Error {
    Error::new(
        ErrorCode::PayloadTooLarge,
        "A body may have 1 MiB at most; photos are uploaded to storage.",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_body_that_never_ends_is_given_up() {
        let endless = Body::from_stream(futures_util::stream::pending::<Result<Bytes, std::io::Error>>());
        let error = read_within(endless, Duration::from_millis(1)).await;
        assert_eq!(error.expect_err("it has no end").code(), ErrorCode::BadRequest);
        let whole = read_within(Body::from("all of it"), Duration::from_secs(60)).await;
        assert_eq!(whole.expect("it came"), "all of it");
    }
}
