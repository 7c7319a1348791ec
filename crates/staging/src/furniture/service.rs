//! Looking at the catalogue.

use std::num::NonZero;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{LazyLock, OnceLock};

use bytes::Bytes;
use vitrine_kernel::page::{Cursor, Direction, Page, PageRequest};
use vitrine_kernel::{Error, ErrorCode, Result};
use vitrine_platform::web::Paging;
use vitrine_platform::{Actor, Ctx};
use vitrine_scene::furnish::{Kind, Style};
use vitrine_scene::image::encode_jpeg;
use vitrine_scene::model::build;
use vitrine_scene::model::studio::portrait;

use super::assets::{self, StoredAsset};
use super::model::{Category, Entry, PORTRAIT_SEED, portrait_look};
use crate::images::model::text_of;
use crate::scenes::workbench::Workbench;

/// Side of a portrait, pixels.
const THUMB_SIDE: u32 = 256;
const THUMB_QUALITY: u8 = 84;
/// Four rays per pixel.
const LOG2_SAMPLES: u32 = 2;
/// The order of the catalogue, as cursors name it.
const SORT: &str = "catalogue";

const STYLES: [Style; 5] = [
    Style::Modern,
    Style::Contemporary,
    Style::Traditional,
    Style::Industrial,
    Style::Scandinavian,
];

/// What the catalogue is narrowed to.
#[derive(Debug, Clone, Copy, Default)]
pub struct Filter {
    pub kind: Option<Kind>,
    pub style: Option<Style>,
    pub category: Option<Category>,
    /// Only imported pieces, or only those of the engine.
    pub imported: Option<bool>,
}

/// The pieces of one kind in one style, once somebody has looked at them: names and fingerprints need the pieces
/// themselves.
struct Shelf {
    kind: Kind,
    style: Style,
    entries: OnceLock<Vec<Entry>>,
}

/// Kind by kind, in every style.
static SHELVES: LazyLock<Vec<Shelf>> = LazyLock::new(|| {
    let shelf = |kind: Kind, style: Style| Shelf {
        kind,
        style,
        entries: OnceLock::new(),
    };
    let kinds = Kind::ALL.iter();
    kinds
        .flat_map(|&kind| STYLES.map(|style| shelf(kind, style)))
        .collect()
});

/// The pieces of the kinds and styles that `takes` names, in the order of the catalogue.
async fn entries(takes: impl Fn(Kind, Style) -> bool) -> Result<Vec<&'static Entry>> {
    let wanted: Vec<&'static Shelf> = SHELVES
        .iter()
        .filter(|shelf| takes(shelf.kind, shelf.style))
        .collect();
    let empty: Vec<&'static Shelf> = wanted
        .iter()
        .copied()
        .filter(|shelf| shelf.entries.get().is_none())
        .collect();
    if !empty.is_empty() {
        tokio::task::spawn_blocking(move || stock(&empty))
            .await
            .map_err(|panic| Error::internal("the catalogue could not be built").with_source(panic))?;
    }
    Ok(wanted
        .into_iter()
        .flat_map(|shelf| shelf.entries.get().into_iter().flatten())
        .collect())
}

/// Builds what is not there yet, on all processors.
fn stock(empty: &[&'static Shelf]) {
    let next = AtomicUsize::new(0);
    let work = || {
        while let Some(shelf) = empty.get(next.fetch_add(1, Ordering::Relaxed)) {
            shelf
                .entries
                .get_or_init(|| Entry::all_of(shelf.kind, shelf.style));
        }
    };
    let threads = std::thread::available_parallelism().map_or(1, NonZero::get);
    std::thread::scope(|scope| {
        for _ in 0..threads.min(empty.len()) {
            scope.spawn(work);
        }
    });
}

/// A piece of the catalogue.
#[derive(Debug, Clone)]
pub enum Listed {
    Builtin(&'static Entry),
    Imported(Box<StoredAsset>),
}

impl Filter {
    fn takes(&self, kind: Kind, style: Style, category: Category) -> bool {
        self.kind.is_none_or(|wanted| wanted == kind)
            && self.style.is_none_or(|wanted| wanted == style)
            && self.category.is_none_or(|wanted| wanted == category)
    }
}

/// A page of the catalogue, in its own order; what the workspace may use of imported pieces comes last.
pub async fn list(ctx: &Ctx, actor: &Actor, filter: Filter, paging: &Paging) -> Result<Page<Listed>> {
    if paging.sort.as_deref().is_some_and(|sort| sort != SORT) {
        return Err(Error::field(
            "sort",
            "unknown_value",
            "The catalogue has one order; leave sort out.",
        ));
    }
    let has = |imported: bool| filter.imported.is_none_or(|wanted| wanted == imported);
    let takes = |kind: Kind, style: Style| has(false) && filter.takes(kind, style, Category::of(kind));
    let mut chosen: Vec<Listed> = entries(takes).await?.into_iter().map(Listed::Builtin).collect();
    let imported = if has(true) {
        assets::list(ctx, actor.workspace_id).await?
    } else {
        Vec::new()
    };
    chosen.extend(
        imported
            .into_iter()
            .filter(|asset| filter.takes(asset.kind, asset.style, Category::of(asset.kind)))
            .map(|asset| Listed::Imported(Box::new(asset))),
    );
    Ok(page_of(&chosen, &paging.request))
}

/// Cuts a page out of a list that stays as it is; cursors hold a place in it.
fn page_of(all: &[Listed], request: &PageRequest) -> Page<Listed> {
    match request {
        PageRequest::Offset { page, page_size } => {
            let (page, page_size) = (*page, *page_size);
            let skipped = (u64::from(page) - 1) * u64::from(page_size);
            let skipped = usize::try_from(skipped).unwrap_or(usize::MAX);
            Page::Offset {
                items: all
                    .iter()
                    .skip(skipped)
                    .take(page_size as usize)
                    .cloned()
                    .collect(),
                total: all.len() as u64,
                page,
                page_size,
            }
        }
        PageRequest::Keyset { cursor, limit } => {
            let limit = *limit as usize;
            let place = |cursor: &Cursor| cursor.value.parse::<usize>().unwrap_or(0).min(all.len());
            let start = match cursor {
                None => 0,
                Some(cursor) if cursor.direction == Direction::Next => place(cursor),
                Some(cursor) => place(cursor).saturating_sub(limit),
            };
            let end = (start + limit).min(all.len());
            let cursor = |direction, place: usize| Cursor {
                direction,
                sort: SORT.to_owned(),
                value: place.to_string(),
                id: uuid::Uuid::nil(),
            };
            Page::Keyset {
                items: all[start..end].to_vec(),
                next: (end < all.len()).then(|| cursor(Direction::Next, end)),
                previous: (start > 0).then(|| cursor(Direction::Previous, start)),
            }
        }
    }
}

/// The portrait of a piece as JPEG.
pub async fn thumb(ctx: &Ctx, bench: &Workbench, id: &str) -> Result<(Bytes, &'static Entry)> {
    let may_hold = |kind: Kind, style: Style| {
        let (kind, style) = (text_of(kind), text_of(style));
        id.strip_prefix(&*kind)
            .and_then(|rest| rest.strip_suffix(&*style))
            .is_some_and(|option| option.starts_with('-') && option.ends_with('-'))
    };
    let entry = entries(may_hold)
        .await?
        .into_iter()
        .find(|entry| entry.id == id)
        .ok_or_else(Error::not_found)?;
    let key = entry.thumb_key();
    match ctx.files.get(&key).await {
        Ok(known) => return Ok((known, entry)),
        Err(error) if error.code() == ErrorCode::NotFound => {}
        Err(error) => return Err(error.into()),
    }
    let jpeg: Bytes = bench
        .compute(move |_| {
            let piece = build(&portrait_look(entry.style), &entry.design, PORTRAIT_SEED);
            let picture = portrait(&piece, entry.design.option, THUMB_SIDE, LOG2_SAMPLES);
            encode_jpeg(&picture, THUMB_QUALITY, None)
                .map(Bytes::from)
                .map_err(|error| Error::internal(error.to_string()))
        })
        .await?;
    ctx.files.put(&key, jpeg.clone(), "image/jpeg").await?;
    Ok((jpeg, entry))
}
