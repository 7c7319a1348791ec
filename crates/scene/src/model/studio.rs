//! Portraits of single pieces for the catalogue: a seamless pale backdrop, one large soft lamp, bright surroundings.
//!
//! Uses the tracer's ray index, surfaces and filter, but not its light: there is no photo here. Everything is in the room
//! frame (Y down, metres), the piece stands at the origin and faces the camera.

use rayon::prelude::*;

use crate::Control;
use crate::furnish::{Kind, Placement};
use crate::geometry::sampling::{Sampler, basis, cosine_direction, ggx_half_vector, ggx_masking};
use crate::geometry::{DVec3, Vec3};
use crate::image::RgbImage;
use crate::model::catalogue::own_option;
use crate::model::{Design, Look, Piece, build};
use crate::trace::filter::{Guide, Signal, smooth};
use crate::trace::scene::{OFFSET, SceneHit, Shaded};
use crate::trace::{Scene, SolidStore};

/// Half the field of view as tangent: a long lens, so that shapes are not stretched.
const TAN: f32 = 0.24;
/// Share of the picture's half width that the piece fills.
const FILL: f32 = 0.88;
/// Reflected radiance of the backdrop where nothing shades it.
const BACKDROP: Vec3 = Vec3::new(0.80, 0.79, 0.77);
/// Irradiance over pi of a surface that faces the lamp.
const LAMP: f32 = 0.72;
/// Tangent of the lamp's half width as seen from the piece.
const LAMP_SIZE: f32 = 0.34;
/// Mean radiance that surfaces throw on each other.
const BOUNCE: f32 = 0.55;
/// Layers of glass that a ray follows.
const MAX_LAYERS: u32 = 4;

/// One piece of the catalogue, `size` × `size` pixels. The same arguments give the same bytes.
pub fn thumbnail(look: &Look, design: &Design, seed: u32, size: u32) -> RgbImage {
    portrait(&build(look, design, seed), design.option, size, 2)
}

/// A finished piece, `size` × `size` pixels with `2^log2_samples` primary rays each; `option` is its design's, which
/// tells what stands from what hangs.
pub fn portrait(piece: &Piece, option: u8, size: u32, log2_samples: u32) -> RgbImage {
    let pose = Pose::of(piece.kind, own_option(option));
    let placements = [Placement {
        piece: piece.clone(),
        position: DVec3::ZERO,
        yaw_deg: f64::from(pose.yaw),
        source: None,
    }];
    let per_side = ((1u32 << log2_samples) as f32).sqrt();
    let studio = Studio {
        // Nothing sinks into the studio's floor.
        scene: Scene::new(&placements, 1.0, &SolidStore::default())
            .sampled_every(2.0 * TAN / (size as f32 * per_side)),
        backdrop: pose.backdrop(piece.size.z),
        view: View::of(&placements[0], pose.rise),
        lamp: Vec3::new(-0.55, -0.78, -0.62).normalize(),
        log2_samples,
    };
    studio.picture(size as usize)
}

/// How a piece poses.
struct Pose {
    /// Turn of the piece, degrees.
    yaw: f32,
    /// Slope of the view: camera height over distance.
    rise: f32,
    support: Support,
}

enum Support {
    Floor,
    Wall,
    Air,
}

impl Pose {
    fn of(kind: Kind, option: u8) -> Self {
        let pose = |yaw, rise, support| Self { yaw, rise, support };
        match (kind, option) {
            (Kind::Art | Kind::Mirror | Kind::Curtain, _) => pose(12.0, 0.06, Support::Wall),
            (Kind::CoatRack | Kind::TowelRack | Kind::Screen, 2) => pose(22.0, 0.12, Support::Wall),
            (Kind::PendantLamp, _) => pose(0.0, 0.02, Support::Air),
            (Kind::Rug | Kind::BathMat, _) => pose(24.0, 0.85, Support::Floor),
            (Kind::Books | Kind::Tableware | Kind::TowelStack | Kind::FruitBowl, _) => {
                pose(30.0, 0.55, Support::Floor)
            }
            (Kind::Bed | Kind::Lounger, _) => pose(38.0, 0.46, Support::Floor),
            _ => pose(32.0, 0.34, Support::Floor),
        }
    }

    fn backdrop(&self, depth: f32) -> Option<Plane> {
        match self.support {
            Support::Floor => Some(Plane {
                normal: Vec3::NEG_Y,
                offset: 0.0,
            }),
            Support::Wall => {
                // The wall turns with the piece.
                let (sin, cos) = self.yaw.to_radians().sin_cos();
                Some(Plane {
                    normal: Vec3::new(sin, 0.0, -cos),
                    offset: -depth * 0.5 - 0.001,
                })
            }
            Support::Air => None,
        }
    }
}

/// Points with `normal · p = offset`; the normal looks to the piece.
struct Plane {
    normal: Vec3,
    offset: f32,
}

impl Plane {
    fn hit(&self, origin: Vec3, direction: Vec3) -> f32 {
        let slant = self.normal.dot(direction);
        if slant > -1e-4 {
            return f32::INFINITY;
        }
        let t = (self.offset - self.normal.dot(origin)) / slant;
        if t > 1e-4 { t } else { f32::INFINITY }
    }
}

struct View {
    eye: Vec3,
    forward: Vec3,
    right: Vec3,
    down: Vec3,
}

impl View {
    /// Looks at the middle of the piece from where all of it is in the picture.
    fn of(placement: &Placement, rise: f32) -> Self {
        let bounds = placement.piece.mesh.bounds();
        let corners: Vec<Vec3> = (0..8)
            .map(|c| {
                let pick = |axis: usize| {
                    if c >> axis & 1 == 0 {
                        bounds.min[axis]
                    } else {
                        bounds.max[axis]
                    }
                };
                placement.to_room(Vec3::new(pick(0), pick(1), pick(2)))
            })
            .collect();
        let centre = corners.iter().sum::<Vec3>() / 8.0;
        let away = Vec3::new(0.0, -rise, -1.0).normalize();
        let forward = -away;
        let right = Vec3::Y.cross(forward).normalize();
        let down = forward.cross(right);
        let distance = corners.iter().map(|&corner| {
            let r = corner - centre;
            r.dot(right).abs().max(r.dot(down).abs()) / (FILL * TAN) - r.dot(forward)
        });
        Self {
            eye: centre + away * distance.fold(0.1, f32::max),
            forward,
            right,
            down,
        }
    }

    fn ray(&self, x: f32, y: f32) -> Vec3 {
        (self.forward + self.right * (x * TAN) + self.down * (y * TAN)).normalize()
    }
}

struct Studio<'a> {
    scene: Scene<'a>,
    backdrop: Option<Plane>,
    view: View,
    /// Towards the middle of the lamp.
    lamp: Vec3,
    log2_samples: u32,
}

/// One pixel before smoothing.
#[derive(Clone, Copy)]
struct Pixel {
    /// Share the piece hides.
    coverage: f32,
    reflect: Vec3,
    glow: Vec3,
    piece: Guide,
    floor: Guide,
    light: Signal,
    shadow: Signal,
}

impl Studio<'_> {
    fn picture(&self, size: usize) -> RgbImage {
        let pixels: Vec<Pixel> = (0..size * size)
            .into_par_iter()
            .with_min_len(64)
            .map(|i| self.pixel(i % size, i / size, size))
            .collect();
        let filtered = |guides: Vec<Guide>, mut signals: Vec<Signal>| {
            // Nobody can cancel a control of one's own.
            let _ = smooth(size, &guides, &mut signals, 4, &Control::default(), |_| true);
            signals
        };
        let (light, shadow) = rayon::join(
            || {
                filtered(
                    pixels.iter().map(|p| p.piece).collect(),
                    pixels.iter().map(|p| p.light).collect(),
                )
            },
            || {
                filtered(
                    pixels.iter().map(|p| p.floor).collect(),
                    pixels.iter().map(|p| p.shadow).collect(),
                )
            },
        );
        let mut picture = RgbImage::new(size as u32, size as u32);
        for (i, target) in picture.pixels_mut().enumerate() {
            let p = &pixels[i];
            let behind = BACKDROP * shadow[i].colors[0] * (1.0 - p.coverage);
            let color = p.reflect * light[i].colors[0] + light[i].colors[1] + p.glow + behind;
            target.0 = develop(color);
        }
        picture
    }

    fn pixel(&self, x: usize, y: usize, size: usize) -> Pixel {
        let sampler = Sampler::new(0x5ca1e, x as u32, y as u32);
        let count = 1u32 << self.log2_samples;
        let mut pixel = Pixel {
            coverage: 0.0,
            reflect: Vec3::ZERO,
            glow: Vec3::ZERO,
            piece: Guide::NONE,
            floor: Guide::NONE,
            light: Signal::default(),
            shadow: Signal::default(),
        };
        let (mut irradiance, mut lit) = (Vec3::ZERO, 0.0_f32);
        let (mut ratio, mut floors) = (Vec3::ZERO, 0.0_f32);
        let mut gloss = Vec3::ZERO;
        let mut last = Vec3::ZERO;
        for i in 0..count {
            let (dx, dy) = sampler.pair(0, i, self.log2_samples);
            let at = |v: usize, d: f32| (v as f32 + d) / size as f32 * 2.0 - 1.0;
            let direction = self.view.ray(at(x, dx), at(y, dy));
            let mut origin = self.view.eye;
            let mut left = 1.0_f32;
            for layer in 0..MAX_LAYERS {
                let Some(hit) = self.scene.closest(origin, direction, 100.0) else {
                    break;
                };
                let shaded = self.scene.shade(&hit, origin, direction);
                let surface = &shaded.surface;
                let solid = left * (1.0 - surface.transmission);
                let cosine = (-surface.normal.dot(direction)).clamp(0.0, 1.0);
                let f0 = Vec3::splat(0.04).lerp(surface.albedo, surface.metallic);
                let grazing = (1.0 - cosine).powi(5) * (1.0 - surface.roughness).powi(2);
                let fresnel = f0 + (Vec3::ONE - f0) * grazing;
                let sheen = Vec3::splat(0.5).lerp(surface.albedo, 0.5)
                    * (0.35 * surface.sheen * (1.0 - cosine).powi(3));
                let relief = self.open_light(surface.normal) / self.open_light(shaded.smooth);
                let diffuse = surface.albedo * (1.0 - surface.metallic) * (Vec3::ONE - fresnel) + sheen;
                pixel.reflect += diffuse * (solid * relief.clamp(0.3, 2.0));
                pixel.glow += surface.emission * left;
                // Light varies slower than texture: every second ray gathers it, and those that meet another face.
                if layer > 0 || i % 2 == 0 || last.dot(shaded.smooth) < 0.9 {
                    irradiance += self.light(&shaded, &sampler, i, layer) * solid;
                    lit += solid;
                    last = shaded.smooth;
                }
                if surface.roughness < 0.62 || surface.metallic > 0.3 {
                    let square = sampler.pair(20 + layer, i, self.log2_samples);
                    gloss += self.reflection(&shaded, direction, fresnel, square) * left;
                } else {
                    gloss += fresnel * (BOUNCE * 0.9 * left);
                }
                if pixel.piece.id == 0 {
                    let pixel_size = hit.t * 2.0 * TAN / size as f32;
                    pixel.piece = Guide {
                        position: shaded.position,
                        normal: shaded.smooth,
                        id: 1 + u32::from(shaded.material),
                        reach: [12.0 * pixel_size, 5.0 * pixel_size * surface.roughness],
                    };
                }
                left -= solid;
                if left < 0.02 {
                    left = 0.0;
                    break;
                }
                left *= 0.92;
                origin = shaded.position + direction * OFFSET;
            }
            pixel.coverage += 1.0 - left;
            if left > 0.0 {
                let (shade, guide) = self.behind(direction, &sampler, i, size);
                ratio += shade * left;
                floors += left;
                if let Some(guide) = guide {
                    pixel.floor = guide;
                }
            }
        }
        let scale = 1.0 / count as f32;
        pixel.coverage *= scale;
        pixel.reflect *= scale;
        pixel.glow *= scale;
        pixel.light.colors = [irradiance / lit.max(1e-6), gloss * scale];
        pixel.light.variance = 0.02;
        pixel.shadow.colors[0] = if floors > 0.0 { ratio / floors } else { Vec3::ONE };
        pixel.shadow.variance = 0.02;
        pixel
    }

    /// Light that falls on an open surface, over pi: what relief changes.
    fn open_light(&self, normal: Vec3) -> f32 {
        let key = normal.dot(self.lamp);
        // Wrapped a little, as the lamp is wide.
        let key = ((key + 0.15) / 1.15).max(0.0);
        0.5 * (1.0 + 0.2 * -normal.y) + LAMP * key
    }

    fn lamp_direction(&self, (u, v): (f32, f32)) -> Vec3 {
        let frame = basis(self.lamp);
        let (sin, cos) = (v * std::f32::consts::TAU).sin_cos();
        let radius = LAMP_SIZE * u.sqrt();
        (frame * Vec3::new(radius * cos, radius * sin, 1.0)).normalize()
    }

    /// Irradiance over pi at a surface of the piece.
    fn light(&self, shaded: &Shaded, sampler: &Sampler, i: u32, layer: u32) -> Vec3 {
        let origin = shaded.position + shaded.flat * OFFSET;
        let lamp = self.lamp_direction(sampler.pair(2 + layer * 4, i, self.log2_samples));
        let mut sum = Vec3::ZERO;
        let facing = shaded.smooth.dot(lamp);
        if facing > 0.0 && shaded.flat.dot(lamp) > 0.0 {
            sum += Vec3::splat(LAMP * facing * self.scene.transmittance(origin, lamp, 20.0));
        }
        let square = sampler.pair(3 + layer * 4, i, self.log2_samples);
        let direction = cosine_direction(&basis(shaded.smooth), square);
        if shaded.flat.dot(direction) > 0.0 {
            sum += self.surroundings(origin, direction, false);
        }
        sum
    }

    /// What a ray that leaves the piece sees. The lamp itself only in reflections: diffuse surfaces sample it apart.
    fn surroundings(&self, origin: Vec3, direction: Vec3, with_lamp: bool) -> Vec3 {
        if let Some(hit) = self.scene.closest(origin, direction, 20.0) {
            return self.bounce(&hit);
        }
        let floor = self
            .backdrop
            .as_ref()
            .map_or(f32::INFINITY, |plane| plane.hit(origin, direction));
        if floor.is_finite() {
            // Near the piece its own shade lies on the floor.
            return BACKDROP * (1.0 - 0.45 / (1.0 + 3.0 * floor));
        }
        let sky = 0.62 + 0.22 * -direction.y;
        let lamp = if with_lamp {
            let edge = direction.dot(self.lamp);
            let rim = 1.0 / (1.0 + LAMP_SIZE * LAMP_SIZE).sqrt();
            2.6 * ((edge - rim) * 30.0 + 0.5).clamp(0.0, 1.0)
        } else {
            0.0
        };
        // A dark flag at the right gives metal and glass an edge.
        let flag = 0.35 * ((direction.x - 0.55) * 6.0).clamp(0.0, 1.0) * (1.0 - direction.y.abs());
        Vec3::splat(sky - flag + lamp)
    }

    fn bounce(&self, hit: &SceneHit) -> Vec3 {
        let material = self.scene.material(hit);
        material.albedo * BOUNCE * 0.8 + material.emission
    }

    fn reflection(&self, shaded: &Shaded, direction: Vec3, fresnel: Vec3, square: (f32, f32)) -> Vec3 {
        let surface = &shaded.surface;
        let alpha = (surface.roughness * surface.roughness).max(0.002);
        let half = ggx_half_vector(&basis(surface.normal), -direction, alpha, square);
        let mirrored = direction - half * (2.0 * direction.dot(half));
        let cosine = surface.normal.dot(mirrored);
        if cosine <= 0.0 || shaded.flat.dot(mirrored) <= 0.0 {
            return Vec3::ZERO;
        }
        let origin = shaded.position + shaded.flat * OFFSET;
        self.surroundings(origin, mirrored, true) * fresnel * ggx_masking(cosine, alpha)
    }

    /// How much of its light the backdrop keeps where a ray meets it.
    fn behind(&self, direction: Vec3, sampler: &Sampler, i: u32, size: usize) -> (Vec3, Option<Guide>) {
        let Some(plane) = &self.backdrop else {
            return (Vec3::ONE, None);
        };
        let t = plane.hit(self.view.eye, direction);
        let bounds = self.scene.piece_bounds[0];
        let reach = (bounds.max - bounds.min).length();
        let middle = (bounds.max + bounds.min) * 0.5;
        let point = self.view.eye + direction * t.min(1e4);
        if !t.is_finite() || point.distance(middle) > 2.2 * reach {
            return (Vec3::ONE, None);
        }
        let origin = point + plane.normal * OFFSET;
        let lamp = self.lamp_direction(sampler.pair(60, i, self.log2_samples));
        let key = LAMP * plane.normal.dot(lamp).max(0.0);
        let ambient = cosine_direction(&basis(plane.normal), sampler.pair(61, i, self.log2_samples));
        let open = 0.70;
        let blocked = match self.scene.closest(origin, ambient, reach) {
            Some(hit) => self.bounce(&hit) * 0.6,
            None => Vec3::splat(open),
        };
        let kept = key * self.scene.transmittance(origin, lamp, 20.0) + blocked;
        let pixel_size = t * 2.0 * TAN / size as f32;
        let guide = Guide {
            position: point,
            normal: plane.normal,
            id: 1,
            reach: [16.0 * pixel_size, 0.0],
        };
        (kept / (key + open), Some(guide))
    }
}

/// Linear light to sRGB bytes, highlights rolled off.
fn develop(color: Vec3) -> [u8; 3] {
    color.to_array().map(|v| {
        let v = v.max(0.0);
        let v = if v > 0.7 {
            0.7 + 0.3 * (1.0 - (-(v - 0.7) / 0.3).exp())
        } else {
            v
        };
        let s = if v <= 0.003_130_8 {
            12.92 * v
        } else {
            1.055 * v.powf(1.0 / 2.4) - 0.055
        };
        (s * 255.0 + 0.5) as u8
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::furnish::Style;
    use crate::model::{designs, palettes};

    fn shown(kind: Kind, style: Style) -> RgbImage {
        let look = Look {
            style,
            palette: palettes(style)[0],
        };
        thumbnail(&look, &designs(kind, style)[0], 5, 48)
    }

    #[test]
    fn a_thumbnail_shows_the_piece_before_a_pale_backdrop() {
        for kind in [Kind::Sofa, Kind::Art, Kind::PendantLamp, Kind::Rug] {
            let picture = shown(kind, Style::Modern);
            for (x, y) in [(0, 0), (47, 0), (1, 24)] {
                let corner = picture.get_pixel(x, y).0;
                assert!(
                    corner.iter().all(|v| *v > 190),
                    "{kind:?}: {corner:?} at {x}, {y}"
                );
            }
            let pale = picture.get_pixel(0, 0).0;
            let apart = |p: &[u8; 3]| (0..3).map(|c| p[c].abs_diff(pale[c])).max() > Some(40);
            let covered = picture.pixels().filter(|p| apart(&p.0)).count();
            assert!(covered > 48 * 48 / 40, "{kind:?} covers {covered} pixels");
        }
    }

    #[test]
    fn a_thumbnail_is_repeatable() {
        assert_eq!(
            shown(Kind::Armchair, Style::Scandinavian),
            shown(Kind::Armchair, Style::Scandinavian)
        );
    }
}
