//! Our half of `scripts/compare-mitsuba.py`: one furnished floor, its light measured by rays.
//!
//! `compare_rays <folder>` writes `scene.ply` (all furniture, room frame, metres) and `rays.f32` (origin and direction per
//! ray), measures closest-hit rays per second of one thread, and, for points of the floor under an even sky, how long it
//! takes to come how near to the truth. What it finds is printed as JSON.

#[path = "../tests/it/rendering_support.rs"]
#[expect(dead_code, reason = "only the room is used here")]
mod rendering_support;

use std::io::Write;
use std::path::Path;
use std::time::Instant;

use rendering_support::{CAMERA_HEIGHT, camera, room};
use vitrine_scene::Control;
use vitrine_scene::furnish::{Placement, RoomType, Style, Surroundings, plan};
use vitrine_scene::geometry::Vec3;
use vitrine_scene::geometry::sampling::{Sampler, basis, cosine_direction};
use vitrine_scene::trace::{Scene, SolidStore};

const RAYS: u32 = 1 << 20;
/// Floor points along one side of the square that is measured.
const SIDE: u32 = 128;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let folder = std::env::args().nth(1).ok_or("name a folder")?;
    let folder = Path::new(&folder);
    std::fs::create_dir_all(folder)?;
    let furnished = plan(
        &room(),
        &camera(1600, 1200),
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
    let rays: Vec<(Vec3, Vec3)> = (0..RAYS).map(ray).collect();
    let mut file = std::io::BufWriter::new(std::fs::File::create(folder.join("rays.f32"))?);
    for value in rays
        .iter()
        .flat_map(|(o, d)| o.to_array().into_iter().chain(d.to_array()))
    {
        file.write_all(&value.to_le_bytes())?;
    }
    file.flush()?;
    let (mut seconds, mut hits) = (f64::INFINITY, 0);
    for _ in 0..3 {
        let started = Instant::now();
        hits = rays
            .iter()
            .filter(|(origin, direction)| scene.closest(*origin, *direction, 100.0).is_some())
            .count();
        seconds = seconds.min(started.elapsed().as_secs_f64());
    }
    let truth = floor(&scene, 12, 99);
    let runs: Vec<String> = [2, 4, 6, 8]
        .into_iter()
        .map(|log2| {
            let started = Instant::now();
            let estimate = floor(&scene, log2, 5);
            let seconds = started.elapsed().as_secs_f64();
            let squares: f32 = estimate.iter().zip(&truth).map(|(a, b)| (a - b).powi(2)).sum();
            let rmse = (squares / truth.len() as f32).sqrt();
            format!("[{}, {seconds:.4}, {rmse:.5}]", 1 << log2)
        })
        .collect();
    println!(
        "{{\"triangles\": {}, \"build_s\": {build:.4}, \"rays_per_s\": {:.0}, \"hits\": {hits}, \"side\": {SIDE}, \"floor_y\": \
         {CAMERA_HEIGHT}, \"mean\": {:.5}, \"runs\": [{}]}}",
        scene.triangle_count(),
        f64::from(RAYS) / seconds,
        truth.iter().sum::<f32>() / truth.len() as f32,
        runs.join(", ")
    );
    Ok(())
}

/// A point of the measured floor, from 0..1 both ways; it lies a millimetre above what stands on it.
fn place(u: f32, v: f32) -> Vec3 {
    Vec3::new(3.0 * u - 1.5, CAMERA_HEIGHT as f32 - 0.02, 1.5 + 3.0 * v)
}

/// A cosine-distributed ray from the floor; neighbours in the list have nothing in common.
fn ray(i: u32) -> (Vec3, Vec3) {
    let sampler = Sampler::new(1, i >> 4, 0);
    let (u, v) = sampler.pair(1, i & 15, 4);
    let direction = cosine_direction(&basis(Vec3::NEG_Y), sampler.pair(2, i & 15, 4));
    (place(u, v), direction)
}

/// The share of an even sky that points of the floor see, with so many rays each, one thread.
fn floor(scene: &Scene<'_>, log2_rays: u32, seed: u32) -> Vec<f32> {
    let frame = basis(Vec3::NEG_Y);
    let count = 1_u32 << log2_rays;
    (0..SIDE * SIDE)
        .map(|i| {
            let (x, y) = (i % SIDE, i / SIDE);
            let origin = place((x as f32 + 0.5) / SIDE as f32, (y as f32 + 0.5) / SIDE as f32);
            let sampler = Sampler::new(seed, x, y);
            let open = (0..count).filter(|&k| {
                let direction = cosine_direction(&frame, sampler.pair(0, k, log2_rays));
                scene.closest(origin, direction, 100.0).is_none()
            });
            open.count() as f32 / count as f32
        })
        .collect()
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
