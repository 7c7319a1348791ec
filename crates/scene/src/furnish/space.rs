//! Where furniture may stand: the floor seen from above, openings, and how a box looks in the picture.
//!
//! Floor coordinates are `(x, z)` of the room frame, metres.

use super::Kind;
use super::item::{Item, View, WINDOWS};
use super::polygon::{area, clip, contains, distance_to_outline, hull, simplified};
use crate::camera::Camera;
use crate::geometry::{DVec2, DVec3};
use crate::model::Design;
use crate::room::{Opening, OpeningKind, Room, Surface};

/// Gap between a piece and the wall it stands against.
pub(super) const WALL_GAP: f64 = 0.012;

/// Nothing stands nearer to the plane of the lens than this.
const NEAREST: f64 = 0.35;

/// A wall pieces can stand against; `u` runs along it (x or z).
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Wall {
    pub surface: Surface,
    pub low: f64,
    pub high: f64,
}

/// The room as the planner sees it.
#[derive(Debug)]
pub(super) struct Space<'a> {
    pub room: &'a Room,
    pub camera: &'a Camera,
    pub left: f64,
    pub right: f64,
    pub back: f64,
    /// Visible floor in pixels and from above; empty when the polygon is not usable.
    outline: Vec<DVec2>,
    floor: Vec<DVec2>,
    pub walls: Vec<Wall>,
    /// Floor in front of doors, fireplaces and unknown openings that reach the floor.
    pub keep_clear: Vec<[DVec2; 4]>,
    /// Horizontal field of view, degrees.
    pub hfov: f64,
    /// Nearest depth at which the floor's middle is in the picture.
    pub near: f64,
    /// Sample points of the largest windows in pixels, at most 64 each, those inside the frame only.
    pub windows: Vec<Vec<DVec2>>,
}

/// Whether something must not be walked up to: everything that reaches the floor and is no window.
pub(super) fn is_passage(opening: &Opening) -> bool {
    match opening.kind {
        OpeningKind::Door | OpeningKind::Fireplace | OpeningKind::Radiator | OpeningKind::BuiltIn => true,
        OpeningKind::Window => opening.heights.0 < 0.12 && opening.heights.1 > 1.6,
        OpeningKind::Unknown => opening.heights.0 < 0.35,
    }
}

impl<'a> Space<'a> {
    pub fn new(room: &'a Room, camera: &'a Camera) -> Self {
        let (left, right, back) = room.extent();
        let outline = simplified(&room.floor_polygon);
        let floor: Vec<DVec2> = outline
            .iter()
            .map(|&pixel| {
                let ray = camera.ray(pixel);
                let flat = DVec2::new(ray.x, ray.z);
                // Close to the horizon the floor runs away; far enough is far enough.
                let t = if ray.y > 1e-6 {
                    room.camera_height / ray.y
                } else {
                    f64::INFINITY
                };
                let reach = (12.0 / flat.length().max(1e-9)).min(t);
                flat * reach
            })
            .collect();
        let floor = if floor.len() >= 3 { floor } else { Vec::new() };
        let bottom = camera.ray(DVec2::new(
            f64::from(camera.width) * 0.5,
            f64::from(camera.height),
        ));
        let near = if bottom.y > 0.05 {
            (room.camera_height / bottom.y * bottom.z).clamp(NEAREST, 4.0)
        } else {
            1.0
        };
        let mut walls = Vec::new();
        // The wall across the view spans what is known of it.
        let mut space = Self {
            room,
            camera,
            left,
            right,
            back,
            outline,
            floor,
            walls: Vec::new(),
            keep_clear: Vec::new(),
            hfov: 2.0 * (f64::from(camera.width) * 0.5 / camera.focal).atan().to_degrees(),
            near,
            windows: sampled_windows(room, camera),
        };
        if room.back.is_some() {
            let (low, high) = space.across(back - 0.05);
            walls.push(Wall {
                surface: Surface::Back,
                low,
                high,
            });
        }
        let far = if room.back.is_some() {
            back
        } else {
            space.floor.iter().map(|p| p.y).fold(NEAREST, f64::max).min(8.0)
        };
        for (seen, surface) in [
            (room.left.is_some(), Surface::Left),
            (room.right.is_some(), Surface::Right),
        ] {
            if seen && far - NEAREST > 0.5 {
                walls.push(Wall {
                    surface,
                    low: NEAREST,
                    high: far,
                });
            }
        }
        space.walls = walls;
        space.keep_clear = room
            .openings
            .iter()
            .filter(|o| is_passage(o))
            .map(|o| space.in_front_of(o))
            .collect();
        space
    }

    fn in_front_of(&self, opening: &Opening) -> [DVec2; 4] {
        let (reach, margin) = match opening.kind {
            OpeningKind::Fireplace => (1.0, 0.15),
            // A leaf needs its swing; what is wider than two leaves is a passage or a misread frame.
            OpeningKind::Door if opening.u.1 - opening.u.0 < 1.9 => (0.95, 0.06),
            OpeningKind::Door => (0.70, 0.0),
            // A heater must give off its warmth, a cupboard's doors must open.
            OpeningKind::Radiator => (0.35, 0.0),
            OpeningKind::BuiltIn => (0.80, 0.0),
            OpeningKind::Window => (0.75, 0.0),
            OpeningKind::Unknown => (0.75, 0.05),
        };
        let (a, b) = (opening.u.0 - margin, opening.u.1 + margin);
        match opening.wall {
            Surface::Left => {
                let x = self.left;
                [
                    DVec2::new(x - 0.1, a),
                    DVec2::new(x + reach, a),
                    DVec2::new(x + reach, b),
                    DVec2::new(x - 0.1, b),
                ]
            }
            Surface::Right => {
                let x = self.right;
                [
                    DVec2::new(x - reach, a),
                    DVec2::new(x + 0.1, a),
                    DVec2::new(x + 0.1, b),
                    DVec2::new(x - reach, b),
                ]
            }
            Surface::Back | Surface::Floor | Surface::Ceiling => {
                let z = self.back;
                [
                    DVec2::new(a, z - reach),
                    DVec2::new(b, z - reach),
                    DVec2::new(b, z + 0.1),
                    DVec2::new(a, z + 0.1),
                ]
            }
        }
    }

    /// The floor's extent in x at a depth.
    pub fn across(&self, z: f64) -> (f64, f64) {
        let (mut low, mut high) = (self.left, self.right);
        if self.room.left.is_some() && self.room.right.is_some() {
            return (low, high);
        }
        if self.floor.is_empty() {
            // Nothing is known of the side: only what lies within the picture counts.
            let half = f64::from(self.camera.width) * 0.5 / self.camera.focal * z.max(0.0) * 0.95;
            return (
                low.max(if self.room.left.is_some() { low } else { -half }),
                high.min(if self.room.right.is_some() { high } else { half }),
            );
        }
        let (near, far) = self
            .floor
            .iter()
            .fold((f64::INFINITY, 0.0f64), |(n, f), p| (n.min(p.y), f.max(p.y)));
        let z = z.clamp(near + 1e-3, (far - 1e-3).max(near + 2e-3));
        let (mut first, mut last) = (f64::INFINITY, f64::NEG_INFINITY);
        for i in 0..self.floor.len() {
            let (a, b) = (self.floor[i], self.floor[(i + 1) % self.floor.len()]);
            if (a.y > z) != (b.y > z) {
                let x = a.x + (b.x - a.x) * (z - a.y) / (b.y - a.y);
                first = first.min(x);
                last = last.max(x);
            }
        }
        if self.room.left.is_none() {
            low = low.max(first);
        }
        if self.room.right.is_none() {
            high = high.min(last);
        }
        (low, high)
    }

    /// Width and depth of the floor that is seen, metres, at most 9 × 8.
    ///
    /// A wall that is out of the picture leaves the width open: there it is at least what the widest part of the visible
    /// floor shows.
    pub fn seen_size(&self) -> (f64, f64) {
        let far = if self.room.back.is_some() {
            self.back
        } else {
            self.floor.iter().map(|p| p.y).fold(0.0, f64::max)
        };
        let depth = far.min(8.0);
        let width = [0.4, 0.6, 0.8, 0.95]
            .map(|share| {
                let (low, high) = self.across(share * depth);
                high - low
            })
            .into_iter()
            .fold(0.0, f64::max);
        (width.min(9.0), depth)
    }

    /// The floor's far end at an x.
    fn depth_at(&self, x: f64) -> f64 {
        if self.room.back.is_some() {
            return self.back;
        }
        let mut far = f64::NEG_INFINITY;
        for i in 0..self.floor.len() {
            let (a, b) = (self.floor[i], self.floor[(i + 1) % self.floor.len()]);
            if (a.x > x) != (b.x > x) {
                far = far.max(a.y + (b.y - a.y) * (x - a.x) / (b.x - a.x));
            }
        }
        if far.is_finite() { far.min(8.0) } else { 3.0 }
    }

    /// Whether a point of the floor belongs to the room.
    pub fn holds(&self, p: DVec2) -> bool {
        const SLACK: f64 = 1e-6;
        if p.y < NEAREST
            || p.y > self.depth_at(p.x) + SLACK
            || p.x < self.left - SLACK
            || p.x > self.right + SLACK
        {
            return false;
        }
        if self.room.obstacles.iter().any(|obstacle| obstacle.covers(p)) {
            return false;
        }
        let (low, high) = self.across(p.y);
        if p.x < low - SLACK || p.x > high + SLACK {
            return false;
        }
        // Where the floor point is in the picture it must be on the floor that was found there.
        if self.floor.is_empty() {
            return true;
        }
        let Some((pixel, _)) = self.camera.project(DVec3::new(p.x, self.room.camera_height, p.y)) else {
            return true;
        };
        let (width, height) = (f64::from(self.camera.width), f64::from(self.camera.height));
        if pixel.x < 0.0 || pixel.y < 0.0 || pixel.x > width || pixel.y > height {
            return true;
        }
        contains(&self.outline, pixel) || distance_to_outline(&self.outline, pixel) < 0.015 * width
    }

    /// Whether a footprint lies on the floor: corners and points along the edges.
    pub fn holds_all(&self, footprint: &[DVec2; 4]) -> bool {
        (0..4).all(|i| {
            let (a, b) = (footprint[i], footprint[(i + 1) % 4]);
            self.holds(a) && self.holds(a.lerp(b, 0.33)) && self.holds(a.lerp(b, 0.67))
        }) && !self.stands_on_an_obstacle(footprint)
    }

    /// Whether something slim, such as a pillar, stands within a footprint without meeting its outline.
    fn stands_on_an_obstacle(&self, footprint: &[DVec2; 4]) -> bool {
        let corners = self
            .room
            .obstacles
            .iter()
            .filter_map(|obstacle| obstacle.footprint.as_deref());
        corners.flatten().any(|corner| contains(footprint, *corner))
    }

    /// The item standing with its back against a wall, its middle at `u` along it.
    pub fn against(&self, wall: &Wall, design: Design, u: f64, lift: f64, gap: f64) -> Item {
        let half = f64::from(design.size.z) * 0.5 + gap;
        let (x, z, yaw) = match wall.surface {
            Surface::Left => (self.left + half, u, 90.0),
            Surface::Right => (self.right - half, u, -90.0),
            Surface::Back | Surface::Floor | Surface::Ceiling => (u, self.back - half, 0.0),
        };
        self.item(design, x, z, yaw, lift)
    }

    /// The item at a place; its view is still to be taken ([`Space::view`]), which most proposals do not live to need.
    pub fn item(&self, design: Design, x: f64, z: f64, yaw: f64, lift: f64) -> Item {
        Item {
            design,
            x,
            z,
            yaw,
            lift,
            view: View::default(),
        }
    }

    pub fn wall_of(&self, item: &Item) -> Option<Surface> {
        let back = item.local(0.0, -item.depth() * 0.5);
        let reach = 0.05;
        match item.yaw as i32 {
            0 if self.room.back.is_some() && (self.back - back.y).abs() < reach => Some(Surface::Back),
            90 if self.room.left.is_some() && (back.x - self.left).abs() < reach => Some(Surface::Left),
            -90 if self.room.right.is_some() && (self.right - back.x).abs() < reach => Some(Surface::Right),
            _ => None,
        }
    }

    /// How far a point lies outside the floor, metres: beyond a wall, or off the floor that is seen (measured across
    /// the view, so somewhat less than the way back to it).
    pub fn overhang(&self, p: DVec2) -> f64 {
        let (low, high) = self.across(p.y);
        let beyond = (low - p.x)
            .max(p.x - high)
            .max(p.y - self.depth_at(p.x))
            .max(NEAREST - p.y);
        let off_pixels = self
            .camera
            .project(DVec3::new(p.x, self.room.camera_height, p.y))
            .filter(|(pixel, _)| self.outline.len() >= 3 && !contains(&self.outline, *pixel))
            .map_or(0.0, |(pixel, depth)| {
                distance_to_outline(&self.outline, pixel) * depth / self.camera.focal
            });
        if self.holds(p) {
            0.0
        } else {
            beyond.max(off_pixels)
        }
    }

    /// Distance of an item's back from the nearest wall that is seen.
    pub fn gap_to_wall(&self, item: &Item) -> f64 {
        let back = item.local(0.0, -item.depth() * 0.5);
        let gaps = [
            self.room.left.map(|x| back.x - x),
            self.room.right.map(|x| x - back.x),
            self.room.back.map(|z| z - back.y),
        ];
        gaps.into_iter().flatten().map(f64::abs).fold(20.0, f64::min)
    }

    /// Openings of a wall.
    pub fn openings_of(&self, surface: Surface) -> impl Iterator<Item = &Opening> {
        self.room.openings.iter().filter(move |o| o.wall == surface)
    }

    /// Stretches of a wall without openings that matter for a piece between two heights.
    pub fn free_spans(&self, wall: &Wall, bottom: f64, top: f64, margin: f64) -> Vec<(f64, f64)> {
        let mut spans = vec![(wall.low, wall.high)];
        for opening in self.openings_of(wall.surface) {
            let blocks = is_passage(opening) || (opening.heights.0 < top && opening.heights.1 > bottom);
            if !blocks {
                continue;
            }
            let (a, b) = (opening.u.0 - margin, opening.u.1 + margin);
            spans = spans
                .into_iter()
                .flat_map(|(low, high)| [(low, high.min(a)), (low.max(b), high)])
                .filter(|(low, high)| high - low > 0.2)
                .collect();
        }
        spans
    }

    /// How the item's box appears in the picture.
    pub fn view(&self, item: &Item) -> View {
        let (width, height) = (f64::from(self.camera.width), f64::from(self.camera.height));
        let base = self.room.camera_height - item.lift;
        let top = base - item.height();
        let corners: Vec<DVec3> = item
            .footprint(0.0)
            .iter()
            .flat_map(|p| [DVec3::new(p.x, base, p.y), DVec3::new(p.x, top, p.y)])
            .map(|p| self.camera.rotation * p)
            .collect();
        const LENS: f64 = 0.08;
        let mut points: Vec<DVec2> = Vec::with_capacity(16);
        let mut push = |p: DVec3| points.push(self.camera.pixel(p));
        for (i, a) in corners.iter().enumerate() {
            if a.z > LENS {
                push(*a);
                continue;
            }
            // Behind the lens: the box is cut by a plane just in front of it.
            for (j, b) in corners.iter().enumerate() {
                let neighbours = (i ^ j) == 1
                    || (i % 2 == j % 2 && ((i / 2 + 1) % 4 == j / 2 || (j / 2 + 1) % 4 == i / 2));
                if neighbours && b.z > LENS {
                    let t = (LENS - a.z) / (b.z - a.z);
                    push(*a + (*b - *a) * t);
                }
            }
        }
        let outline = hull(points);
        let whole = area(&outline);
        if whole < 1e-9 {
            return View::default();
        }
        let inside = clip(&outline, width, height);
        let seen = area(&inside);
        let (mut min, mut max) = (DVec2::INFINITY, DVec2::NEG_INFINITY);
        for p in &inside {
            min = min.min(*p);
            max = max.max(*p);
        }
        if inside.is_empty() {
            return View::default();
        }
        let mut windows = [0u64; WINDOWS];
        for (bits, samples) in windows.iter_mut().zip(&self.windows) {
            for (k, p) in samples.iter().enumerate() {
                if p.cmpge(min).all() && p.cmple(max).all() && contains(&inside, *p) {
                    *bits |= 1 << k;
                }
            }
        }
        let scale = DVec2::new(width, height);
        View {
            share: seen / (width * height),
            inside: seen / whole,
            min: min / scale,
            max: max / scale,
            windows,
        }
    }

    /// The largest share of a watched window that pieces hide together.
    pub fn hidden_window<'i>(&self, items: impl Iterator<Item = &'i Item>) -> f64 {
        let mut hidden = [0u64; WINDOWS];
        for item in items.filter(|item| hides(item)) {
            for (all, own) in hidden.iter_mut().zip(item.view.windows) {
                *all |= own;
            }
        }
        hidden
            .iter()
            .zip(&self.windows)
            .map(|(bits, samples)| f64::from(bits.count_ones()) / samples.len() as f64)
            .fold(0.0, f64::max)
    }
}

/// Curtains belong to the window; everything else that rises above the floor hides it.
pub(super) fn hides(item: &Item) -> bool {
    !item.is_flat() && item.design.kind != Kind::Curtain
}

/// Points spread over the windows, largest window first.
fn sampled_windows(room: &Room, camera: &Camera) -> Vec<Vec<DVec2>> {
    const SIDE: usize = 8;
    let (width, height) = (f64::from(camera.width), f64::from(camera.height));
    let mut windows: Vec<Vec<DVec2>> = room
        .openings
        .iter()
        .filter(|opening| opening.kind == OpeningKind::Window)
        .map(|opening| room.opening_polygon(camera, opening))
        .filter(|corners| corners.len() == 4)
        .map(|corners| {
            (0..SIDE * SIDE)
                .map(|k| {
                    let at = |i: usize| (i as f64 + 0.5) / SIDE as f64;
                    let (u, v) = (at(k % SIDE), at(k / SIDE));
                    let (top, bottom) = (corners[0].lerp(corners[1], u), corners[3].lerp(corners[2], u));
                    top.lerp(bottom, v)
                })
                .filter(|p| p.x > 0.0 && p.y > 0.0 && p.x < width && p.y < height)
                .collect::<Vec<_>>()
        })
        .filter(|samples| samples.len() >= 8)
        .collect();
    let spread = |samples: &[DVec2]| {
        let low = samples.iter().fold(DVec2::INFINITY, |a, p| a.min(*p));
        let high = samples.iter().fold(DVec2::NEG_INFINITY, |a, p| a.max(*p));
        (high - low).element_product()
    };
    windows.sort_by(|a, b| spread(b).total_cmp(&spread(a)));
    windows.truncate(WINDOWS);
    windows
}
