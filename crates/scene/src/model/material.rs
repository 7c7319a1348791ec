//! What a surface looks like: albedo, roughness and procedural texture, evaluated at a point.
//!
//! Textures have their real size: uvs and points are metres. Relief only bends the shading normal. Nothing here
//! allocates; the tracer calls [`Material::at`] for every hit.

use std::sync::Arc;

use crate::geometry::{Vec2, Vec3};
use crate::model::art::Picture;
use crate::model::image_texture::ImageTexture;
use crate::model::ink::Printed;
use crate::model::noise::{cell, cells2, fbm3, noise2, noise3};
use crate::model::{carpet, cloth, wood};

/// Darkest and brightest albedo of real furnishing; outside it light looks wrong.
pub const ALBEDO_RANGE: (f32, f32) = (0.03, 0.80);

/// Reflectance of the darkest ink.
const INK_BLACK: f32 = 0.014;

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
    /// A few large shapes in the other colours, their borders carved.
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
        /// An ellipse instead of a rectangle.
        is_round: bool,
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
    /// A lamp shade with a lit bulb behind it; u runs up its `height`.
    Shade {
        height: f32,
    },
    /// A picture; uvs count whole pictures instead of metres. The albedo is its average colour: another one tints it.
    Image {
        picture: Arc<ImageTexture>,
    },
    /// A picture printed on a surface with a material of its own.
    Printed {
        print: Arc<Printed>,
    },
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

    /// Evaluates the material in full detail at a point of the model frame with surface coordinates `uv` (metres) and
    /// normal.
    pub fn at(&self, point: Vec3, uv: Vec2, normal: Vec3) -> Surface {
        self.seen(point, uv, normal, 0.0)
    }

    /// Evaluates the material as seen through samples `footprint` metres apart: detail too fine for them is replaced by
    /// its mean, so that it does not turn into noise.
    pub fn seen(&self, point: Vec3, uv: Vec2, normal: Vec3, footprint: f32) -> Surface {
        let mut surface = Surface {
            albedo: self.albedo,
            roughness: self.roughness,
            metallic: self.metallic,
            transmission: self.transmission,
            sheen: self.sheen,
            emission: self.emission,
            normal,
        };
        let spot = Spot {
            point,
            uv,
            normal,
            footprint,
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
                let grain = wood::grain(&spot, ring, plank, seed);
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
            } => cloth::weave(&mut surface, &spot, thread, second, relief),
            &Texture::Boucle { loops, relief } => cloth::boucle(&mut surface, &spot, loops, relief),
            &Texture::Velvet { relief } => cloth::velvet(&mut surface, &spot, relief),
            &Texture::Knit { stitch, relief } => cloth::knit(&mut surface, &spot, stitch, relief),
            &Texture::Leather { grain, relief } => cloth::leather(&mut surface, &spot, grain, relief),
            &Texture::Linen { relief } => cloth::linen(&mut surface, &spot, relief),
            &Texture::Brushed { relief } => {
                let fine = spot.fade(0.0008);
                if fine > 0.0 {
                    let streak = fine * noise2(Vec2::new(uv.x * 12.0, uv.y * 2500.0), 61);
                    surface.roughness = (self.roughness + 0.06 * streak).clamp(0.05, 1.0);
                    surface.normal = bend(normal, Vec2::new(0.0, streak * relief * 0.1));
                }
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
                let hole = spot.fade(0.006) * if own > 0.93 && near < 0.25 { 1.0 } else { 0.0 };
                surface.albedo = self.albedo * (1.0 + contrast * cloud - 0.3 * hole);
                surface.normal = bend(normal, away * hole * 1.2);
            }
            &Texture::Speckle {
                second,
                size,
                density,
            } => {
                let fine = spot.fade(size * 0.7);
                let mean = 0.20 * density;
                let share = if fine > 0.0 {
                    let (_, near, own) = cells2(uv / size, 71);
                    let is_spot = own < density && near < 0.2 + 0.25 * own / density;
                    mean + fine * (if is_spot { 0.85 } else { 0.0 } - mean)
                } else {
                    mean
                };
                surface.albedo = self.albedo.lerp(second, share) * (1.0 + 0.03 * noise3(point * 30.0, 72));
            }
            &Texture::Rug {
                second,
                third,
                pattern,
                is_round,
                width,
                length,
                pile,
                seed,
            } => {
                let tone = carpet::pattern(
                    uv,
                    pattern,
                    &carpet::Extent {
                        width,
                        length,
                        is_round,
                    },
                    seed,
                );
                let (shade, slope) = carpet::pile(&spot, pile, seed);
                let ground = self.albedo.lerp(second, tone.x).lerp(third, tone.y);
                surface.albedo = ground * shade;
                surface.normal = bend(normal, slope);
            }
            Texture::Art { picture } => {
                surface.albedo = picture.colour(uv);
                let thread = spot.fade(0.003) * noise2(uv * 500.0, 81) * 0.04;
                surface.normal = bend(normal, Vec2::splat(thread));
            }
            &Texture::Leaf { vein, back } => {
                let (x, y) = (uv.x, uv.y);
                let rib = (-(x / 0.0022).powi(2)).exp();
                let side = ((y - 1.1 * x.abs()) / 0.022).fract().abs();
                let veins = (1.0 - (side - 0.5).abs() * 2.0).powi(6) * 0.35 * spot.fade(0.012);
                // Leaves of one plant differ in age, and each is paler towards its tip.
                let tone = 1.0 + 0.20 * noise2(uv * 22.0, 91) + 0.26 * noise3(point * 6.0, 92);
                let warm = 0.10 * noise3(point * 9.0, 93);
                let hue = Vec3::new(1.0 + warm, 1.0 + 0.4 * warm, 1.0 - warm);
                surface.albedo =
                    (self.albedo * tone * hue).lerp(vein, (rib * 0.8 + veins).min(1.0)) * (1.0 + back * 0.2);
                surface.roughness = (self.roughness + 0.10 * noise3(point * 14.0, 94)).clamp(0.2, 1.0);
                surface.normal = bend(normal, Vec2::new(0.0, (side - 0.5) * 0.25 * spot.fade(0.022)));
            }
            &Texture::Rattan { strand, dark } => {
                let fine = spot.fade(strand);
                let mean = self.albedo.lerp(dark, 0.19) * 1.0;
                surface.albedo = if fine > 0.0 {
                    let p = uv / strand;
                    let gap = |v: f32| (v - v.floor() - 0.5).abs();
                    let hole = gap(p.x) > 0.28 && gap(p.y) > 0.28;
                    let over = ((p.x.floor() + p.y.floor()) as i32).rem_euclid(2) == 0;
                    let round = if over { gap(p.x) } else { gap(p.y) };
                    let stripe = cell(p.x.floor() as i32, p.y.floor() as i32, 5);
                    let detail = if hole {
                        dark
                    } else {
                        self.albedo * (1.05 - 0.8 * round * round + 0.14 * (stripe - 0.5))
                    };
                    mean.lerp(detail, fine)
                } else {
                    mean
                };
                surface.albedo *= 1.0 + 0.10 * noise2(uv * 18.0, 6);
            }
            &Texture::Shade { height } => {
                // Brightest where the bulb is near, and uneven like the thread it is made of.
                let off = (uv.x / height - 0.45) / 0.36;
                let slub = noise2(Vec2::new(uv.x * 420.0, uv.y * 40.0), 95) * spot.fade(0.004)
                    + noise2(Vec2::new(uv.x * 35.0, uv.y * 300.0), 96) * spot.fade(0.005);
                surface.albedo = self.albedo * (0.97 + 0.03 * slub);
                surface.emission = self.emission * ((0.30 + 0.70 * (-off * off).exp()) * (1.0 + 0.05 * slub));
            }
            Texture::Pages => {
                let sheet = noise2(Vec2::new(uv.x * 25.0, uv.y * 1800.0), 93) * 0.5 * spot.fade(0.001)
                    + noise2(Vec2::new(uv.x * 4.0, uv.y * 600.0), 94) * 0.5 * spot.fade(0.003);
                surface.albedo = self.albedo * (0.92 + 0.12 * sheet);
            }
            Texture::Image { picture } => {
                surface.albedo = picture.at(uv) * (self.albedo / picture.mean());
            }
            Texture::Printed { print } => {
                let mut surface = print.under.seen(point, uv, normal, footprint);
                let albedo = print.over(surface.albedo, uv, footprint);
                // Ink is darker than anything unprinted.
                surface.albedo = albedo.clamp(Vec3::splat(INK_BLACK), Vec3::splat(ALBEDO_RANGE.1));
                return surface;
            }
        }
        surface.albedo = clamp_albedo(surface.albedo);
        surface
    }
}

/// Where a material is evaluated.
pub(super) struct Spot {
    pub(super) point: Vec3,
    pub(super) uv: Vec2,
    pub(super) normal: Vec3,
    /// Distance between the samples that see it, metres.
    footprint: f32,
}

impl Spot {
    /// Share 0..1 of a detail with this period (metres) that the samples can resolve.
    #[inline]
    pub(super) fn fade(&self, period: f32) -> f32 {
        ((1.0 - self.footprint / period) * 1.35).clamp(0.0, 1.0)
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
pub(super) fn bend(normal: Vec3, slope: Vec2) -> Vec3 {
    let helper = if normal.x.abs() < 0.8 { Vec3::X } else { Vec3::Z };
    let tangent = (helper - normal * normal.dot(helper)).normalize_or(Vec3::X);
    let across = normal.cross(tangent);
    (normal + tangent * slope.x + across * slope.y).normalize_or(normal)
}

/// Bends a normal against the gradient of a height in space.
#[inline]
pub(super) fn bend3(normal: Vec3, gradient: Vec3) -> Vec3 {
    (normal - (gradient - normal * normal.dot(gradient))).normalize_or(normal)
}
