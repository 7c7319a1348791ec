//! Renders the empty rooms of the sample project: `cargo run --release --example render_rooms -- <folder> [samples]`.
//!
//! A small path tracer over boxes, apart from the engine on purpose: what the engine measures in these pictures was
//! not made by its own code. Room frame here: X right, Y up, Z away, metres, origin on the floor below the camera.

use std::f32::consts::PI;

use glam::{Mat3, Vec2, Vec3};
use rayon::prelude::*;
use vitrine_scene::image::{RgbImage, encode_jpeg};

/// What a box is made of.
#[derive(Clone, Copy)]
enum Finish {
    Paint(Vec3),
    /// Planks along z: width, length, light and dark tone, gloss.
    Planks {
        width: f32,
        length: f32,
        light: Vec3,
        dark: Vec3,
        gloss: f32,
    },
    Tiles {
        size: f32,
        tone: Vec3,
        joint: Vec3,
        gloss: f32,
    },
    Carpet(Vec3),
}

#[derive(Clone, Copy)]
struct Block {
    min: Vec3,
    max: Vec3,
    finish: Finish,
}

/// A hole in a wall that lets the sky in.
#[derive(Clone, Copy)]
struct Window {
    corner: Vec3,
    across: Vec3,
    up: Vec3,
}

struct Room {
    name: &'static str,
    blocks: Vec<Block>,
    windows: Vec<Window>,
    sun: Vec3,
    sun_strength: f32,
    eye: Vec3,
    yaw: f32,
    pitch: f32,
    /// Focal length as a share of the picture's width.
    focal: f32,
    exposure: f32,
}

const WIDTH: u32 = 1200;
const HEIGHT: u32 = 800;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let folder = std::path::PathBuf::from(arguments.next().ok_or("name a folder")?);
    let samples: u32 = arguments.next().map_or(Ok(32), |text| text.parse())?;
    std::fs::create_dir_all(&folder)?;
    for room in [sunny_living_room(), quiet_bedroom(), tiled_studio()] {
        let picture = render(&room, samples);
        let path = folder.join(format!("{}.jpg", room.name));
        std::fs::write(&path, encode_jpeg(&picture, 88, None)?)?;
        println!("{}", path.display());
    }
    Ok(())
}

// Building a room.

struct Builder {
    blocks: Vec<Block>,
    windows: Vec<Window>,
    left: f32,
    right: f32,
    near: f32,
    back: f32,
    height: f32,
}

/// An opening in the back wall: from x to x, from height to height.
type Hole = (f32, f32, f32, f32);

const TRIM: Finish = Finish::Paint(Vec3::new(0.78, 0.77, 0.75));

impl Builder {
    fn new(left: f32, right: f32, back: f32, height: f32, floor: Finish, wall: Vec3) -> Self {
        let near = -2.2;
        let mut it = Self {
            blocks: Vec::new(),
            windows: Vec::new(),
            left,
            right,
            near,
            back,
            height,
        };
        let paint = Finish::Paint(wall);
        it.block(
            (left - 0.3, -0.3, near - 0.3),
            (right + 0.3, 0.0, back + 0.3),
            floor,
        );
        it.block(
            (left - 0.3, height, near - 0.3),
            (right + 0.3, height + 0.3, back + 0.3),
            Finish::Paint(Vec3::splat(0.82)),
        );
        it.block((left - 0.3, 0.0, near - 0.3), (right + 0.3, height, near), paint);
        it
    }

    fn block(&mut self, min: (f32, f32, f32), max: (f32, f32, f32), finish: Finish) {
        self.blocks.push(Block {
            min: min.into(),
            max: max.into(),
            finish,
        });
    }

    /// The back wall with holes, which must not overlap and be given from left to right.
    fn back_wall(mut self, wall: Vec3, holes: &[Hole]) -> Self {
        let (z0, z1, paint) = (self.back, self.back + 0.25, Finish::Paint(wall));
        let (left, right, height) = (self.left, self.right, self.height);
        let mut x = left;
        for &(x0, x1, y0, y1) in holes {
            self.block((x, 0.0, z0), (x0, height, z1), paint);
            if y0 > 0.0 {
                self.block((x0, 0.0, z0), (x1, y0, z1), paint);
            }
            self.block((x0, y1, z0), (x1, height, z1), paint);
            x = x1;
        }
        self.block((x, 0.0, z0), (right, height, z1), paint);
        let mut x = left;
        for &(x0, x1, y0, _) in holes {
            let end = if y0 > 0.0 { x1 } else { x0 };
            self.skirting((x, end), true);
            x = x1;
        }
        self.skirting((x, right), true);
        self
    }

    /// A side wall without holes, or with one window from z to z.
    fn side_wall(mut self, is_left: bool, wall: Vec3, window: Option<Hole>) -> Self {
        let paint = Finish::Paint(wall);
        let (x0, x1) = if is_left {
            (self.left - 0.25, self.left)
        } else {
            (self.right, self.right + 0.25)
        };
        let (near, back, height) = (self.near, self.back, self.height);
        match window {
            None => self.block((x0, 0.0, near), (x1, height, back), paint),
            Some((z0, z1, y0, y1)) => {
                self.block((x0, 0.0, near), (x1, height, z0), paint);
                self.block((x0, 0.0, z0), (x1, y0, z1), paint);
                self.block((x0, y1, z0), (x1, height, z1), paint);
                self.block((x0, 0.0, z1), (x1, height, back), paint);
                let outside = if is_left { x0 } else { x1 };
                self.windows.push(Window {
                    corner: Vec3::new(outside, y0, z0),
                    across: Vec3::new(0.0, 0.0, z1 - z0),
                    up: Vec3::new(0.0, y1 - y0, 0.0),
                });
                let middle = (x0 + x1) / 2.0;
                let mut bar = |a: (f32, f32), b: (f32, f32)| {
                    self.blocks.push(Block {
                        min: Vec3::new(middle - 0.03, a.1, a.0),
                        max: Vec3::new(middle + 0.03, b.1, b.0),
                        finish: TRIM,
                    });
                };
                bar((z0, y0), (z0 + 0.06, y1));
                bar((z1 - 0.06, y0), (z1, y1));
                bar((z0, y0), (z1, y0 + 0.06));
                bar((z0, y1 - 0.06), (z1, y1));
                bar(((z0 + z1) / 2.0 - 0.03, y0), ((z0 + z1) / 2.0 + 0.03, y1));
                let inside = if is_left {
                    (x1 - 0.02, x1 + 0.12)
                } else {
                    (x0 - 0.12, x0 + 0.02)
                };
                self.block((inside.0, y0 - 0.04, z0 - 0.05), (inside.1, y0, z1 + 0.05), TRIM);
            }
        }
        self.skirting((near, back), false);
        let at = if is_left {
            (self.left, self.left + 0.016)
        } else {
            (self.right - 0.016, self.right)
        };
        self.block((at.0, 0.0, near), (at.1, 0.11, back), TRIM);
        self
    }

    fn skirting(&mut self, range: (f32, f32), on_back: bool) {
        if on_back && range.1 > range.0 {
            let z = self.back;
            self.block((range.0, 0.0, z - 0.016), (range.1, 0.11, z), TRIM);
        }
    }

    /// Glass bars, frame and sill of a window in the back wall.
    fn back_window(mut self, hole: Hole, panes: u32) -> Self {
        let (x0, x1, y0, y1) = hole;
        let z = self.back;
        self.windows.push(Window {
            corner: Vec3::new(x0, y0, z + 0.25),
            across: Vec3::new(x1 - x0, 0.0, 0.0),
            up: Vec3::new(0.0, y1 - y0, 0.0),
        });
        let (a, b) = (z + 0.10, z + 0.16);
        for (bx0, bx1, by0, by1) in [
            (x0, x0 + 0.06, y0, y1),
            (x1 - 0.06, x1, y0, y1),
            (x0, x1, y0, y0 + 0.06),
            (x0, x1, y1 - 0.06, y1),
        ] {
            self.block((bx0, by0, a), (bx1, by1, b), TRIM);
        }
        for pane in 1..panes {
            let x = x0 + (x1 - x0) * pane as f32 / panes as f32;
            self.block((x - 0.03, y0, a), (x + 0.03, y1, b), TRIM);
        }
        self.block((x0 - 0.06, y0 - 0.045, z - 0.10), (x1 + 0.06, y0, z + 0.12), TRIM);
        self
    }

    /// A panelled door with its casing, shut, in a hole of the back wall that reaches the floor.
    fn back_door(mut self, hole: Hole) -> Self {
        let (x0, x1, _, y1) = hole;
        let z = self.back;
        self.block((x0, 0.0, z + 0.06), (x1, y1, z + 0.11), TRIM);
        for (y, height) in [(0.22, 0.62), (0.98, 0.92)] {
            for side in 0..2 {
                let width = (x1 - x0 - 0.36) / 2.0;
                let x = x0 + 0.12 + side as f32 * (width + 0.12);
                self.block(
                    (x, y, z + 0.052),
                    (x + width, y + height, z + 0.07),
                    Finish::Paint(Vec3::new(0.72, 0.71, 0.69)),
                );
            }
        }
        for (bx0, bx1, by1) in [(x0 - 0.075, x0, y1 + 0.075), (x1, x1 + 0.075, y1 + 0.075)] {
            self.block((bx0, 0.0, z - 0.022), (bx1, by1, z + 0.01), TRIM);
        }
        self.block((x0, y1, z - 0.022), (x1, y1 + 0.075, z + 0.01), TRIM);
        self.block(
            (x0 + 0.06, 1.0, z + 0.005),
            (x0 + 0.19, 1.022, z + 0.03),
            Finish::Paint(Vec3::new(0.25, 0.24, 0.23)),
        );
        self
    }
}

fn sunny_living_room() -> Room {
    let wall = Vec3::new(0.70, 0.68, 0.63);
    let oak = Finish::Planks {
        width: 0.14,
        length: 1.9,
        light: Vec3::new(0.44, 0.33, 0.23),
        dark: Vec3::new(0.31, 0.22, 0.15),
        gloss: 0.35,
    };
    let window = (-1.3, 1.0, 0.55, 2.25);
    let door = (2.0, 2.86, 0.0, 2.03);
    let it = Builder::new(-2.7, 3.2, 4.6, 2.62, oak, wall)
        .back_wall(wall, &[window, door])
        .back_window(window, 3)
        .back_door(door)
        .side_wall(true, wall, Some((1.4, 2.7, 0.85, 2.2)))
        .side_wall(false, wall, None);
    Room {
        name: "v01_sunny_living_room",
        blocks: it.blocks,
        windows: it.windows,
        sun: Vec3::new(-0.62, 0.52, 0.58).normalize(),
        sun_strength: 26.0,
        eye: Vec3::new(0.35, 1.42, -0.9),
        yaw: 0.16,
        pitch: -0.135,
        focal: 0.60,
        exposure: 1.9,
    }
}

fn quiet_bedroom() -> Room {
    let (wall, accent) = (Vec3::new(0.66, 0.67, 0.66), Vec3::new(0.42, 0.48, 0.47));
    let carpet = Finish::Carpet(Vec3::new(0.47, 0.44, 0.40));
    let it = Builder::new(-2.0, 2.2, 3.7, 2.48, carpet, wall)
        .back_wall(accent, &[])
        .side_wall(true, wall, None)
        .side_wall(false, wall, Some((0.9, 2.4, 0.9, 2.1)));
    Room {
        name: "v02_quiet_bedroom",
        blocks: it.blocks,
        windows: it.windows,
        sun: Vec3::new(0.5, 0.75, -0.4).normalize(),
        sun_strength: 0.0,
        eye: Vec3::new(-0.6, 1.38, -1.1),
        yaw: 0.20,
        pitch: -0.15,
        focal: 0.58,
        exposure: 4.2,
    }
}

fn tiled_studio() -> Room {
    let wall = Vec3::new(0.74, 0.73, 0.71);
    let tiles = Finish::Tiles {
        size: 0.6,
        tone: Vec3::new(0.52, 0.50, 0.47),
        joint: Vec3::new(0.34, 0.33, 0.31),
        gloss: 0.5,
    };
    let window = (-0.2, 2.4, 0.3, 2.4);
    let it = Builder::new(-3.4, 3.0, 5.4, 2.85, tiles, wall)
        .back_wall(wall, &[window])
        .back_window(window, 4)
        .side_wall(true, wall, None)
        .side_wall(false, Vec3::new(0.50, 0.33, 0.25), None);
    Room {
        name: "v03_tiled_studio",
        blocks: it.blocks,
        windows: it.windows,
        sun: Vec3::new(0.3, 0.6, 0.75).normalize(),
        sun_strength: 14.0,
        eye: Vec3::new(-0.3, 1.5, -1.2),
        yaw: -0.30,
        pitch: -0.125,
        focal: 0.56,
        exposure: 2.9,
    }
}

// Light.

struct Random(u64);

impl Random {
    fn next(&mut self) -> f32 {
        // splitmix64
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) >> 40) as f32 / (1u64 << 24) as f32
    }
}

fn hash(x: i32, y: i32, salt: u32) -> f32 {
    let mut h = (x as u32).wrapping_mul(0x85eb_ca6b)
        ^ (y as u32).wrapping_mul(0xc2b2_ae35)
        ^ salt.wrapping_mul(0x27d4_eb2f);
    h ^= h >> 15;
    h = h.wrapping_mul(0x2c1b_3c6d);
    h ^= h >> 12;
    (h >> 8) as f32 / (1 << 24) as f32
}

fn smooth_noise(p: Vec2, salt: u32) -> f32 {
    let cell = p.floor();
    let f = p - cell;
    let f = f * f * (Vec2::splat(3.0) - 2.0 * f);
    let (x, y) = (cell.x as i32, cell.y as i32);
    let top = hash(x, y, salt) * (1.0 - f.x) + hash(x + 1, y, salt) * f.x;
    let bottom = hash(x, y + 1, salt) * (1.0 - f.x) + hash(x + 1, y + 1, salt) * f.x;
    top * (1.0 - f.y) + bottom * f.y
}

/// Albedo and gloss of a finish.
fn look(finish: Finish, p: Vec3) -> (Vec3, f32) {
    match finish {
        Finish::Paint(tone) => (
            tone * (0.985 + 0.03 * smooth_noise(Vec2::new(p.x + p.z, p.y) * 3.0, 5)),
            0.0,
        ),
        Finish::Carpet(tone) => {
            let fibre = smooth_noise(Vec2::new(p.x, p.z) * 260.0, 3)
                + 0.6 * smooth_noise(Vec2::new(p.x, p.z) * 34.0, 4);
            (tone * (0.78 + 0.28 * fibre), 0.0)
        }
        Finish::Planks {
            width,
            length,
            light,
            dark,
            gloss,
        } => {
            let row = (p.x / width).floor();
            let along = p.z / length + hash(row as i32, 0, 7) * 0.8;
            let plank = along.floor();
            let tone = hash(row as i32, plank as i32, 9);
            let grain = smooth_noise(Vec2::new(p.x * 90.0 + row * 17.0, p.z * 5.0 + tone * 40.0), 11);
            let fine = smooth_noise(Vec2::new(p.x * 420.0, p.z * 14.0), 12);
            let mix = (0.55 * tone + 0.35 * grain + 0.15 * fine).clamp(0.0, 1.0);
            let (across, end) = ((p.x / width).fract().abs(), along.fract().abs());
            let gap = !(0.012..=0.988).contains(&across) || end < 0.0012;
            let tone = light.lerp(dark, mix);
            (if gap { tone * 0.35 } else { tone }, gloss)
        }
        Finish::Tiles {
            size,
            tone,
            joint,
            gloss,
        } => {
            let (u, v) = (p.x / size, p.z / size);
            let (fu, fv) = (u - u.floor(), v - v.floor());
            let edge = 0.004 / size;
            if fu < edge || fv < edge || fu > 1.0 - edge || fv > 1.0 - edge {
                return (joint, 0.0);
            }
            let cloud = smooth_noise(Vec2::new(p.x, p.z) * 4.0, 21) * 0.5
                + smooth_noise(Vec2::new(p.x, p.z) * 17.0, 22) * 0.5;
            (
                tone * (0.90 + 0.10 * cloud + 0.06 * hash(u.floor() as i32, v.floor() as i32, 23)),
                gloss,
            )
        }
    }
}

struct Hit {
    t: f32,
    point: Vec3,
    normal: Vec3,
    finish: Finish,
}

fn nearest(room: &Room, origin: Vec3, direction: Vec3) -> Option<Hit> {
    let inverse = direction.recip();
    let mut best: Option<(f32, usize, Vec3)> = None;
    for (index, block) in room.blocks.iter().enumerate() {
        let (a, b) = ((block.min - origin) * inverse, (block.max - origin) * inverse);
        let (low, high) = (a.min(b), a.max(b));
        let (enter, leave) = (low.max_element(), high.min_element());
        if enter > 1e-4 && enter <= leave && best.is_none_or(|(t, _, _)| enter < t) {
            let axis = if low.x >= enter {
                Vec3::X
            } else if low.y >= enter {
                Vec3::Y
            } else {
                Vec3::Z
            };
            best = Some((enter, index, -axis * direction.dot(axis).signum()));
        }
    }
    best.map(|(t, index, normal)| Hit {
        t,
        point: origin + direction * t,
        normal,
        finish: room.blocks[index].finish,
    })
}

/// What is seen through a window: sky above, a hazy garden below.
fn outside(direction: Vec3) -> Vec3 {
    let sky = Vec3::new(4.2, 4.9, 6.0).lerp(Vec3::new(6.4, 6.5, 6.6), (1.0 - direction.y.max(0.0)).powi(3));
    if direction.y > 0.0 {
        sky
    } else {
        let green = Vec3::new(1.15, 1.2, 0.95);
        sky.lerp(green, (-direction.y * 7.0).min(1.0))
    }
}

fn frame_of(normal: Vec3) -> Mat3 {
    let helper = if normal.y.abs() < 0.9 { Vec3::Y } else { Vec3::X };
    let x = helper.cross(normal).normalize();
    Mat3::from_cols(x, normal.cross(x), normal)
}

/// Light that reaches a point directly: the sky through a window, and the sun.
fn direct(room: &Room, point: Vec3, normal: Vec3, random: &mut Random) -> Vec3 {
    let mut light = Vec3::ZERO;
    let start = point + normal * 1e-3;
    for window in &room.windows {
        let target = window.corner + window.across * random.next() + window.up * random.next();
        let to = target - start;
        let distance = to.length();
        let direction = to / distance;
        let face = window.across.cross(window.up);
        let cos = normal.dot(direction);
        let geometry = cos * (face.dot(direction)).abs() / (distance * distance);
        if cos > 0.0 && nearest(room, start, direction).is_none_or(|hit| hit.t > distance - 2e-3) {
            light += outside(direction) * geometry / PI;
        }
    }
    if room.sun_strength > 0.0 {
        let blur = Vec3::new(random.next() - 0.5, random.next() - 0.5, random.next() - 0.5) * 0.012;
        let direction = (room.sun + blur).normalize();
        let cos = normal.dot(direction);
        if cos > 0.0 && nearest(room, start, direction).is_none() {
            light += Vec3::new(1.0, 0.93, 0.80) * room.sun_strength * cos / PI;
        }
    }
    light
}

/// Light of one path, split at the first diffuse surface: what the filter may smooth, and what it must not.
#[derive(Clone, Copy, Default)]
struct Path {
    /// Light that falls on the first diffuse surface, before its albedo.
    falling: Vec3,
    /// Albedo of that surface, zero when the path never met one.
    albedo: Vec3,
    /// Everything else: windows seen directly or in a reflection.
    seen: Vec3,
}

fn trace(room: &Room, mut origin: Vec3, mut direction: Vec3, random: &mut Random) -> Path {
    let mut path = Path::default();
    let mut weight = Vec3::ONE;
    let mut sees_sky = true;
    let mut is_first = true;
    for _ in 0..7 {
        let Some(hit) = nearest(room, origin, direction) else {
            if sees_sky && is_first {
                path.seen += weight * outside(direction);
            } else if sees_sky {
                path.falling += weight * outside(direction);
            }
            break;
        };
        let (albedo, gloss) = look(hit.finish, hit.point);
        let cos = -direction.dot(hit.normal);
        // Schlick's approximation with the reflectance of varnish (Schlick 1994).
        let fresnel = (0.04 + 0.96 * (1.0 - cos.clamp(0.0, 1.0)).powi(5)) * gloss;
        if random.next() < fresnel {
            let mirror = direction + hit.normal * 2.0 * cos;
            let rough = Vec3::new(random.next() - 0.5, random.next() - 0.5, random.next() - 0.5)
                * 0.16
                * (1.0 - gloss);
            direction = (mirror + rough).normalize();
            if direction.dot(hit.normal) <= 0.0 {
                break;
            }
            origin = hit.point + hit.normal * 1e-3;
            sees_sky = true;
            continue;
        }
        if is_first {
            path.albedo = albedo;
            is_first = false;
        } else {
            weight *= albedo;
        }
        path.falling += weight * direct(room, hit.point, hit.normal, random);
        let (radius, angle) = (random.next().sqrt(), 2.0 * PI * random.next());
        let local = Vec3::new(
            radius * angle.cos(),
            radius * angle.sin(),
            (1.0 - radius * radius).max(0.0).sqrt(),
        );
        direction = frame_of(hit.normal) * local;
        origin = hit.point + hit.normal * 1e-3;
        sees_sky = false;
        if weight.max_element() < 0.02 {
            break;
        }
    }
    // Fireflies are cut; they carry almost no light here.
    path.falling = path.falling.min(Vec3::splat(9.0));
    path.seen = path.seen.min(Vec3::splat(12.0));
    path
}

/// A gentle shoulder, then sRGB.
fn develop(light: Vec3) -> [u8; 3] {
    let channel = |x: f32| {
        let x = x.max(0.0);
        let shoulder = if x > 0.6 {
            0.6 + 0.4 * (1.0 - (-(x - 0.6) / 0.4).exp())
        } else {
            x
        };
        let encoded = if shoulder <= 0.003_130_8 {
            shoulder * 12.92
        } else {
            1.055 * shoulder.powf(1.0 / 2.4) - 0.055
        };
        (encoded.clamp(0.0, 1.0) * 255.0 + 0.5) as u8
    };
    [channel(light.x), channel(light.y), channel(light.z)]
}

/// What a pixel gathered.
#[derive(Clone, Copy, Default)]
struct Pixel {
    falling: Vec3,
    albedo: Vec3,
    seen: Vec3,
    normal: Vec3,
    point: Vec3,
}

fn render(room: &Room, samples: u32) -> RgbImage {
    let focal = room.focal * WIDTH as f32;
    let turn = Mat3::from_rotation_y(room.yaw) * Mat3::from_rotation_x(-room.pitch);
    let gather = |index: u32| {
        let (x, y) = (index % WIDTH, index / WIDTH);
        let mut random = Random(u64::from(index) << 20);
        let toward = |dx: f32, dy: f32| {
            let u = x as f32 + dx - WIDTH as f32 / 2.0;
            let v = HEIGHT as f32 / 2.0 - (y as f32 + dy);
            (turn * Vec3::new(u / focal, v / focal, 1.0)).normalize()
        };
        let mut pixel = Pixel::default();
        for _ in 0..samples {
            let path = trace(room, room.eye, toward(random.next(), random.next()), &mut random);
            pixel.falling += path.falling / samples as f32;
            pixel.albedo += path.albedo / samples as f32;
            pixel.seen += path.seen / samples as f32;
        }
        if let Some(hit) = nearest(room, room.eye, toward(0.5, 0.5)) {
            pixel.normal = hit.normal;
            pixel.point = hit.point;
        }
        pixel
    };
    let mut pixels: Vec<Pixel> = (0..WIDTH * HEIGHT).into_par_iter().map(gather).collect();
    for level in 0..5 {
        pixels = smooth(&pixels, 1 << level);
    }
    RgbImage::from_fn(WIDTH, HEIGHT, |x, y| {
        let pixel = pixels[(y * WIDTH + x) as usize];
        develop((pixel.falling * pixel.albedo + pixel.seen) * room.exposure).into()
    })
}

/// One level of an edge-avoiding a-trous filter over the falling light (Dammertz et al. 2010): never across planes,
/// hardly across the edge of a sun patch.
fn smooth(pixels: &[Pixel], step: i32) -> Vec<Pixel> {
    const KERNEL: [f32; 5] = [1.0 / 16.0, 1.0 / 4.0, 3.0 / 8.0, 1.0 / 4.0, 1.0 / 16.0];
    let level = |light: Vec3| (light.element_sum() + 0.02).ln();
    (0..pixels.len())
        .into_par_iter()
        .map(|index| {
            let (x, y) = (index as i32 % WIDTH as i32, index as i32 / WIDTH as i32);
            let here = pixels[index];
            let (mut falling, mut seen, mut total) = (Vec3::ZERO, Vec3::ZERO, 0.0);
            for (row, wy) in KERNEL.iter().enumerate() {
                for (column, wx) in KERNEL.iter().enumerate() {
                    let (nx, ny) = (x + (column as i32 - 2) * step, y + (row as i32 - 2) * step);
                    if nx < 0 || ny < 0 || nx >= WIDTH as i32 || ny >= HEIGHT as i32 {
                        continue;
                    }
                    let there = pixels[(ny * WIDTH as i32 + nx) as usize];
                    let away = (there.point - here.point).dot(here.normal).abs();
                    if there.normal.dot(here.normal) < 0.9 || away > 0.004 {
                        continue;
                    }
                    let edge =
                        (level(there.falling) - level(here.falling)).abs() / (1.4 / step as f32).max(0.25);
                    let weight = wx * wy * (-edge * edge).exp();
                    falling += there.falling * weight;
                    seen += there.seen * weight;
                    total += weight;
                }
            }
            if total <= 0.0 {
                return here;
            }
            // Reflections keep more of their grain: only the first two levels touch them.
            let seen = if step <= 2 { seen / total } else { here.seen };
            Pixel {
                falling: falling / total,
                seen,
                ..here
            }
        })
        .collect()
}
