//! The place of rate limits. Nothing is limited yet; the account lock after wrong passwords is `accounts::lock`.
//!
//! The tiers are in the security notes; a limiter becomes a layer at the place that `web::router` marks, and answers
//! `rate_limited` with `Retry-After` through the same envelope as everything else.
