//! Named statements, and how one is run on either engine.

use sqlx::postgres::PgArguments;
use sqlx::query::Query;
use sqlx::sqlite::SqliteArguments;
use sqlx::{Postgres, Sqlite};

use crate::Value;
use crate::list::List;

/// A named SQL text. One text serves both engines; `pair` is for where they truly differ.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Statement {
    pub name: &'static str,
    pub sqlite: &'static str,
    pub postgres: &'static str,
}

impl Statement {
    pub const fn new(name: &'static str, text: &'static str) -> Self {
        Self {
            name,
            sqlite: text,
            postgres: text,
        }
    }

    /// Two texts; say above it why they must differ.
    pub const fn pair(name: &'static str, sqlite: &'static str, postgres: &'static str) -> Self {
        Self {
            name,
            sqlite,
            postgres,
        }
    }
}

/// An entry of a slice's register of statements, so that a test can prepare every text on both engines.
#[derive(Debug, Clone, Copy)]
pub enum AnyStatement {
    One(&'static Statement),
    List(&'static List),
}

/// Declares statements and registers them:
///
/// ```
/// vitrine_db::statements! {
///     GET_THING = "select id from things where id = $1";
///     NEXT_THING = sqlite "select 1" postgres "select 2";
/// }
/// assert_eq!(STATEMENTS.len(), 2);
/// ```
///
/// `NAME = of concat!(…);` is for texts that share a part, such as their columns; `list NAME = List::new(…);` declares
/// a list.
#[macro_export]
macro_rules! statements {
    (@items [$($register:tt)*]) => {
        /// Every statement of this file.
        pub static STATEMENTS: &[$crate::AnyStatement] = &[$($register)*];
    };
    (@items [$($register:tt)*] $(#[$doc:meta])* list $name:ident = $value:expr; $($rest:tt)*) => {
        $(#[$doc])* pub static $name: $crate::List = $value;
        $crate::statements!(@items [$($register)* $crate::AnyStatement::List(&$name),] $($rest)*);
    };
    (@items [$($register:tt)*] $(#[$doc:meta])* $name:ident = $text:literal; $($rest:tt)*) => {
        $(#[$doc])* pub static $name: $crate::Statement = $crate::Statement::new(stringify!($name), $text);
        $crate::statements!(@items [$($register)* $crate::AnyStatement::One(&$name),] $($rest)*);
    };
    (@items [$($register:tt)*] $(#[$doc:meta])* $name:ident = of $built:expr; $($rest:tt)*) => {
        $(#[$doc])* pub static $name: $crate::Statement = $crate::Statement::new(stringify!($name), $built);
        $crate::statements!(@items [$($register)* $crate::AnyStatement::One(&$name),] $($rest)*);
    };
    (@items [$($register:tt)*] $(#[$doc:meta])* $name:ident = sqlite $sqlite:literal postgres $postgres:literal; $($rest:tt)*) => {
        $(#[$doc])* pub static $name: $crate::Statement =
            $crate::Statement::pair(stringify!($name), $sqlite, $postgres);
        $crate::statements!(@items [$($register)* $crate::AnyStatement::One(&$name),] $($rest)*);
    };
    ($($items:tt)*) => { $crate::statements!(@items [] $($items)*); };
}

pub(crate) fn bind_sqlite<'q>(
    mut query: Query<'q, Sqlite, SqliteArguments>,
    values: Vec<Value>,
) -> Query<'q, Sqlite, SqliteArguments> {
    for value in values {
        query = match value {
            Value::Bool(value) => query.bind(value),
            Value::Int(value) => query.bind(value),
            Value::Float(value) => query.bind(value),
            Value::Text(value) => query.bind(value),
            Value::Bytes(value) => query.bind(value),
            Value::Uuid(value) => query.bind(value),
            Value::Time(value) => query.bind(value),
        };
    }
    query
}

pub(crate) fn bind_postgres<'q>(
    mut query: Query<'q, Postgres, PgArguments>,
    values: Vec<Value>,
) -> Query<'q, Postgres, PgArguments> {
    for value in values {
        query = match value {
            Value::Bool(value) => query.bind(value),
            Value::Int(value) => query.bind(value),
            Value::Float(value) => query.bind(value),
            Value::Text(value) => query.bind(value),
            Value::Bytes(value) => query.bind(value),
            Value::Uuid(value) => query.bind(value),
            Value::Time(value) => query.bind(value),
        };
    }
    query
}
