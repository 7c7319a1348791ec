//! Everything to sit on.

mod armchair;
mod bench;
mod dining_chair;
mod frame;
mod measures;
mod office_chair;
mod sofa;
mod stools;

pub(super) use armchair::armchair;
pub(super) use bench::bench;
pub(super) use dining_chair::dining_chair;
pub(super) use office_chair::office_chair;
pub(super) use sofa::{CHAISE, run_depth, sofa};
pub(super) use stools::{bar_stool, pouf, stool};
