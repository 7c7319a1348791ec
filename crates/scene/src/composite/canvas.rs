//! A picture to draw on, and what furniture must share with it to belong there.

use std::borrow::Cow;

use super::grain::Grain;
use super::sharpness::missing_blur;
use crate::image::RgbImage;
use crate::light::photo_map::View;
use crate::room::{Obstacle, Room};

/// The photo or a reduced copy of it.
pub struct Canvas<'a> {
    pub picture: Cow<'a, RgbImage>,
    pub view: View,
    /// Outlines in pixels of `picture`.
    pub obstacles: Vec<Obstacle>,
    pub grain: Grain,
    /// See [`missing_blur`].
    pub blur: f32,
}

impl<'a> Canvas<'a> {
    /// Measures the picture; `factor` is its width over that of the photo the room was found in.
    pub fn new(picture: Cow<'a, RgbImage>, view: View, room: &Room, factor: f64) -> Self {
        let mut obstacles = room.obstacles.clone();
        let outlines = obstacles.iter_mut().flat_map(|o| &mut o.polygon_px);
        outlines.for_each(|corner| *corner *= factor);
        Self {
            obstacles,
            grain: Grain::measure(&picture),
            blur: missing_blur(&picture),
            picture,
            view,
        }
    }
}
