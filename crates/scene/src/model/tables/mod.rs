//! Coffee, side and dining tables, desks.

mod desk;
mod dining;
mod low;
mod parts;

pub(super) use desk::desk;
pub(super) use dining::dining_table;
pub(super) use low::{coffee_table, side_table};
pub(super) use parts::{knob, turned_leg};
