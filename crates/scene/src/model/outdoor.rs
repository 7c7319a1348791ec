//! Furniture for terraces and gardens: teak, rope and weatherproof cloth.

use crate::furnish::{Kind, Style};
use crate::geometry::{Vec2, Vec3};
use crate::model::Piece;
use crate::model::builder::Builder;
use crate::model::catalogue::Design;
use crate::model::finish::{Cloth, Fabric, Metal, Wood, concrete};
use crate::model::look::Look;
use crate::model::part::Part;
use crate::model::shapes::{bar, bent, block, cylinder, lathe, soft_box, tapered_leg, tube};
use crate::model::upholstery::{cushion, pillow, pillow_piping, piping};

/// Weatherproof cloth in the sofa's colour.
fn weatherproof(look: &Look) -> Fabric {
    Fabric {
        cloth: Cloth::Weave,
        ..look.palette.sofa
    }
}

/// Whether frames are powder-coated metal; teak otherwise.
fn is_metal(style: Style) -> bool {
    matches!(style, Style::Modern | Style::Industrial)
}

fn frame_material(b: &mut Builder, look: &Look, seed: u32) -> u16 {
    b.material(if is_metal(look.style) {
        Metal::Black.material()
    } else {
        Wood::Teak.material(0.0, seed)
    })
}

fn matter(look: &Look) -> &'static str {
    if is_metal(look.style) {
        "black aluminium"
    } else {
        "teak"
    }
}

pub(super) fn sofa(look: &Look, design: &Design, seed: u32) -> Piece {
    let size = design.size;
    let mut b = Builder::new(seed);
    seat(&mut b, look, size, usize::from(design.option.max(1)));
    let accents = look.palette.accents;
    for (fabric, x, roll) in [
        (accents[0], size.x * 0.5 - 0.36, 4.0),
        (accents[1], -size.x * 0.5 + 0.36, -5.0),
    ] {
        let cloth = b.material(fabric.material());
        let seam = b.material(fabric.seam());
        let s = b.dice.seed();
        let set = |p: Part| {
            p.turned_z(roll)
                .moved(0.0, 0.22, 0.0)
                .turned_x(-24.0)
                .moved(x, 0.405, -size.z * 0.5 + 0.36)
        };
        b.add(cloth, set(pillow(0.45, 0.45, 0.15, s)));
        b.add(seam, set(pillow_piping(0.45, 0.45, 0.15, s)));
    }
    let name = if design.option > 2 {
        "Garden sofa"
    } else {
        "Two-seat garden sofa"
    };
    b.finish(Kind::OutdoorSofa, format!("{name}, {}", matter(look)), size)
}

/// Option 1 for lounging, option 2 at a table.
pub(super) fn chair(look: &Look, design: &Design, seed: u32) -> Piece {
    let size = design.size;
    let mut b = Builder::new(seed);
    if design.option == 1 {
        seat(&mut b, look, size, 1);
        return b.finish(
            Kind::OutdoorChair,
            format!("Garden armchair, {}", matter(look)),
            size,
        );
    }
    let (w, h, d) = (size.x, size.y, size.z);
    let grain = b.dice.seed();
    let frame = frame_material(&mut b, look, grain);
    let cord = b.material(
        Fabric {
            name: "",
            colour: 0x6F6A62,
            cloth: Cloth::Weave,
        }
        .material(),
    );
    for side in [-1.0f32, 1.0] {
        let x = side * (w * 0.5 - 0.018);
        let path = bent(
            &[
                Vec3::new(x, 0.0, d * 0.5 - 0.02),
                Vec3::new(x, 0.64, d * 0.5 - 0.05),
                Vec3::new(x, 0.64, -d * 0.5 + 0.10),
            ],
            0.06,
            false,
        );
        b.add(frame, tube(&path, |_| 0.012, 12));
        let rear = [
            Vec3::new(x, 0.0, -d * 0.5 + 0.03),
            Vec3::new(x, 0.42, -d * 0.5 + 0.10),
            Vec3::new(x * 0.94, h - 0.01, -d * 0.5 + 0.014),
        ];
        b.add(frame, tube(&crate::model::shapes::curve(&rear, 6), |_| 0.012, 12));
    }
    for (y, z) in [(0.42, d * 0.5 - 0.035), (0.42, -d * 0.5 + 0.10)] {
        b.add(frame, block(w - 0.03, 0.022, 0.022, 0.005).moved(0.0, y, z));
    }
    b.add(
        frame,
        tube(
            &[
                Vec3::new(-w * 0.47, h - 0.012, -d * 0.5 + 0.014),
                Vec3::new(0.0, h - 0.012, -d * 0.5 + 0.004),
                Vec3::new(w * 0.47, h - 0.012, -d * 0.5 + 0.014),
            ],
            |_| 0.011,
            12,
        ),
    );
    // Cords run down the back and over the seat.
    let count = ((w - 0.09) / 0.019) as usize;
    for k in 0..count {
        let x = ((k as f32 + 0.5) / count as f32 - 0.5) * (w - 0.08);
        let path = [
            Vec3::new(x * 0.97, h - 0.012, -d * 0.5 + 0.012),
            Vec3::new(x, 0.62, -d * 0.5 + 0.055),
            Vec3::new(x, 0.43, -d * 0.5 + 0.105),
            Vec3::new(x, 0.418, 0.0),
            Vec3::new(x, 0.43, d * 0.5 - 0.035),
        ];
        b.add(cord, tube(&path, |_| 0.0052, 6));
    }
    let fabric = weatherproof(look);
    let cloth = b.material(fabric.material());
    let s = b.dice.seed();
    b.add(
        cloth,
        cushion(Vec3::new(w - 0.08, 0.05, d - 0.14), 0.022, 0.010, s).moved(0.0, 0.458, 0.03),
    );
    b.finish(
        Kind::OutdoorChair,
        format!("Garden chair, {}", matter(look)),
        size,
    )
}

/// A low frame of wood or metal with loose cushions for one to three.
fn seat(b: &mut Builder, look: &Look, size: Vec3, seats: usize) {
    let (w, h, d) = (size.x, size.y, size.z);
    let grain = b.dice.seed();
    let frame = frame_material(b, look, grain);
    let fabric = weatherproof(look);
    let cloth = b.material(fabric.material());
    let seam = b.material(fabric.seam());
    let metal = is_metal(look.style);
    let t = if metal { 0.035 } else { 0.05 };
    let arm = 0.58;
    b.pair(
        frame,
        block(t, arm - 0.02, t, 0.006).moved(w * 0.5 - t * 0.5, (arm - 0.02) * 0.5, d * 0.5 - t * 0.5),
    );
    b.pair(
        frame,
        block(t, h - 0.08, t, 0.006).moved(w * 0.5 - t * 0.5, (h - 0.08) * 0.5, -d * 0.5 + t * 0.5),
    );
    b.pair(
        frame,
        block(if metal { 0.05 } else { 0.085 }, 0.026, d, 0.006).moved(
            w * 0.5 - if metal { 0.025 } else { 0.0425 },
            arm - 0.013,
            0.0,
        ),
    );
    for z in [-d * 0.5 + t * 0.5, d * 0.5 - t * 0.5] {
        b.add(frame, block(w - t, 0.07, 0.028, 0.006).moved(0.0, 0.225, z));
    }
    b.pair(
        frame,
        block(0.028, 0.07, d - t, 0.006).moved(w * 0.5 - t * 0.5, 0.225, 0.0),
    );
    // Slats under the seat, rails of the back.
    let slats = 7;
    for k in 0..slats {
        let z = ((k as f32 + 0.5) / slats as f32 - 0.5) * (d - 0.08);
        b.add(frame, block(w - 0.06, 0.016, 0.055, 0.004).moved(0.0, 0.255, z));
    }
    for k in 0..4 {
        let y = 0.34 + (h - 0.46) * k as f32 / 3.0;
        b.add(
            frame,
            block(w - t, 0.045, 0.018, 0.005).moved(0.0, y, -d * 0.5 + t * 0.5),
        );
    }
    let inner = w - 2.0 * if metal { 0.055 } else { 0.09 };
    let each = inner / seats as f32;
    let depth = d - 0.08;
    for k in 0..seats {
        let x = -inner * 0.5 + each * (k as f32 + 0.5);
        let (s1, s2) = (b.dice.seed(), b.dice.seed());
        let base = Vec3::new(each - 0.006, 0.15, depth);
        let lay = |p: Part| p.moved(x, 0.34, 0.025);
        b.add(cloth, lay(cushion(base, 0.035, 0.016, s1)));
        for edge in [1.0, -1.0] {
            b.add(seam, lay(piping(base, 0.035, 0.016, s1, edge, 0.0038)));
        }
        let tall = h - 0.395;
        let back = Vec3::new(each - 0.01, 0.16, tall);
        let tilt = 12.0 + b.dice.jitter(1.5);
        let lean = |p: Part| {
            p.turned_x(90.0)
                .moved(0.0, tall * 0.5, 0.0)
                .turned_x(-tilt)
                .moved(x, 0.405, -d * 0.5 + 0.20)
        };
        b.add(cloth, lean(cushion(back, 0.045, 0.026, s2)));
        b.add(seam, lean(piping(back, 0.045, 0.026, s2, 1.0, 0.0038)));
    }
}

/// Option 1 low, 2 for dining, 3 a round table for two.
pub(super) fn table(look: &Look, design: &Design, seed: u32) -> Piece {
    let size = design.size;
    let (w, h, d) = (size.x, size.y, size.z);
    let mut b = Builder::new(seed);
    let grain = b.dice.seed();
    let frame = frame_material(&mut b, look, grain);
    if design.option == 3 {
        let top = b.material(if look.style == Style::Industrial {
            concrete(0xA9A7A2, grain)
        } else {
            Wood::Teak.material(0.09, grain)
        });
        let r = w * 0.5;
        let mut disc = lathe(
            &[
                (0.0, h - 0.028),
                (r - 0.012, h - 0.028),
                (r, h - 0.020),
                (r, h - 0.005),
                (r - 0.005, h),
                (0.0, h),
            ],
            56,
        );
        for (uv, p) in disc.uvs.iter_mut().zip(&disc.positions) {
            *uv = Vec2::new(p.x, p.z);
        }
        b.add(top, disc);
        let metal = b.material(Metal::Black.material());
        b.add(metal, cylinder(0.026, h - 0.03, 0.003, 24));
        for k in 0..4 {
            let foot = crate::model::shapes::curve(
                &[
                    Vec3::new(0.02, 0.10, 0.0),
                    Vec3::new(0.10, 0.055, 0.0),
                    Vec3::new(r * 0.86, 0.012, 0.0),
                ],
                5,
            );
            b.add(metal, bar(&foot, 0.03, 0.022).turned_y(k as f32 * 90.0 + 45.0));
        }
        return b.finish(Kind::OutdoorTable, "Round bistro table".to_string(), size);
    }
    // Boards with gaps, on a frame.
    let low = design.option == 1;
    let boards = ((d / 0.095).round() as usize).max(4);
    let pitch = d / boards as f32;
    for k in 0..boards {
        let seed = b.dice.seed();
        let teak = b.material(Wood::Teak.material(0.0, seed));
        let z = (k as f32 + 0.5) * pitch - d * 0.5;
        b.add(
            teak,
            soft_box(Vec3::new(w, 0.026, pitch - 0.006), 0.004, 2, 0.0).moved(0.0, h - 0.013, z),
        );
    }
    let t = if is_metal(look.style) { 0.045 } else { 0.065 };
    let inset = if low { 0.03 } else { 0.08 };
    b.corners(
        frame,
        block(t, h - 0.03, t, 0.006).moved(
            w * 0.5 - inset - t * 0.5,
            (h - 0.03) * 0.5,
            d * 0.5 - inset - t * 0.5,
        ),
    );
    let apron = if low { 0.045 } else { 0.075 };
    b.pair(
        frame,
        block(0.024, apron, d - 2.0 * inset - 0.05, 0.005).moved(
            w * 0.5 - inset - t * 0.5,
            h - 0.028 - apron * 0.5,
            0.0,
        ),
    );
    for side in [-1.0f32, 1.0] {
        b.add(
            frame,
            block(w - 2.0 * inset - 0.05, apron, 0.024, 0.005).moved(
                0.0,
                h - 0.028 - apron * 0.5,
                side * (d * 0.5 - inset - t * 0.5),
            ),
        );
    }
    let name = if low { "Low garden table" } else { "Garden table" };
    b.finish(Kind::OutdoorTable, format!("{name}, teak"), size)
}

/// A sun lounger with its back raised; the feet point to the front.
pub(super) fn lounger(look: &Look, design: &Design, seed: u32) -> Piece {
    let size = design.size;
    let (w, h, d) = (size.x, size.y, size.z);
    let mut b = Builder::new(seed);
    let grain = b.dice.seed();
    let frame = frame_material(&mut b, look, grain);
    let fabric = weatherproof(look);
    let cloth = b.material(fabric.material());
    let seam = b.material(fabric.seam());
    let rail_y = 0.27;
    b.pair(
        frame,
        block(0.03, 0.06, d - 0.10, 0.006).moved(w * 0.5 - 0.015, rail_y, 0.05),
    );
    for z in [d * 0.5 - 0.10, -d * 0.5 + 0.45] {
        b.pair(
            frame,
            tapered_leg(rail_y, 0.022, 0.019, Vec2::ZERO, false).moved(w * 0.5 - 0.03, 0.0, z),
        );
        b.add(frame, block(w - 0.04, 0.04, 0.024, 0.005).moved(0.0, rail_y, z));
    }
    let hinge = -d * 0.5 + 0.74;
    let back_length = 0.78;
    let rise = (h - rail_y - 0.10).atan2(0.70);
    let slats = 12;
    for k in 0..slats {
        let z = hinge + 0.05 + (d * 0.5 - hinge - 0.08) * k as f32 / (slats - 1) as f32;
        b.add(
            frame,
            block(w - 0.06, 0.016, 0.062, 0.004).moved(0.0, rail_y + 0.02, z),
        );
    }
    let up = |p: Part| p.turned_x(rise.to_degrees()).moved(0.0, rail_y + 0.02, hinge);
    for k in 0..8 {
        b.add(
            frame,
            up(block(w - 0.08, 0.016, 0.062, 0.004).moved(
                0.0,
                0.0,
                -0.06 - (back_length - 0.10) * k as f32 / 7.0,
            )),
        );
    }
    b.pair(
        frame,
        up(block(0.026, 0.03, back_length, 0.005).moved(w * 0.5 - 0.055, -0.01, -back_length * 0.5)),
    );
    let (s1, s2) = (b.dice.seed(), b.dice.seed());
    let flat = d * 0.5 - hinge - 0.01;
    let base = Vec3::new(w - 0.05, 0.09, flat);
    let lay = |p: Part| p.moved(0.0, rail_y + 0.073, hinge + flat * 0.5);
    b.add(cloth, lay(cushion(base, 0.03, 0.012, s1)));
    b.add(seam, lay(piping(base, 0.03, 0.012, s1, 1.0, 0.0038)));
    let back = Vec3::new(w - 0.05, 0.09, back_length);
    let lean = |p: Part| up(p.moved(0.0, 0.055, -back_length * 0.5 - 0.004));
    b.add(cloth, lean(cushion(back, 0.03, 0.012, s2)));
    b.add(seam, lean(piping(back, 0.03, 0.012, s2, 1.0, 0.0038)));
    let towel = b.material(
        Fabric {
            name: "",
            colour: look.palette.sheet,
            cloth: Cloth::Terry,
        }
        .material(),
    );
    let roll = soft_box(Vec3::new(0.40, 0.10, 0.10), 0.048, 4, 0.05);
    b.add(towel, roll.moved(0.0, rail_y + 0.165, d * 0.5 - 0.28));
    b.finish(Kind::Lounger, format!("Sun lounger, {}", matter(look)), size)
}

pub(super) fn parasol(look: &Look, design: &Design, seed: u32) -> Piece {
    let size = design.size;
    let (w, h) = (size.x, size.y);
    let mut b = Builder::new(seed);
    let grain = b.dice.seed();
    let pole = frame_material(&mut b, look, grain);
    let stone = b.material(concrete(0x8F8D89, grain));
    let canvas_look = Fabric {
        name: "",
        colour: look.palette.curtain.colour,
        cloth: Cloth::Weave,
    };
    let canvas = b.material(canvas_look.material());
    b.add(
        stone,
        soft_box(Vec3::new(0.48, 0.07, 0.48), 0.012, 3, 0.0).moved(0.0, 0.035, 0.0),
    );
    b.add(pole, cylinder(0.034, 0.28, 0.004, 24).moved(0.0, 0.06, 0.0));
    b.add(pole, cylinder(0.021, h - 0.10, 0.004, 20).moved(0.0, 0.05, 0.0));
    let (rim, top) = (h - 0.46, h - 0.06);
    let panels = 8;
    let r = w * 0.5 * 0.995;
    // Cloth hangs a little between the ribs; the valance falls straight.
    let height = |radius: f32, angle: f32| {
        let between = (angle * panels as f32 * 0.5).sin().abs();
        let t = radius / r;
        top + (rim - top) * t.powf(1.12) - 0.045 * between * t * (1.35 - t)
    };
    let reach = |angle: f32| r * (1.0 - 0.035 * (angle * panels as f32 * 0.5).sin().powi(2));
    let sheet = Part::grid(panels * 8, 14, |u, v| {
        let angle = u * std::f32::consts::TAU;
        let edge = reach(angle);
        if v > 0.86 {
            let t = (v - 0.86) / 0.14;
            return Vec3::new(
                edge * angle.cos(),
                height(edge, angle) - 0.14 * t,
                -edge * angle.sin(),
            );
        }
        let radius = edge * (v / 0.86).max(0.002);
        Vec3::new(radius * angle.cos(), height(radius, angle), -radius * angle.sin())
    });
    b.add(canvas, sheet);
    for k in 0..panels {
        let angle = k as f32 / panels as f32 * std::f32::consts::TAU;
        let at = |radius: f32, drop: f32| {
            Vec3::new(
                radius * angle.cos(),
                height(radius, angle) - drop,
                -radius * angle.sin(),
            )
        };
        b.add(
            pole,
            tube(
                &[at(0.03, 0.02), at(0.5 * r, 0.016), at(0.99 * r, 0.012)],
                |_| 0.008,
                8,
            ),
        );
        let low = Vec3::new(0.03 * angle.cos(), top - 0.62, -0.03 * angle.sin());
        b.add(
            pole,
            tube(
                &[low, low.lerp(at(0.5 * r, 0.02), 0.5), at(0.5 * r, 0.02)],
                |_| 0.007,
                8,
            ),
        );
    }
    b.add(pole, cylinder(0.034, 0.10, 0.004, 20).moved(0.0, top - 0.68, 0.0));
    b.add(
        pole,
        lathe(
            &[
                (0.026, h - 0.07),
                (0.03, h - 0.05),
                (0.022, h - 0.03),
                (0.012, h - 0.01),
                (0.0, h),
            ],
            20,
        ),
    );
    b.finish(Kind::Parasol, "Parasol".to_string(), size)
}
