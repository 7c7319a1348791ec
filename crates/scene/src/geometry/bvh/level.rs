//! Which registers this processor has, and the way from ordinary code into functions that use them.
#![expect(
    unsafe_code,
    reason = "a function compiled for some instructions may only be called where they are known to exist"
)]

/// Instructions known to exist here: only [`Level::available`] makes one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Level(Kind);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Plain,
    #[cfg(target_arch = "x86_64")]
    Avx2,
    #[cfg(target_arch = "x86_64")]
    Avx512,
}

impl Level {
    /// All levels of this processor, the best last.
    pub(super) fn available() -> Vec<Self> {
        let mut levels = vec![Self(Kind::Plain)];
        #[cfg(target_arch = "x86_64")]
        if is_x86_feature_detected!("avx2") {
            levels.push(Self(Kind::Avx2));
            if is_x86_feature_detected!("avx512f") && is_x86_feature_detected!("avx512vl") {
                levels.push(Self(Kind::Avx512));
            }
        }
        levels
    }

    pub(super) fn best() -> Self {
        static BEST: std::sync::OnceLock<Level> = std::sync::OnceLock::new();
        *BEST.get_or_init(|| *Self::available().last().expect("the plain level is everywhere"))
    }

    #[inline]
    pub(super) fn kind(self) -> Kind {
        self.0
    }
}

/// Defines functions that call those of the same name in the module of [`super::walk`] for a level.
macro_rules! ways {
    ($($name:ident($($argument:ident: $type:ty),*) $(-> $result:ty)?;)*) => {$(
        #[inline]
        pub(super) fn $name(level: Level, $($argument: $type),*) $(-> $result)? {
            match level.kind() {
                Kind::Plain => walk::plain::$name($($argument),*),
                // SAFETY: `Level::available` found these instructions.
                #[cfg(target_arch = "x86_64")]
                Kind::Avx2 => unsafe { walk::avx2::$name($($argument),*) },
                // SAFETY: the same.
                #[cfg(target_arch = "x86_64")]
                Kind::Avx512 => unsafe { walk::avx512::$name($($argument),*) },
            }
        }
    )*};
}

use super::*;

ways! {
    closest(index: &RayIndex, ray: &Ray, near: f32, best: &mut Hit);
    is_met(index: &RayIndex, ray: &Ray, near: f32, far: f32) -> bool;
    met_by_bundle(index: &RayIndex, bundle: &Bundle, near: f32) -> u32;
    aim(bundle: &mut Bundle, frame: &Mat3, points: &Square);
    transmittance(index: &RayIndex, ray: &Ray, near: f32, far: f32) -> f32;
    closest_of_bundle(index: &RayIndex, bundle: &Bundle, near: f32, hits: &mut Hits);
    crossed(boxes: &[Node], ray: &Ray, far: f32, visit: impl FnMut(f32, u32));
    crossed_by_bundle(boxes: &[Node], bundle: &Bundle, visit: impl FnMut(u32, u32, f32));
}
