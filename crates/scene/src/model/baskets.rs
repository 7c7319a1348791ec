//! Baskets for shelves and floors.

use crate::furnish::Kind;
use crate::geometry::{Vec2, Vec3};
use crate::model::builder::Builder;
use crate::model::catalogue::Design;
use crate::model::finish::rattan;
use crate::model::look::Look;
use crate::model::noise::noise2;
use crate::model::part::Part;
use crate::model::shapes::{block, curve, lathe, soft_box, tube};
use crate::model::{Material, Piece};

/// A small closed-bottom basket that fills `size`, for shelves. Stands on y = 0.
pub(super) fn basket(size: Vec3, seed: u32) -> Piece {
    let mut b = Builder::new(seed);
    let cane = b.material(rattan());
    let dark = b.material(Material::plain(Vec3::splat(0.05), 0.9));
    b.add(cane, soft_box(size, 0.02, 2, 0.0).moved(0.0, size.y * 0.5, 0.0));
    b.add(
        dark,
        block(size.x - 0.03, 0.004, size.z - 0.03, 0.001).moved(0.0, size.y - 0.0005, 0.0),
    );
    let extent = b.size();
    b.finish(Kind::Books, "Basket".to_string(), extent)
}

/// Option 1 a round floor basket with a throw in it, option 2 an oblong one.
pub(super) fn floor_basket(look: &Look, design: &Design, seed: u32) -> Piece {
    let size = design.size;
    let (w, h, d) = (size.x, size.y, size.z);
    let mut b = Builder::new(seed);
    let variant = b.dice.seed();
    let cane = b.material(rattan());
    let round = design.option == 1;
    let tall = if round { h * 0.84 } else { h * 0.88 };
    let exponent = if round { 2.0f32 } else { 5.0 };
    let outline = |angle: f32, scale: f32| {
        let (s, c) = angle.sin_cos();
        let k = (c.abs().powf(exponent) + s.abs().powf(exponent)).powf(-1.0 / exponent);
        Vec2::new(c * k * w * 0.5 * scale, -s * k * d * 0.5 * scale)
    };
    // Outside, over the rolled rim, and down the inside.
    let shell = Part::grid(56, 26, |u, v| {
        let angle = u * std::f32::consts::TAU;
        let (t, inset) = if v < 0.5 {
            (v * 2.0, 0.0)
        } else {
            (1.0 - (v - 0.5) * 1.7, 0.045)
        };
        let belly = if round {
            0.84 + 0.16 * (t * 2.4).sin().max(0.0)
        } else {
            0.92 + 0.08 * t
        };
        let row = 0.006 * (t * tall / 0.013 * std::f32::consts::PI).sin().abs();
        let p = outline(angle, belly - inset + row * if inset > 0.0 { -1.0 } else { 1.0 });
        Vec3::new(p.x, t * tall, p.y)
    });
    b.add(cane, shell);
    let rim: Vec<Vec3> = (0..=48)
        .map(|k| {
            let p = outline(
                k as f32 / 48.0 * std::f32::consts::TAU,
                if round { 0.93 } else { 0.98 },
            );
            Vec3::new(p.x, tall, p.y)
        })
        .collect();
    b.add(cane, tube(&rim, |_| 0.011, 8));
    let floor = lathe(&[(0.0, 0.0), (1.0, 0.0), (1.0, 0.01), (0.0, 0.01)], 32)
        .deformed(|p| Vec3::new(p.x * w * 0.38, p.y, p.z * d * 0.38));
    b.add(cane, floor);
    for side in [-1.0f32, 1.0] {
        let x = side * w * 0.5 * 0.93;
        let handle = curve(
            &[
                Vec3::new(x, tall - 0.01, -0.06),
                Vec3::new(x * 1.02, tall + (h - tall) * 0.9, -0.03),
                Vec3::new(x * 1.02, tall + (h - tall) * 0.9, 0.03),
                Vec3::new(x, tall - 0.01, 0.06),
            ],
            6,
        );
        b.add(cane, tube(&handle, |_| 0.008, 8));
    }
    // A throw stuffed into it.
    let cloth = b.material(look.palette.throw.material());
    let heap = Part::grid(40, 16, |u, v| {
        let angle = u * std::f32::consts::TAU;
        let t = 1.0 - v;
        let p = outline(angle, 0.82 * t.max(0.003));
        // Cloth dropped in: lumps, and folds that run across it any way.
        let lump = noise2(p * 7.0, variant) * 0.5
            + noise2(p.rotate(Vec2::new(0.8, 0.6)) * Vec2::new(26.0, 6.0), variant ^ 3) * 0.22;
        let rise = ((1.0 - t.powi(4)) * (0.72 + 0.42 * lump)).clamp(0.0, 1.0);
        Vec3::new(p.x, tall * 0.80 + (h * 0.99 - tall * 0.80) * rise, p.y)
    });
    b.add(cloth, heap);
    b.finish(Kind::Basket, "Basket with throw".to_string(), size)
}
