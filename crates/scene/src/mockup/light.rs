//! The light of a set: rectangles that shine (a window, softboxes) and the dim room around.
//!
//! Everything here is in the tracer's frame; [`Lamp::new`] takes the set's.

use std::f32::consts::PI;

use super::camera::turned;
use crate::geometry::Vec3;

/// A shining rectangle.
#[derive(Debug, Clone)]
pub(super) struct Lamp {
    center: Vec3,
    /// Half edges.
    u: Vec3,
    v: Vec3,
    normal: Vec3,
    area: f32,
    radiance: Vec3,
    /// Panes across and up; 1, 1 is a softbox.
    panes: (u32, u32),
}

/// Share of a window's side that its bars take.
const BAR: f32 = 0.045;

impl Lamp {
    /// A rectangle about `center` with half edges `u` and `v`; it shines to where `towards` lies.
    pub(super) fn new(center: Vec3, (u, v): (Vec3, Vec3), towards: Vec3, radiance: Vec3) -> Self {
        let normal = u.cross(v).normalize();
        let normal = if normal.dot(towards - center) < 0.0 {
            -normal
        } else {
            normal
        };
        Self {
            center: turned(center),
            u: turned(u),
            v: turned(v),
            normal: turned(normal),
            area: 4.0 * u.cross(v).length(),
            radiance,
            panes: (1, 1),
        }
    }

    /// The same as a window with bars between its panes.
    pub(super) fn with_panes(mut self, across: u32, up: u32) -> Self {
        self.panes = (across, up);
        self
    }

    fn shown(&self, s: f32, t: f32) -> Vec3 {
        if self.panes == (1, 1) {
            // A softbox falls off towards its rim.
            let rim = (1.0 - s.abs().max(t.abs())).clamp(0.0, 0.25) / 0.25;
            return self.radiance * (0.72 + 0.28 * rim);
        }
        let bar = |value: f32, count: u32| {
            let place = (value * 0.5 + 0.5) * count as f32;
            let off = (place - place.round()).abs() / count as f32;
            off < BAR * 0.5
        };
        if bar(s, self.panes.0) || bar(t, self.panes.1) {
            self.radiance * 0.12
        } else {
            self.radiance
        }
    }

    /// Distance at which a ray meets it from the front, and what it shows there.
    fn seen(&self, origin: Vec3, direction: Vec3) -> Option<(f32, Vec3)> {
        let slant = self.normal.dot(direction);
        if slant > -1e-4 {
            return None;
        }
        let t = self.normal.dot(self.center - origin) / slant;
        if t < 1e-4 {
            return None;
        }
        let local = origin + direction * t - self.center;
        let (s, r) = (
            local.dot(self.u) / self.u.length_squared(),
            local.dot(self.v) / self.v.length_squared(),
        );
        (s.abs() <= 1.0 && r.abs() <= 1.0).then(|| (t, self.shown(s, r)))
    }

    /// Light that one point of it, chosen by two numbers of 0..1, sends to a surface: direction, distance, and the
    /// irradiance the whole lamp would bring if all of it were like this point.
    pub(super) fn sample(&self, point: Vec3, normal: Vec3, (a, b): (f32, f32)) -> Option<(Vec3, f32, Vec3)> {
        let (s, t) = (2.0 * a - 1.0, 2.0 * b - 1.0);
        let to = self.center + self.u * s + self.v * t - point;
        let squared = to.length_squared();
        let distance = squared.sqrt();
        let direction = to / distance;
        let (receive, send) = (normal.dot(direction), -self.normal.dot(direction));
        if receive <= 0.0 || send <= 0.0 {
            return None;
        }
        let irradiance = self.shown(s, t) * (self.area * receive * send / squared);
        Some((direction, distance, irradiance))
    }

    /// Irradiance from all of it where nothing is in the way, roughly: four points.
    fn open(&self, point: Vec3, normal: Vec3) -> Vec3 {
        const PLACES: [(f32, f32); 4] = [(0.25, 0.2), (0.8, 0.3), (0.2, 0.7), (0.7, 0.8)];
        let all = PLACES
            .iter()
            .filter_map(|&place| self.sample(point, normal, place));
        all.map(|(_, _, light)| light).sum::<Vec3>() / PLACES.len() as f32
    }
}

/// Everything that shines in a set.
#[derive(Debug, Clone)]
pub(super) struct Lights {
    /// The key light first.
    pub lamps: Vec<Lamp>,
    /// Radiance of the room from above, from the sides and from below.
    pub above: Vec3,
    pub around: Vec3,
    pub below: Vec3,
}

impl Lights {
    /// The room itself, lamps left out.
    #[inline]
    pub(super) fn room(&self, direction: Vec3) -> Vec3 {
        let up = -direction.y;
        if up > 0.0 {
            self.around.lerp(self.above, up)
        } else {
            self.around.lerp(self.below, -up)
        }
    }

    /// Irradiance of the room on a surface in the open.
    fn open_room(&self, normal: Vec3) -> Vec3 {
        // Exact for a radiance that is linear in height.
        let up = -normal.y;
        let (sky, ground) = (self.above - self.around, self.below - self.around);
        let half = |cosine: f32| (1.0 + cosine) * (1.0 + cosine) / 6.0 + (1.0 - cosine * cosine) / 12.0;
        (self.around + sky * half(up) + ground * half(-up)) * PI
    }

    /// What a ray sees that meets nothing before `far`: a lamp, or the room.
    pub(super) fn beyond(&self, origin: Vec3, direction: Vec3, far: f32) -> Option<Vec3> {
        let nearest = self
            .lamps
            .iter()
            .filter_map(|lamp| lamp.seen(origin, direction))
            .filter(|(t, _)| *t < far)
            .min_by(|a, b| a.0.total_cmp(&b.0));
        match nearest {
            Some((_, shown)) => Some(shown),
            None if far.is_infinite() => Some(self.room(direction)),
            None => None,
        }
    }

    /// Irradiance of a surface in the open: what relief is judged by, and exposure.
    pub(super) fn open(&self, point: Vec3, normal: Vec3) -> Vec3 {
        self.lamps
            .iter()
            .map(|lamp| lamp.open(point, normal))
            .sum::<Vec3>()
            + self.open_room(normal)
    }
}
