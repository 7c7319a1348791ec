//! Floor coverings as albedo over the floor plane, in metres.

use serde::{Deserialize, Serialize};

use crate::geometry::{Vec2, Vec3};
use crate::image::srgb_to_linear;
use crate::model::noise::{cell, fbm2, noise2};

/// A floor covering.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Flooring {
    /// Oiled oak boards, 18 cm wide.
    Oak,
    /// Dark walnut boards, 14 cm wide.
    Walnut,
    /// Pale stone tiles, 60 × 60 cm.
    Tile,
    /// Cut-pile carpet.
    Carpet,
}

impl Flooring {
    pub const ALL: [Self; 4] = [Self::Oak, Self::Walnut, Self::Tile, Self::Carpet];
}

/// How a covering shines.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Shine {
    /// Share of the Fresnel reflection that is seen.
    pub strength: f32,
    /// Radius of the blur, in parts of the distance to what is mirrored.
    pub blur: f32,
}

/// A covering laid in one direction.
#[derive(Debug, Clone, Copy)]
pub(super) struct Covering {
    flooring: Flooring,
    seed: u32,
}

/// Boards of a wooden floor.
struct Boards {
    width: f32,
    length: f32,
    light: Vec3,
    dark: Vec3,
    /// How much boards differ from each other.
    spread: f32,
}

impl Covering {
    pub fn new(flooring: Flooring, seed: u32) -> Self {
        Self { flooring, seed }
    }

    pub fn shine(&self) -> Shine {
        match self.flooring {
            Flooring::Oak => Shine {
                strength: 0.45,
                blur: 0.16,
            },
            Flooring::Walnut => Shine {
                strength: 0.55,
                blur: 0.12,
            },
            Flooring::Tile => Shine {
                strength: 0.8,
                blur: 0.05,
            },
            Flooring::Carpet => Shine {
                strength: 0.0,
                blur: 0.5,
            },
        }
    }

    /// Linear albedo at a point of the floor; boards run along the second coordinate. `footprint` is the size of what one
    /// sample stands for, metres: detail below it has already been averaged away.
    pub fn albedo(&self, at: Vec2, footprint: f32) -> Vec3 {
        match self.flooring {
            Flooring::Oak => boards(
                &Boards {
                    width: 0.18,
                    length: 2.1,
                    light: hex(0xcf_ad84),
                    dark: hex(0xa8_7f56),
                    spread: 0.55,
                },
                at,
                footprint,
                self.seed,
            ),
            Flooring::Walnut => boards(
                &Boards {
                    width: 0.14,
                    length: 1.6,
                    light: hex(0x86_6045),
                    dark: hex(0x55_392a),
                    spread: 0.7,
                },
                at,
                footprint,
                self.seed,
            ),
            Flooring::Tile => tiles(at, footprint, self.seed),
            Flooring::Carpet => carpet(at, footprint, self.seed),
        }
    }
}

fn hex(value: u32) -> Vec3 {
    let channel = |shift: u32| srgb_to_linear((value >> shift & 255) as f32 / 255.0);
    Vec3::new(channel(16), channel(8), channel(0))
}

/// How much of a detail of a size is left when samples of `footprint` average over it.
fn left(size: f32, footprint: f32) -> f32 {
    1.0 / (1.0 + (footprint / size).powi(2))
}

fn boards(boards: &Boards, at: Vec2, footprint: f32, seed: u32) -> Vec3 {
    let column = (at.x / boards.width).floor();
    let shift = cell(column as i32, 11, seed) * boards.length;
    let along = at.y + shift;
    let row = (along / boards.length).floor();
    let own = cell(column as i32, row as i32 * 7 + 3, seed ^ 0x51ed);
    let other = cell(column as i32, row as i32 * 7 + 4, seed ^ 0x51ed);
    let (u, v) = (at.x - column * boards.width, along - row * boards.length);
    // Every board comes from another part of the tree: cathedral grain in some, straight in others.
    let p = Vec2::new(u + own * 17.0, v + other * 29.0);
    let bow = 0.035 * noise2(Vec2::new(p.x * 4.0, p.y * 0.55), seed ^ 0x77);
    let rings = ((p.x + bow) * (38.0 + 30.0 * own)
        + 1.3 * noise2(Vec2::new(p.x * 9.0, p.y * 0.9), seed ^ 0x1f))
    .sin();
    let fibre = noise2(Vec2::new(p.x * 420.0, p.y * 9.0), seed ^ 0x2d);
    let cloud = fbm2(Vec2::new(p.x * 5.0, p.y * 0.9), 3, seed ^ 0x99);
    let tone = 0.42
        + boards.spread * (own - 0.5)
        + 0.13 * rings * left(0.02, footprint)
        + 0.10 * fibre * left(0.004, footprint)
        + 0.16 * cloud;
    let mut color = boards.light.lerp(boards.dark, tone.clamp(0.0, 1.0));
    // Gaps of a millimetre and a half between boards, a little softer than black.
    let edge = u.min(boards.width - u).min(v.min(boards.length - v));
    let half = 0.0011_f32;
    let reach = half.max(0.5 * footprint);
    let cover = (1.0 - edge / reach).clamp(0.0, 1.0) * (half / reach).min(1.0);
    color *= 1.0 - 0.62 * cover;
    color
}

fn tiles(at: Vec2, footprint: f32, seed: u32) -> Vec3 {
    const SIDE: f32 = 0.6;
    const HALF_JOINT: f32 = 0.0015;
    let (cx, cy) = ((at.x / SIDE).floor(), (at.y / SIDE).floor());
    let own = cell(cx as i32, cy as i32, seed ^ 0x41);
    let (u, v) = (at.x - cx * SIDE, at.y - cy * SIDE);
    let p = Vec2::new(u + own * 13.0, v + own * 31.0);
    let cloud = fbm2(p * 3.2, 4, seed ^ 0x3c);
    let vein = (1.0 - (fbm2(p * 2.1 + Vec2::splat(5.0), 4, seed ^ 0x7e) * 9.0).abs()).clamp(0.0, 1.0);
    let grit = noise2(p * 260.0, seed ^ 0x15) * left(0.006, footprint);
    let tone = 1.0 + 0.05 * (own - 0.5) + 0.07 * cloud - 0.05 * vein * left(0.02, footprint) + 0.02 * grit;
    let stone = hex(0xd6_d1c8) * tone;
    let edge = u.min(SIDE - u).min(v.min(SIDE - v));
    let reach = HALF_JOINT.max(0.5 * footprint);
    let cover = (1.0 - edge / reach).clamp(0.0, 1.0) * (HALF_JOINT / reach).min(1.0);
    stone.lerp(hex(0xa9_a49b), cover)
}

fn carpet(at: Vec2, footprint: f32, seed: u32) -> Vec3 {
    let tuft = noise2(at * 210.0, seed ^ 0x21) * left(0.006, footprint);
    let loops = noise2(at * 90.0, seed ^ 0x22) * left(0.013, footprint);
    // Where it was trodden and vacuumed the pile lies another way.
    let stroke = fbm2(at * 1.1, 3, seed ^ 0x23);
    hex(0xbc_b3a6) * (1.0 + 0.16 * tuft + 0.10 * loops + 0.05 * stroke)
}
