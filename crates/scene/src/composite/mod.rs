//! Lays the furniture and what it does to the light over the untouched photo.
//!
//! Surprise: the photo is never re-encoded here. A pixel that neither furniture, shadow nor reflection reaches keeps its
//! bytes; the masks of [`Composite`] say which those are.

pub mod canvas;
pub mod foreground;
pub mod grain;
pub mod receive;
pub mod sharpness;
mod tone;

use rayon::prelude::*;

use crate::geometry::{Vec2, Vec3};
use crate::image::RgbImage;
use crate::light::room_box::{FLOOR, RoomBox};
use crate::light::{linear_table, luminance};
use crate::trace::{Film, World};
use crate::{Control, StageError};
pub use canvas::Canvas;
use foreground::Foreground;
use receive::{Cell, Received};
use tone::Tone;

/// The finished picture and where it differs from the photo.
pub struct Composite {
    pub rgb: RgbImage,
    /// Coverage of furniture, 0..=255 per pixel.
    pub furniture_mask: Vec<u8>,
    /// 255 where shadow or reflection changed the light on the room itself.
    pub shadow_mask: Vec<u8>,
}

/// Part of the photo's light a reflection may take away: the rest is the floor's own colour.
const KEPT: f32 = 0.35;

/// Composes furniture over the photo, behind the obstacles that are nearer.
pub fn compose(
    canvas: &Canvas<'_>,
    world: &World<'_>,
    film: &Film,
    received: &Received,
    seed: u32,
    control: &Control,
) -> Result<Composite, StageError> {
    let Canvas {
        picture,
        obstacles,
        grain,
        ..
    } = canvas;
    let (width, height) = (picture.width() as usize, picture.height() as usize);
    let (table, tone) = (linear_table(), Tone::new());
    let changed = received.changed();
    let front = Foreground::new(obstacles, width, height);
    let mut rgb = RgbImage::clone(picture);
    let mut furniture_mask = vec![0_u8; width * height];
    let mut shadow_mask = vec![0_u8; width * height];
    let rows = rgb
        .par_chunks_mut(3 * width)
        .zip(furniture_mask.par_chunks_mut(width))
        .zip(shadow_mask.par_chunks_mut(width));
    rows.enumerate()
        .try_for_each(|(y, ((line, furniture), shadow))| {
            control.check()?;
            for x in 0..width {
                let (mut coverage, furniture_color) = film.at(x, y);
                let is_covered = front.covers(x, y);
                if is_covered
                    && coverage > 0.0
                    && film.point(x, y).is_none_or(|point| front.hides(x, y, point))
                {
                    coverage = 0.0;
                }
                let bytes = &mut line[3 * x..3 * x + 3];
                let own = Vec3::new(
                    table[bytes[0] as usize],
                    table[bytes[1] as usize],
                    table[bytes[2] as usize],
                );
                let change = if coverage < 0.999 && !is_covered {
                    in_sun(world, (x, y), own, received.at(world, &changed, x, y))
                } else {
                    None
                };
                if coverage <= 0.0 && change.is_none() {
                    continue;
                }
                let mut color = own;
                if let Some(change) = change {
                    color = change.on(own);
                    shadow[x] = 255;
                }
                if coverage > 0.0 {
                    color = color * (1.0 - coverage) + furniture_color;
                    furniture[x] = (coverage * 255.0).round().max(1.0) as u8;
                }
                let noise = if coverage > 0.0 {
                    grain.at(seed, x, y) * coverage
                } else {
                    0.0
                };
                for (channel, byte) in bytes.iter_mut().enumerate() {
                    // The cast rounds down and holds the bounds.
                    *byte = (tone.encode(color[channel]) + noise + 0.5) as u8;
                }
            }
            Ok(())
        })?;
    Ok(Composite {
        rgb,
        furniture_mask,
        shadow_mask,
    })
}

/// Weighted mean over cells of one surface.
#[derive(Default)]
struct Mean {
    factor: Vec3,
    added: Vec3,
    total: f32,
}

impl Mean {
    fn take(&mut self, cell: &Cell, id: u32, weight: f32) {
        if cell.id == id {
            self.factor += cell.factor * weight;
            self.added += cell.added * weight;
            self.total += weight;
        }
    }
}

/// What happens to the light of one pixel of the room.
struct Change {
    /// 1 + face of the room box.
    id: u32,
    factor: Vec3,
    added: Vec3,
    is_sunlit: bool,
}

/// Takes the sun out of a pixel where furniture stands in its way; the change of the other light holds for the rest only.
fn in_sun(world: &World<'_>, (x, y): (usize, usize), own: Vec3, change: Option<Change>) -> Option<Change> {
    let share = world.sun_share((x, y), luminance(own));
    if share <= 0.0 {
        return change;
    }
    let id = surface(world, x, y);
    let left = world.sun_left((x, y), RoomBox::normal(id as usize - 1));
    let Change { factor, added, .. } = change.unwrap_or(Change {
        id,
        factor: Vec3::ONE,
        added: Vec3::ZERO,
        is_sunlit: true,
    });
    let factor = factor + (Vec3::splat(left) - factor) * share;
    (factor != Vec3::ONE || added != Vec3::ZERO).then_some(Change {
        id,
        factor,
        added,
        is_sunlit: true,
    })
}

impl Change {
    /// The pixel's linear colour after the change.
    fn on(&self, own: Vec3) -> Vec3 {
        let Self {
            id, factor, added, ..
        } = *self;
        let changed = |own: Vec3| (own * factor + added).max(own * factor * KEPT);
        if id == FLOOR as u32 + 1 || self.is_sunlit {
            // A blown-out floor got more light than it shows, and the shadow is laid on that.
            let clipped = ((own.min_element() - 0.8) / 0.2).clamp(0.0, 1.0);
            let full = own * (1.0 + HEADROOM * clipped * clipped);
            return changed(full).min(changed(own).max(own));
        }
        own.lerp(changed(own), 1.0 - glare(own))
    }
}

/// Light of a blown-out floor above what the photo shows, as a share of that.
const HEADROOM: f32 = 0.35;

/// 1 for pixels so bright that they are light themselves, through a window that nobody recognised as one.
fn glare(own: Vec3) -> f32 {
    ((own.min_element() - 0.93) / 0.06).clamp(0.0, 1.0)
}

/// Steps to the four cells around a pixel.
const CORNERS: [(usize, usize); 4] = [(0, 0), (1, 0), (0, 1), (1, 1)];

impl Received {
    #[inline]
    fn corner(&self, x: usize, y: usize) -> &Cell {
        &self.cells[y.min(self.height - 1) * self.width + x.min(self.width - 1)]
    }

    /// Whether the light of pixels between a cell and the next ones changes at all, by cell.
    fn changed(&self) -> Vec<bool> {
        let is_changed = |cell: &Cell| cell.id != 0 && (cell.factor != Vec3::ONE || cell.added != Vec3::ZERO);
        let around = |(dx, dy), i: usize| is_changed(self.corner(i % self.width + dx, i / self.width + dy));
        (0..self.cells.len())
            .map(|i| CORNERS.into_iter().any(|corner| around(corner, i)))
            .collect()
    }

    /// Change of the light at a photo pixel, `None` where there is none. Cells of another surface do not count.
    fn at(&self, world: &World<'_>, changed: &[bool], x: usize, y: usize) -> Option<Change> {
        let position = |i: usize, n: usize| {
            let p = ((i as f32 + 0.5) / self.step as f32 - 0.5).clamp(0.0, (n - 1) as f32);
            (p as usize, p - p.floor())
        };
        let ((cx, fx), (cy, fy)) = (position(x, self.width), position(y, self.height));
        if !changed[cy * self.width + cx] {
            return None;
        }
        let cell = |dx: usize, dy: usize| self.corner(cx + dx, cy + dy);
        // All four of one kind is the rule; only seams between surfaces need to know the pixel's own.
        let first = cell(0, 0).id;
        let id = if first != 0 && CORNERS.iter().all(|&(dx, dy)| cell(dx, dy).id == first) {
            first
        } else {
            surface(world, x, y)
        };
        let mut mean = Mean::default();
        for (dx, dy) in CORNERS {
            let along = |d: usize, f: f32| if d == 1 { f } else { 1.0 - f };
            mean.take(cell(dx, dy), id, along(dx, fx) * along(dy, fy));
        }
        if mean.total < 1e-3 {
            // Squeezed between surfaces or next to furniture: the nearest cells of the same surface serve.
            for ny in cy.saturating_sub(1)..=(cy + 2).min(self.height - 1) {
                for nx in cx.saturating_sub(1)..=(cx + 2).min(self.width - 1) {
                    mean.take(&self.cells[ny * self.width + nx], id, 1.0);
                }
            }
        }
        let Mean { factor, added, total } = mean;
        if total <= 0.0 {
            return None;
        }
        let (factor, added) = (factor / total, added / total);
        (factor != Vec3::ONE || added != Vec3::ZERO).then_some(Change {
            id,
            factor,
            added,
            is_sunlit: false,
        })
    }
}

/// The surface of the room at a pixel, as [`Cell::id`] names it.
fn surface(world: &World<'_>, x: usize, y: usize) -> u32 {
    let direction = world.view.ray(Vec2::new(x as f32 + 0.5, y as f32 + 0.5));
    world.light.room_box.exit(Vec3::ZERO, direction).face as u32 + 1
}
