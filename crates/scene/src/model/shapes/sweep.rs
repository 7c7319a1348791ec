//! Sections along paths: tubes, bars, and the paths themselves.

use super::without_slivers;
use crate::geometry::{Vec2, Vec3};
use crate::model::part::Part;

/// A round tube along a path with a radius per point; the ends are rounded off. Texture u runs along it.
pub fn tube(path: &[Vec3], radius: impl Fn(f32) -> f32, sides: usize) -> Part {
    sweep(path, sides, |t, angle| {
        let r = radius(t);
        Vec2::new(angle.cos(), angle.sin()) * r
    })
}

/// A square bar with softened corners along a path (`width` sideways, `height` in the path's up direction).
pub fn bar(path: &[Vec3], width: f32, height: f32) -> Part {
    sweep(path, 16, |_, angle| {
        // A superellipse reads as a bar with rounded corners.
        let (s, c) = angle.sin_cos();
        let k = (c.abs().powi(7) + s.abs().powi(7)).powf(-1.0 / 7.0);
        Vec2::new(c * k * width * 0.5, s * k * height * 0.5)
    })
}

/// Sweeps an outline `section(t, angle)` along a path without twisting, with domed ends.
pub fn sweep(path: &[Vec3], sides: usize, section: impl Fn(f32, f32) -> Vec2) -> Part {
    let count = path.len();
    let mut part = Part::default();
    let tangent = |i: usize| {
        let a = path[i.saturating_sub(1)];
        let b = path[(i + 1).min(count - 1)];
        (b - a).normalize_or(Vec3::Y)
    };
    let first = tangent(0);
    let helper = if first.y.abs() > 0.9 { Vec3::Z } else { Vec3::Y };
    let mut side = first.cross(helper).normalize();
    let mut rings: Vec<(Vec3, Vec3, Vec3, f32, f32)> = Vec::new();
    let mut along = 0.0;
    for i in 0..count {
        let forward = tangent(i);
        side = (side - forward * side.dot(forward)).normalize_or(forward.any_orthonormal_vector());
        let up = side.cross(forward);
        if i > 0 {
            along += path[i].distance(path[i - 1]);
        }
        rings.push((path[i], side, up, along, i as f32 / (count - 1).max(1) as f32));
    }
    let mut emit = |centre: Vec3, side: Vec3, up: Vec3, u: f32, t: f32, shrink: f32| {
        for k in 0..=sides {
            let angle = if k == sides {
                0.0
            } else {
                k as f32 / sides as f32 * std::f32::consts::TAU
            };
            let offset = section(t, angle) * shrink;
            part.positions.push(centre + side * offset.x + up * offset.y);
            let girth = section(t, 0.0).length() * std::f32::consts::TAU;
            part.uvs.push(Vec2::new(u, k as f32 / sides as f32 * girth));
        }
    };
    let last = count - 1;
    let r0 = section(0.0, 0.0)
        .length()
        .min(section(0.0, std::f32::consts::FRAC_PI_2).length());
    let r1 = section(1.0, 0.0)
        .length()
        .min(section(1.0, std::f32::consts::FRAC_PI_2).length());
    let (f0, f1) = (tangent(0), tangent(last));
    for (inset, shrink) in [(0.0, 0.0), (0.0, 0.7), (0.3, 1.0)] {
        emit(
            path[0] + f0 * (inset * r0),
            rings[0].1,
            rings[0].2,
            inset * r0,
            0.0,
            shrink,
        );
    }
    for ring in &rings[1..last] {
        emit(ring.0, ring.1, ring.2, ring.3, ring.4, 1.0);
    }
    for (inset, shrink) in [(0.3, 1.0), (0.0, 0.7), (0.0, 0.0)] {
        emit(
            path[last] - f1 * (inset * r1),
            rings[last].1,
            rings[last].2,
            along - inset * r1,
            1.0,
            shrink,
        );
    }
    let row = sides as u32 + 1;
    let total = part.positions.len() as u32 / row;
    for j in 0..total - 1 {
        for k in 0..sides as u32 {
            let (p, q) = (j * row + k, j * row + k + 1);
            let (r, s) = (q + row, p + row);
            part.triangles.extend([[p, q, r], [p, r, s]]);
        }
    }
    without_slivers(part).smooth(50.0)
}

/// A smooth path through points (Catmull-Rom), `steps` segments between neighbours.
pub fn curve(points: &[Vec3], steps: usize) -> Vec<Vec3> {
    let mut path = Vec::new();
    let at = |i: isize| points[i.clamp(0, points.len() as isize - 1) as usize];
    for i in 0..points.len() as isize - 1 {
        let (a, b, c, d) = (at(i - 1), at(i), at(i + 1), at(i + 2));
        for k in 0..steps {
            let t = k as f32 / steps as f32;
            path.push(
                0.5 * (2.0 * b
                    + (c - a) * t
                    + (2.0 * a - 5.0 * b + 4.0 * c - d) * t * t
                    + (3.0 * b - a - 3.0 * c + d) * t * t * t),
            );
        }
    }
    path.push(points[points.len() - 1]);
    path
}

/// A polyline whose inner corners are rounded with a radius: bent metal tube.
pub fn bent(points: &[Vec3], radius: f32, closed: bool) -> Vec<Vec3> {
    let count = points.len();
    let mut path = Vec::new();
    for i in 0..count {
        if !closed && (i == 0 || i == count - 1) {
            path.push(points[i]);
            continue;
        }
        let (before, here, after) = (
            points[(i + count - 1) % count],
            points[i],
            points[(i + 1) % count],
        );
        let reach = radius
            .min(0.45 * here.distance(before))
            .min(0.45 * here.distance(after));
        let a = here + (before - here).normalize() * reach;
        let b = here + (after - here).normalize() * reach;
        for k in 0..=4 {
            let t = k as f32 / 4.0;
            path.push(a.lerp(here, t).lerp(here.lerp(b, t), t));
        }
    }
    if closed {
        path.push(path[0]);
    }
    path
}
