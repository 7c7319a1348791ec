//! Every row of a workspace or of an account, found by the schema itself: a table that is made next year belongs to
//! archives and deletions without anybody thinking of it.
//!
//! A table belongs to a workspace when it has a column `workspace_id`, to an account when it has none of those but an
//! `account_id` that refers to `accounts`, and to either when it refers to a table that does. What surprises people:
//! rows with both are the workspace's.

use std::collections::{BTreeMap, BTreeSet};

use crate::{Db, Result, Row, Statement, Tx, values};

/// Tables that outlive whoever is in them: the trail of what was done, and the list of migrations.
const KEPT: [&str; 4] = ["audit_log", "accounts", "workspaces", "schema_migrations"];
/// Rows that are read at once.
const PAGE: i64 = 500;

static COLUMNS: Statement = Statement::pair(
    "COLUMNS",
    "select m.name as table_name, c.name as column_name
     from sqlite_master m, pragma_table_info(m.name) c
     where m.type = 'table' and m.name not like 'sqlite_%' and c.name in ('workspace_id', 'account_id')",
    "select c.table_name::text as table_name, c.column_name::text as column_name
     from information_schema.columns c
     join information_schema.tables t on t.table_name = c.table_name and t.table_schema = c.table_schema
     where c.table_schema = current_schema() and t.table_type = 'BASE TABLE'
        and c.column_name in ('workspace_id', 'account_id')",
);

static REFERENCES: Statement = Statement::pair(
    "REFERENCES",
    "select m.name as table_name, f.\"from\" as column_name, f.\"table\" as parent, f.\"to\" as parent_column
     from sqlite_master m, pragma_foreign_key_list(m.name) f
     where m.type = 'table'",
    "select r.relname::text as table_name, a.attname::text as column_name, p.relname::text as parent,
        b.attname::text as parent_column
     from pg_constraint c
     join pg_class r on r.oid = c.conrelid
     join pg_class p on p.oid = c.confrelid
     join pg_attribute a on a.attrelid = c.conrelid and a.attnum = c.conkey[1]
     join pg_attribute b on b.attrelid = c.confrelid and b.attnum = c.confkey[1]
     where c.contype = 'f' and array_length(c.conkey, 1) = 1 and r.relnamespace = (select n.oid from pg_namespace n where n.nspname = current_schema())",
);

/// Whose rows are meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Owner {
    Workspace(uuid::Uuid),
    Account(uuid::Uuid),
}

impl Owner {
    fn id(self) -> uuid::Uuid {
        match self {
            Self::Workspace(id) | Self::Account(id) => id,
        }
    }
}

/// The rows of one owner in one table.
#[derive(Debug, Clone)]
pub struct Belonging {
    pub table: String,
    /// What makes a row the owner's, with `$1` as the owner's id.
    condition: String,
}

struct Reference {
    column: String,
    parent: String,
    parent_column: String,
}

struct Schema {
    columns: BTreeMap<String, BTreeSet<String>>,
    references: BTreeMap<String, Vec<Reference>>,
}

/// The tables that hold rows of such an owner, those that refer to others first: the order in which they can be emptied.
pub async fn belongings(db: &Db, owner: Owner) -> Result<Vec<Belonging>> {
    let Schema { columns, references } = schema(db).await?;
    Ok(arrange(owner, &columns, &references))
}

/// Tables with rows that are an account's own doing although they are not among its [`belongings`]: what it wrote,
/// uploaded or was told in workspaces that it does not own. `others` are columns that name an account in a row that is
/// about somebody else. To be read with [`Owner::Account`].
pub async fn traces(db: &Db, others: &[&str]) -> Result<Vec<Belonging>> {
    let Schema { columns, references } = schema(db).await?;
    let account = Owner::Account(uuid::Uuid::nil());
    let own: BTreeSet<String> = arrange(account, &columns, &references)
        .into_iter()
        .map(|one| one.table)
        .collect();
    Ok(scattered(&own, others, &columns, &references))
}

fn scattered(
    own: &BTreeSet<String>,
    others: &[&str],
    columns: &BTreeMap<String, BTreeSet<String>>,
    references: &BTreeMap<String, Vec<Reference>>,
) -> Vec<Belonging> {
    let mut found = Vec::new();
    for (table, all) in references {
        if own.contains(table) || KEPT.contains(&table.as_str()) {
            continue;
        }
        let by: Vec<String> = all
            .iter()
            .filter(|one| one.parent == "accounts" && !others.contains(&one.column.as_str()))
            .map(|one| format!("{} = $1", one.column))
            .collect();
        if by.is_empty() {
            continue;
        }
        let by = by.join(" or ");
        let is_shared = columns.get(table).is_some_and(|all| all.contains("workspace_id"));
        let condition = match is_shared {
            // Those of its own workspaces are with the workspaces.
            true => format!(
                "({by}) and (workspace_id is null or workspace_id not in (select o.workspace_id \
                 from workspace_members o where o.account_id = $1 and o.role = 'owner'))"
            ),
            false => by,
        };
        found.push(Belonging {
            table: table.clone(),
            condition,
        });
    }
    found
}

async fn schema(db: &Db) -> Result<Schema> {
    let mut columns: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for row in db.fetch_all(&COLUMNS, Vec::new()).await? {
        let table: String = row.get("table_name")?;
        columns.entry(table).or_default().insert(row.get("column_name")?);
    }
    let mut references: BTreeMap<String, Vec<Reference>> = BTreeMap::new();
    for row in db.fetch_all(&REFERENCES, Vec::new()).await? {
        references
            .entry(row.get("table_name")?)
            .or_default()
            .push(Reference {
                column: row.get("column_name")?,
                parent: row.get("parent")?,
                parent_column: row
                    .get::<Option<String>>("parent_column")?
                    .unwrap_or_else(|| "id".to_owned()),
            });
    }
    Ok(Schema { columns, references })
}

fn arrange(
    owner: Owner,
    columns: &BTreeMap<String, BTreeSet<String>>,
    references: &BTreeMap<String, Vec<Reference>>,
) -> Vec<Belonging> {
    let has = |table: &str, column: &str| columns.get(table).is_some_and(|all| all.contains(column));
    let refers = |table: &str, column: &str, parent: &str| {
        references
            .get(table)
            .is_some_and(|all| all.iter().any(|one| one.column == column && one.parent == parent))
    };
    let mut found: BTreeMap<String, String> = BTreeMap::new();
    for table in columns.keys().filter(|table| !KEPT.contains(&table.as_str())) {
        let condition = match owner {
            Owner::Workspace(_) if has(table, "workspace_id") => "workspace_id = $1",
            Owner::Account(_) if !has(table, "workspace_id") && refers(table, "account_id", "accounts") => {
                "account_id = $1"
            }
            _ => continue,
        };
        found.insert(table.clone(), condition.to_owned());
    }
    // What refers to rows that were found belongs to them, and so on.
    loop {
        let mut more = Vec::new();
        for (table, all) in references {
            if found.contains_key(table) || KEPT.contains(&table.as_str()) || has(table, "workspace_id") {
                continue;
            }
            if let Some((one, parent)) = all.iter().find_map(|one| Some((one, found.get(&one.parent)?))) {
                let condition = format!(
                    "{} in (select {} from {} where {parent})",
                    one.column, one.parent_column, one.parent
                );
                more.push((table.clone(), condition));
            }
        }
        if more.is_empty() {
            break;
        }
        found.extend(more);
    }
    // A table can be emptied once nothing that is left refers to it.
    let mut ordered: Vec<Belonging> = Vec::new();
    while !found.is_empty() {
        let is_free = |table: &String| {
            !found.keys().any(|other| {
                other != table
                    && references
                        .get(other)
                        .is_some_and(|all| all.iter().any(|one| &one.parent == table))
            })
        };
        // Tables that refer to each other in a circle would be stuck; the first of them has to go on.
        let next = found
            .keys()
            .find(|table| is_free(table))
            .or_else(|| found.keys().next());
        let Some(table) = next.cloned() else { break };
        if let Some(condition) = found.remove(&table) {
            ordered.push(Belonging { table, condition });
        }
    }
    ordered
}

impl Belonging {
    fn statement(&self, text: String) -> &'static Statement {
        // There are as many texts as tables and kinds of owners, however often they are asked for.
        static KNOWN: std::sync::Mutex<BTreeMap<String, &'static Statement>> =
            std::sync::Mutex::new(BTreeMap::new());
        let mut known = KNOWN.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if let Some(statement) = known.get(&text) {
            return statement;
        }
        let kept: &'static str = Box::leak(text.clone().into_boxed_str());
        let statement: &'static Statement = Box::leak(Box::new(Statement::new("BELONGING", kept)));
        known.insert(text, statement);
        statement
    }

    /// A page of rows; an empty one is past the end.
    pub async fn page(&self, db: &Db, owner: Owner, page: i64) -> Result<Vec<Row>> {
        // The id comes first, or the parts of the key.
        let text = format!(
            "select * from {} where {} order by 1, 2, 3 limit $2 offset $3",
            self.table, self.condition
        );
        db.fetch_all(self.statement(text), values![owner.id(), PAGE, page * PAGE])
            .await
    }

    /// Deletes the rows; answers how many there were.
    pub async fn delete(&self, tx: &mut Tx, owner: Owner) -> Result<u64> {
        let text = format!("delete from {} where {}", self.table, self.condition);
        tx.execute(self.statement(text), values![owner.id()]).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(names: &[&str]) -> BTreeSet<String> {
        names.iter().map(|name| (*name).to_owned()).collect()
    }

    fn to(column: &str, parent: &str) -> Reference {
        Reference {
            column: column.to_owned(),
            parent: parent.to_owned(),
            parent_column: "id".to_owned(),
        }
    }

    #[test]
    fn children_come_before_what_they_refer_to_and_strangers_not_at_all() {
        let columns = BTreeMap::from([
            ("projects".to_owned(), set(&["workspace_id"])),
            ("uploads".to_owned(), set(&["workspace_id", "account_id"])),
            ("sessions".to_owned(), set(&["account_id"])),
            ("status_events".to_owned(), set(&["account_id"])),
            ("audit_log".to_owned(), set(&["workspace_id", "account_id"])),
        ]);
        let references = BTreeMap::from([
            ("projects".to_owned(), vec![to("workspace_id", "workspaces")]),
            (
                "uploads".to_owned(),
                vec![to("project_id", "projects"), to("account_id", "accounts")],
            ),
            ("links".to_owned(), vec![to("project_id", "projects")]),
            ("link_notes".to_owned(), vec![to("link_id", "links")]),
            ("sessions".to_owned(), vec![to("account_id", "accounts")]),
            ("refresh_tokens".to_owned(), vec![to("session_id", "sessions")]),
        ]);
        let own = BTreeSet::from(["sessions".to_owned()]);
        let traces = scattered(&own, &["assignee_id"], &columns, &{
            let mut more = BTreeMap::from([
                ("sessions".to_owned(), vec![to("account_id", "accounts")]),
                ("notes".to_owned(), vec![to("author_id", "accounts")]),
                ("tasks".to_owned(), vec![to("assignee_id", "accounts")]),
            ]);
            more.insert("uploads".to_owned(), vec![to("account_id", "accounts")]);
            more
        });
        let told: Vec<(&str, &str)> = traces
            .iter()
            .map(|one| (one.table.as_str(), one.condition.as_str()))
            .collect();
        assert_eq!(told[0], ("notes", "author_id = $1"));
        assert_eq!((told.len(), told[1].0), (2, "uploads"));
        assert!(
            told[1]
                .1
                .starts_with("(account_id = $1) and (workspace_id is null or"),
            "{}",
            told[1].1
        );
        let id = uuid::Uuid::nil();
        let names = |owner| -> Vec<String> {
            arrange(owner, &columns, &references)
                .into_iter()
                .map(|one| one.table)
                .collect()
        };
        assert_eq!(
            names(Owner::Workspace(id)),
            ["link_notes", "links", "uploads", "projects"]
        );
        assert_eq!(names(Owner::Account(id)), ["refresh_tokens", "sessions"]);
        let all = arrange(Owner::Workspace(id), &columns, &references);
        assert_eq!(
            all[0].condition,
            "link_id in (select id from links where project_id in (select id from projects where workspace_id = $1))"
        );
    }
}
