//! The bright parts of the room: windows, lamps and clipped areas, as rectangles that can be sampled directly.

use super::photo_map::luminance;
use super::room_box::{BACK, CEILING, FACES, FLOOR, FaceMap, LEFT, NEAR, RIGHT, RoomBox};
use crate::geometry::Vec3;
use crate::room::{Opening, OpeningKind, Room, Surface};

/// At most this many emitters are sampled; the weaker rest still shines as part of its face.
pub const MAX_EMITTERS: usize = 8;

/// A larger rectangle is part of the wall unless it is bright, square metres.
const LARGEST_WINDOW: f64 = 5.0;

/// A window is this much brighter than the wall two texels beside it, unless it is clipped; a wall that is only well lit is
/// not.
const STEP: f32 = 1.4;
const CLIPPED: f32 = 0.93;

/// A rectangle of a face that shines more than the photo can show.
#[derive(Debug, Clone, Copy)]
pub struct Emitter {
    pub face: usize,
    corner: Vec3,
    edge_u: Vec3,
    edge_v: Vec3,
    pub area: f32,
    /// Mean radiance as the photo shows it.
    pub shown: Vec3,
    /// What the shown radiance must be multiplied with.
    pub gain: f32,
    pub kind: EmitterKind,
    /// Whether the room knows an opening there; the others are only bright.
    pub is_opening: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EmitterKind {
    Window,
    Lamp,
    /// A window supposed behind the camera, for rooms whose light comes from where the photo does not look.
    Unseen,
}

impl Emitter {
    pub fn center(&self) -> Vec3 {
        self.corner + (self.edge_u + self.edge_v) * 0.5
    }

    pub fn point(&self, u: f32, v: f32) -> Vec3 {
        self.corner + self.edge_u * u + self.edge_v * v
    }

    /// How far inside of its rectangle a point of its face lies, metres; negative outside.
    pub fn depth(&self, point: Vec3) -> f32 {
        let inside = |edge: Vec3| {
            let length = edge.length();
            let along = (point - self.corner).dot(edge) / length;
            along.min(length - along)
        };
        inside(self.edge_u).min(inside(self.edge_v))
    }
}

/// A rectangle of texels, inclusive.
#[derive(Debug, Clone, Copy)]
struct Texels {
    x: (usize, usize),
    y: (usize, usize),
}

impl Texels {
    fn overlaps(&self, other: &Self) -> bool {
        let meet = |a: (usize, usize), b: (usize, usize)| a.0 <= b.1 && b.0 <= a.1;
        meet(self.x, other.x) && meet(self.y, other.y)
    }
}

/// Finds the emitters and marks their texels.
pub fn find(maps: &mut [FaceMap; FACES], room: &Room, room_box: &RoomBox) -> Vec<Emitter> {
    let mut found: Vec<(usize, Texels, EmitterKind)> = Vec::new();
    for opening in &room.openings {
        // A rectangle above a sill is most likely a window whose view was exposed to be seen; the solution decides how much
        // light it gives.
        let is_likely = match opening.kind {
            OpeningKind::Window => true,
            OpeningKind::Unknown => opening.heights.0 > 0.35,
            OpeningKind::Door | OpeningKind::Fireplace | OpeningKind::Radiator | OpeningKind::BuiltIn => {
                false
            }
        };
        let is_window = is_likely && area(opening) < LARGEST_WINDOW;
        if !is_window && !is_bright_opening(maps, room, room_box, opening) {
            continue;
        }
        if let Some((face, texels)) = opening_texels(maps, room, room_box, opening)
            && !found
                .iter()
                .any(|(f, other, _)| *f == face && other.overlaps(&texels))
        {
            found.push((face, texels, EmitterKind::Window));
        }
    }
    let openings = found.len();
    // Clearly brighter than the room at large, or clipped in a room that is white throughout.
    let room_median = median_luminance(maps.iter());
    let threshold = (1.7 * room_median).clamp(0.42, 0.93);
    for face in [LEFT, RIGHT, BACK, CEILING] {
        let kind = if face == CEILING {
            EmitterKind::Lamp
        } else {
            EmitterKind::Window
        };
        let known: Vec<Texels> = found
            .iter()
            .filter(|(f, ..)| *f == face)
            .map(|(_, t, _)| *t)
            .collect();
        let own = median_luminance(std::iter::once(&maps[face]));
        let threshold = threshold.max((1.4 * own).min(0.8));
        for cluster in bright_clusters(&maps[face], room_box.face_size(face), &known, threshold) {
            // Rectangles must not overlap, or their light would be counted twice.
            if !found
                .iter()
                .any(|(f, texels, _)| *f == face && texels.overlaps(&cluster))
            {
                found.push((face, cluster, kind));
            }
        }
    }
    let near = &maps[NEAR];
    let third = |n: usize| (n / 4, (n - 1 - n / 4).max(n / 4));
    found.push((
        NEAR,
        Texels {
            x: third(near.width),
            y: third(near.height),
        },
        EmitterKind::Unseen,
    ));

    let mut emitters: Vec<(Emitter, Texels)> = found
        .into_iter()
        .enumerate()
        .map(|(number, (face, texels, kind))| {
            let mut emitter = emitter(&maps[face], room_box, face, texels, kind);
            emitter.is_opening = number < openings;
            (emitter, texels)
        })
        .collect();
    emitters.sort_by(|(a, _), (b, _)| {
        let power = |e: &Emitter| luminance(e.shown) * e.area;
        power(b).total_cmp(&power(a))
    });
    // The supposed window always stays: it may be the only one.
    let unseen = emitters.iter().position(|(e, _)| e.kind == EmitterKind::Unseen);
    if let Some(at) = unseen.filter(|&at| at >= MAX_EMITTERS) {
        emitters.swap(at, MAX_EMITTERS - 1);
    }
    emitters.truncate(MAX_EMITTERS);
    for (number, (emitter, texels)) in emitters.iter().enumerate() {
        let map = &mut maps[emitter.face];
        for y in texels.y.0..=texels.y.1 {
            for x in texels.x.0..=texels.x.1 {
                map.emitter[y * map.width + x] = number as u8 + 1;
            }
        }
    }
    emitters.into_iter().map(|(emitter, _)| emitter).collect()
}

fn area(opening: &Opening) -> f64 {
    (opening.u.1 - opening.u.0) * (opening.heights.1 - opening.heights.0)
}

fn face_of(surface: Surface) -> usize {
    match surface {
        Surface::Floor => FLOOR,
        Surface::Ceiling => CEILING,
        Surface::Back => BACK,
        Surface::Left => LEFT,
        Surface::Right => RIGHT,
    }
}

fn opening_texels(
    maps: &[FaceMap; FACES],
    room: &Room,
    room_box: &RoomBox,
    opening: &Opening,
) -> Option<(usize, Texels)> {
    let face = face_of(opening.wall);
    let map = &maps[face];
    let (axis_u, _) = RoomBox::axes(face);
    let to_unit =
        |value: f64, axis: usize| (value as f32 - room_box.bounds.min[axis]) / room_box.bounds.size()[axis];
    let height = |metres: f64| to_unit(room.camera_height - metres, 1);
    let texel = |unit: f32, n: usize| ((unit * n as f32).floor().max(0.0) as usize).min(n - 1);
    let (u0, u1) = (to_unit(opening.u.0, axis_u), to_unit(opening.u.1, axis_u));
    let (v0, v1) = (height(opening.heights.1), height(opening.heights.0));
    if u1 <= 0.0 || u0 >= 1.0 || v1 <= 0.0 || v0 >= 1.0 {
        return None;
    }
    // The frame and the sill do not shine: the last texel only counts when the rectangle covers it.
    let x = (
        texel(u0, map.width),
        texel(u1 - 0.5 / map.width as f32, map.width),
    );
    let y = (
        texel(v0, map.height),
        texel(v1 - 0.5 / map.height as f32, map.height),
    );
    (x.1 >= x.0 && y.1 >= y.0).then_some((face, Texels { x, y }))
}

/// A glass door or an unexplained rectangle shines when it is much brighter than its wall.
fn is_bright_opening(maps: &[FaceMap; FACES], room: &Room, room_box: &RoomBox, opening: &Opening) -> bool {
    let Some((face, texels)) = opening_texels(maps, room, room_box, opening) else {
        return false;
    };
    let map = &maps[face];
    let wall = median_luminance(std::iter::once(map));
    let mean = mean_radiance(map, texels);
    luminance(mean) > (1.5 * wall).max(0.45)
}

/// Median over the seen texels of some faces.
fn median_luminance<'a>(maps: impl Iterator<Item = &'a FaceMap>) -> f32 {
    let seen = maps.flat_map(|map| map.radiance.iter().zip(&map.is_seen));
    let mut values: Vec<f32> = seen
        .filter(|(_, is_seen)| **is_seen)
        .map(|(r, _)| luminance(*r))
        .collect();
    if values.is_empty() {
        return 0.5;
    }
    values.sort_by(f32::total_cmp);
    values[values.len() / 2]
}

fn mean_radiance(map: &FaceMap, texels: Texels) -> Vec3 {
    let (mut sum, mut count) = (Vec3::ZERO, 0.0);
    for y in texels.y.0..=texels.y.1 {
        for x in texels.x.0..=texels.x.1 {
            sum += map.radiance[y * map.width + x];
            count += 1.0;
        }
    }
    sum / count
}

/// Connected areas that are clipped or nearly so and clearly brighter than their face.
fn bright_clusters(
    map: &FaceMap,
    (width_m, height_m): (f32, f32),
    known: &[Texels],
    threshold: f32,
) -> Vec<Texels> {
    let is_known = |x: usize, y: usize| {
        known
            .iter()
            .any(|t| (t.x.0..=t.x.1).contains(&x) && (t.y.0..=t.y.1).contains(&y))
    };
    let (w, h) = (map.width, map.height);
    let mut is_open: Vec<bool> = (0..w * h)
        .map(|i| map.is_seen[i] && luminance(map.radiance[i]) > threshold && !is_known(i % w, i / w))
        .collect();
    let texel_area = width_m * height_m / (w * h) as f32;
    let mut clusters = Vec::new();
    for start in 0..w * h {
        if !is_open[start] {
            continue;
        }
        let (mut stack, mut texels, mut count) = (vec![start], Texels { x: (w, 0), y: (h, 0) }, 0);
        is_open[start] = false;
        while let Some(i) = stack.pop() {
            let (x, y) = (i % w, i / w);
            count += 1;
            texels.x = (texels.x.0.min(x), texels.x.1.max(x));
            texels.y = (texels.y.0.min(y), texels.y.1.max(y));
            let neighbours = [
                (x > 0, i.wrapping_sub(1)),
                (x + 1 < w, i + 1),
                (y > 0, i.wrapping_sub(w)),
                (y + 1 < h, i + w),
            ];
            for (exists, n) in neighbours {
                if exists && is_open[n] {
                    is_open[n] = false;
                    stack.push(n);
                }
            }
        }
        let box_count = (texels.x.1 - texels.x.0 + 1) * (texels.y.1 - texels.y.0 + 1);
        // Sun on a wall is slanted and leaves half of its rectangle dark.
        let is_compact = count * 20 > box_count * 11;
        if is_compact && count as f32 * texel_area > 0.03 && stands_out(map, texels) {
            clusters.push(texels);
        }
    }
    clusters
}

/// Whether a cluster ends abruptly, as glass does in its frame, and does not fade into the wall.
fn stands_out(map: &FaceMap, texels: Texels) -> bool {
    let own = luminance(mean_radiance(map, texels));
    if own > CLIPPED {
        return true;
    }
    const BESIDE: usize = 2;
    let mut around = Vec::new();
    for y in texels.y.0.saturating_sub(BESIDE)..=(texels.y.1 + BESIDE).min(map.height - 1) {
        for x in texels.x.0.saturating_sub(BESIDE)..=(texels.x.1 + BESIDE).min(map.width - 1) {
            let is_rim = x + BESIDE == texels.x.0
                || x == texels.x.1 + BESIDE
                || y + BESIDE == texels.y.0
                || y == texels.y.1 + BESIDE;
            if is_rim && map.is_seen[y * map.width + x] {
                around.push(luminance(map.radiance[y * map.width + x]));
            }
        }
    }
    around.sort_by(f32::total_cmp);
    around
        .get(around.len() / 2)
        .is_none_or(|&beside| own > STEP * beside)
}

fn emitter(map: &FaceMap, room_box: &RoomBox, face: usize, texels: Texels, kind: EmitterKind) -> Emitter {
    let unit = |i: usize, n: usize| i as f32 / n as f32;
    let at = |x: usize, y: usize| room_box.point(face, unit(x, map.width), unit(y, map.height));
    let corner = at(texels.x.0, texels.y.0);
    let edge_u = at(texels.x.1 + 1, texels.y.0) - corner;
    let edge_v = at(texels.x.0, texels.y.1 + 1) - corner;
    let area = edge_u.length() * edge_v.length();
    Emitter {
        face,
        corner,
        edge_u,
        edge_v,
        area,
        shown: mean_radiance(map, texels),
        gain: 1.0,
        kind,
        is_opening: false,
    }
}
