//! Missing normals and mirrored faces.

use crate::geometry::Vec3;
use crate::model::import::draft::Draft;
use crate::model::part::Part;

/// Faces that meet at less than this angle were meant to be round.
const CREASE_DEG: f32 = 40.0;

/// Turns triangles whose winding contradicts the normals the file gives, so that smoothing sees one side.
pub fn mirror_windings(draft: &mut Draft) {
    for t in &mut draft.triangles {
        let [a, b, c] = t.map(|i| draft.positions[i as usize]);
        let given: Vec3 = t.iter().map(|&i| draft.normals[i as usize]).sum();
        if given != Vec3::ZERO && (b - a).cross(c - a).dot(given) < 0.0 {
            t.swap(1, 2);
        }
    }
}

/// Gives every corner a normal: the file's where it has one, else smooth up to a crease.
pub fn complete_normals(draft: &mut Draft) {
    let given = std::mem::take(&mut draft.normals);
    let corners = draft.triangles.clone();
    let part = Part {
        positions: std::mem::take(&mut draft.positions),
        normals: Vec::new(),
        uvs: std::mem::take(&mut draft.uvs),
        triangles: std::mem::take(&mut draft.triangles),
    }
    .smooth(CREASE_DEG);
    draft.positions = part.positions;
    draft.normals = part.normals;
    draft.uvs = part.uvs;
    draft.triangles = part.triangles;
    for (smoothed, original) in draft.triangles.iter_mut().zip(corners) {
        for (corner, before) in smoothed.iter_mut().zip(original) {
            // A normal of the file stands, and with it the vertex as it was before creases split it.
            if given[before as usize] != Vec3::ZERO {
                *corner = before;
                draft.normals[before as usize] = given[before as usize];
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geometry::Vec2;

    /// A roof: two squares that meet at an angle along z.
    fn roof(angle_deg: f32) -> Draft {
        let (sin, cos) = (angle_deg * 0.5).to_radians().sin_cos();
        let positions = vec![
            Vec3::new(-cos, -sin, 0.0),
            Vec3::new(-cos, -sin, 1.0),
            Vec3::new(0.0, 0.0, 1.0),
            Vec3::ZERO,
            Vec3::new(cos, -sin, 1.0),
            Vec3::new(cos, -sin, 0.0),
        ];
        Draft {
            normals: vec![Vec3::ZERO; 6],
            uvs: vec![Vec2::ZERO; 6],
            positions,
            triangles: vec![[0, 1, 2], [0, 2, 3], [3, 2, 4], [3, 4, 5]],
            slots: vec![0; 4],
            materials: vec![],
        }
    }

    fn ridge_is_round(angle_deg: f32) -> bool {
        let mut draft = roof(angle_deg);
        complete_normals(&mut draft);
        let [left, right] = [draft.triangles[1][2], draft.triangles[2][0]].map(|i| draft.normals[i as usize]);
        left.dot(right) > 0.999
    }

    #[test]
    fn facets_without_normals_are_smooth_up_to_forty_degrees() {
        assert!(ridge_is_round(25.0));
        assert!(!ridge_is_round(60.0));
    }

    #[test]
    fn a_mirrored_face_is_turned_to_its_normal() {
        let mut draft = roof(20.0);
        draft.triangles[0].swap(1, 2);
        draft.normals.fill(Vec3::Y);
        mirror_windings(&mut draft);
        assert_eq!(draft.triangles[0], [0, 1, 2]);
        assert_eq!(draft.triangles[1], [0, 2, 3]);
    }
}
