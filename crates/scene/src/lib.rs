//! The staging engine: a photo of an empty room goes in, a furnished one comes out. Pure CPU, no I/O, no async.
//!
//! The path of a photo: [`image`] decodes it under limits, [`camera`] finds rotation and focal length from its
//! lines, [`room`] finds the box and its openings in metres, [`light`] reads the light from the photo itself,
//! [`furnish`] decides what stands where, [`model`] builds the pieces, [`trace`] follows the rays and
//! [`composite`] lays the difference over the untouched photo. [`stage()`] runs all of it; [`render`] is its second
//! half, for furniture that somebody moves by hand.
//!
//! What surprises people: the *room frame* has its origin at the camera, X to the right, Y **down**, Z away from
//! the viewer, in metres; furniture *models* have Y up and their front towards +Z (see [`furnish::Placement`]).

mod analyze;
pub mod camera;
pub mod composite;
pub mod control;
pub mod document;
pub mod error;
pub mod furnish;
pub mod geometry;
pub mod image;
pub mod light;
pub mod mockup;
pub mod model;
pub mod redecorate;
pub mod render;
pub mod report;
pub mod room;
pub mod stage;
pub mod trace;

pub use control::Control;
pub use error::StageError;
pub use render::{Prepared, Quality, Rendered};
pub use stage::{Analysis, StageRequest, Staged, analyze, stage, stage_in};
