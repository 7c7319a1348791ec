use std::collections::BTreeSet;

use uuid::Uuid;
use vitrine_db::{Db, List, Row, Sort, SortKind, Statement, db_test, values};
use vitrine_kernel::Time;
use vitrine_kernel::page::{Cursor, Page, PageRequest};

static PROJECTS: List = List::new(
    "PROJECTS",
    "p.id, p.name",
    "from projects p where p.workspace_id = $1 and p.deleted_at is null",
    1,
    "p.id",
    &[
        Sort {
            name: "created_at",
            column: "p.created_at",
            kind: SortKind::Time,
        },
        Sort {
            name: "name",
            column: "p.name",
            kind: SortKind::Text,
        },
    ],
);

static WORKSPACE: Statement = Statement::new(
    "WORKSPACE",
    "insert into workspaces (id, name, plan, created_at) values ($1, 'W', 'free', $2)",
);
static PROJECT: Statement = Statement::new(
    "PROJECT",
    "insert into projects (id, workspace_id, name, description, created_at, updated_at) values ($1, $2, $3, '', $4, $4)",
);

static FILTERED: List = List::new(
    "FILTERED",
    "p.id, p.name",
    "from projects p where p.workspace_id = $1 and p.deleted_at is null",
    1,
    "p.id",
    &[
        Sort {
            name: "name",
            column: "p.name",
            kind: SortKind::Text,
        },
        Sort {
            name: "created_at",
            column: "p.created_at",
            kind: SortKind::Time,
        },
    ],
)
.filtered(&["p.created_at = ?", "(p.name = 'p104' or p.name <> ?)"]);

fn home() -> Uuid {
    Uuid::from_u128(1)
}

fn at(second: u32) -> Time {
    format!("2026-01-01T00:00:{second:02}Z").parse().unwrap()
}

async fn add(db: &Db, number: u128, time: Time) {
    let row = values![Uuid::from_u128(number), home(), format!("p{number:03}"), time];
    db.execute(&PROJECT, row).await.unwrap();
}

/// Twelve projects, three for each second, so that times are often equal.
async fn fill(db: &Db) {
    db.execute(&WORKSPACE, values![home(), at(0)]).await.unwrap();
    for number in 0..12 {
        add(db, 100 + number, at(number as u32 / 3)).await;
    }
}

fn ids(rows: &[Row]) -> Vec<u128> {
    rows.iter()
        .map(|row| row.get::<Uuid>("id").unwrap().as_u128())
        .collect()
}

async fn keyset(
    db: &Db,
    sort: &str,
    cursor: Option<Cursor>,
    limit: u32,
) -> (Vec<u128>, Option<Cursor>, Option<Cursor>) {
    if let Some(cursor) = &cursor {
        assert!(PROJECTS.accepts_cursor(sort, cursor));
    }
    match db
        .list(
            &PROJECTS,
            values![home()],
            sort,
            &PageRequest::Keyset { cursor, limit },
        )
        .await
        .unwrap()
    {
        Page::Keyset {
            items,
            next,
            previous,
        } => (ids(&items), next, previous),
        Page::Offset { .. } => panic!("asked for a keyset page"),
    }
}

db_test! {
    async fn keyset_pages_cover_everything_once_in_both_directions(db: Db) {
        fill(&db).await;
        for (sort, expected) in [
            ("created_at", (100..112).collect::<Vec<u128>>()),
            ("-created_at", (100..112).rev().collect()),
            ("name", (100..112).collect()),
            ("-name", (100..112).rev().collect()),
        ] {
            for limit in [1, 2, 3, 5, 12, 50] {
                let (mut forward, mut cursor) = (Vec::new(), None);
                let mut last;
                loop {
                    let (items, next, previous) = keyset(&db, sort, cursor.clone(), limit).await;
                    assert_eq!(previous.is_some(), cursor.is_some(), "only the first page has nothing before it");
                    forward.extend(items.iter().copied());
                    last = (items, previous);
                    match next {
                        Some(next) => cursor = Some(next),
                        None => break,
                    }
                }
                assert_eq!(forward, expected, "{sort} by {limit}");
                let (mut backward, mut previous) = last;
                while let Some(cursor) = previous {
                    let (items, next, before) = keyset(&db, sort, Some(cursor), limit).await;
                    assert!(next.is_some(), "there is a page after this one: we came from it");
                    backward.splice(0..0, items);
                    previous = before;
                }
                assert_eq!(backward, expected, "{sort} by {limit}, backwards");
            }
        }
    }

    async fn rows_that_come_in_between_move_nothing(db: Db) {
        fill(&db).await;
        let (first, next, _) = keyset(&db, "-created_at", None, 5).await;
        assert_eq!(first, [111, 110, 109, 108, 107]);
        // Newer than all, in the middle of what was seen, with an equal time, and in what is to come.
        add(&db, 300, at(30)).await;
        add(&db, 301, at(3)).await;
        add(&db, 50, at(2)).await;
        add(&db, 302, at(0)).await;
        let (second, next, previous) = keyset(&db, "-created_at", next, 5).await;
        assert_eq!(second, [106, 50, 105, 104, 103]);
        let (third, end, _) = keyset(&db, "-created_at", next, 5).await;
        assert_eq!(third, [302, 102, 101, 100]);
        assert_eq!(end, None);
        let seen: BTreeSet<u128> = [first, second, third].concat().into_iter().collect();
        assert_eq!(seen.len(), 14, "nothing twice; the two that came before what was seen are not shown");
        let (back, _, before) = keyset(&db, "-created_at", previous, 5).await;
        assert_eq!(back, [111, 110, 109, 108, 107], "back to the page it came from");
        assert!(before.is_some());
    }

    async fn a_row_that_goes_leaves_the_others_in_place(db: Db) {
        static DELETE: Statement = Statement::new("DELETE", "update projects set deleted_at = $2 where id = $1");
        fill(&db).await;
        let (_, next, _) = keyset(&db, "created_at", None, 3).await;
        // The very row the cursor was made from.
        db.execute(&DELETE, values![Uuid::from_u128(102), at(59)]).await.unwrap();
        let (second, _, _) = keyset(&db, "created_at", next, 3).await;
        assert_eq!(second, [103, 104, 105]);
    }

    async fn numbered_pages_know_the_total_and_a_page_past_the_end_is_empty(db: Db) {
        fill(&db).await;
        for (page, expected) in [(1, vec![100, 101, 102, 103, 104]), (3, vec![110, 111]), (9, vec![])] {
            let request = PageRequest::Offset { page, page_size: 5 };
            match db.list(&PROJECTS, values![home()], "created_at", &request).await.unwrap() {
                Page::Offset { items, total, .. } => assert_eq!((ids(&items), total), (expected, 12)),
                Page::Keyset { .. } => panic!("asked for a numbered page"),
            }
        }
        let stranger = db.list(&PROJECTS, values![Uuid::from_u128(2)], "name", &PageRequest::default()).await.unwrap();
        assert_eq!(stranger.items().len(), 0);
    }

    async fn a_cursor_fits_only_the_sort_it_was_made_for(db: Db) {
        fill(&db).await;
        let (_, next, _) = keyset(&db, "created_at", None, 3).await;
        let next = next.unwrap();
        assert!(PROJECTS.accepts_cursor("created_at", &next));
        for other in ["-created_at", "name", "size"] {
            assert!(!PROJECTS.accepts_cursor(other, &next), "{other}");
        }
        let broken = Cursor { value: "yesterday".into(), ..next };
        assert!(!PROJECTS.accepts_cursor("created_at", &broken));
        assert!(PROJECTS.has_sort("-name") && !PROJECTS.has_sort("--name") && !PROJECTS.has_sort("id"));
    }

    async fn a_filter_without_a_value_is_left_out(db: Db) {
        fill(&db).await;
        let all: Vec<u128> = (100..112).collect();
        for (time, name, expected) in [
            (None, None, all.clone()),
            (Some(at(1)), None, vec![103, 104, 105]),
            (None, Some("p111"), all[..11].to_vec()),
            (Some(at(1)), Some("p103"), vec![104, 105]),
            (Some(at(1)), Some("p104"), vec![103, 104, 105]),
        ] {
            for (sort, is_descending) in [("name", false), ("-created_at", true)] {
                let mut expected = expected.clone();
                if is_descending {
                    expected.reverse();
                }
                let request = PageRequest::Offset { page: 1, page_size: 50 };
                let page = db.list(&FILTERED, values![home(), time, name], sort, &request).await.unwrap();
                let Page::Offset { total, .. } = &page else { panic!("asked for a numbered page") };
                assert_eq!(*total as usize, expected.len(), "{time:?} {name:?}");
                assert_eq!(ids(page.items()), expected, "{time:?} {name:?} by {sort}");
                let (mut seen, mut cursor) = (Vec::new(), None);
                loop {
                    let request = PageRequest::Keyset { cursor: cursor.take(), limit: 2 };
                    match db.list(&FILTERED, values![home(), time, name], sort, &request).await.unwrap() {
                        Page::Keyset { items, next, .. } => {
                            seen.extend(ids(&items));
                            cursor = next;
                        }
                        Page::Offset { .. } => panic!("asked for a keyset page"),
                    }
                    if cursor.is_none() {
                        break;
                    }
                }
                assert_eq!(seen, expected, "{time:?} {name:?} by {sort}, in twos");
            }
        }
    }
}
