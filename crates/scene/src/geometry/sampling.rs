//! Sample points for the integrators: Owen-scrambled Sobol pairs, seeded per pixel.
//!
//! A pixel's samples depend on the seed, the pixel and the dimension only, never on which thread asks or in which
//! order. Scrambling follows Burley, "Practical Hash-based Owen Scrambling" (JCGT 9.4, 2020).

use std::f32::consts::{PI, TAU};

use super::{Mat3, Vec3};

/// A well mixed 32-bit hash.
#[inline]
pub fn hash(mut x: u32) -> u32 {
    x ^= x >> 16;
    x = x.wrapping_mul(0x7feb_352d);
    x ^= x >> 15;
    x = x.wrapping_mul(0x846c_a68b);
    x ^ (x >> 16)
}

/// The hash of two words.
#[inline]
pub fn hash2(a: u32, b: u32) -> u32 {
    hash(a ^ hash(b.wrapping_add(0x9e37_79b9)))
}

/// A number in `[0, 1)` from a hash.
#[inline]
pub fn unit(bits: u32) -> f32 {
    (bits >> 8) as f32 * (1.0 / 16_777_216.0)
}

/// Nested uniform scramble of a bit-reversed number (Laine and Karras).
#[inline]
fn scramble_reversed(mut x: u32, seed: u32) -> u32 {
    x = x.wrapping_add(seed);
    x ^= x.wrapping_mul(0x6c50_b47c);
    x ^= x.wrapping_mul(0xb82f_1e52);
    x ^= x.wrapping_mul(0xc7af_e638);
    x ^ x.wrapping_mul(0x8d22_f6e6)
}

#[inline]
fn second_sobol(mut index: u32) -> u32 {
    let (mut direction, mut result) = (1 << 31, 0_u32);
    while index != 0 {
        if index & 1 == 1 {
            result ^= direction;
        }
        index >>= 1;
        direction ^= direction >> 1;
    }
    result
}

/// The sample sequence of one pixel.
#[derive(Debug, Clone, Copy)]
pub struct Sampler {
    seed: u32,
}

impl Sampler {
    pub fn new(seed: u32, x: u32, y: u32) -> Self {
        Self {
            seed: hash2(hash2(seed, x), y),
        }
    }

    /// The `index`-th of `2^log2_count` points of the unit square, for one of many independent dimensions.
    #[inline]
    pub fn pair(&self, dimension: u32, index: u32, log2_count: u32) -> (f32, f32) {
        let seed = hash2(self.seed, dimension);
        let mask = (1_u32 << log2_count) - 1;
        let shuffled = scramble_reversed(index.reverse_bits(), seed).reverse_bits() & mask;
        // The first Sobol dimension is the reversed index, so its reversal is the index itself.
        let first = scramble_reversed(shuffled, hash(seed ^ 0x68bc_21eb)).reverse_bits();
        let second =
            scramble_reversed(second_sobol(shuffled).reverse_bits(), hash(seed ^ 0x02e5_be93)).reverse_bits();
        (unit(first), unit(second))
    }

    /// One independent number in `[0, 1)`.
    #[inline]
    pub fn single(&self, dimension: u32, index: u32) -> f32 {
        unit(hash2(hash2(self.seed, dimension), index))
    }
}

/// Two directions that form a right-handed orthonormal basis with the unit vector `n`
/// (Duff et al., "Building an Orthonormal Basis, Revisited", JCGT 6.1, 2017).
#[inline]
pub fn basis(n: Vec3) -> Mat3 {
    let sign = 1.0_f32.copysign(n.z);
    let a = -1.0 / (sign + n.z);
    let b = n.x * n.y * a;
    Mat3::from_cols(
        Vec3::new(1.0 + sign * n.x * n.x * a, sign * b, -sign * n.x),
        Vec3::new(b, sign + n.y * n.y * a, -n.y),
        n,
    )
}

/// A direction about `frame.z_axis` with density cos / pi.
#[inline]
pub fn cosine_direction(frame: &Mat3, (u, v): (f32, f32)) -> Vec3 {
    let (radius, angle) = (u.sqrt(), TAU * v);
    let (sin, cos) = angle.sin_cos();
    *frame * Vec3::new(radius * cos, radius * sin, (1.0 - u).max(0.0).sqrt())
}

/// Density of [`cosine_direction`].
#[inline]
pub fn cosine_density(cosine: f32) -> f32 {
    cosine.max(0.0) / PI
}

/// A half vector about `frame.z_axis` with the visible-normal density of GGX for the local view direction
/// (Heitz, "Sampling the GGX Distribution of Visible Normals", JCGT 7.4, 2018).
#[inline]
pub fn ggx_half_vector(frame: &Mat3, view: Vec3, alpha: f32, (u, v): (f32, f32)) -> Vec3 {
    let local = frame.transpose() * view;
    let stretched = Vec3::new(alpha * local.x, alpha * local.y, local.z.max(1e-4)).normalize();
    let tangents = basis(stretched);
    let (radius, angle) = (u.sqrt(), TAU * v);
    let (sin, cos) = angle.sin_cos();
    let t1 = radius * cos;
    let s = 0.5 * (1.0 + stretched.z);
    let t2 = (1.0 - s) * (1.0 - t1 * t1).max(0.0).sqrt() + s * radius * sin;
    let normal = tangents * Vec3::new(t1, t2, (1.0 - t1 * t1 - t2 * t2).max(0.0).sqrt());
    *frame * Vec3::new(alpha * normal.x, alpha * normal.y, normal.z.max(1e-5)).normalize()
}

/// Smith's masking for one direction, GGX.
#[inline]
pub fn ggx_masking(cosine: f32, alpha: f32) -> f32 {
    let squared = cosine * cosine;
    2.0 * cosine / (cosine + (alpha * alpha * (1.0 - squared) + squared).sqrt())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sixteen_points_fill_a_four_by_four_grid() {
        for dimension in 0..20 {
            let mut cells = [0; 16];
            for i in 0..16 {
                let (x, y) = Sampler::new(7, 3, 9).pair(dimension, i, 4);
                cells[(x * 4.0) as usize * 4 + (y * 4.0) as usize] += 1;
            }
            assert_eq!(cells, [1; 16], "dimension {dimension}");
        }
    }

    #[test]
    fn cosine_directions_average_to_two_thirds_of_the_normal() {
        let n = Vec3::new(0.3, -0.8, 0.2).normalize();
        let frame = basis(n);
        let sampler = Sampler::new(1, 0, 0);
        let mean = (0..1024)
            .map(|i| cosine_direction(&frame, sampler.pair(0, i, 10)))
            .sum::<Vec3>()
            / 1024.0;
        assert!((mean - n * (2.0 / 3.0)).length() < 0.01, "{mean}");
    }

    #[test]
    fn a_basis_is_orthonormal_and_right_handed() {
        for n in [
            Vec3::Z,
            Vec3::NEG_Z,
            Vec3::X,
            Vec3::new(1.0, 2.0, -3.0).normalize(),
        ] {
            let frame = basis(n);
            assert!((frame.determinant() - 1.0).abs() < 1e-5);
            assert!((frame * Vec3::Z - n).length() < 1e-6);
        }
    }
}
