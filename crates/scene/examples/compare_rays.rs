//! Our half of `scripts/compare-mitsuba.py`: one furnished room, rays of three kinds, and light measured by rays.
//!
//! `compare_rays <folder>` writes `scene.ply` (all furniture, room frame, metres), a list per kind of ray (`primary.f32`,
//! `bounce.f32`, `occlusion.f32`: origin, direction, length of each) and `reference.f32` (the share of an even sky that
//! points of the floor see, from very many rays). Then it answers lines from the standard input with a line of JSON each:
//! `rays <kind> <threads>` and `floor <any or nearest> <log2 of the rays per point> <seed> <threads>`. So the script can take turns.

#[path = "../tests/it/rendering_support.rs"]
#[expect(dead_code, reason = "only the room is used here")]
mod rendering_support;

use std::error::Error;
use std::io::Write;
use std::path::Path;
use std::time::Instant;

use rayon::prelude::*;
use rendering_support::{CAMERA_HEIGHT, camera, room};
use vitrine_scene::Control;
use vitrine_scene::furnish::{Placement, RoomType, Style, Surroundings, plan};
use vitrine_scene::geometry::bvh::{BUNDLE, Bundle};
use vitrine_scene::geometry::sampling::{Sampler, basis, cosine_direction};
use vitrine_scene::geometry::{Vec2, Vec3};
use vitrine_scene::light::photo_map::View;
use vitrine_scene::trace::{Scene, SolidStore};

const WIDTH: u32 = 1024;
const HEIGHT: u32 = 768;
/// Floor points along one side of the square that is measured.
const SIDE: u32 = 128;
const LOG2_REFERENCE: u32 = 12;

struct Ray {
    origin: Vec3,
    direction: Vec3,
    far: f32,
}

fn main() -> Result<(), Box<dyn Error>> {
    let folder = std::env::args().nth(1).ok_or("name a folder")?;
    let folder = Path::new(&folder);
    std::fs::create_dir_all(folder)?;
    let furnished = plan(
        &room(),
        &camera(WIDTH, HEIGHT),
        &Surroundings::default(),
        Some(RoomType::LivingRoom),
        Style::Scandinavian,
        7,
        &Control::default(),
    )?;
    write_ply(&folder.join("scene.ply"), &furnished.placements)?;
    let started = Instant::now();
    let scene = Scene::new(&furnished.placements, f32::NEG_INFINITY, &SolidStore::default());
    let build = started.elapsed().as_secs_f64();
    let primary = primary(&View::new(&camera(WIDTH, HEIGHT)));
    let (bounce, occlusion) = secondary(&scene, &primary);
    let kinds = [("primary", primary), ("bounce", bounce), ("occlusion", occlusion)];
    for (kind, rays) in &kinds {
        let values = rays.iter().flat_map(|ray| {
            let [a, b, c] = ray.origin.to_array();
            let [d, e, f] = ray.direction.to_array();
            [a, b, c, d, e, f, ray.far]
        });
        write_floats(&folder.join(format!("{kind}.f32")), values)?;
    }
    let pools = [1, 2].map(|threads| rayon::ThreadPoolBuilder::new().num_threads(threads).build());
    let [one, two] = pools;
    let pools = [one?, two?];
    let reference = pools[1].install(|| floor(&scene, LOG2_REFERENCE, 99, false));
    write_floats(&folder.join("reference.f32"), reference.iter().copied())?;
    println!(
        "{{\"triangles\": {}, \"build_s\": {build:.4}, \"side\": {SIDE}, \"floor_y\": {CAMERA_HEIGHT}}}",
        scene.triangle_count()
    );
    for line in std::io::stdin().lines() {
        let line = line?;
        let words: Vec<&str> = line.split_whitespace().collect();
        let pool = |threads: &str| Ok::<_, Box<dyn Error>>(&pools[threads.parse::<usize>()?.clamp(1, 2) - 1]);
        match words[..] {
            ["rays", kind, threads] => {
                let (_, rays) = kinds
                    .iter()
                    .find(|(name, _)| *name == kind)
                    .ok_or("no such kind")?;
                let (hits, time) =
                    timed(|| pool(threads).map(|pool| pool.install(|| hits(&scene, kind, rays))));
                println!("{{\"rays\": {}, \"hits\": {}, {time}}}", rays.len(), hits?);
            }
            ["floor", way, log2, seed, threads] => {
                let (log2, seed) = (log2.parse()?, seed.parse()?);
                let (estimate, time) = timed(|| {
                    pool(threads).map(|pool| pool.install(|| floor(&scene, log2, seed, way == "nearest")))
                });
                let estimate = estimate?;
                let squares: f32 = estimate
                    .iter()
                    .zip(&reference)
                    .map(|(a, b)| (a - b).powi(2))
                    .sum();
                let error = (squares / reference.len() as f32).sqrt();
                let mean = estimate.iter().sum::<f32>() / estimate.len() as f32;
                println!("{{\"error\": {error:.6}, \"mean\": {mean:.5}, {time}}}");
            }
            _ => return Err(format!("what is {line:?}?").into()),
        }
    }
    Ok(())
}

/// How many rays of a list meet something: the nearest hit is looked for, or, for occlusion, any.
fn hits(scene: &Scene<'_>, kind: &str, rays: &[Ray]) -> usize {
    let is_hit = |ray: &&Ray| match kind {
        "occlusion" => scene.transmittance(ray.origin, ray.direction, ray.far) < 1.0,
        _ => scene.closest(ray.origin, ray.direction, ray.far).is_some(),
    };
    rays.par_iter().with_min_len(1 << 14).filter(is_hit).count()
}

/// A ray through the middle of every pixel.
fn primary(view: &View) -> Vec<Ray> {
    (0..WIDTH * HEIGHT)
        .map(|i| Ray {
            origin: Vec3::ZERO,
            direction: view.ray(Vec2::new((i % WIDTH) as f32 + 0.5, (i / WIDTH) as f32 + 0.5)),
            far: 100.0,
        })
        .collect()
}

/// From where the primary rays end, on furniture or floor: a cosine-distributed ray each, and one to a point of a window
/// that would be 2 m wide and 1.2 m high in the left wall.
fn secondary(scene: &Scene<'_>, primary: &[Ray]) -> (Vec<Ray>, Vec<Ray>) {
    let floor_y = CAMERA_HEIGHT as f32;
    let ends = primary.iter().enumerate().filter_map(|(i, ray)| {
        let (point, normal) = match scene.closest(ray.origin, ray.direction, ray.far) {
            Some(hit) => (ray.direction * hit.t, scene.facing_normal(&hit, ray.direction)),
            None if ray.direction.y > 0.05 => (ray.direction * (floor_y / ray.direction.y), Vec3::NEG_Y),
            None => return None,
        };
        (point.length() < 8.0).then_some((i as u32, point + normal * 1e-3, normal))
    });
    let mut lists = (vec![], vec![]);
    for (i, origin, normal) in ends {
        let sampler = Sampler::new(1, i, 0);
        let direction = cosine_direction(&basis(normal), sampler.pair(0, 0, 0));
        lists.0.push(Ray {
            origin,
            direction,
            far: 100.0,
        });
        let (u, v) = sampler.pair(1, 0, 0);
        let to = Vec3::new(-2.2, -0.8 + 1.2 * u, 2.0 + 2.0 * v) - origin;
        lists.1.push(Ray {
            origin,
            direction: to.normalize(),
            far: to.length(),
        });
    }
    lists
}

/// The share of an even sky that points of the floor see, with so many rays each (16 at least), traced in bundles of
/// neighbours. Any hit is enough to know it; `is_nearest` looks for the nearest, as pictures need it.
fn floor(scene: &Scene<'_>, log2_rays: u32, seed: u32, is_nearest: bool) -> Vec<f32> {
    let frame = basis(Vec3::NEG_Y);
    let bundles = (1_u32 << log2_rays) / BUNDLE as u32;
    // As many squares as bundles, up to sixteen.
    let log2_side = match log2_rays {
        ..6 => 0,
        6 | 7 => 1,
        _ => 2,
    };
    let squares = 1 << (2 * log2_side);
    (0..SIDE * SIDE)
        .into_par_iter()
        .with_min_len(SIDE as usize)
        .map(|i| {
            let (x, y) = (i % SIDE, i / SIDE);
            // It lies two centimetres above the floor, so that rugs do not hide it.
            let origin = Vec3::new(
                3.0 * (x as f32 + 0.5) / SIDE as f32 - 1.5,
                CAMERA_HEIGHT as f32 - 0.02,
                1.5 + 3.0 * (y as f32 + 0.5) / SIDE as f32,
            );
            let sampler = Sampler::new(seed, x, y);
            let met: usize = (0..bundles)
                .map(|bundle| {
                    let first = bundle / squares * BUNDLE as u32;
                    let points = sampler.square(0, log2_side, bundle % squares, first);
                    let bundle = Bundle::cosine(origin, &frame, &points, 100.0);
                    if is_nearest {
                        let met = scene.closest_of_bundle(&bundle);
                        met.iter().filter(|hit| hit.is_some()).count()
                    } else {
                        scene.met_by_bundle(&bundle).count_ones() as usize
                    }
                })
                .sum();
            1.0 - met as f32 / (bundles as usize * BUNDLE) as f32
        })
        .collect()
}

/// What some work answers, and its seconds by the clock and of processor time.
fn timed<T>(work: impl FnOnce() -> T) -> (T, String) {
    let (started, cpu) = (Instant::now(), cpu_seconds());
    let answer = work();
    let (wall, cpu) = (started.elapsed().as_secs_f64(), cpu_seconds() - cpu);
    (answer, format!("\"wall_s\": {wall:.5}, \"cpu_s\": {cpu:.5}"))
}

/// Processor time of all threads of this process, from Linux' scheduler.
fn cpu_seconds() -> f64 {
    let tasks = std::fs::read_dir("/proc/self/task")
        .into_iter()
        .flatten()
        .flatten();
    let nanoseconds = tasks.filter_map(|task| {
        let stat = std::fs::read_to_string(task.path().join("schedstat")).ok()?;
        stat.split(' ').next()?.parse::<f64>().ok()
    });
    1e-9 * nanoseconds.sum::<f64>()
}

fn write_floats(path: &Path, values: impl Iterator<Item = f32>) -> std::io::Result<()> {
    let mut file = std::io::BufWriter::new(std::fs::File::create(path)?);
    for value in values {
        file.write_all(&value.to_le_bytes())?;
    }
    file.flush()
}

fn write_ply(path: &Path, placements: &[Placement]) -> std::io::Result<()> {
    let meshes = || placements.iter().map(|p| &p.piece.mesh);
    let vertices: usize = meshes().map(|m| m.positions.len()).sum();
    let faces: usize = meshes().map(|m| m.triangles.len()).sum();
    let mut file = std::io::BufWriter::new(std::fs::File::create(path)?);
    write!(
        file,
        "ply\nformat binary_little_endian 1.0\nelement vertex {vertices}\nproperty float x\nproperty float y\nproperty float \
         z\nelement face {faces}\nproperty list uchar int vertex_indices\nend_header\n"
    )?;
    for placement in placements {
        for &point in &placement.piece.mesh.positions {
            for value in placement.to_room(point).to_array() {
                file.write_all(&value.to_le_bytes())?;
            }
        }
    }
    let mut base = 0;
    for mesh in meshes() {
        for triangle in &mesh.triangles {
            file.write_all(&[3])?;
            for index in triangle {
                file.write_all(&(base + index).to_le_bytes())?;
            }
        }
        base += mesh.positions.len() as u32;
    }
    file.flush()
}
