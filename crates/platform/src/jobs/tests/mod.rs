mod claiming;
mod ending;
mod queueing;
mod schedules;
pub(crate) mod support;
mod workers;
