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

/// The second Sobol dimension of an index, its bits reversed. They are the coefficients of the index, read as a polynomial
/// over two elements, at `x + 1`; as `(x + 1)^(2^k) = x^(2^k) + 1`, halves fold into each other.
#[inline]
fn second_sobol_reversed(mut index: u32) -> u32 {
    index ^= index >> 16;
    index ^= index >> 8 & 0x00ff_00ff;
    index ^= index >> 4 & 0x0f0f_0f0f;
    index ^= index >> 2 & 0x3333_3333;
    index ^ (index >> 1 & 0x5555_5555)
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

    /// What tells this sequence from others.
    pub fn seed(&self) -> u32 {
        self.seed
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
            scramble_reversed(second_sobol_reversed(shuffled), hash(seed ^ 0x02e5_be93)).reverse_bits();
        (unit(first), unit(second))
    }

    /// The points, from the `first`, that the set of a dimension has in one of `4^log2_side` squares, whose number has as many
    /// digits to the base of four as squares one side; `log2_side` is 0, 1, 2 or 4. All squares together hold the set that
    /// [`Sampler::pair`] knows in another order.
    #[inline]
    pub fn square(&self, dimension: u32, log2_side: u32, number: u32, first: u32) -> Square {
        debug_assert!(
            matches!(log2_side, 0 | 1 | 2 | 4),
            "the formula holds for powers of two"
        );
        let seed = hash2(self.seed, dimension);
        let mask = (1 << log2_side) - 1;
        let (column, row) = (number & mask, number >> log2_side & mask);
        Square {
            seeds: [hash(seed ^ 0x68bc_21eb), hash(seed ^ 0x02e5_be93)],
            log2_side,
            column,
            middle: second_sobol_reversed(row) ^ column,
            first,
        }
    }

    /// One independent number in `[0, 1)`.
    #[inline]
    pub fn single(&self, dimension: u32, index: u32) -> f32 {
        unit(hash2(hash2(self.seed, dimension), index))
    }
}

/// Points of a low-discrepancy set that lie in one square.
#[derive(Debug, Clone, Copy)]
pub struct Square {
    seeds: [u32; 2],
    log2_side: u32,
    /// Low digits of the indices, and what the digits above them are made of.
    column: u32,
    middle: u32,
    first: u32,
}

impl Square {
    #[inline]
    pub fn get(&self, number: u32) -> (f32, f32) {
        let high = self.first.wrapping_add(number);
        let mask = (1_u32 << self.log2_side) - 1;
        // The lowest digits of the index choose the column. The row is that of the polynomial at `x + 1`, whose digits those
        // in the middle settle, as `(x + 1)^m = x^m + 1` for `m = log2_side`; going to `x + 1` twice changes nothing.
        let middle = self.middle ^ second_sobol_reversed(second_sobol_reversed(high) & mask);
        let index = self.column | middle << self.log2_side | high << (2 * self.log2_side);
        let first = scramble_reversed(index, self.seeds[0]).reverse_bits();
        let second = scramble_reversed(second_sobol_reversed(index), self.seeds[1]).reverse_bits();
        (unit(first), unit(second))
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

/// Sine and cosine of so many turns, 0..=1, to seven digits; the same on every machine, which a C library's are not.
#[inline]
pub fn turn(turns: f32) -> (f32, f32) {
    let quarter = (4.0 * turns + 0.5) as i32;
    let x = (turns - 0.25 * quarter as f32) * TAU;
    let y = x * x;
    let sin = x * (1.0 + y * (-1.0 / 6.0 + y * (1.0 / 120.0 + y * (-1.0 / 5040.0 + y * (1.0 / 362_880.0)))));
    let cos = 1.0 + y * (-0.5 + y * (1.0 / 24.0 + y * (-1.0 / 720.0 + y * (1.0 / 40_320.0))));
    // Every other quarter swaps them; the second half turns both around. No branch: quarters are as random as it gets.
    let is_odd = quarter & 1 == 1;
    let (a, b) = if is_odd { (cos, -sin) } else { (sin, cos) };
    let sign = 1.0 - (quarter & 2) as f32;
    (sign * a, sign * b)
}

/// A direction about `frame.z_axis` with density cos / pi.
#[inline]
pub fn cosine_direction(frame: &Mat3, (u, v): (f32, f32)) -> Vec3 {
    let radius = u.sqrt();
    let (sin, cos) = turn(v);
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
    let radius = u.sqrt();
    let (sin, cos) = turn(v);
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
    fn squares_are_the_set_and_hold_what_lies_in_them() {
        let sampler = Sampler::new(5, 1, 2);
        for log2_side in [0, 1, 2, 4] {
            let mut all: Vec<(f32, f32)> = (0..1024).map(|i| sampler.pair(3, i, 10)).collect();
            let mut squared = vec![];
            for number in 0..1 << (2 * log2_side) {
                let square = sampler.square(3, log2_side, number, 0);
                let points: Vec<(f32, f32)> = (0..1024 >> (2 * log2_side)).map(|i| square.get(i)).collect();
                let side = (1 << log2_side) as f32;
                let at = |(u, v): (f32, f32)| ((u * side) as u32, (v * side) as u32);
                assert!(
                    points.iter().all(|&point| at(point) == at(points[0])),
                    "{log2_side} {number}"
                );
                squared.extend(points);
            }
            all.sort_by(|a, b| a.partial_cmp(b).unwrap());
            squared.sort_by(|a, b| a.partial_cmp(b).unwrap());
            assert_eq!(all, squared, "{log2_side}");
        }
    }

    #[test]
    fn the_second_dimension_follows_its_direction_numbers() {
        for index in (0..2000)
            .chain((0..32).map(|bit| 1 << bit))
            .chain([u32::MAX, 0x1234_5678])
        {
            let (mut direction, mut plain) = (1_u32 << 31, 0);
            for bit in 0..32 {
                if index >> bit & 1 == 1 {
                    plain ^= direction;
                }
                direction ^= direction >> 1;
            }
            assert_eq!(second_sobol_reversed(index).reverse_bits(), plain, "{index}");
        }
    }

    #[test]
    fn a_turn_is_that_of_the_library() {
        for i in 0..=10_000 {
            let turns = i as f32 / 10_000.0;
            let (sin, cos) = turn(turns);
            let angle = std::f64::consts::TAU * f64::from(turns);
            assert!(
                (f64::from(sin) - angle.sin()).abs() < 3e-7,
                "sine of {turns} turns"
            );
            assert!(
                (f64::from(cos) - angle.cos()).abs() < 3e-7,
                "cosine of {turns} turns"
            );
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
