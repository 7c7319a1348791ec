//! The one storage layer: SQLite and PostgreSQL behind [`Db`] and [`Tx`]; one SQL text for both.
//!
//! A slice hands over a [`Statement`] and [`values!`] and reads [`Row`]s back; no pool or driver type crosses the
//! line. What surprises people: on SQLite writes go through a single connection, so never hold a [`Tx`] while
//! waiting for anything but the database; and uniqueness is declared with named `create unique index`, because
//! SQLite names only those in its errors (see [`DbError::is_unique`]).

pub mod belongings;
mod engine;
mod error;
pub mod jobs;
pub mod list;
pub mod migrate;
mod query;
mod row;
#[cfg(feature = "testing")]
pub mod testing;
mod tx;
mod unit;
mod value;
pub mod wake;

pub use engine::{Db, DbOptions, EngineKind};
pub use error::DbError;
pub use list::{List, Sort, SortKind};
pub use query::{AnyStatement, Statement};
pub use row::{Column, Row};
pub use tx::Tx;
pub use unit::Unit;
pub use value::Value;

pub type Result<T, E = DbError> = std::result::Result<T, E>;
