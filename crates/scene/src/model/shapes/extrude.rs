//! Flat outlines given thickness.

use super::without_slivers;
use crate::geometry::Vec2;
use crate::model::part::Part;

/// A flat outline in the XY plane (counter-clockwise) given thickness along Z, with bevelled rims.
pub fn extrude(outline: &[Vec2], thickness: f32, bevel: f32) -> Part {
    let count = outline.len();
    let b = bevel.min(thickness * 0.45);
    let inset: Vec<Vec2> = (0..count)
        .map(|i| {
            let (p, q, r) = (
                outline[(i + count - 1) % count],
                outline[i],
                outline[(i + 1) % count],
            );
            let n1 = (q - p).perp().normalize_or_zero();
            let n2 = (r - q).perp().normalize_or_zero();
            let n = (n1 + n2).normalize_or(n1);
            q + n * (b / n.dot(n1).max(0.5))
        })
        .collect();
    let h = thickness * 0.5;
    let rings: [(&[Vec2], f32); 4] = [(&inset, -h), (outline, -h + b), (outline, h - b), (&inset, h)];
    let mut part = Part::default();
    for (ring, z) in rings {
        let mut along = 0.0;
        for i in 0..=count {
            let p = ring[i % count];
            if i > 0 {
                along += p.distance(ring[i - 1]);
            }
            part.positions.push(p.extend(z));
            part.uvs.push(Vec2::new(along, z));
        }
    }
    let row = count as u32 + 1;
    for j in 0..3u32 {
        for i in 0..count as u32 {
            let (p, q) = (j * row + i, j * row + i + 1);
            let (r, s) = (q + row, p + row);
            part.triangles.extend([[p, q, r], [p, r, s]]);
        }
    }
    let faces = triangulate(&inset);
    for (z, flip) in [(-h, true), (h, false)] {
        let base = part.positions.len() as u32;
        for p in &inset {
            part.positions.push(p.extend(z));
            part.uvs.push(*p);
        }
        for &[a, b, c] in &faces {
            part.triangles.push(if flip {
                [base + a, base + c, base + b]
            } else {
                [base + a, base + b, base + c]
            });
        }
    }
    without_slivers(part).smooth(40.0)
}

/// Ear clipping of a simple counter-clockwise outline.
fn triangulate(outline: &[Vec2]) -> Vec<[u32; 3]> {
    let mut left: Vec<u32> = (0..outline.len() as u32).collect();
    let mut faces = Vec::new();
    let at = |i: u32| outline[i as usize];
    let mut guard = 0;
    while left.len() > 3 && guard < 20_000 {
        let n = left.len();
        let mut clipped = false;
        for i in 0..n {
            guard += 1;
            let (a, b, c) = (left[(i + n - 1) % n], left[i], left[(i + 1) % n]);
            if (at(b) - at(a)).perp_dot(at(c) - at(b)) <= 1e-12 {
                continue;
            }
            let inside = left.iter().any(|&k| {
                k != a
                    && k != b
                    && k != c
                    && (at(b) - at(a)).perp_dot(at(k) - at(a)) >= 0.0
                    && (at(c) - at(b)).perp_dot(at(k) - at(b)) >= 0.0
                    && (at(a) - at(c)).perp_dot(at(k) - at(c)) >= 0.0
            });
            if !inside {
                faces.push([a, b, c]);
                left.remove(i);
                clipped = true;
                break;
            }
        }
        if !clipped {
            left.remove(0);
        }
    }
    if left.len() == 3 {
        faces.push([left[0], left[1], left[2]]);
    }
    faces
}
