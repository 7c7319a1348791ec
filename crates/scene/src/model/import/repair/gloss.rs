//! Phong highlights and alpha, in the terms of a microfacet tracer.

/// Roughness (its square is the GGX alpha) of a Phong exponent: alpha = sqrt(2 / (n + 2))
/// (Walter et al., "Microfacet Models for Refraction through Rough Surfaces", EGSR 2007).
///
/// Modellers leave the default exponent on everything, so that a weak highlight (`specular` 0..1) counts as matt.
pub fn roughness_of_phong(exponent: f32, specular: f32) -> f32 {
    let alpha = (2.0 / (exponent.clamp(0.0, 10_000.0) + 2.0)).sqrt();
    let glossy = alpha.sqrt();
    let strength = (specular / 0.25).clamp(0.0, 1.0);
    (0.9 + (glossy - 0.9) * strength).clamp(0.08, 1.0)
}

/// Whether an opacity means a pane of glass rather than sloppy alpha.
pub fn is_glass(opacity: f32) -> bool {
    opacity < 0.9
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_exponent_becomes_the_alpha_of_walter() {
        for exponent in [8.0f32, 96.0, 400.0] {
            let alpha = roughness_of_phong(exponent, 1.0).powi(2);
            assert!((alpha - (2.0 / (exponent + 2.0)).sqrt()).abs() < 1e-5);
        }
        assert!(roughness_of_phong(96.0, 0.0) > 0.85, "no highlight is matt");
    }
}
