//! Lists: one declaration gives the page by number, its total, and keyset pages in both directions.

use std::sync::OnceLock;

use chrono::{DateTime, SecondsFormat, Utc};
use uuid::Uuid;
use vitrine_kernel::page::{Cursor, Direction, Page, PageRequest};

use crate::{Db, DbError, Result, Row, Statement, Value};

/// How a sort column's value travels in a cursor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SortKind {
    Time,
    Text,
    Int,
}

/// A sort a caller may ask for. The column must never be null.
#[derive(Debug)]
pub struct Sort {
    /// Name in the query string, such as `created_at`; `-created_at` runs backwards.
    pub name: &'static str,
    pub column: &'static str,
    pub kind: SortKind,
}

/// A list of rows that can be paged. Declared with `list NAME = List::new(…)` in a slice's `sql.rs`.
#[derive(Debug)]
pub struct List {
    name: &'static str,
    /// `select` list.
    columns: &'static str,
    /// `from … where …` with binds `$1..=$n`; the condition must be in brackets or a plain `and` chain.
    from: &'static str,
    /// How many binds `from` has.
    binds: usize,
    /// Column of the id that breaks ties.
    id: &'static str,
    sorts: &'static [Sort],
    /// Conditions that apply only when their value is given, such as `i.status = ?`.
    filters: &'static [&'static str],
    texts: OnceLock<Vec<[Statement; 5]>>,
}

const OFFSET: usize = 0;
const FIRST: usize = 1;
const AFTER: usize = 2;
const BEFORE: usize = 3;
const COUNT: usize = 4;

impl List {
    pub const fn new(
        name: &'static str,
        columns: &'static str,
        from: &'static str,
        binds: usize,
        id: &'static str,
        sorts: &'static [Sort],
    ) -> Self {
        Self {
            name,
            columns,
            from,
            binds,
            id,
            sorts,
            filters: &[],
            texts: OnceLock::new(),
        }
    }

    /// Conditions a caller may leave out: each has one `?`, whose value follows those of `from` and may be missing.
    /// Every combination is a text of its own, because a planner that sees `x = $3 or $3 is null` can neither use an
    /// index for it nor keep its plan.
    #[must_use]
    pub const fn filtered(mut self, filters: &'static [&'static str]) -> Self {
        assert!(filters.len() <= 4, "every filter doubles the number of texts");
        self.filters = filters;
        self
    }

    pub fn name(&self) -> &'static str {
        self.name
    }

    /// Names a caller may sort by.
    pub fn sort_names(&self) -> impl Iterator<Item = &'static str> {
        self.sorts.iter().map(|sort| sort.name)
    }

    /// Every text this list can send, for the test that prepares them.
    pub fn texts(&'static self) -> impl Iterator<Item = &'static Statement> {
        self.statements().iter().flatten()
    }

    /// For every set of filters, as the bits of a number, two entries per sort: ascending, then descending.
    fn statements(&self) -> &[[Statement; 5]] {
        self.texts.get_or_init(|| {
            let mut all = Vec::new();
            for applied in 0..1 << self.filters.len() {
                for sort in self.sorts {
                    for descending in [false, true] {
                        all.push(self.build(applied, sort, descending));
                    }
                }
            }
            all
        })
    }

    /// Splits off the filters without a value; answers which are applied.
    fn apply(&self, values: &mut Vec<Value>) -> usize {
        let optional = values.split_off(self.binds.min(values.len()));
        let mut applied = 0;
        for (index, value) in optional.into_iter().enumerate() {
            if !value.is_missing() {
                applied |= 1 << index;
                values.push(value);
            }
        }
        applied
    }

    fn build(&self, applied: usize, sort: &Sort, descending: bool) -> [Statement; 5] {
        let Self { columns, id, .. } = *self;
        let (mut from, mut binds) = (self.from.to_owned(), self.binds);
        for (index, filter) in self.filters.iter().enumerate() {
            if applied & (1 << index) != 0 {
                binds += 1;
                from = format!("{from} and {}", filter.replace('?', &format!("${binds}")));
            }
        }
        let column = sort.column;
        let (a, b, c) = (binds + 1, binds + 2, binds + 3);
        let select = format!("select {columns}, {column} as sort_value, {id} as sort_id {from}");
        let order = |descending: bool| {
            let way = if descending { "desc" } else { "asc" };
            format!("order by {column} {way}, {id} {way}")
        };
        let beyond = |descending: bool| {
            let than = if descending { "<" } else { ">" };
            format!("and ({column}, {id}) {than} (${a}, ${b})")
        };
        // Built once per list and kept for the life of the program, like the constant texts.
        let keep = |text: String| Statement::new(self.name, Box::leak(text.into_boxed_str()));
        [
            keep(format!("{select} {} limit ${a} offset ${b}", order(descending))),
            keep(format!("{select} {} limit ${a}", order(descending))),
            keep(format!(
                "{select} {} {} limit ${c}",
                beyond(descending),
                order(descending)
            )),
            keep(format!(
                "{select} {} {} limit ${c}",
                beyond(!descending),
                order(!descending)
            )),
            keep(format!("select count(*) as total {from}")),
        ]
    }

    /// Finds `created_at` or `-created_at` among the sorts.
    fn find_sort(&self, text: &str) -> Option<(usize, bool)> {
        let (name, descending) = match text.strip_prefix('-') {
            Some(name) => (name, true),
            None => (text, false),
        };
        self.sorts
            .iter()
            .position(|sort| sort.name == name)
            .map(|index| (index, descending))
    }

    pub fn has_sort(&self, text: &str) -> bool {
        self.find_sort(text).is_some()
    }

    /// A cursor fits when it was made for this sort and holds a value of its kind.
    pub fn accepts_cursor(&self, sort: &str, cursor: &Cursor) -> bool {
        cursor.sort == sort
            && self
                .find_sort(sort)
                .is_some_and(|(index, _)| parse(self.sorts[index].kind, &cursor.value).is_some())
    }
}

fn parse(kind: SortKind, text: &str) -> Option<Value> {
    match kind {
        SortKind::Time => DateTime::parse_from_rfc3339(text)
            .ok()
            .map(|time| Value::from(time.with_timezone(&Utc))),
        SortKind::Text => Some(Value::from(text)),
        SortKind::Int => text.parse::<i64>().ok().map(Value::from),
    }
}

fn show(kind: SortKind, row: &Row) -> Result<String> {
    Ok(match kind {
        SortKind::Time => row
            .get::<DateTime<Utc>>("sort_value")?
            .to_rfc3339_opts(SecondsFormat::Micros, true),
        SortKind::Text => row.get("sort_value")?,
        SortKind::Int => row.get::<i64>("sort_value")?.to_string(),
    })
}

impl Db {
    /// One page of a list. `sort` and the request's cursor must have been checked with [`List::has_sort`] and
    /// [`List::accepts_cursor`]. `values` are those of the list's condition and then one for each filter.
    pub async fn list(
        &self,
        list: &'static List,
        mut values: Vec<Value>,
        sort: &str,
        request: &PageRequest,
    ) -> Result<Page<Row>> {
        let unknown = || DbError::Statement {
            statement: list.name,
            source: format!("sort {sort:?} or its cursor was not checked").into(),
        };
        debug_assert_eq!(
            values.len(),
            list.binds + list.filters.len(),
            "list {} takes another number of values",
            list.name
        );
        let (index, descending) = list.find_sort(sort).ok_or_else(unknown)?;
        let kind = list.sorts[index].kind;
        let applied = list.apply(&mut values);
        let statements =
            &list.statements()[(applied * list.sorts.len() + index) * 2 + usize::from(descending)];
        match request {
            PageRequest::Offset { page, page_size } => {
                let total: i64 = self
                    .fetch_one(&statements[COUNT], values.clone())
                    .await?
                    .get("total")?;
                let mut values = values;
                let skip = i64::from(page.saturating_sub(1)) * i64::from(*page_size);
                values.extend([Value::from(*page_size), Value::from(skip)]);
                let items = self.fetch_all(&statements[OFFSET], values).await?;
                Ok(Page::Offset {
                    items,
                    total: total.unsigned_abs(),
                    page: *page,
                    page_size: *page_size,
                })
            }
            PageRequest::Keyset { cursor, limit } => {
                let mut values = values;
                let one_more = Value::from(i64::from(*limit) + 1);
                let (which, backwards) = match cursor {
                    None => {
                        values.push(one_more);
                        (FIRST, false)
                    }
                    Some(cursor) => {
                        let value = parse(kind, &cursor.value).ok_or_else(unknown)?;
                        values.extend([value, Value::from(cursor.id), one_more]);
                        match cursor.direction {
                            Direction::Next => (AFTER, false),
                            Direction::Previous => (BEFORE, true),
                        }
                    }
                };
                let mut items = self.fetch_all(&statements[which], values).await?;
                let has_more = items.len() > *limit as usize;
                items.truncate(*limit as usize);
                if backwards {
                    items.reverse();
                }
                let make = |row: &Row, direction| -> Result<Cursor> {
                    let id: Uuid = row.get("sort_id")?;
                    Ok(Cursor {
                        direction,
                        sort: sort.to_owned(),
                        value: show(kind, row)?,
                        id,
                    })
                };
                let has_next = if backwards { true } else { has_more };
                let has_previous = if backwards { has_more } else { cursor.is_some() };
                let next = match items.last() {
                    Some(row) if has_next => Some(make(row, Direction::Next)?),
                    _ => None,
                };
                let previous = match items.first() {
                    Some(row) if has_previous => Some(make(row, Direction::Previous)?),
                    _ => None,
                };
                Ok(Page::Keyset {
                    items,
                    next,
                    previous,
                })
            }
        }
    }
}
