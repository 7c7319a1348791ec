//! Five styles, several palettes each: what a decorator would put together.

use crate::furnish::Style;
use crate::geometry::Vec3;
use crate::model::finish::{Fabric, Metal, RugLook, Wood, srgb};
use crate::model::palettes::palettes;

/// Materials and colours that belong together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Palette {
    pub name: &'static str,
    pub sofa: Fabric,
    pub armchair: Fabric,
    pub chair: Fabric,
    pub headboard: Fabric,
    pub duvet: Fabric,
    pub sheet: u32,
    pub throw: Fabric,
    pub accents: [Fabric; 3],
    /// Tables, legs and case goods.
    pub wood: Wood,
    /// Fronts or a second wood.
    pub wood_too: Wood,
    pub metal: Metal,
    pub rug: RugLook,
    pub curtain: Fabric,
    pub pot: u32,
    pub vase: u32,
    pub shade: u32,
    pub paper: u32,
    pub inks: [u32; 4],
}

/// The style and palette a piece is built in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Look {
    pub style: Style,
    pub palette: Palette,
}

impl Look {
    /// The looks of a style, those that best answer the colours of wall and floor (linear sRGB) first.
    ///
    /// Upholstery should stand out from the wall without shouting, wood should be kin to the floor or clearly
    /// different, the rug must be told from the floor. `variety` 0..1 says which of the good ones leads; the other good
    /// ones follow it, then the rest. Never empty.
    pub fn ranked(style: Style, wall: Vec3, floor: Vec3, variety: f32) -> Vec<Self> {
        let all = palettes(style);
        let mut ranked: Vec<(f32, &Palette)> = all.iter().map(|p| (discord(p, wall, floor), p)).collect();
        ranked.sort_by(|a, b| a.0.total_cmp(&b.0));
        // Anything close to the best is good enough to be chosen by the seed.
        let good = ranked
            .iter()
            .take_while(|r| r.0 < ranked[0].0 + 9.0)
            .count()
            .max(1);
        let chosen = ((variety * good as f32) as usize).min(good - 1);
        ranked[..good].rotate_left(chosen);
        ranked
            .into_iter()
            .map(|(_, palette)| Self {
                style,
                palette: *palette,
            })
            .collect()
    }
}

/// CIE L*a*b* (D65) of a linear sRGB colour.
pub fn lab(c: Vec3) -> Vec3 {
    let x = (0.4124 * c.x + 0.3576 * c.y + 0.1805 * c.z) / 0.9505;
    let y = 0.2126 * c.x + 0.7152 * c.y + 0.0722 * c.z;
    let z = (0.0193 * c.x + 0.1192 * c.y + 0.9505 * c.z) / 1.089;
    let f = |t: f32| {
        if t > 0.008_856 {
            t.cbrt()
        } else {
            7.787 * t + 16.0 / 116.0
        }
    };
    Vec3::new(116.0 * f(y) - 16.0, 500.0 * (f(x) - f(y)), 200.0 * (f(y) - f(z)))
}

fn discord(palette: &Palette, wall: Vec3, floor: Vec3) -> f32 {
    let (wall, floor) = (lab(wall), lab(floor));
    let colour = |hex: u32| lab(srgb(hex));
    let sofa = colour(palette.sofa.colour);
    let apart = sofa.distance(wall);
    let mut cost = 1.2 * (16.0 - apart).max(0.0) + (apart - 55.0).max(0.0) * 0.6;
    let bed = colour(palette.headboard.colour).distance(wall);
    cost += 0.4 * (13.0 - bed).max(0.0);
    let rug = colour(palette.rug.ground).distance(floor);
    cost += 0.8 * (16.0 - rug).max(0.0) + 0.25 * (rug - 55.0).max(0.0);
    // Cloth has the undertone of the walls: cream before cream, grey before grey. Strong colours are another matter.
    let undertone = 0.5 * (colour(palette.rug.ground).z + colour(palette.curtain.colour).z);
    cost += 0.9 * (undertone - wall.z.clamp(-2.0, 16.0)).abs().min(16.0);
    // On a dark floor the rug brings light, on a very light one hold.
    let rug_tone = colour(palette.rug.ground).x;
    if floor.x < 38.0 {
        cost += 0.25 * (72.0 - rug_tone).max(0.0);
    } else if floor.x > 78.0 {
        cost += 0.25 * (rug_tone - 74.0).max(0.0);
    }
    // Two woods that are almost the same look like a mistake; kin in hue at another lightness is fine.
    let wood = lab(palette.wood.colour());
    let floor_is_wood = floor.y > 3.0 && floor.z > 10.0;
    if floor_is_wood {
        let lightness = (wood.x - floor.x).abs();
        let hue = Vec3::new(0.0, wood.y - floor.y, wood.z - floor.z).length();
        cost += if lightness < 8.0 && hue > 8.0 { 8.0 } else { 0.0 };
        cost += 0.25 * (hue - 20.0).max(0.0);
    }
    // Wood of the floor's own tone is its kin; other wood stands apart from it in lightness.
    let lightness = (wood.x - floor.x).abs();
    if lightness > 6.0 || wood.distance(floor) > 14.0 {
        cost += 0.35 * (24.0 - lightness).max(0.0);
    }
    // A strongly coloured wall wants calm or complementary cloth.
    let chroma = Vec3::new(0.0, wall.y, wall.z).length();
    if chroma > 18.0 {
        let clash = (sofa.y * wall.z - sofa.z * wall.y).abs() / chroma;
        cost += 0.4 * clash;
    }
    cost
}
