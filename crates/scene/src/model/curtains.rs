//! Curtains: one panel, a pair on a rod, a pair with sheers.
//!
//! The rod runs along x, the wall is behind (−z). A pair is made to measure: its width is that of the rod.

use crate::furnish::{Kind, Style};
use crate::geometry::Vec2;
use crate::geometry::Vec3;
use crate::model::builder::Builder;
use crate::model::catalogue::Design;
use crate::model::look::Look;
use crate::model::material::clamp_albedo;
use crate::model::noise::noise2;
use crate::model::part::Part;
use crate::model::shapes::{cylinder, lathe};
use crate::model::{Material, Piece};

/// Width of a drawn-back panel: its share of the rod, at least and at most, metres. Less cloth looks like a scarf.
const SHARE: f32 = 0.23;
const NARROW: f32 = 0.34;
const WIDE: f32 = 0.72;

/// Width of each drawn-back panel of a pair on a rod `rod` metres long.
pub fn stack(rod: f32) -> f32 {
    (SHARE * rod).clamp(NARROW, WIDE)
}

/// Length of the rod for a window `span` metres wide: the panels cover the wall beside it and a hand of its edges.
pub fn rod_for(span: f32) -> f32 {
    const OVER: f32 = 0.08;
    let rod = (span - 2.0 * OVER) / (1.0 - 2.0 * SHARE);
    rod.clamp(span + 2.0 * (NARROW - OVER), span + 2.0 * (WIDE - OVER))
}

/// Option 1 one panel, 2 a pair drawn back to both ends of the rod, 3 a pair with sheers between.
pub(super) fn curtain(look: &Look, design: &Design, seed: u32) -> Piece {
    let size = design.size;
    let (w, h, d) = (size.x, size.y, size.z);
    let mut b = Builder::new(seed);
    let fabric = look.palette.curtain;
    let cloth = b.material(fabric.ironed());
    let rod = Rod::of(look.style, h);
    if design.option == 1 {
        let fall = Fall {
            width: w - 0.02,
            top: rod.height,
            depth: d,
        };
        hang(&mut b, cloth, &fall, 0.0, look.style);
        rod.put(&mut b, look, w, &[(0.0, w - 0.06)]);
        return b.finish(Kind::Curtain, format!("Curtain, {}", fabric.name), size);
    }
    let panel = stack(w);
    let reach = w * 0.5 - 0.035;
    let with_sheers = design.option == 3;
    if with_sheers {
        let sheer = b.material(voile(&fabric.ironed()));
        let wide = (0.62 * panel).min(0.25 * (w - 2.0 * panel)).max(0.16);
        for side in [-1.0f32, 1.0] {
            let fall = Fall {
                width: wide,
                top: rod.height - 0.02,
                depth: 0.5 * d,
            };
            hang(
                &mut b,
                sheer,
                &fall,
                side * (reach - panel - 0.45 * wide),
                Style::Modern,
            );
        }
    }
    for side in [-1.0f32, 1.0] {
        let fall = Fall {
            width: panel * b.dice.range(0.95, 1.04),
            top: rod.height,
            depth: d,
        };
        hang(&mut b, cloth, &fall, side * (reach - panel * 0.5), look.style);
    }
    let rings = [-1.0f32, 1.0].map(|side| (side * (reach - panel * 0.5), panel));
    rod.put(&mut b, look, w, &rings);
    let name = if with_sheers {
        "Curtains with sheers"
    } else {
        "Pair of curtains"
    };
    b.finish(Kind::Curtain, format!("{name}, {}", fabric.name), size)
}

/// Thin cloth that the window shines through.
fn voile(of: &Material) -> Material {
    Material {
        transmission: 0.70,
        ..Material::plain(clamp_albedo(of.albedo.lerp(Vec3::splat(0.78), 0.7)), 0.95)
    }
}

/// A length of cloth gathered at `top` that falls to the floor.
struct Fall {
    width: f32,
    top: f32,
    depth: f32,
}

/// Hangs a panel with its middle at `x`: a wave of cloth whose folds are narrow and even at the heading and wander,
/// widen and run together on the way down.
fn hang(b: &mut Builder, cloth: u16, fall: &Fall, x: f32, style: Style) {
    let count = (fall.width / 0.105).round().max(3.0) as usize;
    // Every fold has its own width and depth.
    let widths: Vec<f32> = (0..count).map(|_| b.dice.range(0.62, 1.50)).collect();
    let total: f32 = widths.iter().sum();
    let depths: Vec<f32> = (0..=count).map(|_| b.dice.range(0.55, 1.0)).collect();
    let seed = b.dice.seed();
    // Lined cloth breaks on the floor, the rest ends a finger above it.
    let puddle = match style {
        Style::Traditional => 0.035,
        Style::Contemporary | Style::Scandinavian => 0.012,
        Style::Modern | Style::Industrial => 0.0,
    };
    let (half, top) = (fall.depth * 0.5 - 0.008, fall.top);
    let columns = count * 16;
    // Where the folds stand at a share of the width: even at the top, as the cloth falls below.
    let fold_at = |u: f32, loose: f32| -> (f32, f32) {
        let mut at = u * total;
        let mut fold = 0;
        while fold + 1 < count && at > widths[fold] {
            at -= widths[fold];
            fold += 1;
        }
        let share = (at / widths[fold]).clamp(0.0, 1.0);
        let deep = depths[fold] + (depths[fold + 1] - depths[fold]) * share;
        let even = u * count as f32;
        let own = fold as f32 + share;
        (even + (own - even) * loose, 1.0 + (deep - 1.0) * loose)
    };
    let sheet = Part::grid(columns, 34, |u, v| {
        // Rows crowd at the hem and the heading.
        let v = v + 0.10 * (std::f32::consts::TAU * v).sin() * -0.5;
        let down = 1.0 - v;
        let heading = (1.0 - down * 9.0).clamp(0.0, 1.0);
        let (place, deep) = fold_at(u, (down * 5.0).min(1.0));
        // Folds drift to the side and neighbours open into each other, more the further they have fallen.
        let drift = 0.34 * down * noise2(Vec2::new(u * 3.2, down * 1.1), seed);
        let merge = (0.55 + 0.45 * noise2(Vec2::new(place * 0.9, 1.5 * down), seed ^ 1)).clamp(0.25, 1.0);
        let deep = deep * (1.0 - 0.45 * down * (1.0 - merge));
        let angle = (place + drift) * std::f32::consts::TAU;
        // Rounded towards the room, tighter towards the wall; pinched at the heading.
        let wave = angle.sin() + 0.10 * (2.0 * angle + 0.6).sin();
        let open = 0.80 + 0.20 * down - 0.30 * heading;
        // The cloth of a fold leans over its hollow, so that the hollow lies in shade.
        let lean = (fall.width / count as f32) * 0.13 * (2.0 * angle).sin() * (1.0 - 0.7 * heading);
        let sway = 0.012 * noise2(Vec2::new(u * 2.2, down * 1.1), seed ^ 2) * down;
        let y = (0.004 + (top - 0.004) * v).max(0.004);
        let floor = (1.0 - y / 0.05).clamp(0.0, 1.0);
        let spill = puddle * floor * (0.7 + 0.6 * noise2(Vec2::new(u * count as f32, 0.5), seed ^ 3));
        // Slack of the cloth: long shallow dents, and creases where it meets the floor.
        let slack = 0.0035 * noise2(Vec2::new(place * 2.0, y * 3.0), seed ^ 5) * (1.0 - heading);
        let crumple = 0.004 * noise2(Vec2::new(u * 31.0, y * 40.0), seed ^ 4) * (1.0 - y / 0.4).max(0.0);
        let gathered = 0.90 + 0.08 * down + 0.02 * floor;
        Vec3::new(
            x + (u - 0.5) * fall.width * gathered + lean + sway,
            y,
            (0.92 * wave * half * open * deep + spill + slack + crumple).clamp(-half - 0.004, half + 0.012),
        )
    });
    b.add(cloth, sheet);
}

/// What the cloth hangs from.
struct Rod {
    height: f32,
    radius: f32,
    style: Style,
}

impl Rod {
    fn of(style: Style, height: f32) -> Self {
        let radius = match style {
            Style::Modern | Style::Contemporary => 0.008,
            Style::Scandinavian => 0.011,
            Style::Industrial => 0.0125,
            Style::Traditional => 0.014,
        };
        Self {
            height: height - 0.028,
            radius,
            style,
        }
    }

    /// The rod with its ends, brackets and rings; `rings` are the middles and widths of the panels.
    fn put(&self, b: &mut Builder, look: &Look, width: f32, rings: &[(f32, f32)]) {
        let metal = b.material(look.palette.metal.material());
        let bar_of = match self.style {
            Style::Scandinavian => b.material(look.palette.wood.material(0.0, 5)),
            _ => metal,
        };
        let (y, r) = (self.height, self.radius);
        let bar = cylinder(r, width - 0.02, 0.002, 14)
            .moved(0.0, -(width - 0.02) * 0.5, 0.0)
            .turned_z(90.0);
        b.add(bar_of, bar.moved(0.0, y, 0.0));
        for &(middle, span) in rings {
            let count = (span / 0.10).round().max(2.0) as usize;
            for k in 0..count {
                let x = middle + ((k as f32 + 0.5) / count as f32 - 0.5) * (span - 0.03);
                let ring = lathe(
                    &[
                        (r + 0.006, -0.0028),
                        (r + 0.009, 0.0),
                        (r + 0.006, 0.0028),
                        (r + 0.0045, 0.0),
                        (r + 0.006, -0.0028),
                    ],
                    14,
                )
                .turned_z(90.0 + b.dice.jitter(6.0));
                b.add(metal, ring.moved(x, y - 0.004, 0.0));
            }
            // A bracket where each panel hangs.
            let post = cylinder(0.006, 0.05, 0.001, 8).turned_x(-90.0);
            b.add(metal, post.moved(middle, y, 0.0));
        }
        let finial: &[(f32, f32)] = match self.style {
            Style::Traditional => &[
                (0.012, 0.0),
                (0.016, 0.004),
                (0.012, 0.009),
                (0.022, 0.018),
                (0.024, 0.026),
                (0.018, 0.037),
                (0.0, 0.042),
            ],
            Style::Scandinavian => &[
                (0.011, 0.0),
                (0.017, 0.006),
                (0.019, 0.014),
                (0.015, 0.023),
                (0.0, 0.027),
            ],
            Style::Modern | Style::Contemporary | Style::Industrial => &[
                (0.011, 0.0),
                (0.0125, 0.002),
                (0.0125, 0.016),
                (0.011, 0.018),
                (0.0, 0.018),
            ],
        };
        let tip = finial[finial.len() - 1].1;
        for side in [-1.0f32, 1.0] {
            let end = lathe(finial, 14).turned_z(-90.0 * side);
            b.add(bar_of, end.moved(side * (width * 0.5 - tip), y, 0.0));
        }
    }
}
