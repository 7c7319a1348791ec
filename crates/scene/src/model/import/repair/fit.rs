//! Arbitrary units and axes: turned upright and stretched to the size the catalogue states.

use crate::geometry::{Aabb, Mat3, Vec3};
use crate::model::import::draft::Draft;

fn bounds(positions: &[Vec3]) -> Aabb {
    let mut bounds = Aabb::EMPTY;
    positions.iter().for_each(|&p| bounds.include(p));
    bounds
}

/// Applies a catalogue's rotation, nine numbers row by row. It may mirror; normals follow.
pub fn rotate(draft: &mut Draft, rows: [f32; 9]) {
    let matrix = Mat3::from_cols_array(&rows).transpose();
    if matrix.determinant().abs() < 1e-6 {
        return;
    }
    let normals = matrix.inverse().transpose();
    draft.positions.iter_mut().for_each(|p| *p = matrix * *p);
    draft
        .normals
        .iter_mut()
        .for_each(|n| *n = (normals * *n).normalize_or_zero());
}

/// Turns about the vertical, degrees; positive carries the front (+z) towards +x.
pub fn turn(draft: &mut Draft, yaw_deg: f32) {
    let matrix = Mat3::from_rotation_y(yaw_deg.to_radians());
    for vector in draft.positions.iter_mut().chain(&mut draft.normals) {
        *vector = matrix * *vector;
    }
}

/// Stretches each axis so that the model has `size` metres, stands on y = 0 and is centred on x = z = 0.
/// Without a size its own extent is taken for metres.
pub fn fit(draft: &mut Draft, size: Option<Vec3>) -> Vec3 {
    // Vertices no triangle uses must not count.
    let used: Vec<Vec3> = draft
        .triangles
        .iter()
        .flatten()
        .map(|&i| draft.positions[i as usize])
        .collect();
    let bounds = bounds(&used);
    let extent = bounds.size();
    let target = size.unwrap_or(extent);
    let stretch = |target: f32, extent: f32| if extent > 1e-9 { target / extent } else { 1.0 };
    let scale = Vec3::new(
        stretch(target.x, extent.x),
        stretch(target.y, extent.y),
        stretch(target.z, extent.z),
    );
    let origin = Vec3::new(
        (bounds.min.x + bounds.max.x) * 0.5,
        bounds.min.y,
        (bounds.min.z + bounds.max.z) * 0.5,
    );
    draft
        .positions
        .iter_mut()
        .for_each(|p| *p = (*p - origin) * scale);
    draft
        .normals
        .iter_mut()
        .for_each(|n| *n = (*n / scale.max(Vec3::splat(1e-9))).normalize_or_zero());
    target
}

#[cfg(test)]
mod tests {
    use super::*;

    fn triangle(positions: [Vec3; 3]) -> Draft {
        Draft {
            positions: positions.to_vec(),
            normals: vec![Vec3::Z; 3],
            triangles: vec![[0, 1, 2]],
            ..Draft::default()
        }
    }

    #[test]
    fn a_model_that_lies_on_its_side_in_inches_stands_up_in_metres() {
        // z is up in the file, as catalogue rotations "1 0 0  0 0 1  0 -1 0" say.
        let mut draft = triangle([Vec3::ZERO, Vec3::new(40.0, 0.0, 0.0), Vec3::new(0.0, -20.0, 30.0)]);
        rotate(&mut draft, [1.0, 0.0, 0.0, 0.0, 0.0, 1.0, 0.0, -1.0, 0.0]);
        fit(&mut draft, Some(Vec3::new(1.0, 0.75, 0.5)));
        let bounds = bounds(&draft.positions);
        assert!(
            (bounds.min - Vec3::new(-0.5, 0.0, -0.25)).length() < 1e-5,
            "{bounds:?}"
        );
        assert!(
            (bounds.max - Vec3::new(0.5, 0.75, 0.25)).length() < 1e-5,
            "{bounds:?}"
        );
        // What pointed up in the file points up in the room.
        assert_eq!(draft.normals[0], Vec3::Y);
    }

    #[test]
    fn a_quarter_turn_brings_the_front_to_the_right() {
        let mut draft = triangle([Vec3::Z, Vec3::X, Vec3::Y]);
        turn(&mut draft, 90.0);
        assert!((draft.positions[0] - Vec3::X).length() < 1e-6);
    }
}
