//! How loudly an answer that is an error is logged: by whether somebody should do something about it.

use tracing::Level;
use vitrine_kernel::{Error, ErrorCode};

/// Writes the one line of a failed request.
pub(super) fn log(error: &Error) {
    let code = error.code().as_str();
    let causes = causes(error);
    match level(error) {
        Level::ERROR => tracing::error!(error.code = code, "request failed: {error}{causes}"),
        Level::WARN => tracing::warn!(error.code = code, "request failed: {error}{causes}"),
        Level::INFO => tracing::info!(error.code = code, "refused: {error}"),
        _ => tracing::debug!(error.code = code, "refused: {error}"),
    }
}

fn level(error: &Error) -> Level {
    let has_cause = error.context().is_some() || std::error::Error::source(error).is_some();
    match error.code() {
        code if code.status() < 500 => Level::DEBUG,
        // A service that others run failed, and the caller was told.
        ErrorCode::ProviderFailed | ErrorCode::ProviderTimeout => Level::WARN,
        // Nothing broke: too many at once, or not set up here.
        ErrorCode::Unavailable | ErrorCode::NotConfigured if !has_cause => Level::INFO,
        _ => Level::ERROR,
    }
}

fn causes(error: &Error) -> String {
    let mut causes = String::new();
    let mut source = std::error::Error::source(error);
    while let Some(cause) = source {
        causes.push_str(&format!("; {cause}"));
        source = cause.source();
    }
    causes
}

#[cfg(test)]
mod tests {
    use std::io::Write;
    use std::sync::{Arc, Mutex};

    use vitrine_db::DbError;

    use super::*;

    #[derive(Clone, Default)]
    struct Lines(Arc<Mutex<Vec<u8>>>);

    impl Write for Lines {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.0.lock().expect("nobody panicked").extend_from_slice(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }

    fn line(error: &Error) -> String {
        let lines = Lines::default();
        let writer = lines.clone();
        let subscriber = tracing_subscriber::fmt()
            .without_time()
            .with_ansi(false)
            .with_max_level(Level::TRACE)
            .with_writer(move || writer.clone())
            .finish();
        tracing::subscriber::with_default(subscriber, || log(error));
        let bytes = lines.0.lock().expect("nobody panicked").clone();
        String::from_utf8(bytes).expect("text").trim().to_owned()
    }

    #[test]
    fn what_was_to_be_expected_is_no_error_and_what_broke_is_one_with_its_cause() {
        let busy = Error::new(ErrorCode::Unavailable, "Too many at the moment.").with_retry_after(1);
        let broken = Error::from(DbError::Unavailable("the disk is full".to_owned()));
        let provider = Error::new(ErrorCode::ProviderFailed, "It failed.").with_context("status 500");
        let cases = [
            (Error::not_found(), "DEBUG"),
            (Error::new(ErrorCode::RateLimited, "Wait."), "DEBUG"),
            (busy, "INFO"),
            (Error::new(ErrorCode::NotConfigured, "No mail server."), "INFO"),
            (provider, "WARN"),
            (broken, "ERROR"),
            (Error::internal("a column is missing"), "ERROR"),
        ];
        for (error, level) in &cases {
            let line = line(error);
            assert!(line.starts_with(level), "{line}");
        }
        assert!(line(&cases[5].0).contains("the disk is full"));
    }
}
