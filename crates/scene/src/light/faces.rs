//! Projects the photo on the faces of the room box and fills what it does not show.

use super::photo_map::{PhotoMap, View, luminance};
use super::room_box::{CEILING, FACES, FLOOR, FaceMap, NEAR, RoomBox};
use crate::geometry::Vec3;

const TEXEL: f32 = 0.09;

/// The six faces as the photo shows them, gaps filled by the damped continuation of the nearest seen texels towards
/// what is typical for such a face.
pub fn project(photo: &PhotoMap, view: &View, room_box: &RoomBox) -> [FaceMap; FACES] {
    let mut maps: [FaceMap; FACES] =
        std::array::from_fn(|face| FaceMap::new(room_box.face_size(face), TEXEL));
    for (face, map) in maps.iter_mut().enumerate() {
        if face != NEAR {
            project_face(photo, view, room_box, face, map);
        }
    }
    let typical = typical_radiance(&maps, photo);
    for (face, map) in maps.iter_mut().enumerate() {
        fill(map, typical[face], room_box.face_size(face).0);
    }
    maps
}

fn project_face(photo: &PhotoMap, view: &View, room_box: &RoomBox, face: usize, map: &mut FaceMap) {
    for index in 0..map.radiance.len() {
        let (u, v) = map.center(index);
        let point = room_box.point(face, u, v);
        let Some((pixel, depth)) = view.project(point) else {
            continue;
        };
        if depth < 0.15 || !view.contains(pixel) {
            continue;
        }
        let radius = 0.5 * TEXEL * view.focal() / depth;
        map.radiance[index] = photo.mean(pixel, radius.min(0.05 * view.width));
        map.is_seen[index] = true;
    }
}

/// What an unseen part of each face is assumed to look like: the median of the face itself when enough of it is seen,
/// of the walls together otherwise; the floor and ceiling borrow from the walls.
fn typical_radiance(maps: &[FaceMap; FACES], photo: &PhotoMap) -> [Vec3; FACES] {
    let seen = |face: usize| {
        let map = &maps[face];
        map.radiance
            .iter()
            .zip(&map.is_seen)
            .filter(|(_, is_seen)| **is_seen)
            .map(|(r, _)| *r)
            .collect::<Vec<_>>()
    };
    let walls: Vec<Vec3> = (0..FACES)
        .filter(|&f| f != FLOOR && f != CEILING)
        .flat_map(seen)
        .collect();
    let wall = median(walls)
        .or_else(|| median(photo.pixels.clone()))
        .unwrap_or(Vec3::splat(0.3));
    std::array::from_fn(|face| {
        let own = seen(face);
        let is_enough = own.len() * 20 > maps[face].radiance.len();
        match median(own) {
            Some(color) if is_enough => color,
            _ if face == FLOOR => wall * 0.5,
            _ => wall,
        }
    })
}

/// The colour of median luminance, averaged over the middle fifth.
pub(super) fn median(mut colors: Vec<Vec3>) -> Option<Vec3> {
    if colors.is_empty() {
        return None;
    }
    colors.sort_by(|a, b| luminance(*a).total_cmp(&luminance(*b)));
    let middle = &colors[colors.len() * 2 / 5..(colors.len() * 3 / 5).max(colors.len() * 2 / 5 + 1)];
    Some(middle.iter().sum::<Vec3>() / middle.len() as f32)
}

/// Continues seen texels into unseen ones; their weight halves every 70 cm.
fn fill(map: &mut FaceMap, typical: Vec3, face_width: f32) {
    let (w, h) = (map.width, map.height);
    let texel = face_width / w as f32;
    let mut nearest: Vec<Option<usize>> = map
        .is_seen
        .iter()
        .enumerate()
        .map(|(i, &is_seen)| is_seen.then_some(i))
        .collect();
    let distance = |a: usize, b: usize| {
        let (dx, dy) = ((a % w).abs_diff(b % w) as f32, (a / w).abs_diff(b / w) as f32);
        dx.hypot(dy)
    };
    let mut relax = |from: usize, to: usize| {
        if let Some(seed) = nearest[from]
            && nearest[to].is_none_or(|old| distance(to, seed) < distance(to, old))
        {
            nearest[to] = Some(seed);
        }
    };
    // Two sweeps in each direction carry the nearest seed far enough for a smooth fill.
    for _ in 0..2 {
        for i in 0..w * h {
            if i % w > 0 {
                relax(i - 1, i);
            }
            if i >= w {
                relax(i - w, i);
            }
        }
        for i in (0..w * h).rev() {
            if i % w < w - 1 {
                relax(i + 1, i);
            }
            if i + w < w * h {
                relax(i + w, i);
            }
        }
    }
    for (i, nearest) in nearest.into_iter().enumerate() {
        if map.is_seen[i] {
            continue;
        }
        map.radiance[i] = match nearest {
            Some(seed) => {
                let weight = 0.5_f32.powf(distance(i, seed) * texel / 0.7);
                typical.lerp(map.radiance[seed].min(Vec3::ONE), weight)
            }
            None => typical,
        };
    }
}
