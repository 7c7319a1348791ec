//! Surface coordinates for materials without pictures, and the height where things are put down.

use std::collections::HashMap;

use crate::geometry::{Vec2, Vec3};
use crate::model::import::draft::Draft;

/// Gives triangles without a picture surface coordinates in metres, seen along their main axis; `has_picture` runs
/// beside the materials. Boards run along the longest side of the piece.
pub fn lay_out(draft: &mut Draft, has_picture: &[bool]) {
    let mut known: HashMap<(u32, u8), u32> = HashMap::new();
    let mut taken = vec![None::<u8>; draft.positions.len()];
    for (number, t) in draft.triangles.iter_mut().enumerate() {
        let [a, b, c] = t.map(|i| draft.positions[i as usize]);
        let normal = (b - a).cross(c - a).abs();
        let axis = if has_picture[usize::from(draft.slots[number])] {
            3
        } else if normal.y >= normal.x && normal.y >= normal.z {
            1
        } else if normal.x >= normal.z {
            0
        } else {
            2
        };
        for corner in t.iter_mut() {
            let vertex = *corner as usize;
            let owner = *taken[vertex].get_or_insert(axis);
            if owner != axis {
                let next = draft.positions.len() as u32;
                *corner = *known.entry((*corner, axis)).or_insert(next);
                if *corner == next {
                    draft.positions.push(draft.positions[vertex]);
                    draft.normals.push(draft.normals[vertex]);
                    draft.uvs.push(draft.uvs[vertex]);
                    taken.push(Some(axis));
                }
            }
        }
    }
    for (vertex, axis) in taken.iter().enumerate() {
        let p = draft.positions[vertex];
        match axis {
            Some(0) => draft.uvs[vertex] = Vec2::new(p.z, p.y),
            Some(1) => draft.uvs[vertex] = Vec2::new(p.x, p.z),
            Some(2) => draft.uvs[vertex] = Vec2::new(p.x, p.y),
            _ => {}
        }
    }
}

/// Height of the broad level surface that carries other things, 0 when there is none: the highest band of 2 cm whose
/// level triangles cover a third of the footprint.
pub fn top_surface(positions: &[Vec3], triangles: &[[u32; 3]], size: Vec3) -> f32 {
    const BAND: f32 = 0.02;
    let mut areas: HashMap<i32, f32> = HashMap::new();
    for t in triangles {
        let [a, b, c] = t.map(|i| positions[i as usize]);
        let normal = (b - a).cross(c - a);
        if normal.y.abs() > 0.95 * normal.length() {
            let height = (a.y + b.y + c.y) / 3.0;
            *areas.entry((height / BAND).floor() as i32).or_default() += normal.y.abs() * 0.5;
        }
    }
    let enough = size.x * size.z * 0.33;
    let band = areas
        .iter()
        .filter(|(_, area)| **area >= enough)
        .map(|(band, _)| *band)
        .max();
    band.map_or(0.0, |band| {
        // The exact height within the band.
        let (low, high) = (band as f32 * BAND, (band + 1) as f32 * BAND);
        let inside = triangles.iter().flatten().map(|&i| positions[i as usize].y);
        inside.filter(|y| (low..high).contains(y)).fold(low, f32::max)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn things_stand_on_the_board_of_a_desk_not_on_its_screen() {
        let board = |y: f32, half: f32, base: u32| {
            let at = |x: f32, z: f32| Vec3::new(x * half, y, z * half);
            (
                vec![at(-1., -1.), at(1., -1.), at(1., 1.), at(-1., 1.)],
                vec![[base, base + 1, base + 2], [base, base + 2, base + 3]],
            )
        };
        let (mut positions, mut triangles) = board(0.741, 1.0, 0);
        let small = board(1.2, 0.2, 4);
        positions.extend(small.0);
        triangles.extend(small.1);
        assert_eq!(
            top_surface(&positions, &triangles, Vec3::new(2.0, 1.2, 2.0)),
            0.741
        );
        assert_eq!(
            top_surface(&positions, &triangles[2..], Vec3::new(2.0, 1.2, 2.0)),
            0.0
        );
    }
}
