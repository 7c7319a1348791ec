//! A room whose every number is known: box walls, one window, a camera, and plain pieces to put in.

use image::{Rgb, RgbImage};
use vitrine_scene::camera::{Camera, CameraSource};
use vitrine_scene::furnish::{Kind, Placement};
use vitrine_scene::geometry::{DMat3, DVec2, DVec3, Mesh, Vec2, Vec3};
use vitrine_scene::light::encode;
use vitrine_scene::model::{Material, Piece};
use vitrine_scene::room::{Opening, OpeningKind, Room, ScaleSource, Surface};

pub const CAMERA_HEIGHT: f64 = 1.35;

/// A camera at the origin that looks slightly down.
pub fn camera(width: u32, height: u32) -> Camera {
    Camera {
        width,
        height,
        focal: 0.56 * f64::from(width),
        center: DVec2::new(f64::from(width) / 2.0, f64::from(height) / 2.0),
        rotation: DMat3::from_rotation_x(0.16),
        source: CameraSource::User,
        focal_sigma: 0.01,
        distortion: 0.0,
    }
}

/// A room with one window in the left wall.
pub fn room() -> Room {
    Room {
        camera_height: CAMERA_HEIGHT,
        ceiling_height: 2.6,
        ceiling_seen: true,
        left: Some(-2.1),
        right: Some(2.3),
        back: Some(4.6),
        openings: vec![Opening {
            wall: Surface::Left,
            kind: OpeningKind::Window,
            u: (1.6, 3.2),
            heights: (0.9, 2.1),
        }],
        obstacles: Vec::new(),
        scale_source: ScaleSource::User,
        scale_sigma: 0.02,
        floor_polygon: vec![],
        confidence: 1.0,
    }
}

/// A photo of that room: the window is clipped white, everything else is lit by it and by an even rest.
pub fn photo(camera: &Camera, room: &Room) -> RgbImage {
    let window = &room.openings[0];
    let (u, heights) = (window.u, window.heights);
    RgbImage::from_fn(camera.width, camera.height, |x, y| {
        let ray = camera.ray(DVec2::new(f64::from(x) + 0.5, f64::from(y) + 0.5));
        let Some((surface, point)) = room.hit_from_camera(ray) else {
            return Rgb([0; 3]);
        };
        let height = room.camera_height - point.y;
        if surface == Surface::Left
            && (u.0..u.1).contains(&point.z)
            && (heights.0..heights.1).contains(&height)
        {
            return Rgb([255; 3]);
        }
        let (albedo, normal) = match surface {
            Surface::Floor => (DVec3::new(0.42, 0.30, 0.20), DVec3::NEG_Y),
            Surface::Ceiling => (DVec3::splat(0.8), DVec3::Y),
            Surface::Back => (DVec3::splat(0.7), DVec3::NEG_Z),
            Surface::Left => (DVec3::splat(0.7), DVec3::X),
            Surface::Right => (DVec3::splat(0.7), DVec3::NEG_X),
        };
        let mut received = 0.0;
        const N: usize = 5;
        for i in 0..N * N {
            let part = |from: f64, to: f64, k: usize| from + (to - from) * (k as f64 + 0.5) / N as f64;
            let sample = DVec3::new(
                room.left.expect("the left wall is known"),
                room.camera_height - part(heights.0, heights.1, i / N),
                part(u.0, u.1, i % N),
            );
            let to = sample - point;
            let squared = to.length_squared().max(0.02);
            let direction = to / squared.sqrt();
            received += normal.dot(direction).max(0.0) * direction.x.abs() / squared;
        }
        let area = (u.1 - u.0) * (heights.1 - heights.0);
        let light = 0.35 + 2.2 * received * area / (N * N) as f64 / std::f64::consts::PI;
        let color = albedo * light;
        Rgb([color.x, color.y, color.z].map(|c| encode(c as f32).round() as u8))
    })
}

/// A box of one material that stands on the floor.
pub fn block(kind: Kind, size: Vec3, material: Material) -> Piece {
    let mut mesh = Mesh::default();
    let half = size * 0.5;
    for axis in 0..3 {
        for side in [-1.0, 1.0] {
            let mut normal = Vec3::ZERO;
            normal[axis] = side;
            let (a, b) = ((axis + 1) % 3, (axis + 2) % 3);
            let base = mesh.positions.len() as u32;
            for (s, t) in [(-1.0, -1.0), (1.0, -1.0), (1.0, 1.0), (-1.0, 1.0)] {
                let mut corner = normal * half;
                corner[a] = s * half[a];
                corner[b] = t * half[b];
                mesh.positions.push(corner + Vec3::Y * half.y);
                mesh.normals.push(normal);
                mesh.uvs.push(Vec2::new(s * half[a], t * half[b]));
            }
            mesh.triangles.push([base, base + 1, base + 2]);
            mesh.triangles.push([base, base + 2, base + 3]);
            mesh.materials.extend([0, 0]);
        }
    }
    Piece {
        kind,
        name: "block".into(),
        mesh,
        materials: vec![material],
        size,
    }
}

/// Puts a piece on the floor.
pub fn stand(piece: Piece, x: f64, z: f64, yaw_deg: f64) -> Placement {
    Placement {
        piece,
        position: DVec3::new(x, CAMERA_HEIGHT, z),
        yaw_deg,
        source: None,
    }
}

/// A cabinet in the middle of the room.
pub fn cabinet() -> Placement {
    stand(
        block(
            Kind::Sideboard,
            Vec3::new(0.9, 0.8, 0.6),
            Material::plain(Vec3::new(0.5, 0.3, 0.2), 0.6),
        ),
        0.2,
        3.0,
        0.0,
    )
}
