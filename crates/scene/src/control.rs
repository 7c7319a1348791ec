//! How a caller watches and stops a running staging.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::StageError;

type Report = dyn Fn(f32, &'static str) + Send + Sync;

/// A cancel token and a progress callback. Cheap to clone; the default does neither.
#[derive(Clone, Default)]
pub struct Control {
    canceled: Arc<AtomicBool>,
    report: Option<Arc<Report>>,
}

impl Control {
    /// A control that reports `(fraction 0..=1, step)` as the work goes on.
    pub fn with_progress(report: impl Fn(f32, &'static str) + Send + Sync + 'static) -> Self {
        Self {
            canceled: Arc::default(),
            report: Some(Arc::new(report)),
        }
    }

    /// Asks the work to stop; it does within a tile of pixels, well under a second.
    pub fn cancel(&self) {
        self.canceled.store(true, Ordering::Relaxed);
    }

    pub fn is_canceled(&self) -> bool {
        self.canceled.load(Ordering::Relaxed)
    }

    /// `Err(Canceled)` once somebody asked to stop.
    pub fn check(&self) -> Result<(), StageError> {
        if self.is_canceled() {
            Err(StageError::Canceled)
        } else {
            Ok(())
        }
    }

    pub fn progress(&self, fraction: f32, step: &'static str) {
        if let Some(report) = &self.report {
            report(fraction.clamp(0.0, 1.0), step);
        }
    }
}

impl std::fmt::Debug for Control {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Control")
            .field("canceled", &self.is_canceled())
            .finish_non_exhaustive()
    }
}
