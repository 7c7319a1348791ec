//! Other paint on the walls, under the light that lies on them.

use rayon::prelude::*;

use super::wall_fit::{WallFit, middle};
use super::{Color, Redecorated};
use crate::camera::Camera;
use crate::geometry::polygon::contains;
use crate::geometry::{DVec2, Vec2, Vec3};
use crate::image::{RgbImage, srgb_to_linear};
use crate::light::photo_map::View;
use crate::light::room_box::{BACK, CEILING, LEFT, RIGHT, RoomBox};
use crate::light::{encode, linear_table, luminance};
use crate::room::{Room, Surface};
use crate::{Control, StageError};

/// Frames stand out this far around windows and doors, metres.
const FRAME: f32 = 0.06;

/// Paints all visible walls.
pub(super) fn paint(
    photo: &RgbImage,
    camera: &Camera,
    room: &Room,
    color: Color,
    result: &mut Redecorated,
    control: &Control,
) -> Result<(), StageError> {
    let walls = Walls::new(camera, room);
    let table = linear_table();
    let samples = walls.samples(photo, &table);
    let fits: Vec<(usize, WallFit)> = [LEFT, BACK, RIGHT]
        .into_iter()
        .filter_map(|face| Some((face, WallFit::new(samples.get(&face)?)?)))
        .collect();
    let ceiling = walls.ceiling(photo, &table);
    let brightest = fits
        .iter()
        .map(|(_, fit)| luminance(fit.middle))
        .fold(0.0, f32::max);
    let target = Vec3::from_array(color.0.map(|channel| srgb_to_linear(f32::from(channel) / 255.0)));
    let width = photo.width() as usize;
    let shares = shares(photo, &walls, &fits, &table, control)?;
    let rows = result
        .rgb
        .par_chunks_mut(3 * width)
        .zip(result.mask.par_chunks_mut(width));
    rows.enumerate().try_for_each(|(y, (line, mask))| {
        control.check()?;
        for x in 0..width {
            let share = f32::from(shares[y * width + x]) / 255.0;
            if share <= 0.0 {
                continue;
            }
            let fit = walls
                .place(Vec2::new(x as f32 + 0.5, y as f32 + 0.5))
                .and_then(|place| fits.iter().find(|(face, _)| *face == place.face));
            let Some((_, fit)) = fit else {
                continue;
            };
            let bytes = &mut line[3 * x..3 * x + 3];
            let own = Vec3::new(
                table[usize::from(bytes[0])],
                table[usize::from(bytes[1])],
                table[usize::from(bytes[2])],
            );
            let new = shoulder(own * target / fit.albedo(ceiling, brightest));
            for (channel, byte) in bytes.iter_mut().enumerate() {
                *byte = encode(own[channel] + (new[channel] - own[channel]) * share).round() as u8;
            }
            mask[x] = mask[x].max(shares[y * width + x]);
        }
        Ok(())
    })
}

/// How far every pixel is paint, 0..=255. Specks that only noise or dirt tells from the paint around them are closed, and
/// lonely pixels that look like paint are dropped; straight borders stay where they are.
fn shares(
    photo: &RgbImage,
    walls: &Walls<'_>,
    fits: &[(usize, WallFit)],
    table: &[f32; 256],
    control: &Control,
) -> Result<Vec<u8>, StageError> {
    let (width, height) = (photo.width() as usize, photo.height() as usize);
    let mut shares = vec![0_u8; width * height];
    // What can be paint at all; windows and what stands before the wall are never closed over.
    let mut possible = vec![0_u8; width * height];
    let rows = shares.par_chunks_mut(width).zip(possible.par_chunks_mut(width));
    rows.enumerate().try_for_each(|(y, (line, possible))| {
        control.check()?;
        for x in 0..width {
            let Some(place) = walls.place(Vec2::new(x as f32 + 0.5, y as f32 + 0.5)) else {
                continue;
            };
            let Some((_, fit)) = fits.iter().find(|(face, _)| *face == place.face) else {
                continue;
            };
            let pixel = photo.get_pixel(x as u32, y as u32);
            let own = Vec3::from_array(pixel.0.map(|byte| table[usize::from(byte)]));
            let border = walls.border(&place);
            line[x] = (fit.paint(place.at, own) * border * 255.0).round() as u8;
            possible[x] = if place.at.y >= fit.skirting {
                (border * 255.0).round() as u8
            } else {
                0
            };
        }
        Ok(())
    })?;
    let radius = (width.max(height) / 260).max(2);
    let means = box_mean(&shares, width, height, radius);
    shares
        .par_iter_mut()
        .zip(&means)
        .zip(&possible)
        .for_each(|((share, mean), possible)| {
            let closed = ((mean - 0.62) / 0.18).clamp(0.0, 1.0);
            let kept = (mean / 0.3).clamp(0.0, 1.0);
            let value = (f32::from(*share) / 255.0 * kept).max(closed);
            *share = (value * f32::from(*possible)).round() as u8;
        });
    Ok(shares)
}

/// Mean over squares of 2 `radius` + 1 pixels, 0..1, cut at the borders.
fn box_mean(values: &[u8], width: usize, height: usize, radius: usize) -> Vec<f32> {
    let mut sums = vec![0_u64; (width + 1) * (height + 1)];
    for y in 0..height {
        let mut line = 0_u64;
        for x in 0..width {
            line += u64::from(values[y * width + x]);
            sums[(y + 1) * (width + 1) + x + 1] = sums[y * (width + 1) + x + 1] + line;
        }
    }
    (0..width * height)
        .into_par_iter()
        .with_min_len(4096)
        .map(|index| {
            let (x, y) = (index % width, index / width);
            let (x0, x1) = (x.saturating_sub(radius), (x + radius + 1).min(width));
            let (y0, y1) = (y.saturating_sub(radius), (y + radius + 1).min(height));
            let at = |x: usize, y: usize| sums[y * (width + 1) + x];
            let sum = at(x1, y1) + at(x0, y0) - at(x1, y0) - at(x0, y1);
            sum as f32 / (255.0 * ((x1 - x0) * (y1 - y0)) as f32)
        })
        .collect()
}

/// Highlights of a wall that became lighter roll off instead of clipping.
fn shoulder(color: Vec3) -> Vec3 {
    let peak = color.max_element();
    if peak <= 0.85 {
        return color;
    }
    color * ((0.85 + 0.15 * (1.0 - (-(peak - 0.85) / 0.15).exp())) / peak)
}

/// Where a pixel lies on the walls.
struct Place {
    face: usize,
    /// Along the wall and height above the floor, metres.
    at: Vec2,
}

/// The visible walls without what hangs or stands before them.
struct Walls<'a> {
    room: &'a Room,
    view: View,
    room_box: RoomBox,
    obstacles: Vec<(DVec2, DVec2, &'a [DVec2])>,
}

impl<'a> Walls<'a> {
    fn new(camera: &Camera, room: &'a Room) -> Self {
        let bounds = |polygon: &[DVec2]| {
            polygon
                .iter()
                .fold((DVec2::INFINITY, DVec2::NEG_INFINITY), |(low, high), corner| {
                    (low.min(*corner), high.max(*corner))
                })
        };
        Self {
            room,
            view: View::new(camera),
            room_box: RoomBox::new(room),
            obstacles: room
                .obstacles
                .iter()
                .map(|obstacle| obstacle.polygon_px.as_slice())
                .filter(|polygon| polygon.len() >= 3)
                .map(|polygon| {
                    let (low, high) = bounds(polygon);
                    (low, high, polygon)
                })
                .collect(),
        }
    }

    /// The wall that a pixel shows; `None` for floor, ceiling, openings, walls that were not found and obstacles.
    fn place(&self, pixel: Vec2) -> Option<Place> {
        let exit = self.room_box.exit(Vec3::ZERO, self.view.ray(pixel));
        let (surface, along, is_known) = match exit.face {
            LEFT => (Surface::Left, exit.point.z, self.room.left.is_some()),
            RIGHT => (Surface::Right, exit.point.z, self.room.right.is_some()),
            BACK => (Surface::Back, exit.point.x, self.room.back.is_some()),
            _ => return None,
        };
        if !is_known {
            return None;
        }
        let at = Vec2::new(along, self.room.camera_height as f32 - exit.point.y);
        let is_open = self.room.openings.iter().any(|opening| {
            opening.wall == surface
                && at.x > opening.u.0 as f32 - FRAME
                && at.x < opening.u.1 as f32 + FRAME
                && at.y > opening.heights.0 as f32 - FRAME
                && at.y < opening.heights.1 as f32 + FRAME
        });
        if is_open || self.is_hidden(pixel.as_dvec2()) {
            return None;
        }
        Some(Place { face: exit.face, at })
    }

    fn is_hidden(&self, pixel: DVec2) -> bool {
        self.obstacles.iter().any(|(low, high, polygon)| {
            pixel.cmpge(*low).all() && pixel.cmple(*high).all() && contains(polygon, pixel)
        })
    }

    /// Paint ends softly where the wall does: the box is right to a pixel or two, not to a fraction.
    fn border(&self, place: &Place) -> f32 {
        let top = self.room.ceiling_height as f32 - place.at.y;
        (place.at.y.min(top) / 0.01).clamp(0.0, 1.0)
    }

    /// Colours of every wall on a coarse grid of pixels.
    fn samples(
        &self,
        photo: &RgbImage,
        table: &[f32; 256],
    ) -> std::collections::BTreeMap<usize, Vec<(Vec2, Vec3)>> {
        let mut samples = std::collections::BTreeMap::<usize, Vec<(Vec2, Vec3)>>::new();
        for (pixel, color) in coarse(photo, table) {
            if let Some(place) = self.place(pixel) {
                samples.entry(place.face).or_default().push((place.at, color));
            }
        }
        samples
    }

    /// Median colour of the ceiling, when it is in the picture.
    fn ceiling(&self, photo: &RgbImage, table: &[f32; 256]) -> Option<Vec3> {
        if !self.room.ceiling_seen {
            return None;
        }
        let colors: Vec<Vec3> = coarse(photo, table)
            .filter(|(pixel, _)| self.room_box.exit(Vec3::ZERO, self.view.ray(*pixel)).face == CEILING)
            .map(|(_, color)| color)
            .collect();
        (colors.len() > 40).then(|| middle(&colors))
    }
}

/// About 30 000 pixels spread over the photo.
fn coarse<'a>(photo: &'a RgbImage, table: &'a [f32; 256]) -> impl Iterator<Item = (Vec2, Vec3)> + 'a {
    let step = (photo.width().max(photo.height()) / 200).max(1);
    (0..photo.height()).step_by(step as usize).flat_map(move |y| {
        (0..photo.width()).step_by(step as usize).map(move |x| {
            let pixel = photo.get_pixel(x, y);
            let color = Vec3::from_array(pixel.0.map(|byte| table[usize::from(byte)]));
            (Vec2::new(x as f32 + 0.5, y as f32 + 0.5), color)
        })
    })
}

/// Colour of the best lit wall; what white would look like is near it.
pub(super) fn brightest(photo: &RgbImage, camera: &Camera, room: &Room) -> Option<Vec3> {
    Walls::new(camera, room)
        .samples(photo, &linear_table())
        .values()
        .filter_map(|samples| WallFit::new(samples))
        .map(|fit| fit.middle)
        .max_by(|a, b| luminance(*a).total_cmp(&luminance(*b)))
}
