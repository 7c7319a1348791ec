//! Cloth over a bed: how duvets, folded ends and throws lie and hang.

use crate::geometry::{Vec2, Vec3};
use crate::model::noise::{Dice, fbm2, noise2};
use crate::model::part::Part;
use crate::model::shapes::tube;

/// A cloth laid over a bed from `z0` (towards the head) to the foot, hanging `drop` at the sides and, when `foot`,
/// over the foot end. The bed under it is `width` wide and ends at `z1`, its top lies at `top`.
pub(super) struct Cover {
    pub(super) width: f32,
    pub(super) z0: f32,
    pub(super) z1: f32,
    pub(super) top: f32,
    pub(super) drop: f32,
    pub(super) foot: bool,
    pub(super) loft: f32,
    pub(super) folds: f32,
    /// How far the ends wander from a straight line, metres.
    pub(super) slip: f32,
    pub(super) seed: u32,
}

impl Cover {
    fn point(&self, s: f32, t: f32, offset: f32) -> Vec3 {
        let half = self.width * 0.5;
        let dx = (s.abs() - half).max(0.0);
        let dz = if self.foot { (t - self.z1).max(0.0) } else { 0.0 };
        // A corner is rounded off: its cloth bunches instead of hanging in a point.
        let d = (dx.powi(4) + dz.powi(4)).powf(0.25).min(self.drop);
        let out = if d > 1e-6 {
            Vec2::new(s.signum() * dx, dz) / dx.hypot(dz)
        } else {
            Vec2::ZERO
        };
        let r = 0.055;
        let quarter = r * std::f32::consts::FRAC_PI_2;
        let (sideways, down) = if d < quarter {
            (r * (d / r).sin(), r * (1.0 - (d / r).cos()))
        } else {
            (r + 0.05 * (d - quarter), r + (d - quarter))
        };
        let hang = (d / self.drop).clamp(0.0, 1.0);
        // Folds run down from the edge, wider and deeper towards the hem.
        let along = if dz > dx { s } else { t }
            + if dx > 0.0 && dz > 0.0 {
                (dz / d).atan2(dx / d) * 0.2
            } else {
                0.0
            };
        let side = if dz > dx { 3.0 } else { s.signum() };
        let fold = noise2(Vec2::new(along * 6.5, side * 5.0 + hang * 0.5), self.seed)
            + 0.45 * noise2(Vec2::new(along * 14.0, side * 5.0 + hang), self.seed ^ 1);
        let swing = self.folds * hang.powf(0.8) * (0.35 + fold).max(-0.3);
        // The filling makes soft hills on top, with fine creases between them.
        let flat = 1.0 - hang;
        let hill = fbm2(Vec2::new(s * 2.6, t * 2.6), 3, self.seed ^ 2);
        let ridge = 1.0
            - (2.2 * fbm2(Vec2::new(s * 2.2 + 0.4 * hill, t * 3.6), 2, self.seed ^ 3))
                .abs()
                .min(1.0);
        let crease = ridge.powi(3);
        // Fine wrinkles gather in the hollows, most of them across the bed.
        let fine = 1.0
            - (2.4 * noise2(Vec2::new(s * 5.0 + 1.5 * hill, t * 9.0), self.seed ^ 4))
                .abs()
                .min(1.0);
        let wrinkle = fine.powi(4) * (0.45 - hill).clamp(0.0, 0.8);
        let lift = self.loft * (0.55 * hill + 0.45 * crease + 0.20 * wrinkle) * (0.35 + 0.65 * flat);
        let base = Vec3::new(
            s.clamp(-half, half) + out.x * (sideways + swing),
            self.top - down.min(self.top - 0.03),
            t.min(if self.foot { self.z1 } else { t }) + out.y * (sideways + swing),
        );
        let up = Vec3::new(out.x * hang.min(0.999), flat.max(0.05), out.y * hang).normalize();
        base + up * (lift + offset)
    }

    /// The cover itself, with its rolled hem.
    pub(super) fn part(&self, thickness: f32) -> Part {
        let end = if self.foot { self.z1 + self.drop } else { self.z1 };
        self.layer(&Layer {
            span: (self.z0, end),
            drop: self.drop,
            base: 0.0,
            thickness,
            skew: 0.0,
            ripple: 0.0,
        })
    }

    /// A cloth that lies on this cover between two places along the bed: it follows every hill and fold of it, so
    /// nothing of what is below shows through.
    pub(super) fn layer(&self, l: &Layer) -> Part {
        let (from, to) = l.span;
        let reach = self.width * 0.5 + l.drop;
        let (nu, nv) = ((reach * 2.0 / 0.034) as usize, ((to - from) / 0.034) as usize);
        let (nu, nv) = (nu.clamp(24, 80), nv.clamp(10, 72));
        // The hem of the hanging sides is not ruler-straight.
        let st = |u: f32, v: f32| {
            let hem = 0.015 * noise2(Vec2::new(v * 9.0, if u < 0.5 { 1.0 } else { 9.0 }), self.seed ^ 8);
            // Laid by hand: neither end runs quite straight across.
            let slip = self.slip
                * (noise2(Vec2::new(u * 3.0, 20.0), self.seed ^ 12) * (1.0 - v)
                    + noise2(Vec2::new(u * 3.0, 30.0), self.seed ^ 13) * v);
            let s = (2.0 * u - 1.0) * (reach + hem);
            (s, from + (to - from) * v + slip + l.skew * s)
        };
        // Rows crowd at the edges, where the cloth rounds down to what it lies on.
        let knot = |x: f32, count: usize, length: f32| -> (f32, f32) {
            let last = count + 4;
            let i = (x * last as f32).round() as usize;
            let from_edge = i.min(last - i);
            if from_edge < 3 {
                let (inset, level) = [(0.0, 0.0), (0.25, 0.66), (0.9, 1.0)][from_edge];
                let at = inset * l.thickness / length;
                (if i <= 2 { at } else { 1.0 - at }, level)
            } else {
                let edge = 0.9 * l.thickness / length;
                (
                    edge + (1.0 - 2.0 * edge) * (i - 2) as f32 / (last - 4) as f32,
                    1.0,
                )
            }
        };
        Part::grid(nu + 4, nv + 4, |u, v| {
            let ((u, a), (v, c)) = (knot(u, nu, 2.0 * reach), knot(v, nv, to - from));
            let (s, t) = st(u, v);
            // Thrown cloth lies in soft ridges along its length.
            let wander = 1.6 * noise2(Vec2::new(s * 1.3, v * 2.0), self.seed ^ 21);
            let ridge = (0.5 + 0.5 * ((v * 3.4 + wander) * std::f32::consts::TAU).sin()).powi(2);
            let patch = (0.5 + noise2(Vec2::new(s * 1.7, 3.5), self.seed ^ 22)).clamp(0.0, 1.0);
            let level = a.min(c);
            self.point(s, t, l.base + (l.thickness + l.ripple * ridge * patch) * level)
        })
    }

    /// Tassels along both hanging hems of a layer.
    pub(super) fn fringe(&self, l: &Layer, length: f32, dice: &mut Dice) -> Part {
        let (from, to) = l.span;
        let reach = self.width * 0.5 + l.drop;
        let count = ((to - from) / 0.017) as usize;
        let mut strands = Part::default();
        for side in [-1.0f32, 1.0] {
            for k in 0..count {
                let s = side * reach;
                let t = from + (to - from) * (k as f32 + 0.5) / count as f32 + l.skew * s;
                let root = self.point(s - side * 0.012, t, l.base + 0.004);
                let fall = Vec3::new(
                    side * 0.006 + dice.jitter(0.004),
                    -length * dice.range(0.85, 1.1),
                    dice.jitter(0.006),
                );
                strands = strands.joined(tube(
                    &[root, root + fall * 0.5, root + fall],
                    |t| 0.0024 + 0.0012 * t,
                    4,
                ));
            }
        }
        strands
    }
}

/// A cloth on a [`Cover`]; metres.
pub(super) struct Layer {
    /// From and to along the bed.
    pub(super) span: (f32, f32),
    /// How far it hangs down the sides.
    pub(super) drop: f32,
    /// Height of what it lies on above the cover.
    pub(super) base: f32,
    pub(super) thickness: f32,
    /// How far it runs along the bed per metre across.
    pub(super) skew: f32,
    /// Height of the ridges it lies in.
    pub(super) ripple: f32,
}
