//! Repeatable randomness for shapes and textures: hashes, value noise, cells and a small generator.
//!
//! Everything is a pure function of its arguments and a seed, so a piece looks the same on every run and thread.

use crate::geometry::{Vec2, Vec3};

/// Mixes the bits of a number (Wellons' low-bias 32-bit hash).
#[inline]
pub fn hash(mut x: u32) -> u32 {
    x ^= x >> 16;
    x = x.wrapping_mul(0x7feb_352d);
    x ^= x >> 15;
    x = x.wrapping_mul(0x846c_a68b);
    x ^ (x >> 16)
}

#[inline]
fn hash3(x: i32, y: i32, z: i32, seed: u32) -> u32 {
    hash(
        (x as u32).wrapping_mul(0x9e37_79b1)
            ^ (y as u32).wrapping_mul(0x85eb_ca77)
            ^ (z as u32).wrapping_mul(0xc2b2_ae3d)
            ^ seed.wrapping_mul(0x27d4_eb2f),
    )
}

/// A hash as a number in 0..1.
#[inline]
pub fn unit(h: u32) -> f32 {
    (h >> 8) as f32 / (1u32 << 24) as f32
}

/// A number in 0..1 for a cell of the plane.
#[inline]
pub fn cell(x: i32, y: i32, seed: u32) -> f32 {
    unit(hash3(x, y, 0, seed))
}

#[inline]
fn fade(t: f32) -> f32 {
    t * t * (3.0 - 2.0 * t)
}

#[inline]
fn mix(a: f32, b: f32, t: f32) -> f32 {
    a + (b - a) * t
}

/// Smooth value noise on the plane, −1..1, one feature per unit.
#[inline]
pub fn noise2(p: Vec2, seed: u32) -> f32 {
    let (fx, fy) = (p.x.floor(), p.y.floor());
    let (ix, iy) = (fx as i32, fy as i32);
    let (tx, ty) = (fade(p.x - fx), fade(p.y - fy));
    let v = |dx: i32, dy: i32| unit(hash3(ix + dx, iy + dy, 7, seed));
    2.0 * mix(mix(v(0, 0), v(1, 0), tx), mix(v(0, 1), v(1, 1), tx), ty) - 1.0
}

/// Smooth value noise in space with its gradient, −1..1, one feature per unit.
#[inline]
pub fn noise3_gradient(p: Vec3, seed: u32) -> (f32, Vec3) {
    let f = p.floor();
    let (ix, iy, iz) = (f.x as i32, f.y as i32, f.z as i32);
    let t = p - f;
    let s = Vec3::new(fade(t.x), fade(t.y), fade(t.z));
    let d = 6.0 * t * (Vec3::ONE - t);
    let v = |dx: i32, dy: i32, dz: i32| unit(hash3(ix + dx, iy + dy, iz + dz, seed));
    let (a, b, c, e) = (v(0, 0, 0), v(1, 0, 0), v(0, 1, 0), v(1, 1, 0));
    let (g, h, i, j) = (v(0, 0, 1), v(1, 0, 1), v(0, 1, 1), v(1, 1, 1));
    let (x00, x10, x01, x11) = (mix(a, b, s.x), mix(c, e, s.x), mix(g, h, s.x), mix(i, j, s.x));
    let (y0, y1) = (mix(x00, x10, s.y), mix(x01, x11, s.y));
    let gradient = Vec3::new(
        d.x * mix(mix(b - a, e - c, s.y), mix(h - g, j - i, s.y), s.z),
        d.y * mix(x10 - x00, x11 - x01, s.z),
        d.z * (y1 - y0),
    );
    (2.0 * mix(y0, y1, s.z) - 1.0, 2.0 * gradient)
}

/// Smooth value noise in space, −1..1.
#[inline]
pub fn noise3(p: Vec3, seed: u32) -> f32 {
    noise3_gradient(p, seed).0
}

/// Octaves of plane noise, about −1..1.
#[inline]
pub fn fbm2(mut p: Vec2, octaves: u32, seed: u32) -> f32 {
    let (mut sum, mut weight) = (0.0, 0.5);
    for octave in 0..octaves {
        sum += weight * noise2(p, seed.wrapping_add(octave * 101));
        p = Vec2::new(0.8 * p.x - 0.6 * p.y, 0.6 * p.x + 0.8 * p.y) * 2.03;
        weight *= 0.5;
    }
    sum
}

/// Octaves of space noise, about −1..1.
#[inline]
pub fn fbm3(mut p: Vec3, octaves: u32, seed: u32) -> f32 {
    let (mut sum, mut weight) = (0.0, 0.5);
    for octave in 0..octaves {
        sum += weight * noise3(p, seed.wrapping_add(octave * 101));
        p = Vec3::new(0.8 * p.x - 0.6 * p.y, 0.6 * p.x + 0.8 * p.y, p.z + 3.7) * 2.03;
        weight *= 0.5;
    }
    sum
}

/// Nearest of one jittered point per unit cell: vector from that point, its distance, and a number in 0..1 of its own.
#[inline]
pub fn cells2(p: Vec2, seed: u32) -> (Vec2, f32, f32) {
    let (fx, fy) = (p.x.floor(), p.y.floor());
    let mut best = (Vec2::ZERO, f32::INFINITY, 0.0);
    for dy in -1..=1 {
        for dx in -1..=1 {
            let h = hash3(fx as i32 + dx, fy as i32 + dy, 3, seed);
            let point = Vec2::new(
                fx + dx as f32 + 0.15 + 0.7 * unit(h),
                fy + dy as f32 + 0.15 + 0.7 * unit(h.rotate_left(13)),
            );
            let away = p - point;
            let distance = away.length_squared();
            if distance < best.1 {
                best = (away, distance, unit(hash(h)));
            }
        }
    }
    (best.0, best.1.sqrt(), best.2)
}

/// A small seeded generator (SplitMix64) for shapes.
#[derive(Debug, Clone)]
pub struct Dice(u64);

impl Dice {
    pub fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ 0x5851_f42d_4c95_7f2d)
    }

    pub fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    pub fn seed(&mut self) -> u32 {
        (self.bits() >> 32) as u32
    }

    /// 0..1
    pub fn unit(&mut self) -> f32 {
        (self.bits() >> 40) as f32 / (1u64 << 24) as f32
    }

    pub fn range(&mut self, low: f32, high: f32) -> f32 {
        low + (high - low) * self.unit()
    }

    /// ±`amount`
    pub fn jitter(&mut self, amount: f32) -> f32 {
        self.range(-amount, amount)
    }

    pub fn chance(&mut self, probability: f32) -> bool {
        self.unit() < probability
    }

    /// 0..count
    pub fn below(&mut self, count: usize) -> usize {
        ((self.bits() >> 33) as usize) % count.max(1)
    }

    /// One of several; the slice must not be empty.
    pub fn pick<'a, T>(&mut self, of: &'a [T]) -> &'a T {
        &of[self.below(of.len())]
    }
}
