//! Renders the catalogue to a PNG for looking at it: `contact_sheet out.png [style] [kind,kind…] [tile] [seed]`.
//!
//! A small path tracer of its own (sky, one soft lamp, one bounce) on a grey floor: quick, and independent of the
//! photo's light.

use std::time::Duration;

use obvhs::BvhBuildParams;
use obvhs::bvh2::builder::build_bvh2_from_tris;
use obvhs::ray::{Ray, RayHit};
use obvhs::triangle::Triangle;
use rayon::prelude::*;
use vitrine_scene::geometry::{Vec2, Vec3};
use vitrine_scene::model::import::{Asset, Library, Limits, import_entry, shortlist};
use vitrine_scene::model::noise::{hash, unit};
use vitrine_scene::model::{Piece, Surface};

struct View {
    eye: Vec3,
    forward: Vec3,
    right: Vec3,
    up: Vec3,
    tan: f32,
}

struct Stage<'a> {
    piece: &'a Piece,
    triangles: Vec<Triangle>,
    bvh: obvhs::bvh2::Bvh2,
}

impl Stage<'_> {
    fn hit(&self, origin: Vec3, direction: Vec3) -> Option<(f32, u32)> {
        let ray = Ray::new(origin.into(), direction.into(), 0.0004, 100.0);
        let mut hit = RayHit::none();
        let found = self.bvh.ray_traverse(ray, &mut hit, |ray, id| {
            self.triangles[self.bvh.primitive_indices[id] as usize].intersect(ray)
        });
        found.then(|| (hit.t, self.bvh.primitive_indices[hit.primitive_id as usize]))
    }

    fn surface(&self, id: u32, point: Vec3, direction: Vec3) -> (Surface, Vec3) {
        let mesh = &self.piece.mesh;
        let t = mesh.triangles[id as usize].map(|i| i as usize);
        let [a, b, c] = t.map(|i| mesh.positions[i]);
        let n = (b - a).cross(c - a);
        let area = n.length_squared();
        let v = (point - a).cross(c - a).dot(n) / area;
        let w = (b - a).cross(point - a).dot(n) / area;
        let u = 1.0 - v - w;
        let mut normal =
            (mesh.normals[t[0]] * u + mesh.normals[t[1]] * v + mesh.normals[t[2]] * w).normalize_or(Vec3::Y);
        let mut geometric = n.normalize_or(Vec3::Y);
        if geometric.dot(direction) > 0.0 {
            geometric = -geometric;
        }
        if normal.dot(geometric) < 0.0 {
            normal = -normal;
        }
        let uv: Vec2 = mesh.uvs[t[0]] * u + mesh.uvs[t[1]] * v + mesh.uvs[t[2]] * w;
        (
            self.piece.materials[mesh.materials[id as usize] as usize].at(point, uv, normal),
            geometric,
        )
    }

    fn radiance(&self, mut origin: Vec3, mut direction: Vec3, dice: &mut u32) -> Vec3 {
        let mut roll = || {
            *dice = hash(dice.wrapping_add(0x9e37_79b9));
            unit(*dice)
        };
        let mut light = Vec3::ZERO;
        let mut weight = Vec3::ONE;
        for bounce in 0..4 {
            let floor = if direction.y < -1e-4 {
                -origin.y / direction.y
            } else {
                f32::INFINITY
            };
            let hit = self.hit(origin, direction).filter(|h| h.0 < floor);
            let (point, normal, geometric, surface) = match hit {
                Some((t, id)) => {
                    let point = origin + direction * t;
                    let (surface, geometric) = self.surface(id, point, direction);
                    (point, surface.normal, geometric, surface)
                }
                None if floor < 60.0 => {
                    let point = origin + direction * floor;
                    let surface = Surface {
                        albedo: Vec3::splat(0.55),
                        roughness: 1.0,
                        metallic: 0.0,
                        transmission: 0.0,
                        sheen: 0.0,
                        emission: Vec3::ZERO,
                        normal: Vec3::Y,
                    };
                    (point, Vec3::Y, Vec3::Y, surface)
                }
                None => {
                    let sky = if bounce == 0 {
                        Vec3::splat(0.80)
                    } else {
                        Vec3::splat(0.75 + 0.25 * direction.y)
                    };
                    return light + weight * sky;
                }
            };
            light += weight * surface.emission;
            if surface.transmission > 0.0 && roll() < surface.transmission {
                weight *= surface.albedo.max(Vec3::splat(0.6));
                origin = point - geometric * 0.001;
                continue;
            }
            let cos = -direction.dot(normal);
            let f0 = Vec3::splat(0.04).lerp(surface.albedo, surface.metallic);
            let fresnel =
                f0 + (Vec3::ONE - f0) * (1.0 - cos.clamp(0.0, 1.0)).powi(5) * (1.0 - surface.roughness);
            let start = point + geometric * 0.0006;
            // One soft lamp from the upper left front.
            let aim = (Vec3::new(-2.2, 3.6, 2.6) + Vec3::new(roll() - 0.5, roll() - 0.5, roll() - 0.5) * 1.4)
                .normalize();
            let lit = normal.dot(aim).max(0.0);
            if lit > 0.0
                && geometric.dot(aim) > 0.0
                && surface.metallic < 0.5
                && self.hit(start, aim).is_none()
            {
                light += weight * surface.albedo * lit * 1.15;
                if surface.sheen > 0.0 {
                    light += weight * surface.sheen * 0.12 * (1.0 - cos.abs()).powi(3) * lit;
                }
            }
            let specular = fresnel.max_element().clamp(0.0, 1.0);
            let mirror = surface.metallic > 0.5 || roll() < specular;
            let (u1, u2) = (roll(), roll());
            if mirror {
                weight *= if surface.metallic > 0.5 {
                    fresnel
                } else {
                    fresnel / specular.max(1e-3)
                };
                let alpha = surface.roughness * surface.roughness;
                let spread = alpha * (u1 / (1.0 - u1 + 1e-4)).sqrt().min(4.0);
                let (s, c) = (u2 * std::f32::consts::TAU).sin_cos();
                let tangent = normal.any_orthonormal_vector();
                let half = (normal + (tangent * c + normal.cross(tangent) * s) * spread).normalize();
                direction = direction - 2.0 * direction.dot(half) * half;
            } else {
                weight *= surface.albedo;
                let (s, c) = (u2 * std::f32::consts::TAU).sin_cos();
                let tangent = normal.any_orthonormal_vector();
                let r = u1.sqrt();
                direction = tangent * (r * c) + normal.cross(tangent) * (r * s) + normal * (1.0 - u1).sqrt();
            }
            if direction.dot(geometric) <= 0.0 {
                return light;
            }
            direction = direction.normalize();
            origin = start;
            if weight.max_element() < 0.02 {
                return light;
            }
        }
        light
    }
}

fn render(piece: &Piece, tile: usize, samples: u32, yaw: f32) -> Vec<[u8; 3]> {
    let mesh = &piece.mesh;
    let triangles: Vec<Triangle> = mesh
        .triangles
        .iter()
        .map(|t| {
            let [a, b, c] = t.map(|i| mesh.positions[i as usize].into());
            Triangle { v0: a, v1: b, v2: c }
        })
        .collect();
    let bvh = build_bvh2_from_tris(&triangles, BvhBuildParams::fast_build(), &mut Duration::default());
    let stage = Stage {
        piece,
        triangles,
        bvh,
    };
    let radius = piece.size.length() * 0.5;
    let centre = Vec3::new(0.0, piece.size.y * 0.5, 0.0);
    let (sin, cos) = yaw.to_radians().sin_cos();
    let tan = 0.30;
    let away = Vec3::new(sin, 0.36, cos).normalize();
    let eye = centre + away * (radius / tan * 0.98);
    let forward = -away;
    let right = forward.cross(Vec3::Y).normalize();
    let view = View {
        eye,
        forward,
        right,
        up: right.cross(forward),
        tan,
    };
    (0..tile * tile)
        .into_par_iter()
        .map(|index| {
            let (x, y) = (index % tile, index / tile);
            let mut sum = Vec3::ZERO;
            let mut dice = hash(index as u32 ^ 0x5bd1);
            for _ in 0..samples {
                dice = hash(dice);
                let dx = unit(dice);
                dice = hash(dice ^ 77);
                let dy = unit(dice);
                let px = ((x as f32 + dx) / tile as f32 * 2.0 - 1.0) * view.tan;
                let py = (1.0 - (y as f32 + dy) / tile as f32 * 2.0) * view.tan;
                let direction = (view.forward + view.right * px + view.up * py).normalize();
                sum += stage
                    .radiance(view.eye, direction, &mut dice)
                    .min(Vec3::splat(4.0));
            }
            let c = sum / samples as f32 * 0.62;
            [c.x, c.y, c.z].map(|v| {
                let v = v.clamp(0.0, 1.0);
                let s = if v <= 0.003_130_8 {
                    12.92 * v
                } else {
                    1.055 * v.powf(1.0 / 2.4) - 0.055
                };
                (s * 255.0 + 0.5) as u8
            })
        })
        .collect()
}

fn main() {
    let mut arguments = std::env::args().skip(1);
    let (Some(folder), Some(list), Some(out)) = (arguments.next(), arguments.next(), arguments.next()) else {
        eprintln!(
            "usage: import_sheet <folder of .sh3f> <shortlist.csv> <out.png> [tile] [samples] [yaw] [only]"
        );
        std::process::exit(2);
    };
    let number = |text: Option<String>, or: f32| text.and_then(|t| t.parse().ok()).unwrap_or(or);
    let tile = number(arguments.next(), 220.0) as usize;
    let samples = number(arguments.next(), 16.0) as u32;
    let yaw = number(arguments.next(), 32.0);
    let only: Vec<String> = arguments
        .next()
        .map(|t| t.split(',').map(str::to_owned).collect())
        .unwrap_or_default();
    let choices = shortlist::parse(&std::fs::read_to_string(list).expect("list")).expect("shortlist");
    let limits = Limits::default();
    let mut names: Vec<String> = choices.iter().map(|c| c.library.clone()).collect();
    names.dedup();
    names.sort();
    names.dedup();
    let files: std::collections::BTreeMap<String, Vec<u8>> = names
        .into_iter()
        .map(|n| {
            let b = std::fs::read(format!("{folder}/{n}.sh3f")).expect("file");
            (n, b)
        })
        .collect();
    let libraries: std::collections::BTreeMap<&str, Library<'_>> = files
        .iter()
        .map(|(n, b)| (n.as_str(), Library::open(b, &limits).expect("library")))
        .collect();
    let mut tiles = Vec::new();
    let mut good = 0;
    for (number, choice) in choices.iter().enumerate() {
        if !only.is_empty()
            && !only
                .iter()
                .any(|o| o.parse::<usize>().map_or(choice.model == *o, |n| n == number))
        {
            continue;
        }
        let library = &libraries[choice.library.as_str()];
        let Some(entry) = library.entries.iter().find(|e| e.model == choice.model) else {
            println!("{number} {} MISSING", choice.model);
            continue;
        };
        let start = std::time::Instant::now();
        match import_entry(library, entry, Some(choice), &limits) {
            Err(error) => println!("{number:2} {}/{}: {error}", choice.library, choice.model),
            Ok(asset) => {
                good += 1;
                let took = start.elapsed();
                let bytes = asset.to_bytes();
                let start = std::time::Instant::now();
                let back = Asset::from_bytes(&bytes).expect("reads back");
                println!(
                    "{number:2} {}/{} {:?} {} tris {} kB import {:?} load {:?} size {:?} top {} {:?}",
                    choice.library,
                    choice.model,
                    asset.header.kind,
                    asset.mesh.triangles.len(),
                    bytes.len() / 1024,
                    took,
                    start.elapsed(),
                    asset.header.size_m,
                    asset.header.top_m,
                    asset.header.repairs
                );
                for m in &asset.header.materials {
                    println!(
                        "      {} {:?} {:.2?} r{:.2} m{} t{:.2} pic {:?}",
                        m.name, m.finish, m.albedo, m.roughness, m.metallic, m.transmission, m.picture
                    );
                }
                tiles.push(render(&back.piece(None, None), tile, samples, yaw));
            }
        }
    }
    println!("{good} imported");
    let columns = (1600 / tile).max(1).min(tiles.len());
    let rows = tiles.len().div_ceil(columns);
    let mut sheet = image::RgbImage::new((columns * tile) as u32, (rows * tile) as u32);
    for (i, pixels) in tiles.iter().enumerate() {
        let (left, top) = ((i % columns) * tile, (i / columns) * tile);
        for (k, colour) in pixels.iter().enumerate() {
            sheet.put_pixel(
                (left + k % tile) as u32,
                (top + k / tile) as u32,
                image::Rgb(*colour),
            );
        }
    }
    sheet.save(out).expect("saved");
}
