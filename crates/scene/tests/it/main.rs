//! Everything about the engine that is tested from outside.

mod camera;
mod corners;
mod image;
mod light;
mod matlab;
mod redecorate;
mod rendering;
mod rendering_support;
mod room;
mod staging;
mod synthetic;
mod true_light;
