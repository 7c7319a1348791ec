//! The HTTP kit: what every `routes.rs` uses, and the router that carries all areas.
//!
//! Handlers take checked inputs ([`Actor`](crate::Actor), [`Json`], [`Path`], [`Query`], [`ListQuery`]) and answer
//! [`ApiResult`]. What surprises people: a [`Problem`] has no body until the outermost layer (`frame`) writes it,
//! so that every error, also those of the router itself, carries the same envelope and the request's id.

mod actor;
mod body;
mod cors;
mod cursor;
mod document;
mod etag;
mod facts;
mod failures;
mod form;
mod frame;
mod health;
mod idempotency;
mod json;
mod limits;
mod openapi;
mod operator;
mod origin;
mod paging;
mod path;
mod problem;
mod query;
mod router;
pub mod security;
mod strict;
mod validation;

pub use body::read_body;
pub use form::Form;
pub use frame::{Client, RequestId};
pub use health::{Probe, Probes, check_parts};
pub use json::Json;
pub use openapi::OpenApi;
pub use operator::Operator;
pub use origin::BrowserOrigin;
pub use paging::{ListQuery, NoFilters, PageReply, Paging, PagingParams};
pub use path::Path;
pub use problem::{ApiResult, Problem, ProblemBody};
pub use query::Query;
pub use router::{Pages, metrics_router, openapi, router, router_with_fallback};
pub use validation::Fields;

/// Largest request body, in bytes; uploads go to storage instead.
pub const MAX_BODY_BYTES: usize = 1024 * 1024;
