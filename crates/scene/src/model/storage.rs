//! Case goods: bedside tables, dressers, wardrobes, TV benches, sideboards, bookcases.

use crate::furnish::{Kind, Style};
use crate::geometry::{Vec2, Vec3};
use crate::model::Piece;
use crate::model::builder::Builder;
use crate::model::catalogue::Design;
use crate::model::finish::{Metal, rattan};
use crate::model::look::Look;
use crate::model::shapes::{block, cylinder, lathe, tapered_leg};
use crate::model::tables::knob;
use crate::model::{baskets, decor};

/// A closed case standing on a base: body, top, fronts with gaps, handles.
struct Case {
    width: f32,
    /// Of the whole piece up to the carrying surface.
    height: f32,
    depth: f32,
    base: f32,
    rows: usize,
    columns: usize,
    /// Doors instead of drawers.
    doors: bool,
}

fn case(b: &mut Builder, look: &Look, c: &Case) {
    let (w, h, d) = (c.width, c.height, c.depth);
    let seed = b.dice.seed();
    let wood = b.material(look.palette.wood.material(0.16, seed));
    let front_wood = match look.style {
        Style::Scandinavian => look.palette.wood_too,
        _ => look.palette.wood,
    };
    let front = b.material(front_wood.material(0.0, seed ^ 7));
    let metal = b.material(look.palette.metal.material());
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
            // Handles.
            let hz = z + 0.009;
            let side = if column % 2 == 0 { 1.0 } else { -1.0 };
            match look.style {
                Style::Traditional => {
                    let brass = b.material(Metal::Brass.material());
                    if c.doors {
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
                    if c.doors {
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
                    if c.doors {
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
                    let length = if c.doors {
                        0.16
                    } else {
                        (fw * 0.35).clamp(0.10, 0.24)
                    };
                    let bar = crate::model::shapes::tube(
                        &[
                            Vec3::new(0.0, -length * 0.5, 0.0),
                            Vec3::ZERO,
                            Vec3::new(0.0, length * 0.5, 0.0),
                        ],
                        |_| 0.0055,
                        10,
                    );
                    let bar = if c.doors {
                        bar.moved(x + side * (fw * 0.5 - 0.035), y, hz + 0.022)
                    } else {
                        bar.turned_z(90.0).moved(x, y, hz + 0.022)
                    };
                    b.add(metal, bar);
                    for s in [-1.0f32, 1.0] {
                        let post = cylinder(0.004, 0.022, 0.001, 8).turned_x(90.0);
                        let at = if c.doors {
                            Vec3::new(x + side * (fw * 0.5 - 0.035), y + s * length * 0.4, hz)
                        } else {
                            Vec3::new(x + s * length * 0.4, y, hz)
                        };
                        b.add(metal, post.moved(at.x, at.y, at.z));
                    }
                }
            }
        }
    }

    // Base.
    match look.style {
        Style::Modern => {
            b.corners(
                metal,
                block(0.018, c.base, 0.05, 0.003).moved(w * 0.5 - 0.08, c.base * 0.5, d * 0.5 - 0.06),
            );
        }
        Style::Contemporary => b.add(
            wood,
            block(w - 0.06, c.base + 0.002, d - 0.06, 0.004).moved(0.0, c.base * 0.5, -0.01),
        ),
        Style::Traditional => {
            b.add(
                wood,
                block(w - 0.004, 0.05, d - 0.006, 0.010).moved(0.0, c.base - 0.012, zb * 0.5),
            );
            let bun = lathe(
                &[
                    (0.0, 0.0),
                    (0.022, 0.0),
                    (0.034, 0.018),
                    (0.036, 0.035),
                    (0.028, 0.055),
                    (0.024, c.base),
                    (0.0, c.base),
                ],
                18,
            );
            b.corners(wood, bun.moved(w * 0.5 - 0.055, 0.0, d * 0.5 - 0.055));
        }
        Style::Industrial => {
            b.corners(
                metal,
                block(0.03, c.base, 0.03, 0.004).moved(w * 0.5 - 0.02, c.base * 0.5, d * 0.5 - 0.02),
            );
            b.add(
                metal,
                block(w - 0.04, 0.025, 0.025, 0.004).moved(0.0, c.base - 0.013, d * 0.5 - 0.02),
            );
            b.add(
                metal,
                block(w - 0.04, 0.025, 0.025, 0.004).moved(0.0, c.base - 0.013, -d * 0.5 + 0.02),
            );
        }
        Style::Scandinavian => {
            b.corners(
                wood,
                tapered_leg(c.base + 0.005, 0.020, 0.011, Vec2::new(0.025, 0.018), true).moved(
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

fn base_height(style: Style) -> f32 {
    match style {
        Style::Modern => 0.12,
        Style::Contemporary => 0.05,
        Style::Traditional => 0.09,
        Style::Industrial => 0.14,
        Style::Scandinavian => 0.18,
    }
}

pub(super) fn bedside_table(look: &Look, design: &Design, seed: u32) -> Piece {
    let size = design.size;
    let mut b = Builder::new(seed);
    case(
        &mut b,
        look,
        &Case {
            width: size.x,
            height: size.y,
            depth: size.z - 0.03,
            base: base_height(look.style),
            rows: 2,
            columns: 1,
            doors: false,
        },
    );
    b.finish(
        Kind::BedsideTable,
        format!("Bedside table, {}", look.palette.wood.name()),
        size,
    )
}

pub(super) fn dresser(look: &Look, design: &Design, seed: u32) -> Piece {
    let size = design.size;
    let mut b = Builder::new(seed);
    let columns = if design.option > 3 { 2 } else { 1 };
    let rows = if columns == 1 { 4 } else { 3 };
    case(
        &mut b,
        look,
        &Case {
            width: size.x,
            height: size.y,
            depth: size.z - 0.03,
            base: base_height(look.style),
            rows,
            columns,
            doors: false,
        },
    );
    b.finish(
        Kind::Dresser,
        format!("Chest of drawers, {}", look.palette.wood.name()),
        size,
    )
}

pub(super) fn wardrobe(look: &Look, design: &Design, seed: u32) -> Piece {
    let size = design.size;
    let mut b = Builder::new(seed);
    case(
        &mut b,
        look,
        &Case {
            width: size.x,
            height: size.y,
            depth: size.z - 0.03,
            base: 0.08,
            rows: 1,
            columns: usize::from(design.option),
            doors: true,
        },
    );
    b.finish(
        Kind::Wardrobe,
        format!("Wardrobe, {}", look.palette.wood.name()),
        size,
    )
}

pub(super) fn tv_bench(look: &Look, design: &Design, seed: u32) -> Piece {
    let size = design.size;
    let mut b = Builder::new(seed);
    case(
        &mut b,
        look,
        &Case {
            width: size.x,
            height: size.y,
            depth: size.z - 0.03,
            base: base_height(look.style),
            rows: 1,
            columns: usize::from(design.option),
            doors: true,
        },
    );
    b.finish(
        Kind::TvBench,
        format!("Media bench, {}", look.palette.wood.name()),
        size,
    )
}

pub(super) fn sideboard(look: &Look, design: &Design, seed: u32) -> Piece {
    let size = design.size;
    let mut b = Builder::new(seed);
    case(
        &mut b,
        look,
        &Case {
            width: size.x,
            height: size.y,
            depth: size.z - 0.03,
            base: base_height(look.style),
            rows: 1,
            columns: usize::from(design.option),
            doors: true,
        },
    );
    b.finish(
        Kind::Sideboard,
        format!("Sideboard, {}", look.palette.wood.name()),
        size,
    )
}

pub(super) fn bookcase(look: &Look, design: &Design, seed: u32) -> Piece {
    let size = design.size;
    let (w, h, d) = (size.x, size.y, size.z);
    let mut b = Builder::new(seed);
    let grain = b.dice.seed();
    let wood = b.material(look.palette.wood.material(0.0, grain));
    let metal = b.material(look.palette.metal.material());
    let shelves = 5;
    let open = matches!(
        look.style,
        Style::Industrial | Style::Modern | Style::Contemporary
    );
    let (foot, t) = (if open { 0.12 } else { 0.07 }, 0.024);
    if open {
        let post = if look.style == Style::Contemporary {
            0.018
        } else {
            0.025
        };
        b.corners(
            metal,
            block(post, h, post, 0.003).moved(w * 0.5 - post * 0.5, h * 0.5, d * 0.5 - post * 0.5),
        );
        for y in [foot * 0.5, h - 0.012] {
            b.pair(
                metal,
                block(post * 0.8, post * 0.8, d - 0.03, 0.003).moved(w * 0.5 - post * 0.5, y, 0.0),
            );
        }
        b.add(
            metal,
            block(w - 0.03, post * 0.8, post * 0.8, 0.003).moved(0.0, h - 0.012, -d * 0.5 + 0.012),
        );
        if look.style == Style::Industrial {
            let path = |a: Vec3, c: Vec3| crate::model::shapes::tube(&[a, a.lerp(c, 0.5), c], |_| 0.005, 8);
            b.add(
                metal,
                path(
                    Vec3::new(-w * 0.5 + 0.02, foot, -d * 0.5 + 0.008),
                    Vec3::new(w * 0.5 - 0.02, h - 0.05, -d * 0.5 + 0.008),
                ),
            );
            b.add(
                metal,
                path(
                    Vec3::new(w * 0.5 - 0.02, foot, -d * 0.5 + 0.010),
                    Vec3::new(-w * 0.5 + 0.02, h - 0.05, -d * 0.5 + 0.010),
                ),
            );
        }
    } else {
        b.pair(
            wood,
            block(t, h - 0.005, d, 0.003).moved(w * 0.5 - t * 0.5, (h - 0.005) * 0.5, 0.0),
        );
        b.add(
            wood,
            block(w - 0.02, h - foot, 0.010, 0.002).moved(0.0, (h + foot) * 0.5 - 0.01, -d * 0.5 + 0.008),
        );
        b.add(wood, block(w, 0.034, d, 0.006).moved(0.0, h - 0.017, 0.0));
        b.add(
            wood,
            block(w - 0.04, foot, 0.02, 0.003).moved(0.0, foot * 0.5, d * 0.5 - 0.03),
        );
    }
    let clear = (h - foot - 0.04) / shelves as f32;
    for k in 0..shelves {
        let y = foot + clear * k as f32;
        b.add(
            wood,
            block(w - 2.0 * if open { 0.008 } else { t }, t, d - 0.014, 0.003).moved(0.0, y + t * 0.5, 0.0),
        );
        let surface = y + t;
        let half = w * 0.5 - 0.045;
        // A row of books, a gap, sometimes an object.
        let mut x = -half + if b.dice.chance(0.5) { 0.0 } else { 0.14 };
        let stop = if b.dice.chance(0.55) {
            half - 0.22
        } else {
            half - 0.04
        };
        let run = b.dice.range(0.30, 0.8) * (stop - x);
        let width = decor::book_row(
            &mut b,
            look,
            Vec3::new(x, surface, -d * 0.5 + 0.04),
            run,
            clear - t - 0.04,
        );
        x += width + 0.05;
        if x + 0.24 < half {
            let seed = b.dice.seed();
            match b.dice.below(3) {
                0 => {
                    let pot = decor::small_vase(look, 0.20_f32.min(clear - 0.08), seed);
                    b.place(&pot, Vec3::new(x + 0.10, surface, 0.0), 0.0);
                }
                1 => {
                    let stack = decor::book_stack(look, 3, seed);
                    b.place(&stack, Vec3::new(x + 0.13, surface, 0.0), 6.0);
                }
                _ => {
                    let basket = baskets::basket(Vec3::new(0.22, 0.15_f32.min(clear - 0.08), d - 0.10), seed);
                    b.place(&basket, Vec3::new(x + 0.12, surface, 0.0), 0.0);
                }
            }
        }
    }
    b.finish(
        Kind::Bookcase,
        format!("Bookcase, {}", look.palette.wood.name()),
        size,
    )
}
