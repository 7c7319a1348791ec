//! The life of the process: signals, draining, deadlines.

use std::time::Duration;

use tokio_util::sync::CancellationToken;

/// How long requests and jobs may take to finish after a stop was asked for.
pub const DRAIN_DEADLINE: Duration = Duration::from_secs(20);

/// A token that is cancelled by the first SIGINT or SIGTERM. A second one ends the process at once.
pub fn shutdown_on_signals() -> CancellationToken {
    let shutdown = CancellationToken::new();
    let token = shutdown.clone();
    tokio::spawn(async move {
        wait_for_signal().await;
        tracing::info!(
            "stopping: finishing what is running, at most {} s",
            DRAIN_DEADLINE.as_secs()
        );
        token.cancel();
        wait_for_signal().await;
        std::process::exit(130);
    });
    shutdown
}

#[cfg(unix)]
async fn wait_for_signal() {
    use tokio::signal::unix::{SignalKind, signal};
    let (Ok(mut interrupt), Ok(mut terminate)) =
        (signal(SignalKind::interrupt()), signal(SignalKind::terminate()))
    else {
        tracing::warn!("signals cannot be watched; only a kill stops this process");
        return std::future::pending().await;
    };
    tokio::select! {
        _ = interrupt.recv() => {}
        _ = terminate.recv() => {}
    }
}

#[cfg(not(unix))]
async fn wait_for_signal() {
    if tokio::signal::ctrl_c().await.is_err() {
        std::future::pending::<()>().await;
    }
}
