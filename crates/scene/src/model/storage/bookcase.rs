//! Bookcases with what stands on their shelves.

use crate::furnish::{Kind, Style};
use crate::geometry::Vec3;
use crate::model::Piece;
use crate::model::builder::Builder;
use crate::model::catalogue::Design;
use crate::model::look::Look;
use crate::model::shapes::{block, tube};
use crate::model::{baskets, decor};

pub(in crate::model) fn bookcase(look: &Look, design: &Design, seed: u32) -> Piece {
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
            let path = |a: Vec3, c: Vec3| tube(&[a, a.lerp(c, 0.5), c], |_| 0.005, 8);
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
