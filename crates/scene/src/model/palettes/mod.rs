//! The palettes of the five styles, a file each.

use crate::furnish::Style;
use crate::model::finish::{Cloth, Fabric};
use crate::model::look::Palette;

mod contemporary;
mod industrial;
mod modern;
mod scandinavian;
mod traditional;

const fn fabric(name: &'static str, colour: u32, cloth: Cloth) -> Fabric {
    Fabric { name, colour, cloth }
}

/// The palettes of a style, most typical first.
pub fn palettes(style: Style) -> &'static [Palette] {
    match style {
        Style::Modern => &modern::ALL,
        Style::Contemporary => &contemporary::ALL,
        Style::Traditional => &traditional::ALL,
        Style::Industrial => &industrial::ALL,
        Style::Scandinavian => &scandinavian::ALL,
    }
}
