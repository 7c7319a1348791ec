//! The closed case that all cabinets are: body, fronts, handles, feet.

use crate::furnish::Style;
use crate::geometry::{Vec2, Vec3};
use crate::model::builder::Builder;
use crate::model::finish::{Metal, rattan};
use crate::model::look::Look;
use crate::model::shapes::{block, cylinder, lathe, tapered_leg, tube};
use crate::model::tables::knob;

/// A closed case standing on a base: body, top, fronts with gaps, handles.
pub(super) struct Case {
    pub(super) width: f32,
    /// Of the whole piece up to the carrying surface.
    pub(super) height: f32,
    pub(super) depth: f32,
    pub(super) base: f32,
    pub(super) rows: usize,
    pub(super) columns: usize,
    /// Doors instead of drawers.
    pub(super) doors: bool,
}

pub(super) fn case(b: &mut Builder, look: &Look, c: &Case) {
    let (w, h, d) = (c.width, c.height, c.depth);
    let seed = b.dice.seed();
    let wood = b.material(look.palette.wood.material(0.16, seed));
    let front_wood = match look.style {
        Style::Scandinavian => look.palette.wood_too,
        _ => look.palette.wood,
    };
    let front = b.material(front_wood.material(0.0, seed ^ 7));
    let cane = b.material(rattan());
    let dark = b.material(crate::model::Material::plain(Vec3::splat(0.035), 0.9));
    let t = 0.022;
    // Body: sides, top, bottom; behind the gaps it is dark.
    let lip = if look.style == Style::Traditional {
        0.014
    } else {
        0.0
    };
    let body_width = w - 2.0 * lip;
    let body_depth = d - lip;
    let zb = -lip * 0.5;
    b.add(
        wood,
        block(w, t + 0.004, d, 0.004).moved(0.0, h - (t + 0.004) * 0.5, 0.0),
    );
    b.add(
        wood,
        block(body_width, t, body_depth - 0.002, 0.002).moved(0.0, c.base + t * 0.5, zb),
    );
    b.pair(
        wood,
        block(t, h - c.base - 0.01, body_depth, 0.002).moved(
            body_width * 0.5 - t * 0.5,
            (h + c.base) * 0.5 - 0.006,
            zb,
        ),
    );
    b.add(
        dark,
        block(body_width - 0.03, h - c.base - 0.05, body_depth - 0.05, 0.002).moved(
            0.0,
            (h + c.base) * 0.5,
            zb - 0.008,
        ),
    );

    // Fronts.
    let gap = 0.004;
    let (inner_w, inner_h) = (body_width - 2.0 * t, h - c.base - 2.0 * t - 0.004);
    let (each_w, each_h) = (inner_w / c.columns as f32, inner_h / c.rows as f32);
    let z = body_depth * 0.5 + zb - 0.010;
    for row in 0..c.rows {
        for column in 0..c.columns {
            let x = -inner_w * 0.5 + each_w * (column as f32 + 0.5);
            let y = c.base + t + each_h * (row as f32 + 0.5);
            let (fw, fh) = (each_w - gap, each_h - gap);
            let part = block(fw, fh, 0.018, 0.002);
            match (look.style, c.doors) {
                (Style::Contemporary, true) => {
                    // Fluted doors.
                    b.add(front, block(fw, fh, 0.010, 0.002).moved(x, y, z - 0.004));
                    let count = (fw / 0.024) as usize;
                    let pitch = fw / count as f32;
                    for k in 0..count {
                        let rod = cylinder(pitch * 0.48, fh - 0.004, 0.002, 10);
                        b.add(
                            front,
                            rod.moved(
                                x - fw * 0.5 + pitch * (k as f32 + 0.5),
                                y - fh * 0.5 + 0.002,
                                z + 0.001,
                            ),
                        );
                    }
                }
                (Style::Scandinavian, true) if column % 2 == 0 => {
                    frame(b, wood, Vec3::new(x, y, z), fw, fh, 0.04);
                    b.add(cane, block(fw - 0.075, fh - 0.075, 0.006, 0.001).moved(x, y, z));
                }
                (Style::Traditional, _) => {
                    frame(
                        b,
                        front,
                        Vec3::new(x, y, z),
                        fw,
                        fh,
                        if c.doors { 0.055 } else { 0.028 },
                    );
                    b.add(front, block(fw - 0.05, fh - 0.05, 0.012, 0.005).moved(x, y, z));
                }
                _ => b.add(front, part.moved(x, y, z)),
            }
            let side = if column % 2 == 0 { 1.0 } else { -1.0 };
            let at = Vec3::new(x, y, z + 0.009);
            handle(b, look, wood, at, Vec2::new(fw, fh), c.doors.then_some(side));
        }
    }
    feet(b, look, wood, Vec3::new(w, c.base, d), zb);
}

/// The handle of a front of a size with its middle at a place; a door opens at its `side` (±1), a drawer has none.
fn handle(b: &mut Builder, look: &Look, wood: u16, at: Vec3, size: Vec2, side: Option<f32>) {
    let metal = b.material(look.palette.metal.material());
    let (x, y, hz, fw, fh) = (at.x, at.y, at.z, size.x, size.y);
    let is_door = side.is_some();
    let side = side.unwrap_or(1.0);
    match look.style {
        Style::Traditional => {
            let brass = b.material(Metal::Brass.material());
            if is_door {
                b.add(brass, knob(0.011).moved(x + side * (fw * 0.5 - 0.03), y, hz));
            } else if fw > 0.45 {
                for s in [-1.0f32, 1.0] {
                    b.add(brass, knob(0.012).moved(x + s * fw * 0.27, y, hz));
                }
            } else {
                b.add(brass, knob(0.012).moved(x, y, hz));
            }
        }
        Style::Scandinavian => {
            if is_door {
                b.add(wood, knob(0.011).moved(x + side * (fw * 0.5 - 0.03), y, hz));
            } else {
                b.add(
                    wood,
                    knob(0.012).moved(x - if fw > 0.5 { fw * 0.25 } else { 0.0 }, y, hz),
                );
                if fw > 0.5 {
                    b.add(wood, knob(0.012).moved(x + fw * 0.25, y, hz));
                }
            }
        }
        Style::Modern => {
            if is_door {
                b.add(
                    metal,
                    block(0.008, fh.min(0.30), 0.014, 0.002).moved(
                        x + side * (fw * 0.5 - 0.02),
                        y,
                        hz + 0.004,
                    ),
                );
            } else {
                b.add(
                    metal,
                    block(fw * 0.42, 0.008, 0.016, 0.002).moved(x, y + fh * 0.5 - 0.012, hz + 0.004),
                );
            }
        }
        Style::Contemporary | Style::Industrial => {
            let length = if is_door {
                0.16
            } else {
                (fw * 0.35).clamp(0.10, 0.24)
            };
            let bar = tube(
                &[
                    Vec3::new(0.0, -length * 0.5, 0.0),
                    Vec3::ZERO,
                    Vec3::new(0.0, length * 0.5, 0.0),
                ],
                |_| 0.0055,
                10,
            );
            let bar = if is_door {
                bar.moved(x + side * (fw * 0.5 - 0.035), y, hz + 0.022)
            } else {
                bar.turned_z(90.0).moved(x, y, hz + 0.022)
            };
            b.add(metal, bar);
            for s in [-1.0f32, 1.0] {
                let post = cylinder(0.004, 0.022, 0.001, 8).turned_x(90.0);
                let at = if is_door {
                    Vec3::new(x + side * (fw * 0.5 - 0.035), y + s * length * 0.4, hz)
                } else {
                    Vec3::new(x + s * length * 0.4, y, hz)
                };
                b.add(metal, post.moved(at.x, at.y, at.z));
            }
        }
    }
}

/// What a case stands on; `size` is its width and depth and the height of the base, `back` how far the body is set back.
fn feet(b: &mut Builder, look: &Look, wood: u16, size: Vec3, back: f32) {
    let metal = b.material(look.palette.metal.material());
    let (w, base, d) = (size.x, size.y, size.z);
    match look.style {
        Style::Modern => {
            b.corners(
                metal,
                block(0.018, base, 0.05, 0.003).moved(w * 0.5 - 0.08, base * 0.5, d * 0.5 - 0.06),
            );
        }
        Style::Contemporary => b.add(
            wood,
            block(w - 0.06, base + 0.002, d - 0.06, 0.004).moved(0.0, base * 0.5, -0.01),
        ),
        Style::Traditional => {
            b.add(
                wood,
                block(w - 0.004, 0.05, d - 0.006, 0.010).moved(0.0, base - 0.012, back * 0.5),
            );
            let bun = lathe(
                &[
                    (0.0, 0.0),
                    (0.022, 0.0),
                    (0.034, 0.018),
                    (0.036, 0.035),
                    (0.028, 0.055),
                    (0.024, base),
                    (0.0, base),
                ],
                18,
            );
            b.corners(wood, bun.moved(w * 0.5 - 0.055, 0.0, d * 0.5 - 0.055));
        }
        Style::Industrial => {
            b.corners(
                metal,
                block(0.03, base, 0.03, 0.004).moved(w * 0.5 - 0.02, base * 0.5, d * 0.5 - 0.02),
            );
            b.add(
                metal,
                block(w - 0.04, 0.025, 0.025, 0.004).moved(0.0, base - 0.013, d * 0.5 - 0.02),
            );
            b.add(
                metal,
                block(w - 0.04, 0.025, 0.025, 0.004).moved(0.0, base - 0.013, -d * 0.5 + 0.02),
            );
        }
        Style::Scandinavian => {
            b.corners(
                wood,
                tapered_leg(base + 0.005, 0.020, 0.011, Vec2::new(0.025, 0.018), true).moved(
                    w * 0.5 - 0.07,
                    0.0,
                    d * 0.5 - 0.065,
                ),
            );
        }
    }
}

/// Rails and stiles of a framed front.
fn frame(b: &mut Builder, material: u16, at: Vec3, width: f32, height: f32, rail: f32) {
    let (x, y, z) = (at.x, at.y, at.z);
    for s in [-1.0f32, 1.0] {
        b.add(
            material,
            block(rail, height, 0.018, 0.003).moved(x + s * (width - rail) * 0.5, y, z),
        );
        b.add(
            material,
            block(width - 2.0 * rail, rail, 0.018, 0.003).moved(x, y + s * (height - rail) * 0.5, z),
        );
    }
}

pub(super) fn base_height(style: Style) -> f32 {
    match style {
        Style::Modern => 0.12,
        Style::Contemporary => 0.05,
        Style::Traditional => 0.09,
        Style::Industrial => 0.14,
        Style::Scandinavian => 0.18,
    }
}
