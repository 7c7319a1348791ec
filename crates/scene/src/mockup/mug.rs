//! An 11 oz mug: 95 mm high, 82 mm wide, glazed.
//!
//! Frame: y up from the table, the handle towards +x. uvs of the wall are metres around (0 opposite the handle, growing to
//! the right as seen from outside) and up, so a print wraps as its decal does.

use std::f32::consts::{PI, TAU};

use super::sheet::Assembly;
use crate::geometry::{Vec2, Vec3};
use crate::model::part::Part;
use crate::model::shapes::{curve, cylinder, lathe, sweep};
use crate::model::{Material, Piece};

pub(super) const RADIUS: f32 = 0.041;
pub(super) const HEIGHT: f32 = 0.095;
/// The decal of one side, and the one that goes around; both keep clear of the handle.
pub(super) const SIDE: Vec2 = Vec2::new(0.080, 0.080);
pub(super) const WRAP: Vec2 = Vec2::new(0.205, 0.083);
/// Middle of the decals above the table.
pub(super) const MIDDLE: f32 = 0.0485;

/// Where a place of the wall is: metres around and up.
pub(super) fn point(place: Vec2) -> Vec3 {
    // 0 looks to −x, away from the handle; to the right of it, seen from outside, is +z.
    let angle = place.x / RADIUS;
    Vec3::new(-RADIUS * angle.cos(), place.y, RADIUS * angle.sin())
}

/// Where around the middle of each side's decal lies, as seen with the handle to the right and to the left.
pub(super) const QUARTER: f32 = RADIUS * PI / 2.0;

pub(super) fn piece(wall: &Material, glaze: &Material, inside: &Material, drink: Option<&Material>) -> Piece {
    let mut all = Assembly::default();
    let (low, high) = (0.006, HEIGHT - 0.004);
    let turns = 144;
    let mut side = Part::default();
    const RINGS: usize = 12;
    for j in 0..=RINGS {
        let y = low + (high - low) * j as f32 / RINGS as f32;
        for i in 0..=turns {
            // The seam of the grid is behind the handle.
            let around = RADIUS * (TAU * i as f32 / turns as f32 - PI);
            side.positions.push(point(Vec2::new(around, y)));
            side.uvs.push(Vec2::new(around, y));
        }
    }
    let row = turns as u32 + 1;
    for j in 0..RINGS as u32 {
        for i in 0..turns as u32 {
            let (p, q) = (j * row + i, j * row + i + 1);
            side.triangles.extend([[p, q, q + row], [p, q + row, p + row]]);
        }
    }
    all.add(wall, side.smooth(40.0));
    let r = RADIUS;
    all.add(
        glaze,
        lathe(
            &[
                (0.0, 0.0025),
                (r - 0.011, 0.0025),
                (r - 0.0095, 0.0),
                (r - 0.0065, 0.0),
                (r - 0.0022, 0.0018),
                (r - 0.0004, 0.0042),
                (r, low - 0.0006),
                (r, low),
            ],
            turns,
        ),
    );
    all.add(
        glaze,
        lathe(
            &[
                (r, high),
                (r, high + 0.0006),
                (r - 0.0003, HEIGHT - 0.0018),
                (r - 0.0013, HEIGHT - 0.0004),
                (r - 0.0024, HEIGHT),
                (r - 0.0036, HEIGHT - 0.0006),
                (r - 0.0042, HEIGHT - 0.0022),
            ],
            turns,
        ),
    );
    all.add(
        inside,
        lathe(
            &[
                (r - 0.0042, HEIGHT - 0.0022),
                (r - 0.0044, HEIGHT - 0.02),
                (r - 0.0046, 0.016),
                (r - 0.0080, 0.0085),
                (r - 0.0160, 0.0065),
                (0.0, 0.006),
            ],
            turns,
        ),
    );
    if let Some(drink) = drink {
        all.add(
            drink,
            cylinder(r - 0.0045, 0.0008, 0.0003, 96).moved(0.0, HEIGHT - 0.017, 0.0),
        );
    }
    let path = curve(
        &[
            Vec3::new(r - 0.003, 0.0775, 0.0),
            Vec3::new(r + 0.009, 0.0800, 0.0),
            Vec3::new(r + 0.0235, 0.0745, 0.0),
            Vec3::new(r + 0.0300, 0.0570, 0.0),
            Vec3::new(r + 0.0270, 0.0380, 0.0),
            Vec3::new(r + 0.0150, 0.0235, 0.0),
            Vec3::new(r - 0.003, 0.0185, 0.0),
        ],
        9,
    );
    // Wider where it grows out of the wall.
    let handle = sweep(&path, 28, |t, angle| {
        let root = 1.0 + 0.35 * ((1.0 - t.min(1.0 - t) * 7.0).max(0.0)).powi(2);
        Vec2::new(angle.cos() * 0.0068, angle.sin() * 0.0042) * root
    });
    all.add(glaze, handle);
    all.piece("Mug")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decals_keep_clear_of_the_handle_and_reach_around_as_their_cylinder_does() {
        let clear = PI * RADIUS - 0.5 * WRAP.x;
        assert!(clear > 0.02, "{clear} m from the middle of the handle");
        let clear = PI * RADIUS - QUARTER - 0.5 * SIDE.x;
        assert!(clear > 0.02, "{clear} m from the middle of the handle");
        // Seen from far away the side's decal is this much narrower than it is printed.
        let seen = RADIUS * 2.0 * (0.5 * SIDE.x / RADIUS).sin();
        let squeeze = 1.0 - seen / SIDE.x;
        assert!((0.12..=0.16).contains(&squeeze), "{squeeze}");
        let front = point(Vec2::new(QUARTER, 0.05));
        assert!((front - Vec3::new(0.0, 0.05, RADIUS)).length() < 1e-6);
    }
}
