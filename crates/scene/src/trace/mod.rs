//! Follows rays through the furnished room: the furniture's own pixels ([`film`]) and the light everything else loses
//! ([`gather`], [`shade`]).
//!
//! Surprise: nothing here draws the room. Rays that miss the furniture return what the photo shows there ([`crate::light`]).
//! [`plain`] is the slow, obvious version that judges the fast one.

pub mod budget;
mod fill;
pub mod film;
pub mod filter;
mod frame;
pub mod gather;
pub mod kept;
mod outline;
mod pixel;
pub mod plain;
mod primary;
pub mod scene;
pub mod shade;
pub mod solid;
mod sun;
mod surface;
mod traced;

pub use budget::Budget;
pub use film::Film;
pub use gather::{Gathered, World};
pub use kept::{Kept, Memory, Reuse};
pub use scene::Scene;
pub use shade::Shade;
pub use solid::{Solid, SolidStore};
