//! Windows and lamps as plain rectangles, asked for thousands of points at a time: which of them sees a direction.

use super::emitters::Emitter;
use super::room_box::RoomBox;
use super::sun_patch::Candidates;
use crate::geometry::Vec3;

/// Rays start this far off their surface, metres.
const OFF: f32 = 1e-3;
/// A direction must rise this much over a surface to light it.
const GRAZING: f32 = 0.02;

/// The rectangle of an emitter, whose edges run along the axes of the room.
pub(super) struct Pane {
    face: usize,
    /// Axis across the face, and its place on it.
    across: usize,
    place: f32,
    /// Axes within the face, and its bounds on them.
    along: (usize, usize),
    low: (f32, f32),
    high: (f32, f32),
}

impl Pane {
    pub(super) fn new(emitter: &Emitter) -> Self {
        let (a, b) = (emitter.point(0.0, 0.0), emitter.point(1.0, 1.0));
        let (low, high) = (a.min(b), a.max(b));
        let along = RoomBox::axes(emitter.face);
        let across = emitter.face / 2;
        Self {
            face: emitter.face,
            across,
            place: a[across],
            along,
            low: (low[along.0], low[along.1]),
            high: (high[along.0], high[along.1]),
        }
    }

    /// Whether a point of a face lies in the rectangle or up to `margin` metres outside.
    #[inline]
    pub(super) fn holds(&self, face: usize, point: Vec3, margin: f32) -> bool {
        let (u, v) = (point[self.along.0], point[self.along.1]);
        face == self.face
            && u > self.low.0 - margin
            && u < self.high.0 + margin
            && v > self.low.1 - margin
            && v < self.high.1 + margin
    }
}

/// Points of the room, face by face, each with the number of its patch of sun (0 for none).
pub(super) struct Asked {
    groups: Vec<Group>,
    /// Points of patches.
    seen: u32,
}

struct Group {
    normal: Vec3,
    /// Coordinates, one list per axis.
    at: [Vec<f32>; 3],
    patch: Vec<u16>,
}

impl Asked {
    pub(super) fn new(found: &Candidates, pixels: impl Iterator<Item = usize>) -> Self {
        let mut groups: Vec<Group> = (0..crate::light::room_box::FACES)
            .map(|face| Group {
                normal: RoomBox::normal(face),
                at: Default::default(),
                patch: Vec::new(),
            })
            .collect();
        let mut seen = 0;
        for i in pixels.filter(|&i| found.face[i] > 0) {
            let group = &mut groups[usize::from(found.face[i]) - 1];
            let point = found.point[i] + group.normal * OFF;
            for (axis, values) in group.at.iter_mut().enumerate() {
                values.push(point[axis]);
            }
            group.patch.push(found.patch[i]);
            seen += u32::from(found.patch[i] > 0);
        }
        groups.retain(|group| !group.patch.is_empty());
        Self { groups, seen }
    }

    /// How well the light through some windows covers the patches: intersection over union, and share of the patches.
    pub(super) fn agreement(&self, panes: &[Pane], direction: Vec3) -> (f32, f32) {
        let (mut both, mut all) = (0, 0);
        self.for_each_lit(panes, direction, |patch| {
            all += 1;
            both += u32::from(patch > 0);
        });
        let either = self.seen + all - both;
        (
            both as f32 / (either as f32).max(1.0),
            both as f32 / (self.seen as f32).max(1.0),
        )
    }

    /// Hears the patch of every point that a ray against `direction` through one of the windows meets.
    pub(super) fn for_each_lit(&self, panes: &[Pane], direction: Vec3, mut hear: impl FnMut(u16)) {
        let mut lit = Vec::new();
        for group in &self.groups {
            if group.normal.dot(direction) <= GRAZING {
                continue;
            }
            group.light(panes, direction, &mut lit);
            for (&patch, _) in group.patch.iter().zip(&lit).filter(|(_, lit)| **lit) {
                hear(patch);
            }
        }
    }
}

impl Group {
    /// A ray that meets a rectangle of the room's inside has met nothing of the empty room before.
    fn light(&self, panes: &[Pane], direction: Vec3, lit: &mut Vec<bool>) {
        lit.clear();
        lit.resize(self.patch.len(), false);
        for pane in panes {
            let step = direction[pane.across];
            let is_towards = if pane.face % 2 == 1 {
                step > 0.0
            } else {
                step < 0.0
            };
            if !is_towards {
                continue;
            }
            let (a, b) = pane.along;
            let (slope_u, slope_v) = (direction[a] / step, direction[b] / step);
            let (across, u, v) = (&self.at[pane.across], &self.at[a], &self.at[b]);
            for (((lit, across), u), v) in lit.iter_mut().zip(across).zip(u).zip(v) {
                let reach = pane.place - across;
                let (u, v) = (u + reach * slope_u, v + reach * slope_v);
                // Without branches, so that several points are asked at once.
                *lit |= (u > pane.low.0) & (u < pane.high.0) & (v > pane.low.1) & (v < pane.high.1);
            }
        }
    }
}
