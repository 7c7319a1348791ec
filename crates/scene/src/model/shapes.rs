//! The shapes that furniture is made of. All are centred on the origin unless said otherwise, in metres.
//!
//! Boards carry their grain (texture u) along their longest side; turned and swept parts along their axis.

mod extrude;
mod sweep;

pub use extrude::extrude;
pub use sweep::{bar, bent, curve, sweep, tube};

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
