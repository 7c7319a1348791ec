//! Rooms whose light is known because it was followed to the end: a plain path tracer over boxes, apart from the engine.
//! It draws the empty photo the engine gets and the furnished one the engine should have made.

use std::borrow::Cow;
use std::f32::consts::PI;

use image::{Rgb, RgbImage};
use rayon::prelude::*;
use vitrine_scene::camera::Camera;
use vitrine_scene::furnish::Kind;
use vitrine_scene::geometry::sampling::{Sampler, basis, cosine_direction};
use vitrine_scene::geometry::{DVec2, DVec3, Vec3};
use vitrine_scene::image::srgb_to_linear;
use vitrine_scene::light::{encode, luminance};
use vitrine_scene::model::Material;
use vitrine_scene::room::{Opening, OpeningKind, Room, Surface};
use vitrine_scene::{Control, Prepared, Quality, Rendered};

use crate::rendering_support::{CAMERA_HEIGHT, block, camera, room, stand};

const WIDTH: u32 = 160;
const HEIGHT: u32 = 120;
const LOG2_SAMPLES: u32 = 6;
const BOUNCES: u32 = 6;
/// z of the wall behind the camera.
const NEAR: f32 = -2.0;

/// A case: one window, a colour of walls and floor, and where a box stands.
#[derive(Debug, Clone, Copy)]
pub struct Case {
    pub name: &'static str,
    /// Wall of the window; `None`: behind the camera, where no photo shows it.
    pub window: Option<Surface>,
    pub wall: Vec3,
    pub floor: Vec3,
    /// Centre of the box on the floor, and its colour.
    pub at: (f32, f32),
    pub color: Vec3,
}

pub const CASES: [Case; 5] = [
    Case {
        name: "window on the left",
        window: Some(Surface::Left),
        wall: Vec3::new(0.7, 0.7, 0.68),
        floor: Vec3::new(0.42, 0.30, 0.20),
        at: (0.2, 3.0),
        color: Vec3::new(0.5, 0.3, 0.2),
    },
    Case {
        name: "window on the right, dark floor",
        window: Some(Surface::Right),
        wall: Vec3::new(0.74, 0.72, 0.66),
        floor: Vec3::new(0.16, 0.11, 0.08),
        at: (-0.3, 3.2),
        color: Vec3::new(0.6, 0.6, 0.58),
    },
    Case {
        name: "window behind the box",
        window: Some(Surface::Back),
        wall: Vec3::new(0.72, 0.72, 0.72),
        floor: Vec3::new(0.35, 0.33, 0.30),
        at: (0.1, 3.1),
        color: Vec3::new(0.25, 0.35, 0.4),
    },
    Case {
        name: "window on the left, warm walls",
        window: Some(Surface::Left),
        wall: Vec3::new(0.66, 0.56, 0.44),
        floor: Vec3::new(0.5, 0.48, 0.45),
        at: (0.6, 3.4),
        color: Vec3::new(0.55, 0.55, 0.5),
    },
    Case {
        name: "window behind the camera",
        window: None,
        wall: Vec3::new(0.7, 0.71, 0.72),
        floor: Vec3::new(0.40, 0.32, 0.25),
        at: (0.0, 3.2),
        color: Vec3::new(0.5, 0.42, 0.35),
    },
];

/// Extent of every box, metres.
const SIZE: Vec3 = Vec3::new(0.9, 0.8, 0.6);

/// How near the engine came to the truth.
#[derive(Debug, Clone, Copy)]
pub struct Score {
    /// D12: mean absolute error on the box, sRGB 0..1.
    pub object_error: f64,
    /// D13: degrees between the direction the floor's shadow lies in, and away from the window; `None` without a window
    /// in the picture.
    pub shadow_angle: Option<f64>,
    /// The same for the truth.
    pub true_angle: Option<f64>,
    /// D14: PSNR over box and its shadow, dB.
    pub psnr: f64,
}

/// Draws a case both ways and compares; the pictures are the photo, the truth and what the engine made of the photo.
pub fn judge(case: &Case) -> (Score, [RgbImage; 3]) {
    let camera = camera(WIDTH, HEIGHT);
    let truth = TrueRoom::new(case);
    let exposure = truth.exposure(&camera);
    let photo = truth.draw(&camera, exposure, false);
    let wanted = truth.draw(&camera, exposure, true);
    let piece = block(Kind::Sideboard, SIZE, Material::plain(case.color, 1.0));
    let placement = stand(piece, f64::from(case.at.0), f64::from(case.at.1), 0.0);
    let control = Control::default();
    let made = Prepared::new(Cow::Borrowed(&photo), &camera, &truth.room, &control)
        .and_then(|p| p.render(&[placement], Quality::Final, 7, &control, |_| {}))
        .expect("it renders");
    let score = truth.score(&camera, &photo, &wanted, &made);
    (score, [photo, wanted, made.rgb])
}

struct TrueRoom {
    case: Case,
    room: Room,
    min: Vec3,
    max: Vec3,
    /// Corner and edges of the window, and its normal into the room.
    window: [Vec3; 4],
}

struct Met {
    t: f32,
    normal: Vec3,
    albedo: Vec3,
    is_window: bool,
    is_box: bool,
    is_floor: bool,
}

impl TrueRoom {
    fn new(case: &Case) -> Self {
        let mut room = room();
        let wall = |value: Option<f64>| value.expect("the sample room has all walls") as f32;
        let floor = CAMERA_HEIGHT as f32;
        let min = Vec3::new(wall(room.left), floor - room.ceiling_height as f32, NEAR);
        let max = Vec3::new(wall(room.right), floor, wall(room.back));
        let (low, high) = (floor - 0.9, floor - 2.1);
        let up = Vec3::Y * (high - low);
        let window = match case.window {
            Some(Surface::Left) => [Vec3::new(min.x, low, 1.6), Vec3::Z * 1.6, up, Vec3::X],
            Some(Surface::Right) => [Vec3::new(max.x, low, 1.8), Vec3::Z * 1.6, up, Vec3::NEG_X],
            Some(_) => [Vec3::new(-0.9, low, max.z), Vec3::X * 1.8, up, Vec3::NEG_Z],
            None => [Vec3::new(-0.8, low, min.z), Vec3::X * 1.6, up, Vec3::Z],
        };
        let along = |axis: usize| f64::from(window[0][axis])..f64::from(window[0][axis] + window[1][axis]);
        room.openings.clear();
        if let Some(wall) = case.window {
            let u = along(if wall == Surface::Back { 0 } else { 2 });
            room.openings.push(Opening {
                wall,
                kind: OpeningKind::Window,
                u: (u.start, u.end),
                heights: (0.9, 2.1),
            });
        }
        Self {
            case: *case,
            room,
            min,
            max,
            window,
        }
    }

    fn bounds(&self) -> (Vec3, Vec3) {
        let (x, z) = self.case.at;
        let middle = Vec3::new(x, self.max.y - SIZE.y / 2.0, z);
        (middle - SIZE / 2.0, middle + SIZE / 2.0)
    }

    /// Where a ray from outside enters the box.
    fn meet_box(&self, origin: Vec3, direction: Vec3) -> Option<(f32, Vec3)> {
        let (min, max) = self.bounds();
        let (a, b) = ((min - origin) / direction, (max - origin) / direction);
        let (near, far) = (a.min(b), a.max(b));
        let (enter, leave) = (near.max_element(), far.min_element());
        let axis = (0..3).find(|&axis| near[axis] == enter)?;
        let mut normal = Vec3::ZERO;
        normal[axis] = -direction[axis].signum();
        (enter > 1e-4 && enter < leave).then_some((enter, normal))
    }

    fn meet(&self, origin: Vec3, direction: Vec3, with_box: bool) -> Met {
        let target = Vec3::select(direction.cmpgt(Vec3::ZERO), self.max, self.min);
        let ts = (target - origin) / direction;
        let axis = (0..3)
            .min_by(|&a, &b| ts[a].total_cmp(&ts[b]))
            .expect("there are three axes");
        let t = ts[axis];
        if let Some((t, normal)) = self
            .meet_box(origin, direction)
            .filter(|(near, _)| with_box && *near < t)
        {
            return Met {
                t,
                normal,
                albedo: self.case.color,
                is_window: false,
                is_box: true,
                is_floor: false,
            };
        }
        let mut normal = Vec3::ZERO;
        normal[axis] = -direction[axis].signum();
        let point = origin + direction * t;
        let [corner, along, up, facing] = self.window;
        let within = |edge: Vec3| (0.0..1.0).contains(&((point - corner).dot(edge) / edge.length_squared()));
        let is_floor = axis == 1 && direction.y > 0.0;
        Met {
            t,
            normal,
            albedo: match axis {
                1 if is_floor => self.case.floor,
                1 => Vec3::splat(0.8),
                _ => self.case.wall,
            },
            is_window: normal == facing && within(along) && within(up),
            is_box: false,
            is_floor,
        }
    }

    /// Radiance along a ray, the window's being 1.
    fn radiance(
        &self,
        mut origin: Vec3,
        mut direction: Vec3,
        with_box: bool,
        sampler: &Sampler,
        i: u32,
    ) -> Vec3 {
        let (mut through, mut sum) = (Vec3::ONE, Vec3::ZERO);
        let [corner, along, up, facing] = self.window;
        for bounce in 0..BOUNCES {
            let met = self.meet(origin, direction, with_box);
            if met.is_window {
                return if bounce == 0 { Vec3::ONE } else { sum };
            }
            through *= met.albedo;
            origin = origin + direction * met.t + met.normal * 1e-4;
            let (u, v) = sampler.pair(2 + 2 * bounce, i, LOG2_SAMPLES);
            let to = corner + along * u + up * v - origin;
            let (squared, far) = (to.length_squared(), to.length());
            let towards = to / far;
            let cosines = met.normal.dot(towards).max(0.0) * (-facing.dot(towards)).max(0.0);
            let is_blocked = with_box
                && self
                    .meet_box(origin, towards)
                    .is_some_and(|(near, _)| near < far - 1e-3);
            if cosines > 0.0 && !is_blocked {
                let area = along.length() * up.length();
                sum += through * (cosines * area / (PI * squared.max(0.01)));
            }
            let square = sampler.pair(3 + 2 * bounce, i, LOG2_SAMPLES);
            direction = cosine_direction(&basis(met.normal), square);
        }
        sum
    }

    fn linear(&self, camera: &Camera, with_box: bool, step: u32) -> Vec<Vec3> {
        let (columns, rows) = (camera.width / step, camera.height / step);
        let pixel = |i: u32| {
            let (x, y) = (i % columns * step, i / columns * step);
            let sampler = Sampler::new(0x7247, x, y);
            let rays = 0..1_u32 << LOG2_SAMPLES;
            let sum: Vec3 = rays
                .map(|k| {
                    let (dx, dy) = sampler.pair(0, k, LOG2_SAMPLES);
                    let at = DVec2::new(f64::from(x) + f64::from(dx), f64::from(y) + f64::from(dy));
                    let direction = camera.ray(at).as_vec3().normalize();
                    // A clipped window in a pixel counts as white, as on a sensor.
                    self.radiance(Vec3::ZERO, direction, with_box, &sampler, k)
                })
                .sum();
            sum / (1_u32 << LOG2_SAMPLES) as f32
        };
        (0..columns * rows).into_par_iter().map(pixel).collect()
    }

    /// Factor that brings the room's median to a middle tone.
    fn exposure(&self, camera: &Camera) -> f32 {
        let mut values: Vec<f32> = self.linear(camera, false, 8).into_iter().map(luminance).collect();
        values.sort_by(f32::total_cmp);
        0.38 / values[values.len() / 2]
    }

    fn draw(&self, camera: &Camera, exposure: f32, with_box: bool) -> RgbImage {
        let linear = self.linear(camera, with_box, 1);
        RgbImage::from_fn(camera.width, camera.height, |x, y| {
            let color = linear[(y * camera.width + x) as usize] * exposure;
            Rgb(color.to_array().map(|c| encode(c).round() as u8))
        })
    }

    fn score(&self, camera: &Camera, photo: &RgbImage, wanted: &RgbImage, made: &Rendered) -> Score {
        let (mut object, mut objects) = (0.0, 0.0_f64);
        let (mut squares, mut count) = (0.0, 0.0_f64);
        // Of the shadow on the floor: darkening times offset from the box.
        let mut lies = [DVec2::ZERO; 2];
        for (x, y, before) in photo.enumerate_pixels() {
            let direction = camera
                .ray(DVec2::new(f64::from(x) + 0.5, f64::from(y) + 0.5))
                .as_vec3();
            let met = self.meet(Vec3::ZERO, direction, true);
            let (truth, ours) = (wanted.get_pixel(x, y), made.rgb.get_pixel(x, y));
            let darkening = |after: &Rgb<u8>| 1.0 - f64::from(tone(after) / tone(before).max(1e-4));
            let is_box = met.is_box;
            if is_box {
                let error = |k: usize| f64::from(ours.0[k].abs_diff(truth.0[k])) / 255.0;
                object += (error(0) + error(1) + error(2)) / 3.0;
                objects += 1.0;
            } else if met.is_floor {
                let point = direction * met.t;
                let offset = DVec2::new(
                    f64::from(point.x - self.case.at.0),
                    f64::from(point.z - self.case.at.1),
                );
                if offset.length() < 1.6 {
                    // A pixel further away stands for more floor.
                    let area = DVec3::from(point).length().powi(3);
                    lies[0] += offset * (darkening(ours).clamp(0.0, 1.0) * area);
                    lies[1] += offset * (darkening(truth).clamp(0.0, 1.0) * area);
                }
            }
            if is_box || darkening(truth).abs() > 0.03 {
                for k in 0..3 {
                    squares += f64::from(ours.0[k].abs_diff(truth.0[k])).powi(2);
                }
                count += 3.0;
            }
        }
        let [corner, along, up, _] = self.window;
        let middle = corner + (along + up) * 0.5;
        let away = DVec2::new(
            f64::from(self.case.at.0 - middle.x),
            f64::from(self.case.at.1 - middle.z),
        );
        let angle = |v: DVec2| self.case.window.map(|_| v.angle_to(away).abs().to_degrees());
        Score {
            object_error: object / objects,
            shadow_angle: angle(lies[0]),
            true_angle: angle(lies[1]),
            psnr: 10.0 * (255.0_f64.powi(2) / (squares / count)).log10(),
        }
    }
}

/// Linear luminance of a pixel.
fn tone(pixel: &Rgb<u8>) -> f32 {
    luminance(Vec3::from_array(
        pixel.0.map(|v| srgb_to_linear(f32::from(v) / 255.0)),
    ))
}
