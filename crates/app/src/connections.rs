//! Accepting connections: as `axum::serve` does, but whoever begins a request and does not go on is hung up on.

use std::net::SocketAddr;
use std::pin::pin;
use std::time::Duration;

use axum::extract::ConnectInfo;
use axum::{Extension, Router};
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto::Builder;
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tower::Layer as _;

/// Longest that the head of a request may take. Also how long a quiet connection is kept, so it is more than the 60
/// seconds for which proxies keep theirs: they must not send into one that is just being closed.
pub const HEAD_TIME: Duration = Duration::from_secs(75);
/// Without free file descriptors there is nothing to do but wait for some.
const REST: Duration = Duration::from_secs(1);

/// Serves until `stop`; then requests that run are answered, and nothing new is taken.
pub async fn serve(listener: TcpListener, router: Router, stop: CancellationToken, head_time: Duration) {
    let connections = TaskTracker::new();
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            () = stop.cancelled() => break,
        };
        match accepted {
            Ok((stream, peer)) => {
                connections.spawn(attend(stream, peer, router.clone(), stop.clone(), head_time));
            }
            Err(error) if is_of_the_peer(&error) => {}
            Err(error) => {
                tracing::error!("could not accept a connection: {error}");
                tokio::time::sleep(REST).await;
            }
        }
    }
    drop(listener);
    connections.close();
    connections.wait().await;
}

fn is_of_the_peer(error: &std::io::Error) -> bool {
    use std::io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
    matches!(
        error.kind(),
        ConnectionRefused | ConnectionAborted | ConnectionReset
    )
}

async fn attend(
    stream: TcpStream,
    peer: SocketAddr,
    router: Router,
    stop: CancellationToken,
    head_time: Duration,
) {
    // An answer goes out at once, not when the next one fills its packet.
    let _ = stream.set_nodelay(true);
    let mut builder = Builder::new(TokioExecutor::new());
    builder
        .http1()
        .timer(TokioTimer::new())
        .header_read_timeout(head_time);
    builder.http2().timer(TokioTimer::new());
    let service = TowerToHyperService::new(Extension(ConnectInfo(peer)).layer(router));
    let mut connection = pin!(builder.serve_connection(TokioIo::new(stream), service));
    let ended = tokio::select! {
        ended = connection.as_mut() => ended,
        () = stop.cancelled() => {
            connection.as_mut().graceful_shutdown();
            connection.await
        }
    };
    if let Err(error) = ended {
        tracing::trace!("a connection of {peer} ended: {error}");
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

    use super::*;

    const PATIENCE: Duration = Duration::from_secs(30);

    async fn answer(address: SocketAddr, sent: &[u8]) -> String {
        let talk = async {
            let mut stream = TcpStream::connect(address).await?;
            stream.write_all(sent).await?;
            let mut text = String::new();
            stream.read_to_string(&mut text).await.map(|_| text)
        };
        let answer = tokio::time::timeout(PATIENCE, talk).await;
        answer.expect("the server hung up").expect("it can be read")
    }

    #[tokio::test]
    async fn a_request_without_an_end_is_hung_up_on_and_whole_ones_are_answered() {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("bound");
        let stop = CancellationToken::new();
        let who = async |ConnectInfo(peer): ConnectInfo<SocketAddr>| peer.ip().to_string();
        let router = Router::new().route("/", axum::routing::get(who));
        let server = tokio::spawn(serve(listener, router, stop.clone(), Duration::from_millis(30)));
        let begun = answer(address, b"GET / HTTP/1.1\r\nHost: v.test\r\nX-Slow: ").await;
        assert!(!begun.contains("200 OK"), "{begun}");
        let whole = answer(
            address,
            b"GET / HTTP/1.1\r\nHost: v.test\r\nConnection: close\r\n\r\n",
        )
        .await;
        assert!(
            whole.starts_with("HTTP/1.1 200 OK") && whole.ends_with("127.0.0.1"),
            "{whole}"
        );
        // One that is quiet does not hold up the end.
        let _quiet = TcpStream::connect(address).await.expect("it listens");
        stop.cancel();
        tokio::time::timeout(PATIENCE, server)
            .await
            .expect("it ends")
            .expect("no panic");
    }
}
