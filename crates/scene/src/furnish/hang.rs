//! A picture of one's own on the best wall of a furnished room.
//!
//! Where the planner hung a picture this one takes its place; otherwise it hangs over the piece of furniture nearest to
//! the middle of the back wall, or on the free wall.

use std::sync::Arc;

use super::{Kind, Placement, Print, Source, Style, Support};
use crate::camera::Camera;
use crate::geometry::{DVec2, DVec3, Vec2, Vec3};
use crate::model::framed_print::{Frame, FramedPrint};
use crate::model::ink::Ink;
use crate::model::{Design, palettes};
use crate::room::{Room, Surface};

/// A picture and how it is framed.
#[derive(Debug, Clone, PartialEq)]
pub struct Hanging {
    pub ink: Arc<Ink>,
    pub frame: Frame,
    pub has_mat: bool,
}

/// Longest side where there was no picture to go by, metres; height of its middle over the floor.
const LONGEST: f32 = 0.80;
const EYE_LEVEL: f64 = 1.52;
const DEPTH: f32 = 0.025;
/// Clearance to openings and to what stands below.
const CLEAR: f64 = 0.12;

/// Hangs a picture among placed pieces; false when no wall has a place for it.
pub fn hang(placements: &mut Vec<Placement>, room: &Room, camera: &Camera, picture: &Hanging) -> bool {
    let largest = placements
        .iter()
        .enumerate()
        .filter(|(_, placed)| placed.piece.kind == Kind::Art)
        .max_by(|(_, a), (_, b)| {
            (a.piece.size.x * a.piece.size.y).total_cmp(&(b.piece.size.x * b.piece.size.y))
        })
        .map(|(index, _)| index);
    if let Some(index) = largest {
        let old = &placements[index];
        // Half as high again where a lying picture makes room for an upright one.
        let most = Vec2::new(old.piece.size.x, old.piece.size.y.max(0.75));
        let size = picture.size(most);
        let rise = 0.5 * f64::from(old.piece.size.y - size.y);
        let position = old.position - DVec3::Y * rise;
        let support = old.source.as_ref().map(|source| source.support.clone());
        let support = support.unwrap_or(Support::Wall { wall: Surface::Back });
        placements[index] = picture.placed(size, position, old.yaw_deg, support);
        return true;
    }
    let Some(back) = room.back else { return false };
    let size = picture.size(Vec2::splat(LONGEST));
    let (half, height) = (0.5 * f64::from(size.x), f64::from(size.y));
    let low = EYE_LEVEL - 0.5 * height;
    let (left, right, _) = room.extent();
    let is_free = |x: f64, low: f64| {
        let (from, to) = (x - half - CLEAR, x + half + CLEAR);
        let hits_opening = room.openings.iter().any(|opening| {
            opening.wall == Surface::Back
                && opening.u.0 < to
                && opening.u.1 > from
                && opening.heights.1 > low - CLEAR
                && opening.heights.0 < low + height + CLEAR
        });
        let is_seen = [
            (-half, low),
            (half, low),
            (-half, low + height),
            (half, low + height),
        ]
        .iter()
        .all(|&(dx, up)| {
            let point = DVec3::new(x + dx, room.camera_height - up, back);
            camera.project(point).is_some_and(|(pixel, _)| {
                let size = DVec2::new(f64::from(camera.width), f64::from(camera.height));
                pixel.cmpge(DVec2::ZERO).all() && pixel.cmple(size).all()
            })
        });
        let is_hidden = placements.iter().any(|placed| {
            let reach = 0.5 * f64::from(placed.piece.size.x.max(placed.piece.size.z));
            let top = room.camera_height - placed.position.y + f64::from(placed.piece.size.y);
            (placed.position.x - x).abs() < reach + half && top > low - 0.5 * CLEAR
        });
        from > left
            && to < right
            && !hits_opening
            && is_seen
            && !is_hidden
            && low + height < room.ceiling_height
    };
    // Over what stands at the wall, the widest first; then wherever there is room, the middle first.
    let mut below: Vec<&Placement> = placements
        .iter()
        .filter(|placed| {
            back - placed.position.z < 1.4 && placed.piece.size.x > 0.9 && placed.piece.size.y < 1.3
        })
        .collect();
    below.sort_by(|a, b| b.piece.size.x.total_cmp(&a.piece.size.x));
    let mut places: Vec<(f64, f64)> = below
        .iter()
        .map(|placed| (placed.position.x, low.max(f64::from(placed.piece.size.y) + 0.15)))
        .collect();
    places.extend((0..60).map(|i| {
        let step = 0.1 * f64::from((i + 1) / 2);
        (if i % 2 == 0 { step } else { -step }, low)
    }));
    let Some((x, low)) = places.into_iter().find(|&(x, low)| is_free(x, low)) else {
        return false;
    };
    let position = DVec3::new(x, room.camera_height - low, back - 0.5 * f64::from(DEPTH));
    let wall = Support::Wall { wall: Surface::Back };
    placements.push(picture.placed(size, position, 0.0, wall));
    true
}

impl Hanging {
    /// The frame's size within a width and height.
    fn size(&self, most: Vec2) -> Vec3 {
        // With a mat the frame follows the picture as well: it grows by the same width on all sides.
        FramedPrint::fitted(self.ink.aspect(), self.frame, false, most).extend(DEPTH)
    }

    fn placed(&self, size: Vec3, position: DVec3, yaw_deg: f64, support: Support) -> Placement {
        let framed = FramedPrint {
            ink: Arc::clone(&self.ink),
            frame: self.frame,
            has_mat: self.has_mat,
            has_glass: self.frame != Frame::None,
        };
        Placement {
            piece: framed.piece(size),
            position,
            yaw_deg,
            source: Some(Source {
                id: "print-1".to_owned(),
                design: Design::new(Kind::Art, 4, size.to_array(), 0.0),
                style: Style::Modern,
                palette: palettes(Style::Modern)[0].name,
                seed: 1,
                tint: None,
                support,
                asset: None,
                print: Some(Print {
                    original_id: None,
                    artwork: None,
                    frame: self.frame,
                    mat: self.has_mat,
                    aspect: Some(self.ink.aspect()),
                }),
            }),
        }
    }
}
