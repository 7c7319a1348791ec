//! Box rooms of exact truth: a small ray caster with planks, skirting boards, a window and a door.

use vitrine_scene::camera::{Camera, CameraSource};
use vitrine_scene::geometry::{DMat3, DVec2, DVec3};
use vitrine_scene::image::{Photo, PhotoFormat, RgbImage};
use vitrine_scene::room::{Room, ScaleSource};

/// A room and the camera in it; lengths in metres, the origin at the camera.
#[derive(Debug, Clone, Copy)]
pub struct SyntheticRoom {
    pub width: u32,
    pub height: u32,
    /// In units of the long side.
    pub focal: f64,
    /// Positive looks down.
    pub pitch_deg: f64,
    pub roll_deg: f64,
    pub yaw_deg: f64,
    /// Vertical offset of the principal point in units of the long side.
    pub shift: f64,
    /// See [`vitrine_scene::camera::Lens`].
    pub distortion: f64,
    /// By how much the planks are turned against the walls.
    pub planks_deg: f64,
    pub camera_height: f64,
    pub ceiling_height: f64,
    pub left: f64,
    pub right: f64,
    pub back: f64,
    /// Parts of the box that are no room, from floor to ceiling: `[x from, x to, z from, z to]`.
    pub blocks: [Option<[f64; 4]>; 2],
    pub seed: u32,
}

pub const CORNER: SyntheticRoom = SyntheticRoom {
    width: 800,
    height: 600,
    focal: 0.6,
    pitch_deg: 4.0,
    roll_deg: 0.6,
    yaw_deg: 28.0,
    shift: 0.0,
    distortion: 0.0,
    planks_deg: 0.0,
    camera_height: 1.4,
    ceiling_height: 2.5,
    left: 2.6,
    right: 1.7,
    back: 3.4,
    blocks: [None; 2],
    seed: 1,
};

pub const FRONTAL: SyntheticRoom = SyntheticRoom {
    pitch_deg: 0.0,
    roll_deg: 0.0,
    yaw_deg: 0.0,
    focal: 0.56,
    camera_height: 1.2,
    left: 2.2,
    right: 1.9,
    back: 4.2,
    seed: 2,
    ..CORNER
};

pub const PORTRAIT: SyntheticRoom = SyntheticRoom {
    width: 600,
    height: 800,
    focal: 0.62,
    pitch_deg: 7.0,
    yaw_deg: -20.0,
    seed: 3,
    ..CORNER
};

pub const STEEP: SyntheticRoom = SyntheticRoom {
    focal: 0.5,
    pitch_deg: 14.0,
    roll_deg: -1.5,
    yaw_deg: -33.0,
    camera_height: 1.6,
    left: 1.6,
    right: 3.0,
    back: 3.0,
    seed: 4,
    ..CORNER
};

/// A corner of the box is missing at the back on the right.
pub const L_SHAPED: SyntheticRoom = SyntheticRoom {
    camera_height: 1.4,
    yaw_deg: 14.0,
    left: 2.3,
    right: 2.4,
    back: 5.2,
    blocks: [Some([0.7, 2.4, 3.2, 5.2]), None],
    seed: 5,
    ..FRONTAL
};

/// A bay in the middle of the wall across the view.
pub const BAY: SyntheticRoom = SyntheticRoom {
    camera_height: 1.4,
    left: 2.5,
    right: 2.3,
    back: 4.6,
    blocks: [Some([-2.5, -1.3, 3.5, 4.6]), Some([1.0, 2.3, 3.5, 4.6])],
    seed: 6,
    ..FRONTAL
};

/// What a ray meets.
enum Spot {
    Floor { x: f64, z: f64 },
    Ceiling,
    Wall { index: u32, along: f64, height: f64 },
}

impl SyntheticRoom {
    /// A view of two walls, different for every number: focal length, angles and walls at random.
    pub fn random(number: u32) -> Self {
        let within = |low: f64, high: f64, what: u32| low + (high - low) * f64::from(hash(number, what, 77));
        let turned = within(15.0, 34.0, 3);
        Self {
            focal: within(0.45, 0.9, 0),
            pitch_deg: within(-3.0, 14.0, 1),
            roll_deg: within(-2.0, 2.0, 2),
            yaw_deg: if number.is_multiple_of(2) { turned } else { -turned },
            camera_height: within(1.1, 1.6, 4),
            ceiling_height: within(2.4, 2.9, 5),
            left: within(1.6, 3.2, 6),
            right: within(1.6, 3.2, 7),
            back: within(2.8, 4.8, 8),
            seed: number,
            ..CORNER
        }
    }

    pub fn camera(&self) -> Camera {
        let rotation = DMat3::from_rotation_z(self.roll_deg.to_radians())
            * DMat3::from_rotation_x(self.pitch_deg.to_radians())
            * DMat3::from_rotation_y(self.yaw_deg.to_radians());
        let side = f64::from(self.width.max(self.height));
        let middle = DVec2::new(f64::from(self.width), f64::from(self.height)) / 2.0;
        Camera {
            width: self.width,
            height: self.height,
            focal: self.focal * side,
            center: middle + DVec2::new(0.0, self.shift * side),
            rotation,
            source: CameraSource::User,
            focal_sigma: 0.0,
            distortion: self.distortion,
        }
    }

    /// Camera and room as the engine should find them; walls out of view are as unknown to it as to us.
    pub fn truth(&self) -> (Camera, Room) {
        let camera = self.camera();
        let is_seen = |x: f64| {
            let corner = DVec3::new(x, self.camera_height, self.back);
            camera
                .project(corner)
                .is_some_and(|(pixel, _)| (0.0..f64::from(self.width)).contains(&pixel.x))
        };
        let room = Room {
            camera_height: self.camera_height,
            ceiling_height: self.ceiling_height,
            ceiling_seen: true,
            left: is_seen(-self.left).then_some(-self.left),
            right: is_seen(self.right).then_some(self.right),
            back: Some(self.back),
            openings: Vec::new(),
            obstacles: Vec::new(),
            scale_source: ScaleSource::User,
            scale_sigma: 0.0,
            floor_polygon: Vec::new(),
            confidence: 1.0,
        };
        (camera, room)
    }

    pub fn photo(&self) -> Photo {
        let camera = self.camera();
        let rgb = RgbImage::from_fn(self.width, self.height, |x, y| {
            let mut sum = [0.0; 3];
            for (dx, dy) in [(0.25, 0.25), (0.75, 0.25), (0.25, 0.75), (0.75, 0.75)] {
                let ray = camera.ray(DVec2::new(f64::from(x) + dx, f64::from(y) + dy));
                let colour = self.colour(&self.trace(ray));
                for channel in 0..3 {
                    sum[channel] += colour[channel] / 4.0;
                }
            }
            let grain = (f64::from(hash(x, y, self.seed)) - 0.5) * 4.0;
            sum.map(|value| (value * 255.0 + grain).clamp(0.0, 255.0) as u8)
                .into()
        });
        Photo {
            rgb,
            focal_35mm: None,
            format: PhotoFormat::Png,
        }
    }

    /// Paints a box that stands in the room over its photo; corners in the room frame, metres.
    pub fn put_box(&self, photo: &mut Photo, low: DVec3, high: DVec3, colour: [u8; 3]) {
        let camera = self.camera();
        for (x, y, pixel) in photo.rgb.enumerate_pixels_mut() {
            let ray = camera.ray(DVec2::new(f64::from(x) + 0.5, f64::from(y) + 0.5));
            let (to_low, to_high) = (low / ray, high / ray);
            let enter = to_low.min(to_high);
            let leave = to_low.max(to_high).min_element();
            if enter.max_element() < leave && leave > 0.0 {
                // Sides differ in shade.
                let shade = if enter.z >= enter.max_element() { 1.0 } else { 0.8 };
                *pixel = colour.map(|value| (f64::from(value) * shade) as u8).into();
            }
        }
    }

    /// Intersection over union of a polygon with the true visible floor, on every fourth pixel.
    pub fn floor_iou(&self, polygon: &[DVec2]) -> f64 {
        let camera = self.camera();
        let (mut both, mut either) = (0.0, 0.0f64);
        for y in (0..self.height).step_by(4) {
            for x in (0..self.width).step_by(4) {
                let pixel = DVec2::new(f64::from(x) + 0.5, f64::from(y) + 0.5);
                let is_floor = matches!(self.trace(camera.ray(pixel)), Spot::Floor { .. });
                let is_found = contains(polygon, pixel);
                both += f64::from(u8::from(is_floor && is_found));
                either += f64::from(u8::from(is_floor || is_found));
            }
        }
        both / either.max(1.0)
    }

    fn trace(&self, ray: DVec3) -> Spot {
        let reach = |offset: f64, slope: f64| {
            let t = offset / slope;
            if t > 0.0 && t.is_finite() {
                t
            } else {
                f64::INFINITY
            }
        };
        let across = if ray.x > 0.0 {
            reach(self.right, ray.x)
        } else {
            reach(-self.left, ray.x)
        };
        let away = if ray.z > 0.0 {
            reach(self.back, ray.z)
        } else {
            reach(-1.5, ray.z)
        };
        let down = reach(self.camera_height, ray.y);
        let up = reach(self.camera_height - self.ceiling_height, ray.y);
        let t = across.min(away).min(down).min(up);
        let hit = ray * t;
        let height = self.camera_height - hit.y;
        let block = self.blocks.iter().flatten().filter_map(|block| enter(block, ray));
        if let Some((t, is_across)) = block
            .filter(|(near, _)| *near < t)
            .min_by(|p, q| p.0.total_cmp(&q.0))
        {
            let hit = ray * t;
            Spot::Wall {
                index: if is_across { 3 } else { 1 },
                along: if is_across { hit.x } else { hit.z },
                height: self.camera_height - hit.y,
            }
        } else if t == down {
            Spot::Floor { x: hit.x, z: hit.z }
        } else if t == up {
            Spot::Ceiling
        } else if t == across {
            Spot::Wall {
                index: if ray.x > 0.0 { 1 } else { 2 },
                along: hit.z,
                height,
            }
        } else {
            Spot::Wall {
                index: if ray.z > 0.0 { 0 } else { 3 },
                along: hit.x,
                height,
            }
        }
    }

    fn colour(&self, spot: &Spot) -> [f64; 3] {
        match *spot {
            Spot::Ceiling => [0.93, 0.93, 0.92],
            Spot::Floor { x, z } => {
                let turned = DVec2::from_angle(self.planks_deg.to_radians()).rotate(DVec2::new(x, z));
                let (x, z) = (turned.x, turned.y);
                let plank = (x / 0.15).floor();
                let across = x / 0.15 - plank;
                let run = z / 1.3 + f64::from(hash(plank as i32 as u32, 7, self.seed));
                let along = run - run.floor();
                let tone = f64::from(hash(plank as i32 as u32, run.floor() as i32 as u32, self.seed));
                let shade = 0.85 + 0.25 * tone;
                let seam = if across < 0.03 || along < 0.004 { 0.6 } else { 1.0 };
                [0.52, 0.38, 0.26].map(|value| value * shade * seam)
            }
            Spot::Wall { index, along, height } => {
                let light = [0.80, 0.70, 0.75, 0.66][index as usize];
                if height < 0.09 {
                    return [light + 0.12; 3];
                }
                if index == 0 {
                    // A window with a frame and a bar.
                    let (from, to) = (-0.9, 0.5);
                    let (low, high) = (0.9, 2.1);
                    if (from..to).contains(&along) && (low..high).contains(&height) {
                        let is_frame = along < from + 0.06
                            || along > to - 0.06
                            || height < low + 0.06
                            || height > high - 0.06
                            || (along + 0.2).abs() < 0.03;
                        return if is_frame {
                            [0.35, 0.33, 0.30]
                        } else {
                            [0.97, 0.98, 1.0]
                        };
                    }
                }
                if index == 2 && (1.2..2.05).contains(&along) && height < 2.03 {
                    let is_frame = !(1.27..=1.98).contains(&along) || height > 1.96;
                    return if is_frame {
                        [0.45, 0.32, 0.22]
                    } else {
                        [0.62, 0.48, 0.36]
                    };
                }
                [light, light * 0.99, light * 0.95]
            }
        }
    }
}

/// Where a ray enters a block seen from above, and whether through a side that runs across the view.
fn enter([x0, x1, z0, z1]: &[f64; 4], ray: DVec3) -> Option<(f64, bool)> {
    let (x, z) = ((x0 / ray.x, x1 / ray.x), (z0 / ray.z, z1 / ray.z));
    let (x_in, x_out) = (x.0.min(x.1), x.0.max(x.1));
    let (z_in, z_out) = (z.0.min(z.1), z.0.max(z.1));
    let near = x_in.max(z_in);
    (near > 0.0 && near < x_out.min(z_out)).then_some((near, z_in > x_in))
}

/// Even-odd rule.
pub fn contains(polygon: &[DVec2], point: DVec2) -> bool {
    let mut is_inside = false;
    for (index, p) in polygon.iter().enumerate() {
        let q = polygon[(index + 1) % polygon.len()];
        if (p.y > point.y) != (q.y > point.y) && point.x < p.x + (point.y - p.y) / (q.y - p.y) * (q.x - p.x) {
            is_inside = !is_inside;
        }
    }
    is_inside
}

/// A number in 0..1 that depends on nothing but its arguments.
pub fn hash(x: u32, y: u32, seed: u32) -> f32 {
    let mut h = x.wrapping_mul(0x9E37_79B1) ^ y.wrapping_mul(0x85EB_CA77) ^ seed.wrapping_mul(0xC2B2_AE3D);
    h = (h ^ (h >> 15)).wrapping_mul(0x2C1B_3C6D);
    h = (h ^ (h >> 12)).wrapping_mul(0x297A_2D39);
    ((h ^ (h >> 15)) >> 8) as f32 / (1 << 24) as f32
}

pub fn photo_of(rgb: RgbImage) -> Photo {
    Photo {
        rgb,
        focal_35mm: None,
        format: PhotoFormat::Png,
    }
}
