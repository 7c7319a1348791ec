//! Logs and metrics.
//!
//! Logs go to standard error. Metrics live in one registry of the
//! process; anyone may use the macros of the `metrics` crate, and `/metrics` shows them. Routes are labelled by their
//! pattern, never by the address itself, so that the number of series stays small.

pub mod sql;

use std::io::IsTerminal as _;
use std::sync::OnceLock;
use std::time::Duration;

use http::Method;
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};
use tracing_subscriber::EnvFilter;
use vitrine_kernel::{Error, ErrorCode};

/// Upper bounds of latency buckets, in seconds.
const LATENCY_BUCKETS_S: [f64; 12] = [
    0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0,
];

/// Starts logs and metrics; once per process. `filter` is as in `VITRINE_LOG`: `info`, `warn,vitrine_platform=debug`.
pub fn init(filter: &str) -> Result<(), Error> {
    let not_valid = |error: String| {
        Error::new(
            ErrorCode::BadRequest,
            format!("VITRINE_LOG is not valid: {error}"),
        )
    };
    let filter = EnvFilter::try_new(filter).map_err(|error| not_valid(error.to_string()))?;
    start_metrics();
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_ansi(std::io::stderr().is_terminal())
        .try_init()
        .map_err(|error| Error::internal(format!("logs were started twice: {error}")))
}

static METRICS: OnceLock<PrometheusHandle> = OnceLock::new();

/// Starts the registry, if it does not run yet.
pub fn start_metrics() {
    METRICS.get_or_init(|| {
        let seconds = Matcher::Suffix("_seconds".to_owned());
        let recorder = PrometheusBuilder::new()
            .set_buckets_for_metric(seconds, &LATENCY_BUCKETS_S)
            .expect("there are buckets")
            .build_recorder();
        let handle = recorder.handle();
        // A second recorder can only come from outside of this module; then that one counts and ours stays empty.
        let _ = metrics::set_global_recorder(recorder);
        metrics::describe_counter!(
            "vitrine_http_requests_total",
            "Requests by method, route and status."
        );
        metrics::describe_histogram!(
            "vitrine_http_request_seconds",
            "Time to the answer by method and route."
        );
        handle
    });
}

/// Every metric as Prometheus text.
pub fn render_metrics() -> String {
    start_metrics();
    METRICS.get().map(PrometheusHandle::render).unwrap_or_default()
}

/// Folds recent samples into their buckets; to be called every few seconds, or they pile up until the next scrape.
pub fn upkeep() {
    if let Some(handle) = METRICS.get() {
        handle.run_upkeep();
    }
}

/// Counts an answered request.
pub fn count_request(method: &Method, route: &str, status: u16, took: Duration) {
    let method = match *method {
        Method::GET => "GET",
        Method::POST => "POST",
        Method::PUT => "PUT",
        Method::PATCH => "PATCH",
        Method::DELETE => "DELETE",
        Method::HEAD => "HEAD",
        Method::OPTIONS => "OPTIONS",
        _ => "other",
    };
    let route = route.to_owned();
    metrics::counter!("vitrine_http_requests_total", "method" => method, "route" => route.clone(), "status" => status.to_string())
        .increment(1);
    metrics::histogram!("vitrine_http_request_seconds", "method" => method, "route" => route)
        .record(took.as_secs_f64());
}
