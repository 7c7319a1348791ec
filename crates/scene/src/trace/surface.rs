//! What one furniture surface sends towards the eye: how it divides light, the light it gathers, its mirror image.

use std::f32::consts::PI;

use super::gather::{Gathered, World};
use super::scene::{OFFSET, Shaded};
use crate::geometry::Vec3;
use crate::geometry::sampling::{Sampler, basis, ggx_half_vector, ggx_masking};
use crate::light::{Effort, luminance};

/// Rougher surfaces than this reflect so broadly that their highlight is left to the diffuse term.
const MATT: f32 = 0.52;
/// Roughness within which a surface turns from one to the other.
const GRADUAL: f32 = 0.1;
/// Reflections of smoother surfaces show what they reflect, and every ray of a pixel looks for itself.
const SHARP: f32 = 0.12;
/// Highest reflected radiance; what a sensor would clip must not smear over its neighbours.
const MAX_REFLECTION: f32 = 1.2;

/// How a surface divides light.
pub(super) struct Look {
    /// Share that passes straight through.
    pub(super) passed: f32,
    /// Share that comes through scattered, as with a lamp shade.
    pub(super) scattered: f32,
    pub(super) fresnel: Vec3,
    pub(super) cosine: f32,
}

impl Look {
    pub(super) fn new(shaded: &Shaded, direction: Vec3) -> Self {
        let surface = &shaded.surface;
        let cosine = (-surface.normal.dot(direction)).clamp(0.0, 1.0);
        let f0 = Vec3::splat(0.04).lerp(surface.albedo, surface.metallic);
        let grazing = (1.0 - cosine).powi(5) * (1.0 - surface.roughness).powi(2);
        let fresnel = f0 + (Vec3::ONE - f0) * grazing;
        let haze = ((surface.roughness - 0.2) / 0.3).clamp(0.0, 1.0);
        let through = surface.transmission * (1.0 - luminance(fresnel));
        // Woven shades let some light straight through their gaps, whatever their haze.
        let straight = through * (1.0 - 0.8 * haze);
        Self {
            passed: straight,
            scattered: through - straight,
            fresnel,
            cosine,
        }
    }
}

/// Contribution of one surface, not yet weighted.
pub(super) struct Seen {
    pub(super) reflect: Vec3,
    /// Sharp reflection and light of its own.
    pub(super) shine: Vec3,
    /// Blurred reflection, which varies slower than texture.
    pub(super) haze: Vec3,
    /// Whether `shine` depends on what lies off the line of sight: mirrored things, or what may stand in the sun.
    pub(super) looks_elsewhere: bool,
}

/// Which of a pixel's rays looks.
pub(super) struct Glance {
    pub(super) primary: u32,
    pub(super) log2_primaries: u32,
    pub(super) layer: u32,
    /// Whether the pixel gathers what varies slowly.
    pub(super) is_gathering: bool,
    /// Mirror rays of a gathering on a surface that blurs them.
    pub(super) log2_haze: u32,
}

/// Irradiance of the smooth surface, a share of it from behind where light scatters through.
pub(super) fn gather(
    world: &World<'_>,
    shaded: &Shaded,
    look: &Look,
    sampler: &Sampler,
    effort: Effort,
    layer: u32,
) -> (Vec3, Gathered) {
    let point = shaded.position + shaded.flat * OFFSET;
    let gathered = world.gather((point, shaded.smooth), sampler, 8 + layer * 8, effort);
    if look.scattered <= 0.0 {
        return (gathered.with, gathered);
    }
    let behind = world.light.probe_irradiance(shaded.position, -shaded.smooth);
    let share = look.scattered / (1.0 - look.passed).max(1e-3);
    (gathered.with.lerp(behind, share), gathered)
}

pub(super) fn surface(
    world: &World<'_>,
    shaded: &Shaded,
    look: &Look,
    direction: Vec3,
    sampler: &Sampler,
    glance: &Glance,
) -> Seen {
    let &Glance {
        primary,
        log2_primaries,
        layer,
        is_gathering,
        log2_haze,
    } = glance;
    let surface = &shaded.surface;
    let point = shaded.position + shaded.flat * OFFSET;
    // Relief is shaded by the probes, without noise, as a factor on the light of the smooth surface.
    let smooth_light = luminance(world.light.probe_irradiance(point, shaded.smooth)).max(1e-5);
    let relief_light = luminance(world.light.probe_irradiance(point, surface.normal));
    let relief = (relief_light / smooth_light).powf(1.5).clamp(0.4, 2.0);
    let rim = (1.0 - look.cosine).powi(3);
    let sheen = Vec3::splat(0.5).lerp(surface.albedo, 0.5) * (0.35 * surface.sheen * rim);
    let diffuse =
        surface.albedo * ((1.0 - surface.metallic) * (1.0 - look.passed)) * (Vec3::ONE - look.fresnel);
    let mut reflect = (diffuse + sheen) * (relief / PI);
    let sun = world.sunlight(point, surface.normal);
    let (mut shine, mut haze) = (
        surface.emission * world.light.glow + diffuse * sun.unwrap_or_default() / PI,
        Vec3::ZERO,
    );
    let gloss = if surface.metallic > 0.3 {
        1.0
    } else {
        ((MATT - surface.roughness) / GRADUAL).clamp(0.0, 1.0)
    };
    let mut looks_elsewhere = sun.is_some();
    reflect += look.fresnel * ((1.0 - gloss) * 0.9 / PI);
    if surface.roughness < SHARP {
        let square = sampler.pair(12 + layer * 8, primary, log2_primaries);
        shine += reflection(world, shaded, look, direction, square);
        looks_elsewhere = true;
    } else if is_gathering && gloss > 0.0 {
        // Blurred reflections are smoothed afterwards: half the rays of a pixel look for twice as many, and count double.
        let skip = log2_primaries.min(1);
        if primary.is_multiple_of(1 << skip) {
            let count = 1 << log2_haze;
            let log2_all = log2_primaries - skip + log2_haze;
            for i in 0..count {
                let number = (primary >> skip) * count + i;
                let square = sampler.pair(12 + layer * 8, number, log2_all);
                haze += reflection(world, shaded, look, direction, square);
            }
            haze *= gloss * (1 << skip) as f32 / count as f32;
        }
    }
    Seen {
        reflect,
        shine,
        haze,
        looks_elsewhere,
    }
}

/// One ray off the microfacets.
fn reflection(world: &World<'_>, shaded: &Shaded, look: &Look, direction: Vec3, square: (f32, f32)) -> Vec3 {
    let surface = &shaded.surface;
    let alpha = (surface.roughness * surface.roughness).max(0.002);
    // A few rays cannot show the faint haze around a sharp image; they would show specks.
    let is_mirror = surface.roughness < SHARP;
    let half = if is_mirror {
        surface.normal
    } else {
        ggx_half_vector(&basis(surface.normal), -direction, alpha, square)
    };
    let mirrored = direction - half * (2.0 * direction.dot(half));
    let cosine = surface.normal.dot(mirrored);
    if cosine <= 0.0 || shaded.flat.dot(mirrored) <= 0.0 {
        return Vec3::ZERO;
    }
    let point = shaded.position + shaded.flat * OFFSET;
    if is_mirror {
        let seen = world.mirror_image(point, mirrored);
        return (seen * look.fresnel).min(Vec3::splat(MAX_REFLECTION));
    }
    let (radiance, _) = world.radiance(point, mirrored, alpha < 0.08);
    (radiance * look.fresnel * ggx_masking(cosine, alpha)).min(Vec3::splat(MAX_REFLECTION))
}
