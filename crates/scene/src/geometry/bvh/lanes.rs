//! Eight boxes, or sixteen rays, in the lanes of whatever registers a processor has: the same few operations for every
//! processor, for the AVX2 and for the AVX-512 kind.
//!
//! Surprise: each operation rounds as IEEE 754 says and none is fused with another, so the three answer alike to the last bit.
#![expect(
    unsafe_code,
    reason = "lanes and arrays of the same size and content are one another's bytes; the safe conversions are not loads"
)]

/// For every processor: four lanes at a time.
pub(super) mod plain {
    use std::array::from_fn;

    use glam::{BVec4A, Vec4};

    pub type Eight = [Vec4; 2];
    pub type Sixteen = [Vec4; 4];
    pub type Mask = u32;

    #[inline]
    pub fn eight(a: &[f32; 8]) -> Eight {
        from_fn(|i| Vec4::from_slice(&a[4 * i..4 * i + 4]))
    }
    #[inline]
    pub fn eight_of(a: f32) -> Eight {
        [Vec4::splat(a); 2]
    }
    #[inline]
    pub fn eight_array(a: Eight) -> [f32; 8] {
        from_fn(|i| a[i / 4][i % 4])
    }
    #[inline]
    pub fn eight_add(a: Eight, b: Eight) -> Eight {
        from_fn(|i| a[i] + b[i])
    }
    #[inline]
    pub fn eight_sub(a: Eight, b: Eight) -> Eight {
        from_fn(|i| a[i] - b[i])
    }
    #[inline]
    pub fn eight_mul(a: Eight, b: Eight) -> Eight {
        from_fn(|i| a[i] * b[i])
    }
    #[inline]
    pub fn eight_min(a: Eight, b: Eight) -> Eight {
        from_fn(|i| a[i].min(b[i]))
    }
    #[inline]
    pub fn eight_max(a: Eight, b: Eight) -> Eight {
        from_fn(|i| a[i].max(b[i]))
    }
    /// One bit for each lane in which `a <= b`.
    #[inline]
    pub fn eight_le(a: Eight, b: Eight) -> u32 {
        a[0].cmple(b[0]).bitmask() | a[1].cmple(b[1]).bitmask() << 4
    }

    #[inline]
    pub fn load(a: &[f32; 16]) -> Sixteen {
        from_fn(|i| Vec4::from_slice(&a[4 * i..4 * i + 4]))
    }
    #[inline]
    pub fn array(a: Sixteen) -> [f32; 16] {
        from_fn(|i| a[i / 4][i % 4])
    }
    #[inline]
    pub fn of(a: f32) -> Sixteen {
        [Vec4::splat(a); 4]
    }
    #[inline]
    pub fn add(a: Sixteen, b: Sixteen) -> Sixteen {
        from_fn(|i| a[i] + b[i])
    }
    #[inline]
    pub fn mul(a: Sixteen, b: Sixteen) -> Sixteen {
        from_fn(|i| a[i] * b[i])
    }
    #[inline]
    pub fn div(a: Sixteen, b: Sixteen) -> Sixteen {
        from_fn(|i| a[i] / b[i])
    }
    #[inline]
    pub fn min(a: Sixteen, b: Sixteen) -> Sixteen {
        from_fn(|i| a[i].min(b[i]))
    }
    #[inline]
    pub fn max(a: Sixteen, b: Sixteen) -> Sixteen {
        from_fn(|i| a[i].max(b[i]))
    }
    #[inline]
    pub fn le(a: Sixteen, b: Sixteen) -> Mask {
        (0..4).fold(0, |mask, i| mask | a[i].cmple(b[i]).bitmask() << (4 * i))
    }
    #[inline]
    pub fn lt(a: Sixteen, b: Sixteen) -> Mask {
        (0..4).fold(0, |mask, i| mask | a[i].cmplt(b[i]).bitmask() << (4 * i))
    }
    #[inline]
    pub fn both(a: Mask, b: Mask) -> Mask {
        a & b
    }
    #[inline]
    pub fn bits(a: Mask) -> u32 {
        a
    }
    #[inline]
    pub fn either(a: Mask, b: Mask) -> Mask {
        a | b
    }
    #[inline]
    pub fn mask_of(bits: u32) -> Mask {
        bits
    }
    /// `a` where the mask is set, else `b`.
    #[inline]
    pub fn select(mask: Mask, a: Sixteen, b: Sixteen) -> Sixteen {
        from_fn(|i| {
            let bit = |k: usize| mask >> (4 * i + k) & 1 == 1;
            Vec4::select(BVec4A::new(bit(0), bit(1), bit(2), bit(3)), a[i], b[i])
        })
    }
}

/// Defines the operations in functions that may use the named instructions.
#[cfg(target_arch = "x86_64")]
macro_rules! operations {
    ($features:literal; $(fn $name:ident($($a:ident: $t:ty),*) -> $result:ty $body:block)*) => {
        $(
            #[target_feature(enable = $features)]
            #[inline]
            pub fn $name($($a: $t),*) -> $result $body
        )*
    };
}

/// Eight lanes in one register, for both kinds.
#[cfg(target_arch = "x86_64")]
macro_rules! eight_lanes {
    ($features:literal) => {
        pub type Eight = __m256;
        operations! { $features;
            fn eight(a: &[f32; 8]) -> Eight {
                // SAFETY: both are 32 bytes of plain floats.
                unsafe { std::mem::transmute::<[f32; 8], Eight>(*a) }
            }
            fn eight_array(a: Eight) -> [f32; 8] {
                // SAFETY: both are 32 bytes of plain floats.
                unsafe { std::mem::transmute::<Eight, [f32; 8]>(a) }
            }
            fn eight_of(a: f32) -> Eight { _mm256_set1_ps(a) }
            fn eight_add(a: Eight, b: Eight) -> Eight { _mm256_add_ps(a, b) }
            fn eight_sub(a: Eight, b: Eight) -> Eight { _mm256_sub_ps(a, b) }
            fn eight_mul(a: Eight, b: Eight) -> Eight { _mm256_mul_ps(a, b) }
            fn eight_min(a: Eight, b: Eight) -> Eight { _mm256_min_ps(a, b) }
            fn eight_max(a: Eight, b: Eight) -> Eight { _mm256_max_ps(a, b) }
            fn eight_le(a: Eight, b: Eight) -> u32 {
                _mm256_movemask_ps(_mm256_cmp_ps::<_CMP_LE_OQ>(a, b)) as u32
            }
            fn load(a: &[f32; 16]) -> Sixteen {
                // SAFETY: both are 64 bytes of plain floats.
                unsafe { std::mem::transmute::<[f32; 16], Sixteen>(*a) }
            }
            fn array(a: Sixteen) -> [f32; 16] {
                // SAFETY: both are 64 bytes of plain floats.
                unsafe { std::mem::transmute::<Sixteen, [f32; 16]>(a) }
            }
        }
    };
}

/// Registers of eight lanes.
#[cfg(target_arch = "x86_64")]
pub(super) mod avx2 {
    use std::arch::x86_64::*;

    pub type Sixteen = [__m256; 2];
    pub type Mask = [__m256; 2];
    eight_lanes!("avx2");
    operations! { "avx2";
        fn of(a: f32) -> Sixteen { [_mm256_set1_ps(a); 2] }
        fn add(a: Sixteen, b: Sixteen) -> Sixteen { [_mm256_add_ps(a[0], b[0]), _mm256_add_ps(a[1], b[1])] }
        fn mul(a: Sixteen, b: Sixteen) -> Sixteen { [_mm256_mul_ps(a[0], b[0]), _mm256_mul_ps(a[1], b[1])] }
        fn div(a: Sixteen, b: Sixteen) -> Sixteen { [_mm256_div_ps(a[0], b[0]), _mm256_div_ps(a[1], b[1])] }
        fn min(a: Sixteen, b: Sixteen) -> Sixteen { [_mm256_min_ps(a[0], b[0]), _mm256_min_ps(a[1], b[1])] }
        fn max(a: Sixteen, b: Sixteen) -> Sixteen { [_mm256_max_ps(a[0], b[0]), _mm256_max_ps(a[1], b[1])] }
        fn le(a: Sixteen, b: Sixteen) -> Mask {
            [_mm256_cmp_ps::<_CMP_LE_OQ>(a[0], b[0]), _mm256_cmp_ps::<_CMP_LE_OQ>(a[1], b[1])]
        }
        fn lt(a: Sixteen, b: Sixteen) -> Mask {
            [_mm256_cmp_ps::<_CMP_LT_OQ>(a[0], b[0]), _mm256_cmp_ps::<_CMP_LT_OQ>(a[1], b[1])]
        }
        fn both(a: Mask, b: Mask) -> Mask { [_mm256_and_ps(a[0], b[0]), _mm256_and_ps(a[1], b[1])] }
        fn either(a: Mask, b: Mask) -> Mask { [_mm256_or_ps(a[0], b[0]), _mm256_or_ps(a[1], b[1])] }
        fn mask_of(bits: u32) -> Mask {
            let half = |bits: u32| {
                let lanes = _mm256_setr_epi32(1, 2, 4, 8, 16, 32, 64, 128);
                let own = _mm256_and_si256(_mm256_set1_epi32(bits as i32), lanes);
                _mm256_castsi256_ps(_mm256_cmpeq_epi32(own, lanes))
            };
            [half(bits), half(bits >> 8)]
        }
        fn bits(a: Mask) -> u32 { (_mm256_movemask_ps(a[0]) | _mm256_movemask_ps(a[1]) << 8) as u32 }
        fn select(mask: Mask, a: Sixteen, b: Sixteen) -> Sixteen {
            [_mm256_blendv_ps(b[0], a[0], mask[0]), _mm256_blendv_ps(b[1], a[1], mask[1])]
        }
    }
}

/// Registers of sixteen lanes.
#[cfg(target_arch = "x86_64")]
pub(super) mod avx512 {
    use std::arch::x86_64::*;

    pub type Sixteen = __m512;
    pub type Mask = __mmask16;
    eight_lanes!("avx2,avx512f,avx512vl");
    operations! { "avx2,avx512f,avx512vl";
        fn of(a: f32) -> Sixteen { _mm512_set1_ps(a) }
        fn add(a: Sixteen, b: Sixteen) -> Sixteen { _mm512_add_ps(a, b) }
        fn mul(a: Sixteen, b: Sixteen) -> Sixteen { _mm512_mul_ps(a, b) }
        fn div(a: Sixteen, b: Sixteen) -> Sixteen { _mm512_div_ps(a, b) }
        fn min(a: Sixteen, b: Sixteen) -> Sixteen { _mm512_min_ps(a, b) }
        fn max(a: Sixteen, b: Sixteen) -> Sixteen { _mm512_max_ps(a, b) }
        fn le(a: Sixteen, b: Sixteen) -> Mask { _mm512_cmp_ps_mask::<_CMP_LE_OQ>(a, b) }
        fn lt(a: Sixteen, b: Sixteen) -> Mask { _mm512_cmp_ps_mask::<_CMP_LT_OQ>(a, b) }
        fn both(a: Mask, b: Mask) -> Mask { a & b }
        fn either(a: Mask, b: Mask) -> Mask { a | b }
        fn mask_of(bits: u32) -> Mask { bits as u16 }
        fn bits(a: Mask) -> u32 { u32::from(a) }
        fn select(mask: Mask, a: Sixteen, b: Sixteen) -> Sixteen { _mm512_mask_blend_ps(mask, b, a) }
    }
}
