//! Beds: frame, headboard, mattress, duvet, pillows, cushions and a throw.

use crate::furnish::{Kind, Style};
use crate::geometry::{Vec2, Vec3};
use crate::model::Piece;
use crate::model::builder::Builder;
use crate::model::catalogue::Design;
use crate::model::finish::{Cloth, Fabric, Metal};
use crate::model::look::Look;
use crate::model::noise::{fbm2, noise2};
use crate::model::part::Part;
use crate::model::shapes::{bar, block, curve, lathe, soft_box, tapered_leg, tube};
use crate::model::upholstery::{cushion, pillow, pillow_piping, piping};

/// Top of the mattress above the floor.
const MATTRESS_TOP: f32 = 0.50;

/// A cloth laid over a bed from `z0` (towards the head) to the foot, hanging `drop` at the sides and, when `foot`,
/// over the foot end. The bed under it is `width` wide and ends at `z1`, its top lies at `top`.
struct Cover {
    width: f32,
    z0: f32,
    z1: f32,
    top: f32,
    drop: f32,
    foot: bool,
    loft: f32,
    folds: f32,
    /// How far the ends wander from a straight line, metres.
    slip: f32,
    seed: u32,
}

impl Cover {
    fn point(&self, s: f32, t: f32, offset: f32) -> Vec3 {
        let half = self.width * 0.5;
        let dx = (s.abs() - half).max(0.0);
        let dz = if self.foot { (t - self.z1).max(0.0) } else { 0.0 };
        // Corners hang lower than the sides, but not to the floor.
        let d = dx.hypot(dz).min(1.10 * self.drop);
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
    fn part(&self, thickness: f32) -> Part {
        let end = if self.foot { self.z1 + self.drop } else { self.z1 };
        self.layer((self.z0, end), self.drop, 0.0, thickness)
    }

    /// A cloth that lies on this cover between two places along the bed: it follows every hill and fold of it, so
    /// nothing of what is below shows through.
    fn layer(&self, (from, to): (f32, f32), drop: f32, base: f32, thickness: f32) -> Part {
        let reach = self.width * 0.5 + drop;
        let (nu, nv) = ((reach * 2.0 / 0.034) as usize, ((to - from) / 0.034) as usize);
        let (nu, nv) = (nu.clamp(24, 80), nv.clamp(10, 72));
        // The hem of the hanging sides is not ruler-straight.
        let st = |u: f32, v: f32| {
            let hem = 0.015 * noise2(Vec2::new(v * 9.0, if u < 0.5 { 1.0 } else { 9.0 }), self.seed ^ 8);
            // Laid by hand: neither end runs quite straight across.
            let slip = self.slip
                * (noise2(Vec2::new(u * 3.0, 20.0), self.seed ^ 12) * (1.0 - v)
                    + noise2(Vec2::new(u * 3.0, 30.0), self.seed ^ 13) * v);
            ((2.0 * u - 1.0) * (reach + hem), from + (to - from) * v + slip)
        };
        // Rows crowd at the edges, where the cloth rounds down to what it lies on.
        let knot = |x: f32, count: usize, length: f32| -> (f32, f32) {
            let last = count + 4;
            let i = (x * last as f32).round() as usize;
            let from_edge = i.min(last - i);
            if from_edge < 3 {
                let (inset, level) = [(0.0, 0.0), (0.25, 0.66), (0.9, 1.0)][from_edge];
                let at = inset * thickness / length;
                (if i <= 2 { at } else { 1.0 - at }, level)
            } else {
                let edge = 0.9 * thickness / length;
                (
                    edge + (1.0 - 2.0 * edge) * (i - 2) as f32 / (last - 4) as f32,
                    1.0,
                )
            }
        };
        Part::grid(nu + 4, nv + 4, |u, v| {
            let ((u, a), (v, c)) = (knot(u, nu, 2.0 * reach), knot(v, nv, to - from));
            let (s, t) = st(u, v);
            self.point(s, t, base + thickness * a.min(c))
        })
    }
}

fn sleeping_pillow(
    b: &mut Builder,
    material: u16,
    width: f32,
    height: f32,
    thickness: f32,
    place: impl Fn(Part) -> Part,
) {
    let seed = b.dice.seed();
    b.add(material, place(pillow(width, height, thickness, seed)));
}

fn headboard(b: &mut Builder, look: &Look, width: f32, height: f32, back: f32) -> Fabric {
    let fabric = look.palette.headboard;
    let cloth = b.material(fabric.material());
    let seam = b.material(fabric.seam());
    match look.style {
        Style::Modern => {
            // Two upholstered panels, slightly apart.
            for side in [-1.0f32, 1.0] {
                let size = Vec3::new(width * 0.5 - 0.006, 0.085, height - 0.12);
                let seed = b.dice.seed();
                let set = |p: Part| {
                    p.turned_x(90.0)
                        .moved(side * width * 0.25, 0.12 + size.z * 0.5, back + 0.048)
                };
                b.add(cloth, set(cushion(size, 0.022, 0.008, seed)));
                b.add(seam, set(piping(size, 0.022, 0.008, seed, 1.0, 0.0035)));
            }
        }
        Style::Contemporary => {
            // Vertical channels.
            let count = (width / 0.155).round() as usize;
            let each = width / count as f32;
            for k in 0..count {
                let x = -width * 0.5 + each * (k as f32 + 0.5);
                let part = soft_box(Vec3::new(each - 0.003, height - 0.06, 0.10), 0.042, 2, 0.0);
                b.add(cloth, part.moved(x, 0.06 + (height - 0.06) * 0.5, back + 0.05));
            }
        }
        Style::Traditional => {
            // An arched panel with a padded, buttoned field.
            let mut outline = vec![Vec2::new(-width * 0.5, 0.0), Vec2::new(width * 0.5, 0.0)];
            let shoulder = height - 0.16;
            for k in 0..=24 {
                let t = k as f32 / 24.0;
                let x = width * (0.5 - t);
                let arch = (1.0 - (2.0 * t - 1.0).abs().powi(3)).max(0.0);
                outline.push(Vec2::new(x, shoulder + 0.16 * arch));
            }
            b.add(
                cloth,
                crate::model::shapes::extrude(&outline, 0.075, 0.02).moved(0.0, 0.0, back + 0.04),
            );
            let field = Part::grid(56, 24, |u, v| {
                let (x, y) = ((u - 0.5) * (width - 0.14), 0.42 + v * (height - 0.60));
                // Diamond tufting: deep at the buttons, rounded between them.
                let (a, c) = (x / 0.24 + (y - 0.42) / 0.20, x / 0.24 - (y - 0.42) / 0.20);
                let dome = ((a * std::f32::consts::PI).sin().abs() * (c * std::f32::consts::PI).sin().abs())
                    .powf(0.42);
                let rim = (1.0 - (2.0 * u - 1.0).abs().powi(20)) * (1.0 - (2.0 * v - 1.0).abs().powi(20));
                Vec3::new(x, y, back + 0.078 + 0.030 * dome * rim)
            });
            b.add(cloth, field);
            let rows = ((height - 0.60) / 0.20) as i32 + 1;
            let columns = ((width - 0.16) / 0.24 * 0.5) as i32 + 1;
            for r in 0..=rows * 2 {
                for c in -columns..=columns {
                    let odd = (r % 2) as f32 * 0.5;
                    let (x, y) = ((c as f32 + odd) * 0.24, 0.42 + r as f32 * 0.10);
                    if x.abs() < width * 0.5 - 0.12 && y < height - 0.22 && y > 0.44 {
                        let button = lathe(&[(0.013, 0.0), (0.010, 0.006), (0.0, 0.008)], 10).turned_x(90.0);
                        b.add(seam, button.moved(x, y, back + 0.080));
                    }
                }
            }
        }
        Style::Industrial => {
            let metal = b.material(look.palette.metal.material());
            let wood = b.material(look.palette.wood.material(0.0, 6));
            for side in [-1.0f32, 1.0] {
                let x = side * (width * 0.5 - 0.02);
                b.add(
                    metal,
                    block(0.04, height, 0.04, 0.005).moved(x, height * 0.5, back + 0.025),
                );
            }
            b.add(
                metal,
                block(width - 0.04, 0.04, 0.04, 0.005).moved(0.0, height - 0.02, back + 0.025),
            );
            // Three planks between the posts.
            let each = (height - 0.36) / 3.0;
            for k in 0..3 {
                b.add(
                    wood,
                    block(width - 0.085, each - 0.008, 0.026, 0.005).moved(
                        0.0,
                        0.32 + each * (k as f32 + 0.5),
                        back + 0.025,
                    ),
                );
            }
        }
        Style::Scandinavian => {
            let wood = b.material(look.palette.wood.material(0.0, 6));
            // Slatted oak with a bent top rail.
            for side in [-1.0f32, 1.0] {
                b.add(
                    wood,
                    tapered_leg(height - 0.02, 0.024, 0.017, Vec2::ZERO, true).moved(
                        side * (width * 0.5 - 0.03),
                        0.0,
                        back + 0.028,
                    ),
                );
            }
            let rail = curve(
                &[
                    Vec3::new(-width * 0.5 + 0.005, height - 0.045, back + 0.03),
                    Vec3::new(0.0, height - 0.03, back + 0.026),
                    Vec3::new(width * 0.5 - 0.005, height - 0.045, back + 0.03),
                ],
                8,
            );
            b.add(wood, bar(&rail, 0.03, 0.06));
            b.add(
                wood,
                block(width - 0.07, 0.05, 0.024, 0.006).moved(0.0, 0.40, back + 0.028),
            );
            let count = (width / 0.085) as usize;
            for k in 1..count {
                let x = -width * 0.5 + width * k as f32 / count as f32;
                b.add(
                    wood,
                    tube(
                        &[
                            Vec3::new(x, 0.41, back + 0.028),
                            Vec3::new(x, 0.6, back + 0.028),
                            Vec3::new(x, height - 0.05, back + 0.028),
                        ],
                        |_| 0.008,
                        8,
                    ),
                );
            }
        }
    }
    fabric
}

fn frame(b: &mut Builder, look: &Look, width: f32, z0: f32, z1: f32) {
    let fabric = look.palette.headboard;
    let mid = (z0 + z1) * 0.5;
    let length = z1 - z0;
    match look.style {
        Style::Modern | Style::Contemporary | Style::Traditional => {
            // Upholstered box sides.
            let cloth = b.material(fabric.material());
            b.pair(
                cloth,
                soft_box(Vec3::new(0.045, 0.20, length), 0.018, 2, 0.0).moved(
                    width * 0.5 - 0.0225,
                    0.215,
                    mid,
                ),
            );
            b.add(
                cloth,
                soft_box(Vec3::new(width, 0.20, 0.045), 0.018, 2, 0.0).moved(0.0, 0.215, z1 - 0.0225),
            );
            let legs = if look.style == Style::Modern {
                b.material(Metal::Black.material())
            } else {
                b.material(look.palette.wood.material(0.0, 3))
            };
            for z in [z0 + 0.12, z1 - 0.10] {
                b.pair(
                    legs,
                    tapered_leg(0.125, 0.026, 0.018, Vec2::ZERO, true).moved(width * 0.5 - 0.09, 0.0, z),
                );
            }
        }
        Style::Industrial => {
            let metal = b.material(look.palette.metal.material());
            b.pair(
                metal,
                block(0.035, 0.06, length, 0.004).moved(width * 0.5 - 0.0175, 0.27, mid),
            );
            b.add(
                metal,
                block(width, 0.06, 0.035, 0.004).moved(0.0, 0.27, z1 - 0.0175),
            );
            for z in [z0 + 0.02, z1 - 0.02] {
                b.pair(
                    metal,
                    block(0.04, 0.27, 0.04, 0.004).moved(width * 0.5 - 0.02, 0.135, z),
                );
            }
        }
        Style::Scandinavian => {
            let wood = b.material(look.palette.wood.material(0.0, 3));
            b.pair(
                wood,
                block(0.026, 0.13, length, 0.007).moved(width * 0.5 - 0.014, 0.265, mid),
            );
            b.add(
                wood,
                block(width, 0.13, 0.026, 0.007).moved(0.0, 0.265, z1 - 0.014),
            );
            b.pair(
                wood,
                tapered_leg(0.30, 0.026, 0.016, Vec2::new(0.0, 0.0), true).moved(
                    width * 0.5 - 0.045,
                    0.0,
                    z1 - 0.05,
                ),
            );
        }
    }
    // Slatted base as a dark layer under the mattress, so that no light passes.
    let dark = b.material(crate::model::Material::plain(Vec3::splat(0.05), 0.9));
    b.add(
        dark,
        block(width - 0.06, 0.03, length - 0.05, 0.004).moved(0.0, 0.27, mid),
    );
}

pub(super) fn bed(look: &Look, design: &Design, seed: u32) -> Piece {
    let size = design.size;
    let mut b = Builder::new(seed);
    let p = look.palette;
    let single = design.option == 1;
    // The duvet hangs past the frame on both sides.
    let overhang = 0.12;
    let width = size.x - 2.0 * overhang;
    let back = -size.z * 0.5;
    let head_depth = 0.10;
    let (z0, z1) = (back + head_depth, size.z * 0.5 - 0.085);
    headboard(&mut b, look, width + 0.02, size.y, back);
    frame(&mut b, look, width, z0, z1);

    let sheet = b.material(
        Fabric {
            name: "",
            colour: p.sheet,
            cloth: Cloth::Linen,
        }
        .material(),
    );
    let mattress = Vec3::new(width - 0.03, 0.24, z1 - z0 - 0.02);
    let s = b.dice.seed();
    let set = |q: Part| q.moved(0.0, MATTRESS_TOP - 0.12, (z0 + z1) * 0.5);
    b.add(sheet, set(cushion(mattress, 0.05, 0.012, s)));
    for edge in [1.0, -1.0] {
        b.add(sheet, set(piping(mattress, 0.05, 0.012, s, edge, 0.005)));
    }

    // Duvet from below the pillows to the foot; its head end is folded back and shows the sheet side.
    let duvet = b.material(p.duvet.material());
    let fold_at = z0 + 0.62;
    let cover = Cover {
        width: mattress.x,
        z0: fold_at,
        z1: z1 - 0.02,
        top: MATTRESS_TOP + 0.012,
        drop: 0.30,
        foot: true,
        loft: 0.044,
        folds: 0.032,
        slip: 0.022,
        seed: b.dice.seed(),
    };
    b.add(duvet, cover.part(0.045));
    // The folded-back end: the sheet side of the duvet, thick at its edge.
    b.add(
        sheet,
        cover.layer((fold_at - 0.015, fold_at + 0.27), 0.24, 0.040, 0.022),
    );

    // A throw across the foot third.
    let throw = b.material(p.throw.material());
    b.add(throw, cover.layer((z1 - 0.64, z1 - 0.16), 0.275, 0.046, 0.014));

    // Sleeping pillows lean against the headboard, shams in front of them, accents before those.
    let top = MATTRESS_TOP + 0.01;
    let columns: &[f32] = if single { &[0.0] } else { &[-1.0, 1.0] };
    let pillow_width = if single {
        0.66
    } else {
        (width * 0.5 - 0.03).min(0.74)
    };
    let sham = b.material(p.duvet.material());
    for &c in columns {
        let x = c * (pillow_width * 0.5 + 0.012);
        let (jx, roll, tilt) = (b.dice.jitter(0.01), b.dice.jitter(1.5), 30.0 + b.dice.jitter(3.0));
        sleeping_pillow(&mut b, sheet, pillow_width, 0.48, 0.21, |q| {
            q.turned_z(roll)
                .moved(0.0, 0.22, 0.0)
                .turned_x(-tilt)
                .moved(x + jx, top - 0.005, z0 + 0.20)
        });
        let (jx, roll, tilt) = (
            b.dice.jitter(0.012),
            b.dice.jitter(1.8),
            38.0 + b.dice.jitter(3.0),
        );
        sleeping_pillow(&mut b, sham, pillow_width - 0.03, 0.46, 0.19, |q| {
            q.turned_z(roll)
                .moved(0.0, 0.21, 0.0)
                .turned_x(-tilt)
                .moved(x + jx, top, z0 + 0.36)
        });
    }
    let accents: Vec<(Fabric, f32, Vec2, f32)> = if single {
        vec![(p.accents[0], 0.0, Vec2::splat(0.40), 0.46)]
    } else {
        vec![
            (p.accents[0], -0.24, Vec2::splat(0.45), 0.49),
            (p.accents[0], 0.24, Vec2::splat(0.45), 0.49),
            (p.accents[1], 0.0, Vec2::new(0.54, 0.30), 0.63),
        ]
    };
    for (fabric, x, extent, z) in accents {
        let cloth = b.material(fabric.material());
        let seam = b.material(fabric.seam());
        let (seed, roll, tilt) = (b.dice.seed(), b.dice.jitter(3.0), 40.0 + b.dice.jitter(4.0));
        let place = |q: Part| {
            q.turned_z(roll)
                .moved(0.0, extent.y * 0.47, 0.0)
                .turned_x(-tilt)
                .moved(x, top + 0.03, z0 + z)
        };
        b.add(cloth, place(pillow(extent.x, extent.y, 0.15, seed)));
        b.add(seam, place(pillow_piping(extent.x, extent.y, 0.0035)));
    }
    let name = match design.option {
        1 => "Single bed",
        2 => "Double bed",
        3 => "Queen bed",
        _ => "King bed",
    };
    b.finish(
        Kind::Bed,
        format!(
            "{name}, {}",
            match look.style {
                Style::Industrial => "steel and wood".to_string(),
                Style::Scandinavian => p.wood.name().to_string(),
                Style::Modern | Style::Contemporary | Style::Traditional => p.headboard.name.to_string(),
            }
        ),
        size,
    )
}
