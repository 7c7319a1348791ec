//! Pages of a list: by number, or by an opaque cursor that stays true while rows come and go.

/// Page sizes a caller may ask for.
pub const MAX_PAGE_SIZE: u32 = 100;
pub const DEFAULT_PAGE_SIZE: u32 = 20;

/// Which direction a keyset page runs from its cursor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    Next,
    Previous,
}

/// Position in a sorted list: the sort value as text and the id that breaks ties.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cursor {
    pub direction: Direction,
    /// The sort key this cursor was made for, such as `-created_at`.
    pub sort: String,
    pub value: String,
    pub id: uuid::Uuid,
}

/// What page of a list is wanted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PageRequest {
    Offset { page: u32, page_size: u32 },
    Keyset { cursor: Option<Cursor>, limit: u32 },
}

impl Default for PageRequest {
    fn default() -> Self {
        Self::Offset {
            page: 1,
            page_size: DEFAULT_PAGE_SIZE,
        }
    }
}

/// A page of a list, in the shape that was asked for.
#[derive(Debug, Clone, PartialEq)]
pub enum Page<T> {
    Offset {
        items: Vec<T>,
        total: u64,
        page: u32,
        page_size: u32,
    },
    Keyset {
        items: Vec<T>,
        next: Option<Cursor>,
        previous: Option<Cursor>,
    },
}

impl<T> Page<T> {
    pub fn map<U>(self, convert: impl FnMut(T) -> U) -> Page<U> {
        match self {
            Self::Offset {
                items,
                total,
                page,
                page_size,
            } => Page::Offset {
                items: items.into_iter().map(convert).collect(),
                total,
                page,
                page_size,
            },
            Self::Keyset {
                items,
                next,
                previous,
            } => Page::Keyset {
                items: items.into_iter().map(convert).collect(),
                next,
                previous,
            },
        }
    }

    pub fn items(&self) -> &[T] {
        match self {
            Self::Offset { items, .. } | Self::Keyset { items, .. } => items,
        }
    }

    /// The page without its items, and the items: for loading what belongs to them in one go.
    pub fn split(self) -> (Page<()>, Vec<T>) {
        match self {
            Self::Offset {
                items,
                total,
                page,
                page_size,
            } => (
                Page::Offset {
                    items: Vec::new(),
                    total,
                    page,
                    page_size,
                },
                items,
            ),
            Self::Keyset {
                items,
                next,
                previous,
            } => (
                Page::Keyset {
                    items: Vec::new(),
                    next,
                    previous,
                },
                items,
            ),
        }
    }

    /// The same page with other items.
    pub fn with_items<U>(self, items: Vec<U>) -> Page<U> {
        match self {
            Self::Offset {
                total,
                page,
                page_size,
                ..
            } => Page::Offset {
                items,
                total,
                page,
                page_size,
            },
            Self::Keyset { next, previous, .. } => Page::Keyset {
                items,
                next,
                previous,
            },
        }
    }
}
