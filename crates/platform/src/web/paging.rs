//! Lists: what page is wanted, and the page as a reply.
//!
//! A list route takes a [`ListQuery`] with its filters and hands `paging` to its service, which asks the database with
//! [`Paging::fetch`]. `limit` or `cursor` means keyset, anything else page numbers.

use axum::extract::FromRequestParts;
use http::request::Parts;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use vitrine_db::{Db, List, Row, Value};
use vitrine_kernel::Error;
use vitrine_kernel::page::{Cursor, DEFAULT_PAGE_SIZE, MAX_PAGE_SIZE, Page, PageRequest};

use super::{Fields, Problem, cursor, query, strict};
use crate::Ctx;

/// Sort of a list when none was asked for: newest first.
const DEFAULT_SORT: &str = "-created_at";

/// Parameters every list takes, for `#[utoipa::path(params(PagingParams, …))]`.
#[derive(Debug, Default, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct PagingParams {
    /// Page number, from 1. Gives `{items, total, page, page_size, pages}`.
    #[param(minimum = 1, maximum = 2_147_483_647)]
    page: Option<u32>,
    /// Items on a page.
    #[param(minimum = 1, maximum = 100, default = 20)]
    page_size: Option<u32>,
    /// `next_cursor` or `prev_cursor` of an earlier page, or empty for the first. Gives `{items, next_cursor, prev_cursor}`.
    cursor: Option<String>,
    /// Items on a page with cursors.
    #[param(minimum = 1, maximum = 100, default = 20)]
    limit: Option<u32>,
    /// Key to sort by, with `-` in front for descending order; `-created_at` when absent.
    sort: Option<String>,
}

/// Page numbers fit 32 bits with a sign, as the document says.
const MAX_PAGE: u32 = i32::MAX.unsigned_abs();

const PAGING_NAMES: [&str; 5] = ["page", "page_size", "cursor", "limit", "sort"];

/// A list without filters.
#[derive(Debug, Clone, Copy, Default, Deserialize)]
pub struct NoFilters {}

/// What page of a list is wanted, in what order.
#[derive(Debug, Clone, Default)]
pub struct Paging {
    pub request: PageRequest,
    /// As asked for; not yet checked against the list.
    pub sort: Option<String>,
}

impl Paging {
    /// Reads the page from the database. An unknown sort is a 422, a cursor of another list or sort a 400.
    pub async fn fetch(&self, db: &Db, list: &'static List, values: Vec<Value>) -> Result<Page<Row>, Error> {
        let sort = self.sort_for(list)?;
        Ok(db.list(list, values, sort, &self.request).await?)
    }

    /// The sort to use with the list, checked together with the cursor.
    pub fn sort_for(&self, list: &'static List) -> Result<&str, Error> {
        let sort = self.sort.as_deref().unwrap_or(DEFAULT_SORT);
        if !list.has_sort(sort) {
            let names: Vec<&str> = list.sort_names().collect();
            let message = format!(
                "Must be one of: {}; with - in front for descending order.",
                names.join(", ")
            );
            return Err(Error::field("sort", "unknown_value", message));
        }
        match &self.request {
            PageRequest::Keyset {
                cursor: Some(cursor), ..
            } if !list.accepts_cursor(sort, cursor) => Err(cursor::invalid()),
            _ => Ok(sort),
        }
    }

    fn read(ctx: &Ctx, params: PagingParams) -> Result<Self, Error> {
        let mut fields = Fields::new();
        let size = |fields: &mut Fields, name: &str, value: Option<u32>| {
            let value = value.unwrap_or(DEFAULT_PAGE_SIZE);
            fields.check(
                (1..=MAX_PAGE_SIZE).contains(&value),
                name,
                "out_of_range",
                "Must be 1 to 100.",
            );
            value
        };
        let is_keyset = params.cursor.is_some() || params.limit.is_some();
        let request = if is_keyset {
            for (name, given) in [
                ("page", params.page.is_some()),
                ("page_size", params.page_size.is_some()),
            ] {
                fields.check(
                    !given,
                    name,
                    "conflicting",
                    "Use page and page_size, or cursor and limit, not both.",
                );
            }
            let limit = size(&mut fields, "limit", params.limit);
            let cursor = match params.cursor.as_deref() {
                None | Some("") => None,
                Some(text) => Some(cursor::decode(ctx, text)?),
            };
            PageRequest::Keyset { cursor, limit }
        } else {
            let page = params.page.unwrap_or(1);
            fields.check(
                (1..=MAX_PAGE).contains(&page),
                "page",
                "out_of_range",
                "Must be 1 to 2147483647.",
            );
            let page_size = size(&mut fields, "page_size", params.page_size);
            PageRequest::Offset { page, page_size }
        };
        fields.finish()?;
        // A cursor remembers the sort it was made for, so that it need not be sent again.
        let sort = match (&request, params.sort) {
            (
                PageRequest::Keyset {
                    cursor: Some(cursor), ..
                },
                None,
            ) => Some(cursor.sort.clone()),
            (_, sort) => sort,
        };
        Ok(Self { request, sort })
    }
}

/// Paging and filters of a list route.
#[derive(Debug, Clone, Default)]
pub struct ListQuery<F = NoFilters> {
    pub paging: Paging,
    pub filters: F,
}

impl<F: DeserializeOwned> FromRequestParts<Ctx> for ListQuery<F> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, ctx: &Ctx) -> Result<Self, Problem> {
        let (paging, filters): (Vec<_>, Vec<_>) = query::pairs(parts)
            .into_iter()
            .partition(|(name, _)| PAGING_NAMES.contains(&name.as_str()));
        let paging = strict::from_pairs::<PagingParams>(&paging);
        let filters = strict::from_pairs::<F>(&filters);
        match (paging, filters) {
            (Ok(paging), Ok(filters)) => Ok(Self {
                paging: Paging::read(ctx, paging)?,
                filters,
            }),
            (paging, filters) => {
                let mistakes = [paging.err(), filters.err()]
                    .into_iter()
                    .flatten()
                    .flatten()
                    .collect();
                Err(Error::validation(mistakes).into())
            }
        }
    }
}

/// A page of a list, by number or by cursor, as it was asked for.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
#[serde(untagged)]
pub enum PageReply<T> {
    Offset {
        items: Vec<T>,
        /// Items of the whole list.
        total: u64,
        page: u32,
        page_size: u32,
        /// Pages of the whole list.
        pages: u64,
    },
    Keyset {
        items: Vec<T>,
        /// Cursor of the next page; null on the last.
        #[schema(required)]
        next_cursor: Option<String>,
        /// Cursor of the page before; null on the first.
        #[schema(required)]
        prev_cursor: Option<String>,
    },
}

impl<T> PageReply<T> {
    /// Signs the cursors of a page.
    pub fn new(ctx: &Ctx, page: Page<T>) -> Self {
        let encode = |cursor: Option<Cursor>| cursor.map(|cursor| cursor::encode(ctx, &cursor));
        match page {
            Page::Offset {
                items,
                total,
                page,
                page_size,
            } => Self::Offset {
                items,
                total,
                page,
                page_size,
                pages: total.div_ceil(u64::from(page_size.max(1))),
            },
            Page::Keyset {
                items,
                next,
                previous,
            } => Self::Keyset {
                items,
                next_cursor: encode(next),
                prev_cursor: encode(previous),
            },
        }
    }
}
