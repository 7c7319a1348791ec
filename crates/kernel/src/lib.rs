//! The vocabulary every crate shares: ids, time, randomness, errors, pages, checked text. No I/O, no async.
//!
//! Everyone pays for a change here, so this crate changes rarely and on purpose.

pub mod backoff;
pub mod clock;
pub mod entropy;
pub mod error;
pub mod id;
pub mod money;
pub mod page;
pub mod secret;
pub mod text;

pub use clock::{Clock, ManualClock, SystemClock, Time};
pub use entropy::{Entropy, SeededEntropy, SystemEntropy};
pub use error::{Error, ErrorCode, FieldError, Result};
pub use money::{Currency, Money};
pub use page::{Page, PageRequest};
pub use secret::Secret;
