//! Tops and turned legs.

use crate::geometry::{Vec2, Vec3};
use crate::model::part::Part;
use crate::model::shapes::{lathe, soft_box};

/// A rectangular top of glued staves with an eased edge.
pub(super) fn top(width: f32, thickness: f32, depth: f32) -> Part {
    soft_box(Vec3::new(width, thickness, depth), 0.004, 2, 0.0)
}

/// An oval or round top with a bevelled underside.
pub(super) fn round_top(radius: f32, thickness: f32) -> Part {
    let r = radius;
    lathe(
        &[
            (0.0, 0.0),
            (r - 0.035, 0.0),
            (r - 0.006, thickness * 0.55),
            (r, thickness * 0.72),
            (r - 0.002, thickness - 0.003),
            (r - 0.005, thickness),
            (0.0, thickness),
        ],
        64,
    )
}

/// Texture of a turned disc must run straight, not around: uvs from the plan.
pub(super) fn planked(mut part: Part) -> Part {
    for (uv, p) in part.uvs.iter_mut().zip(&part.positions) {
        *uv = Vec2::new(p.x, p.z);
    }
    part
}

/// A leg turned on a lathe, standing on y = 0.
pub(in crate::model) fn turned_leg(height: f32) -> Part {
    let h = height;
    lathe(
        &[
            (0.0, 0.0),
            (0.020, 0.0),
            (0.026, 0.010),
            (0.026, 0.028),
            (0.017, 0.045),
            (0.021, 0.10 * h + 0.03),
            (0.031, 0.40 * h),
            (0.036, 0.60 * h),
            (0.030, 0.68 * h),
            (0.022, 0.70 * h),
            (0.033, 0.725 * h),
            (0.033, 0.745 * h),
            (0.024, 0.765 * h),
            (0.036, 0.80 * h),
            (0.036, h),
            (0.0, h),
        ],
        20,
    )
}

/// A small turned knob that points forward.
pub(in crate::model) fn knob(radius: f32) -> Part {
    lathe(
        &[
            (radius * 0.45, 0.0),
            (radius * 0.42, radius * 0.8),
            (radius, radius * 1.2),
            (radius * 0.95, radius * 1.8),
            (radius * 0.5, radius * 2.1),
            (0.0, radius * 2.15),
        ],
        14,
    )
    .turned_x(90.0)
}
