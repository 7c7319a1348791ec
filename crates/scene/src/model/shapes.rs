//! The shapes that furniture is made of. All are centred on the origin unless said otherwise, in metres.
//!
//! Boards carry their grain (texture u) along their longest side; turned and swept parts along their axis.

use crate::geometry::{Vec2, Vec3};
use crate::model::part::Part;

/// A box with rounded edges; `steps` segments per quarter turn and flat sides cut into cells of about `cell`
/// (0: not cut), for shapes that are deformed afterwards.
pub fn soft_box(size: Vec3, radius: f32, steps: usize, cell: f32) -> Part {
    let half = size * 0.5;
    let radius = radius.min(half.min_element() * 0.999).max(0.0005);
    let core = half - Vec3::splat(radius);
    // Per axis: where the inner box's point is, and the slope of the rounding there.
    let knots = |h: f32| -> Vec<(f32, f32)> {
        let mut knots = Vec::new();
        for i in 0..=steps {
            knots.push((
                -h,
                -((steps - i) as f32 / steps as f32 * std::f32::consts::FRAC_PI_4).tan(),
            ));
        }
        let cells = if cell > 0.0 {
            ((2.0 * h / cell).round() as usize).max(1)
        } else {
            1
        };
        for i in 1..cells {
            knots.push((-h + 2.0 * h * i as f32 / cells as f32, 0.0));
        }
        for i in 0..=steps {
            knots.push((h, (i as f32 / steps as f32 * std::f32::consts::FRAC_PI_4).tan()));
        }
        knots
    };
    let axes = [knots(core.x), knots(core.y), knots(core.z)];
    let mut part = Part::default();
    for axis in 0..3 {
        // Texture u along the longer of the two sides of this face.
        let (mut a, mut b) = ((axis + 1) % 3, (axis + 2) % 3);
        if size[a] < size[b] {
            std::mem::swap(&mut a, &mut b);
        }
        for sign in [-1.0f32, 1.0] {
            let base = part.positions.len() as u32;
            for &(cb, tb) in &axes[b] {
                for &(ca, ta) in &axes[a] {
                    let mut normal = Vec3::ZERO;
                    normal[axis] = sign;
                    normal[a] = ta;
                    normal[b] = tb;
                    let normal = normal.normalize();
                    let mut point = Vec3::ZERO;
                    point[axis] = sign * core[axis];
                    point[a] = ca;
                    point[b] = cb;
                    let point = point + normal * radius;
                    part.positions.push(point);
                    part.normals.push(normal);
                    part.uvs.push(Vec2::new(
                        point[a] + ta * radius * 0.3,
                        point[b] + tb * radius * 0.3,
                    ));
                }
            }
            let columns = axes[a].len() as u32;
            // The winding must agree with the outward normal for smoothing to work after a deformation.
            let mut axis_a = Vec3::ZERO;
            axis_a[a] = 1.0;
            let mut axis_b = Vec3::ZERO;
            axis_b[b] = 1.0;
            let forward = axis_a.cross(axis_b)[axis] * sign > 0.0;
            for j in 0..axes[b].len() as u32 - 1 {
                for i in 0..columns - 1 {
                    let (p, q) = (base + j * columns + i, base + j * columns + i + 1);
                    let (r, s) = (q + columns, p + columns);
                    if forward {
                        part.triangles.extend([[p, q, r], [p, r, s]]);
                    } else {
                        part.triangles.extend([[p, r, q], [p, s, r]]);
                    }
                }
            }
        }
    }
    part
}

/// A box of twelve triangles, for parts so thin or hidden that no bevel shows.
pub fn slab(width: f32, height: f32, depth: f32) -> Part {
    let size = [width, height, depth];
    let mut part = Part::default();
    for axis in 0..3 {
        let (mut a, mut b) = ((axis + 1) % 3, (axis + 2) % 3);
        if size[a] < size[b] {
            std::mem::swap(&mut a, &mut b);
        }
        for sign in [-1.0f32, 1.0] {
            let base = part.positions.len() as u32;
            let mut normal = Vec3::ZERO;
            normal[axis] = sign;
            for (i, j) in [(-0.5, -0.5), (0.5, -0.5), (0.5, 0.5), (-0.5, 0.5)] {
                let mut point = Vec3::ZERO;
                point[axis] = sign * size[axis] * 0.5;
                point[a] = i * size[a];
                point[b] = j * size[b];
                part.positions.push(point);
                part.normals.push(normal);
                part.uvs.push(Vec2::new(point[a], point[b]));
            }
            let [p, q, r] = [0, 1, 2].map(|k| part.positions[base as usize + k]);
            let outward = (q - p).cross(r - p).dot(normal) > 0.0;
            part.triangles.extend(if outward {
                [[base, base + 1, base + 2], [base, base + 2, base + 3]]
            } else {
                [[base, base + 2, base + 1], [base, base + 3, base + 2]]
            });
        }
    }
    part
}

/// A board or block with small bevels.
pub fn block(width: f32, height: f32, depth: f32, bevel: f32) -> Part {
    soft_box(
        Vec3::new(width, height, depth),
        bevel,
        if bevel > 0.012 { 3 } else { 1 },
        0.0,
    )
}

/// A surface turned about the Y axis from a profile of `(radius, y)`, from bottom to top for outward normals.
pub fn lathe(profile: &[(f32, f32)], sides: usize) -> Part {
    let mut part = Part::default();
    let mut along = 0.0;
    let mean_radius = profile.iter().map(|p| p.0).sum::<f32>() / profile.len() as f32;
    for (j, &(radius, y)) in profile.iter().enumerate() {
        if j > 0 {
            let before = profile[j - 1];
            along += Vec2::new(radius - before.0, y - before.1).length();
        }
        for i in 0..=sides {
            let turn = i as f32 / sides as f32;
            let (sin, cos) = (turn * std::f32::consts::TAU).sin_cos();
            let (sin, cos) = if i == sides { (0.0, 1.0) } else { (sin, cos) };
            part.positions.push(Vec3::new(radius * cos, y, -radius * sin));
            part.uvs
                .push(Vec2::new(along, turn * std::f32::consts::TAU * mean_radius));
        }
    }
    let row = sides as u32 + 1;
    for j in 0..profile.len() as u32 - 1 {
        for i in 0..sides as u32 {
            let (p, q) = (j * row + i, j * row + i + 1);
            let (r, s) = (q + row, p + row);
            part.triangles.extend([[p, q, r], [p, r, s]]);
        }
    }
    without_slivers(part).smooth(36.0)
}

fn without_slivers(mut part: Part) -> Part {
    let positions = &part.positions;
    part.triangles.retain(|t| {
        let [a, b, c] = t.map(|i| positions[i as usize]);
        (b - a).cross(c - a).length_squared() > 1e-16
    });
    part
}

/// A closed disc-ended cylinder with bevelled rims, standing on y = 0.
pub fn cylinder(radius: f32, height: f32, bevel: f32, sides: usize) -> Part {
    let b = bevel.min(radius * 0.9).min(height * 0.45);
    lathe(
        &[
            (0.0, 0.0),
            (radius - b, 0.0),
            (radius - 0.3 * b, 0.3 * b),
            (radius, b),
            (radius, height - b),
            (radius - 0.3 * b, height - 0.3 * b),
            (radius - b, height),
            (0.0, height),
        ],
        sides,
    )
}

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
pub fn triangulate(outline: &[Vec2]) -> Vec<[u32; 3]> {
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

/// Legs that taper towards the floor: `foot` and `head` are the half widths, the leg leans by `lean` (x, z) from
/// head to foot. Stands on y = 0, its head centred on x = z = 0.
pub fn tapered_leg(height: f32, head: f32, foot: f32, lean: Vec2, round: bool) -> Part {
    let part = if round {
        let b = 0.004f32.min(foot * 0.5);
        lathe(
            &[
                (0.0, 0.0),
                (foot - b, 0.0),
                (foot, b),
                (foot + (head - foot) * 0.5, height * 0.5),
                (head, height - b),
                (head - b, height),
                (0.0, height),
            ],
            16,
        )
    } else {
        let bevel = 0.004;
        soft_box(Vec3::new(2.0 * head, height, 2.0 * head), bevel, 1, 0.0)
            .moved(0.0, height * 0.5, 0.0)
            .deformed(|p| {
                let k = foot / head + (1.0 - foot / head) * p.y / height;
                Vec3::new(p.x * k, p.y, p.z * k)
            })
    };
    part.deformed(|p| {
        let t = 1.0 - p.y / height;
        Vec3::new(p.x + lean.x * t, p.y, p.z + lean.y * t)
    })
}
