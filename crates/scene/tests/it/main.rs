//! Everything about the engine that is tested from outside.

mod camera;
mod corners;
mod estimators;
mod fuzz;
mod gloss;
mod golden;
mod ground_truth;
mod image;
mod light;
mod previews;
mod redecorate;
mod rendering;
mod rendering_support;
mod room;
mod shadow_quality;
mod staging;
mod standing;
mod sun;
mod synthetic;
mod true_light;
