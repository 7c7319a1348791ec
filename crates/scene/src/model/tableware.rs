//! What stands on a laid table.

use crate::furnish::Kind;
use crate::geometry::Vec3;
use crate::model::builder::Builder;
use crate::model::catalogue::Design;
use crate::model::finish::{Cloth, Fabric, Metal, ceramic, glass, srgb};
use crate::model::kitchen::{bowl, kettle, plate};
use crate::model::look::Look;
use crate::model::part::Part;
use crate::model::shapes::{block, cylinder, lathe, soft_box};
use crate::model::{Material, Piece, decor};

/// A stemmed wine glass.
fn wine_glass(height: f32) -> Part {
    let h = height;
    lathe(
        &[
            (0.0, 0.0),
            (0.034, 0.001),
            (0.030, 0.004),
            (0.006, 0.010),
            (0.0035, 0.02),
            (0.0035, 0.42 * h),
            (0.010, 0.46 * h),
            (0.034, 0.58 * h),
            (0.040, 0.72 * h),
            (0.036, 0.90 * h),
            (0.031, h),
            (0.030, h),
        ],
        32,
    )
}

/// Option 1 one setting, option 2 a tray with tea, option 3 the middle of a table.
pub(super) fn tableware(look: &Look, design: &Design, seed: u32) -> Piece {
    let size = design.size;
    let (w, h, d) = (size.x, size.y, size.z);
    let mut b = Builder::new(seed);
    let s = b.dice.seed();
    let glaze = b.material(ceramic(look.palette.pot, 0.28));
    let second = b.material(ceramic(look.palette.vase, 0.28));
    let clear = b.material(glass());
    let name = match design.option {
        1 => {
            let linen = Fabric {
                name: "",
                colour: look.palette.throw.colour,
                cloth: Cloth::Weave,
            };
            let mat = b.material(linen.material());
            b.add(
                mat,
                soft_box(Vec3::new(w, 0.003, d), 0.0012, 1, 0.0).moved(0.0, 0.0015, 0.0),
            );
            b.add(glaze, plate(0.135).moved(-0.01, 0.003, 0.02));
            b.add(second, plate(0.098).moved(-0.01, 0.012, 0.02));
            let napkin = b.material(
                Fabric {
                    name: "",
                    colour: look.palette.sheet,
                    cloth: Cloth::Linen,
                }
                .material(),
            );
            b.add(
                napkin,
                soft_box(Vec3::new(0.075, 0.010, 0.17), 0.0045, 2, 0.03)
                    .turned_y(8.0)
                    .moved(-0.01, 0.026, 0.02),
            );
            let steel = b.material(Metal::Chrome.material());
            for (x, wide) in [(-0.175f32, 0.020f32), (0.155, 0.016), (0.185, 0.022)] {
                let knife = soft_box(Vec3::new(0.008, 0.004, 0.20), 0.0018, 2, 0.02).deformed(move |p| {
                    let t = (p.z / 0.20 + 0.5).clamp(0.0, 1.0);
                    // Broad towards the tip, slim in the handle's neck.
                    let k = 1.0 + (wide / 0.008 - 1.0) * (1.0 - t).powi(2) + 0.6 * t.powi(4);
                    Vec3::new(p.x * k, p.y + 0.003 * (1.0 - t), p.z)
                });
                b.add(steel, knife.moved(x, 0.006, 0.02));
            }
            b.add(clear, wine_glass(h - 0.003).moved(0.165, 0.003, -d * 0.5 + 0.05));
            "Place setting"
        }
        2 => {
            let tray = b.material(look.palette.wood.material(0.0, s));
            b.add(
                tray,
                soft_box(Vec3::new(w, 0.012, d), 0.005, 2, 0.0).moved(0.0, 0.006, 0.0),
            );
            for side in [-1.0f32, 1.0] {
                b.add(
                    tray,
                    block(0.012, 0.035, d, 0.004).moved(side * (w * 0.5 - 0.006), 0.0175, 0.0),
                );
                b.add(
                    tray,
                    block(w, 0.030, 0.012, 0.004).moved(0.0, 0.015, side * (d * 0.5 - 0.006)),
                );
            }
            let metal = b.material(look.palette.metal.material());
            kettle(&mut b, glaze, metal, Vec3::new(-0.085, 0.012, -0.02), h - 0.012);
            for (x, z) in [(0.10f32, 0.055f32), (0.155, -0.055)] {
                b.add(second, plate(0.058).moved(x, 0.012, z));
                b.add(second, bowl(0.040, 0.055, 0.020).moved(x, 0.018, z));
            }
            "Tea tray"
        }
        _ => {
            // A runner of three things: a low bowl, candles, a vase.
            let vase = decor::vase_with_branches(look, h, s);
            b.place(&vase, Vec3::new(-w * 0.5 + 0.16, 0.0, 0.0), 0.0);
            b.add(second, bowl(0.115, 0.065, 0.05).moved(0.06, 0.0, 0.015));
            let brass = b.material(look.palette.metal.material());
            let wax = b.material(Material::plain(srgb(0xE6DFD0), 0.55));
            for (x, z, tall) in [(w * 0.5 - 0.14, -0.03f32, 0.12f32), (w * 0.5 - 0.06, 0.03, 0.085)] {
                b.add(
                    brass,
                    lathe(
                        &[
                            (0.0, 0.0),
                            (0.042, 0.0),
                            (0.043, 0.004),
                            (0.012, 0.012),
                            (0.007, 0.03),
                            (0.007, tall - 0.02),
                            (0.015, tall - 0.012),
                            (0.015, tall),
                            (0.0, tall),
                        ],
                        28,
                    )
                    .moved(x, 0.0, z),
                );
                b.add(wax, cylinder(0.0105, 0.17, 0.002, 16).moved(x, tall - 0.006, z));
            }
            "Bowl, candles and branches"
        }
    };
    b.finish(Kind::Tableware, name.to_string(), size)
}
