//! What a surface looks like: albedo, roughness and procedural texture, evaluated at a point.
//!
//! Textures have their real size: uvs and points are metres. Relief only bends the shading normal. Nothing here
//! allocates; the tracer calls [`Material::at`] for every hit.

use crate::geometry::{Vec2, Vec3};
use crate::model::art::Picture;
use crate::model::noise::{cell, cells2, fbm2, fbm3, noise2, noise3, noise3_gradient};

/// Darkest and brightest albedo of real furnishing; outside it light looks wrong.
pub const ALBEDO_RANGE: (f32, f32) = (0.03, 0.80);

/// What a rug shows besides its ground colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RugPattern {
    Plain,
    /// A band in the second colour along the border.
    Border,
    /// Stripes across.
    Stripes,
    /// Thin crossing lines, as of Berber rugs.
    Diamonds,
    /// Borders, medallion and field, faded.
    Persian,
    /// Soft clouds of the second colour.
    Abstract,
}

/// Procedural texture of a material; lengths in metres.
#[derive(Debug, Clone, PartialEq)]
pub enum Texture {
    Plain,
    /// Boards with grain along u. `plank` is the width of glued staves (0: one board).
    Wood {
        dark: Vec3,
        ring: f32,
        plank: f32,
        contrast: f32,
        pores: f32,
        seed: u32,
    },
    /// Two threads over and under.
    Weave {
        thread: f32,
        second: Vec3,
        relief: f32,
    },
    /// Loops of yarn.
    Boucle {
        loops: f32,
        relief: f32,
    },
    /// Pile that is lighter where it was stroked.
    Velvet {
        relief: f32,
    },
    /// Stockinette columns along v.
    Knit {
        stitch: f32,
        relief: f32,
    },
    Leather {
        grain: f32,
        relief: f32,
    },
    /// Washed bed linen: fine weave and small creases.
    Linen {
        relief: f32,
    },
    /// Drawn along u.
    Brushed {
        relief: f32,
    },
    Marble {
        vein: Vec3,
        scale: f32,
        seed: u32,
    },
    Concrete {
        contrast: f32,
        seed: u32,
    },
    Speckle {
        second: Vec3,
        size: f32,
        density: f32,
    },
    Rug {
        second: Vec3,
        third: Vec3,
        pattern: RugPattern,
        width: f32,
        length: f32,
        pile: f32,
        seed: u32,
    },
    /// uv 0..size is the sheet.
    Art {
        picture: Picture,
    },
    /// u across (0 is the midrib), v along.
    Leaf {
        vein: Vec3,
        back: f32,
    },
    /// Cane or rattan: crossing strands.
    Rattan {
        strand: f32,
        dark: Vec3,
    },
    /// Edges of paper sheets in v.
    Pages,
}

/// A material; colours are linear sRGB.
#[derive(Debug, Clone, PartialEq)]
pub struct Material {
    pub albedo: Vec3,
    /// GGX alpha is `roughness²`; 1 is fully matt.
    pub roughness: f32,
    /// 0 dielectric (F0 0.04), 1 metal (F0 = albedo).
    pub metallic: f32,
    /// Thin-walled transmission 0..1 (glass, lamp shades, sheer curtains).
    pub transmission: f32,
    /// Cloth sheen 0..1.
    pub sheen: f32,
    /// Emitted radiance relative to the white of the photo.
    pub emission: Vec3,
    pub texture: Texture,
}

/// What the tracer needs at one point.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Surface {
    pub albedo: Vec3,
    pub roughness: f32,
    pub metallic: f32,
    pub transmission: f32,
    pub sheen: f32,
    pub emission: Vec3,
    /// Unit shading normal in the model frame, perturbed by the texture's relief.
    pub normal: Vec3,
}

impl Material {
    /// A matt dielectric of one colour.
    pub fn plain(albedo: Vec3, roughness: f32) -> Self {
        Self {
            albedo: clamp_albedo(albedo),
            roughness,
            metallic: 0.0,
            transmission: 0.0,
            sheen: 0.0,
            emission: Vec3::ZERO,
            texture: Texture::Plain,
        }
    }

    /// Evaluates the material at a point of the model frame with surface coordinates `uv` (metres) and normal.
    pub fn at(&self, point: Vec3, uv: Vec2, normal: Vec3) -> Surface {
        let mut surface = Surface {
            albedo: self.albedo,
            roughness: self.roughness,
            metallic: self.metallic,
            transmission: self.transmission,
            sheen: self.sheen,
            emission: self.emission,
            normal,
        };
        match &self.texture {
            Texture::Plain => return surface,
            &Texture::Wood {
                dark,
                ring,
                plank,
                contrast,
                pores,
                seed,
            } => {
                let grain = wood(uv, ring, plank, seed);
                let mix = (grain.tone * contrast).clamp(0.0, 1.0);
                let pore = pores * grain.pore;
                surface.albedo = self.albedo.lerp(dark, mix) * (1.0 - 0.35 * pore) * (1.0 + grain.stave);
                surface.roughness = (self.roughness + 0.12 * mix + 0.15 * pore).min(1.0);
                surface.normal = bend(normal, Vec2::new(0.0, grain.slope * 0.05 * (0.4 + pores)));
            }
            &Texture::Weave {
                thread,
                second,
                relief,
            } => {
                let p = uv / thread;
                let over = ((p.x.floor() + p.y.floor()) as i32).rem_euclid(2) == 0;
                let f = Vec2::new(p.x - p.x.floor() - 0.5, p.y - p.y.floor() - 0.5);
                let slub = noise2(Vec2::new(p.x * 0.13, p.y.floor() * 1.7), 3)
                    + noise2(Vec2::new(p.x.floor() * 1.7, p.y * 0.13), 4);
                let (across, along) = if over { (f.y, f.x) } else { (f.x, f.y) };
                let shade = 1.0 - 0.9 * across * across - 0.35 * along * along + 0.07 * slub;
                surface.albedo = if over { self.albedo } else { second } * shade;
                let slope = Vec2::new(-f.x, -f.y) * relief * if over { 1.0 } else { 0.8 };
                surface.normal = bend(normal, slope * 1.6);
            }
            &Texture::Boucle { loops, relief } => {
                // Two layers of curls; the gaps between them are dark.
                let warp = Vec2::new(noise2(uv / (loops * 2.5), 11), noise2(uv / (loops * 2.5), 12)) * 0.5;
                let (away, near, own) = cells2(uv / loops + warp, 21);
                let curl = (near * 1.25).min(1.0);
                let (_, fine) = (0.0, noise3(point / (loops * 0.22), 5));
                surface.albedo = self.albedo * (1.06 - 0.34 * curl * curl + 0.10 * (own - 0.5) + 0.08 * fine);
                surface.normal = bend(normal, away * relief * 1.5 + Vec2::splat(0.12 * relief * fine));
            }
            &Texture::Velvet { relief } => {
                let (n, g) = noise3_gradient(point * 9.0, 31);
                let stroke = fbm3(point * 3.5, 2, 33);
                surface.albedo = self.albedo * (1.0 + 0.16 * stroke + 0.05 * n);
                surface.normal = bend3(normal, g * relief * 0.10);
            }
            &Texture::Knit { stitch, relief } => {
                // Each column is a row of V-shaped stitches.
                let column = uv.x / stitch;
                let f = column - column.floor() - 0.5;
                let rise = uv.y / (stitch * 0.8) + f.abs() * 1.1;
                let g = rise - rise.floor() - 0.5;
                let shade = 1.0 - 1.1 * f * f - 0.75 * g * g + 0.05 * noise2(uv / (stitch * 0.3), 9);
                surface.albedo = self.albedo * shade;
                surface.normal = bend(
                    normal,
                    Vec2::new(-f * 1.8 - g * f.signum() * 0.8, -g * 1.3) * relief,
                );
            }
            &Texture::Leather { grain, relief } => {
                let (away, near, own) = cells2(uv / grain, 41);
                let crack = ((near - 0.42) * 5.0).clamp(0.0, 1.0);
                let wear = fbm3(point * 4.0, 3, 43);
                surface.albedo = self.albedo * (1.0 + 0.22 * wear - 0.14 * crack + 0.05 * (own - 0.5));
                surface.roughness = (self.roughness - 0.10 * wear + 0.1 * crack).clamp(0.2, 1.0);
                let (_, g) = noise3_gradient(point * 16.0, 44);
                surface.normal = bend3(bend(normal, away * crack * relief), g * 0.025);
            }
            &Texture::Linen { relief } => {
                let thread = noise2(Vec2::new(uv.x * 900.0, uv.y * 60.0), 51)
                    + noise2(Vec2::new(uv.x * 60.0, uv.y * 900.0), 52);
                let (n, g) = noise3_gradient(point * 13.0, 53);
                let (_, h) = noise3_gradient(Vec3::new(point.x * 34.0, point.y * 34.0, point.z * 22.0), 54);
                surface.albedo = self.albedo * (1.0 + 0.035 * thread + 0.015 * n);
                surface.normal = bend3(normal, (g + 0.6 * h) * 0.06 * relief);
            }
            &Texture::Brushed { relief } => {
                let streak = noise2(Vec2::new(uv.x * 12.0, uv.y * 2500.0), 61);
                surface.roughness = (self.roughness + 0.06 * streak).clamp(0.05, 1.0);
                surface.normal = bend(normal, Vec2::new(0.0, streak * relief * 0.1));
            }
            &Texture::Marble { vein, scale, seed } => {
                let p = point * scale;
                let warp = fbm3(p * 0.9, 4, seed);
                let line = (p.x * 0.9 + p.z * 1.3 + p.y * 0.7 + 3.2 * warp).sin().abs();
                let thin = (p.x * 2.1 - p.z * 1.7 + 4.0 * fbm3(p * 1.7, 3, seed ^ 9))
                    .sin()
                    .abs();
                let strength =
                    (1.0 - line).powi(12) * 0.85 + (1.0 - thin).powi(22) * 0.5 + 0.10 * (0.5 + warp);
                surface.albedo = self.albedo.lerp(vein, strength.clamp(0.0, 1.0));
            }
            &Texture::Concrete { contrast, seed } => {
                let cloud = fbm3(point * 5.0, 4, seed);
                let (away, near, own) = cells2(uv * 70.0, seed);
                let hole = if own > 0.93 && near < 0.25 { 1.0 } else { 0.0 };
                surface.albedo = self.albedo * (1.0 + contrast * cloud - 0.3 * hole);
                surface.normal = bend(normal, away * hole * 1.2);
            }
            &Texture::Speckle {
                second,
                size,
                density,
            } => {
                let (_, near, own) = cells2(uv / size, 71);
                let spot = if own < density && near < 0.2 + 0.25 * own / density {
                    0.85
                } else {
                    0.0
                };
                surface.albedo = self.albedo.lerp(second, spot) * (1.0 + 0.03 * noise3(point * 30.0, 72));
            }
            &Texture::Rug {
                second,
                third,
                pattern,
                width,
                length,
                pile,
                seed,
            } => {
                let tone = rug(uv, pattern, width, length, seed);
                let wear = fbm2(uv * 4.0, 3, seed ^ 3);
                let tuft = noise2(uv / pile, seed ^ 4);
                let fine = noise2(uv / (pile * 0.35), seed ^ 5);
                let ground = self.albedo.lerp(second, tone.x).lerp(third, tone.y);
                surface.albedo = ground * (1.0 + 0.07 * wear + 0.09 * tuft + 0.08 * fine);
                let g = Vec2::new(
                    noise2(uv / pile + Vec2::splat(17.3), seed ^ 6),
                    noise2(uv / pile - Vec2::splat(9.1), seed ^ 7),
                );
                surface.normal = bend(normal, g * 0.30);
            }
            Texture::Art { picture } => {
                surface.albedo = picture.colour(uv);
                let thread = noise2(uv * 500.0, 81) * 0.04;
                surface.normal = bend(normal, Vec2::splat(thread));
            }
            &Texture::Leaf { vein, back } => {
                let (x, y) = (uv.x, uv.y);
                let rib = (-(x / 0.0022).powi(2)).exp();
                let side = ((y - 1.1 * x.abs()) / 0.022).fract().abs();
                let veins = (1.0 - (side - 0.5).abs() * 2.0).powi(6) * 0.35;
                let tone = 1.0 + 0.20 * noise2(uv * 22.0, 91) + 0.15 * noise3(point * 3.0, 92);
                surface.albedo =
                    (self.albedo * tone).lerp(vein, (rib * 0.8 + veins).min(1.0)) * (1.0 + back * 0.2);
                surface.normal = bend(normal, Vec2::new(0.0, (side - 0.5) * 0.25));
            }
            &Texture::Rattan { strand, dark } => {
                let p = uv / strand;
                let gap = |v: f32| (v - v.floor() - 0.5).abs();
                let hole = gap(p.x) > 0.28 && gap(p.y) > 0.28;
                let over = ((p.x.floor() + p.y.floor()) as i32).rem_euclid(2) == 0;
                let round = if over { gap(p.x) } else { gap(p.y) };
                let stripe = cell(p.x.floor() as i32, p.y.floor() as i32, 5);
                surface.albedo = if hole {
                    dark
                } else {
                    self.albedo * (1.05 - 0.8 * round * round + 0.14 * (stripe - 0.5))
                };
            }
            Texture::Pages => {
                let sheet = noise2(Vec2::new(uv.x * 25.0, uv.y * 1800.0), 93) * 0.5
                    + noise2(Vec2::new(uv.x * 4.0, uv.y * 600.0), 94) * 0.5;
                surface.albedo = self.albedo * (0.92 + 0.12 * sheet);
            }
        }
        surface.albedo = clamp_albedo(surface.albedo);
        surface
    }
}

/// Keeps a colour within what real furnishing reflects.
pub fn clamp_albedo(albedo: Vec3) -> Vec3 {
    albedo.clamp(Vec3::splat(ALBEDO_RANGE.0), Vec3::splat(ALBEDO_RANGE.1))
}

/// Bends a normal by slopes along two directions of the surface.
///
/// The mesh carries no tangents; these are derived from the normal alone. All reliefs here look the same along
/// both directions, so it does not show.
#[inline]
fn bend(normal: Vec3, slope: Vec2) -> Vec3 {
    let helper = if normal.x.abs() < 0.8 { Vec3::X } else { Vec3::Z };
    let tangent = (helper - normal * normal.dot(helper)).normalize_or(Vec3::X);
    let across = normal.cross(tangent);
    (normal + tangent * slope.x + across * slope.y).normalize_or(normal)
}

/// Bends a normal against the gradient of a height in space.
#[inline]
fn bend3(normal: Vec3, gradient: Vec3) -> Vec3 {
    (normal - (gradient - normal * normal.dot(gradient))).normalize_or(normal)
}

struct Grain {
    tone: f32,
    pore: f32,
    slope: f32,
    stave: f32,
}

/// Grain of a board cut along the trunk: growth rings as distances from a wandering pith, fibres and pores.
fn wood(uv: Vec2, ring: f32, plank: f32, seed: u32) -> Grain {
    let (mut along, mut across) = (uv.x, uv.y);
    let mut stave = 0.0;
    let mut board = seed;
    let mut joint = 0.0;
    if plank > 0.0 {
        let index = (across / plank).floor();
        let f = across / plank - index;
        board = seed.wrapping_add((index as i32 as u32).wrapping_mul(977));
        stave = 0.16 * (cell(index as i32, 1, seed) - 0.5);
        across = (f - 0.5) * plank;
        along += 3.0 * cell(index as i32, 2, seed);
        joint = (1.0 - (f.min(1.0 - f) * plank / 0.0009).min(1.0)) * 0.5;
    }
    let pith = 0.05 + 0.10 * cell(board as i32, 3, seed);
    let off = 0.08 * (cell(board as i32, 4, seed) - 0.5);
    let wander = 0.018 * noise2(Vec2::new(along * 1.3, across * 5.0), board)
        + 0.006 * noise2(Vec2::new(along * 3.7, across * 14.0), board ^ 1);
    let depth = pith * (0.35 + 0.45 * noise2(Vec2::new(along * 0.6, 0.5), board ^ 2));
    let radius = Vec2::new(across + off + wander, depth).length() / ring;
    let phase = radius - radius.floor();
    // Spring wood turns gradually into the dark line of late wood.
    let late = phase.powi(3) * (1.0 - ((phase - 0.92) * 12.5).clamp(0.0, 1.0));
    let streak = noise2(Vec2::new(along * 5.0, across * 260.0), board ^ 3);
    let fibre = noise2(Vec2::new(along * 28.0, across * 900.0), board ^ 4);
    let pores = noise2(Vec2::new(along * 45.0, across * 1100.0), board ^ 5);
    Grain {
        tone: 0.62 * late
            + 0.20 * (streak + 0.6) * 0.8
            + 0.14 * fibre
            + joint
            + 0.12 * fbm2(Vec2::new(along * 1.1, across * 3.0), 2, board ^ 6),
        pore: ((pores - 0.45) * 3.0).clamp(0.0, 1.0) * (0.35 + 0.65 * late),
        slope: fibre + 0.5 * streak,
        stave,
    }
}

/// Shares of second and third colour of a rug at `uv` metres from its centre.
fn rug(uv: Vec2, pattern: RugPattern, width: f32, length: f32, seed: u32) -> Vec2 {
    let half = Vec2::new(width, length) * 0.5;
    let inset = (half.x - uv.x.abs()).min(half.y - uv.y.abs());
    let wobble = 0.012 * noise2(uv * 9.0, seed);
    let band = |low: f32, high: f32| if inset > low && inset < high { 1.0 } else { 0.0 };
    match pattern {
        RugPattern::Plain => Vec2::ZERO,
        RugPattern::Border => Vec2::new(band(0.07, 0.17), band(0.185, 0.20)),
        RugPattern::Stripes => {
            let v = (uv.y + wobble) / 0.21;
            let f = v - v.floor();
            Vec2::new(
                if f < 0.28 { 1.0 } else { 0.0 },
                if (0.40..0.46).contains(&f) { 0.9 } else { 0.0 },
            )
        }
        RugPattern::Diamonds => {
            let (a, b) = (
                (uv.x + uv.y * 0.62) / 0.42 + wobble * 1.5,
                (uv.x - uv.y * 0.62) / 0.42 + wobble * 1.5,
            );
            let line = |v: f32| {
                if (v - v.round()).abs() < 0.035 {
                    1.0f32
                } else {
                    0.0
                }
            };
            Vec2::new(line(a).max(line(b)), 0.0)
        }
        RugPattern::Persian => {
            let fade = 0.75 + 0.25 * fbm2(uv * 2.5, 3, seed ^ 9);
            if inset < 0.30 {
                // Main border with small flowers between two guards.
                let along = if half.x - uv.x.abs() < half.y - uv.y.abs() {
                    uv.y
                } else {
                    uv.x
                };
                let f = Vec2::new((along / 0.16).fract().abs() - 0.5, (inset - 0.17) / 0.13);
                let flower = if f.length() < 0.30 + 0.07 * (6.0 * f.y.atan2(f.x)).cos() {
                    1.0
                } else {
                    0.0
                };
                let guard = band(0.035, 0.06).max(band(0.265, 0.29));
                return Vec2::new(
                    (1.0 - band(0.0, 0.03)) * (1.0 - flower) * fade,
                    flower.max(guard) * fade * 0.8,
                );
            }
            let q = uv.abs() / (half - Vec2::splat(0.3));
            let petal = 0.42 + 0.06 * (8.0 * uv.y.atan2(uv.x)).cos();
            let ray = Vec2::new(uv.x / (half.x - 0.3), uv.y / (half.y - 0.3)).length();
            let medallion: f32 = if ray < petal { 1.0 } else { 0.0 };
            let heart = if ray < petal * 0.45 { 1.0 } else { 0.0 };
            let corner = if q.x + q.y > 1.55 + 0.05 * (18.0 * q.x).sin() {
                1.0
            } else {
                0.0
            };
            let (_, near, own) = cells2(uv.abs() * 11.0, 77);
            let sprig = if own > 0.35 && near < 0.20 + 0.06 * own {
                0.75
            } else {
                0.0
            };
            Vec2::new(
                (medallion - heart + corner).clamp(0.0, 1.0) * fade,
                f32::max(sprig, 0.6 * heart) * fade,
            )
        }
        RugPattern::Abstract => {
            let cloud = fbm2(uv * 1.1 + Vec2::splat(seed as f32 % 13.0), 4, seed);
            let line = fbm2(uv * Vec2::new(1.3, 0.8) + Vec2::splat(5.0), 3, seed ^ 2);
            let thin = if line.abs() < 0.02 { 0.8 } else { 0.0 };
            Vec2::new(((cloud + 0.02) * 7.0).clamp(0.0, 1.0), thin)
        }
    }
}
