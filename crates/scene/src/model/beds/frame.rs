//! Headboards and frames of beds, style by style.

use crate::furnish::Style;
use crate::geometry::{Vec2, Vec3};
use crate::model::builder::Builder;
use crate::model::finish::{Fabric, Metal};
use crate::model::look::Look;
use crate::model::part::Part;
use crate::model::shapes::{bar, block, curve, lathe, soft_box, tapered_leg, tube};
use crate::model::upholstery::{cushion, piping};

pub(super) fn headboard(b: &mut Builder, look: &Look, width: f32, height: f32, back: f32) -> Fabric {
    let fabric = look.palette.headboard;
    let cloth = b.material(fabric.material());
    let seam = b.material(fabric.seam());
    match look.style {
        Style::Modern => {
            // Two upholstered panels, slightly apart.
            for side in [-1.0f32, 1.0] {
                let size = Vec3::new(width * 0.5 - 0.006, 0.085, height - 0.12);
                let seed = b.dice.seed();
                let set = |p: Part| {
                    p.turned_x(90.0)
                        .moved(side * width * 0.25, 0.12 + size.z * 0.5, back + 0.048)
                };
                b.add(cloth, set(cushion(size, 0.022, 0.008, seed)));
                b.add(seam, set(piping(size, 0.022, 0.008, seed, 1.0, 0.0035)));
            }
        }
        Style::Contemporary => {
            // Vertical channels.
            let count = (width / 0.155).round() as usize;
            let each = width / count as f32;
            for k in 0..count {
                let x = -width * 0.5 + each * (k as f32 + 0.5);
                let part = soft_box(Vec3::new(each - 0.003, height - 0.06, 0.10), 0.042, 2, 0.0);
                b.add(cloth, part.moved(x, 0.06 + (height - 0.06) * 0.5, back + 0.05));
            }
        }
        Style::Traditional => {
            // An arched panel with a padded, buttoned field.
            let mut outline = vec![Vec2::new(-width * 0.5, 0.0), Vec2::new(width * 0.5, 0.0)];
            let shoulder = height - 0.16;
            for k in 0..=24 {
                let t = k as f32 / 24.0;
                let x = width * (0.5 - t);
                let arch = (1.0 - (2.0 * t - 1.0).abs().powi(3)).max(0.0);
                outline.push(Vec2::new(x, shoulder + 0.16 * arch));
            }
            b.add(
                cloth,
                crate::model::shapes::extrude(&outline, 0.075, 0.02).moved(0.0, 0.0, back + 0.04),
            );
            let field = Part::grid(56, 24, |u, v| {
                let (x, y) = ((u - 0.5) * (width - 0.14), 0.42 + v * (height - 0.60));
                // Diamond tufting: deep at the buttons, rounded between them.
                let (a, c) = (x / 0.24 + (y - 0.42) / 0.20, x / 0.24 - (y - 0.42) / 0.20);
                let dome = ((a * std::f32::consts::PI).sin().abs() * (c * std::f32::consts::PI).sin().abs())
                    .powf(0.42);
                let rim = (1.0 - (2.0 * u - 1.0).abs().powi(20)) * (1.0 - (2.0 * v - 1.0).abs().powi(20));
                Vec3::new(x, y, back + 0.078 + 0.030 * dome * rim)
            });
            b.add(cloth, field);
            let rows = ((height - 0.60) / 0.20) as i32 + 1;
            let columns = ((width - 0.16) / 0.24 * 0.5) as i32 + 1;
            for r in 0..=rows * 2 {
                for c in -columns..=columns {
                    let odd = (r % 2) as f32 * 0.5;
                    let (x, y) = ((c as f32 + odd) * 0.24, 0.42 + r as f32 * 0.10);
                    if x.abs() < width * 0.5 - 0.12 && y < height - 0.22 && y > 0.44 {
                        let button = lathe(&[(0.013, 0.0), (0.010, 0.006), (0.0, 0.008)], 10).turned_x(90.0);
                        b.add(seam, button.moved(x, y, back + 0.080));
                    }
                }
            }
        }
        Style::Industrial => {
            let metal = b.material(look.palette.metal.material());
            let wood = b.material(look.palette.wood.material(0.0, 6));
            for side in [-1.0f32, 1.0] {
                let x = side * (width * 0.5 - 0.02);
                b.add(
                    metal,
                    block(0.04, height, 0.04, 0.005).moved(x, height * 0.5, back + 0.025),
                );
            }
            b.add(
                metal,
                block(width - 0.04, 0.04, 0.04, 0.005).moved(0.0, height - 0.02, back + 0.025),
            );
            // Three planks between the posts.
            let each = (height - 0.36) / 3.0;
            for k in 0..3 {
                b.add(
                    wood,
                    block(width - 0.085, each - 0.008, 0.026, 0.005).moved(
                        0.0,
                        0.32 + each * (k as f32 + 0.5),
                        back + 0.025,
                    ),
                );
            }
        }
        Style::Scandinavian => {
            let wood = b.material(look.palette.wood.material(0.0, 6));
            // Slatted oak with a bent top rail.
            for side in [-1.0f32, 1.0] {
                b.add(
                    wood,
                    tapered_leg(height - 0.02, 0.024, 0.017, Vec2::ZERO, true).moved(
                        side * (width * 0.5 - 0.03),
                        0.0,
                        back + 0.028,
                    ),
                );
            }
            let rail = curve(
                &[
                    Vec3::new(-width * 0.5 + 0.005, height - 0.045, back + 0.03),
                    Vec3::new(0.0, height - 0.03, back + 0.026),
                    Vec3::new(width * 0.5 - 0.005, height - 0.045, back + 0.03),
                ],
                8,
            );
            b.add(wood, bar(&rail, 0.03, 0.06));
            b.add(
                wood,
                block(width - 0.07, 0.05, 0.024, 0.006).moved(0.0, 0.40, back + 0.028),
            );
            let count = (width / 0.085) as usize;
            for k in 1..count {
                let x = -width * 0.5 + width * k as f32 / count as f32;
                b.add(
                    wood,
                    tube(
                        &[
                            Vec3::new(x, 0.41, back + 0.028),
                            Vec3::new(x, 0.6, back + 0.028),
                            Vec3::new(x, height - 0.05, back + 0.028),
                        ],
                        |_| 0.008,
                        8,
                    ),
                );
            }
        }
    }
    fabric
}

pub(super) fn frame(b: &mut Builder, look: &Look, width: f32, z0: f32, z1: f32) {
    let fabric = look.palette.headboard;
    let mid = (z0 + z1) * 0.5;
    let length = z1 - z0;
    match look.style {
        Style::Modern | Style::Contemporary | Style::Traditional => {
            // Upholstered box sides.
            let cloth = b.material(fabric.material());
            b.pair(
                cloth,
                soft_box(Vec3::new(0.045, 0.20, length), 0.018, 2, 0.0).moved(
                    width * 0.5 - 0.0225,
                    0.215,
                    mid,
                ),
            );
            b.add(
                cloth,
                soft_box(Vec3::new(width, 0.20, 0.045), 0.018, 2, 0.0).moved(0.0, 0.215, z1 - 0.0225),
            );
            let legs = if look.style == Style::Modern {
                b.material(Metal::Black.material())
            } else {
                b.material(look.palette.wood.material(0.0, 3))
            };
            for z in [z0 + 0.12, z1 - 0.10] {
                b.pair(
                    legs,
                    tapered_leg(0.125, 0.026, 0.018, Vec2::ZERO, true).moved(width * 0.5 - 0.09, 0.0, z),
                );
            }
        }
        Style::Industrial => {
            let metal = b.material(look.palette.metal.material());
            b.pair(
                metal,
                block(0.035, 0.06, length, 0.004).moved(width * 0.5 - 0.0175, 0.27, mid),
            );
            b.add(
                metal,
                block(width, 0.06, 0.035, 0.004).moved(0.0, 0.27, z1 - 0.0175),
            );
            for z in [z0 + 0.02, z1 - 0.02] {
                b.pair(
                    metal,
                    block(0.04, 0.27, 0.04, 0.004).moved(width * 0.5 - 0.02, 0.135, z),
                );
            }
        }
        Style::Scandinavian => {
            let wood = b.material(look.palette.wood.material(0.0, 3));
            b.pair(
                wood,
                block(0.026, 0.13, length, 0.007).moved(width * 0.5 - 0.014, 0.265, mid),
            );
            b.add(
                wood,
                block(width, 0.13, 0.026, 0.007).moved(0.0, 0.265, z1 - 0.014),
            );
            b.pair(
                wood,
                tapered_leg(0.30, 0.026, 0.016, Vec2::new(0.0, 0.0), true).moved(
                    width * 0.5 - 0.045,
                    0.0,
                    z1 - 0.05,
                ),
            );
        }
    }
    // Slatted base as a dark layer under the mattress, so that no light passes.
    let dark = b.material(crate::model::Material::plain(Vec3::splat(0.05), 0.9));
    b.add(
        dark,
        block(width - 0.06, 0.03, length - 0.05, 0.004).moved(0.0, 0.27, mid),
    );
}
