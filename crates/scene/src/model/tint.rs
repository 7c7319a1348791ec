//! Recolours a finished piece: its principal material and what is cut from the same cloth or tree.

use crate::geometry::Vec3;
use crate::model::Piece;
use crate::model::finish::srgb;
use crate::model::material::{Material, Texture, clamp_albedo};

/// Paints the piece's principal material in a colour (`0xRRGGBB`, sRGB).
///
/// Principal is what shows the largest surface and can be had in colours at all: not leaves, pages, pictures, glass,
/// mirrors or the dark inside of cases. Materials of the same kind and hue (seams, a second board) follow.
pub(super) fn tint_piece(mut piece: Piece, colour: u32) -> Piece {
    let Some(principal) = principal(&piece) else {
        return piece;
    };
    let was = piece.materials[principal].clone();
    let target = clamp_albedo(srgb(colour));
    for material in &mut piece.materials {
        if let Some(share) = kinship(&was, material) {
            paint(material, target * share);
        }
    }
    if let Some((noun, _)) = piece.name.split_once(", ") {
        piece.name = noun.to_string();
    }
    piece
}

/// Index of the material a person means by "the colour of the piece".
fn principal(piece: &Piece) -> Option<usize> {
    let mesh = &piece.mesh;
    let mut areas = vec![0.0f32; piece.materials.len()];
    for (triangle, &material) in mesh.triangles.iter().zip(&mesh.materials) {
        let [a, b, c] = triangle.map(|i| mesh.positions[i as usize]);
        areas[usize::from(material)] += (b - a).cross(c - a).length();
    }
    (0..areas.len())
        .filter(|&i| comes_in_colours(&piece.materials[i]))
        .max_by(|&a, &b| areas[a].total_cmp(&areas[b]))
}

fn comes_in_colours(material: &Material) -> bool {
    let is_bare = matches!(
        material.texture,
        Texture::Leaf { .. } | Texture::Pages | Texture::Art { .. }
    );
    // The dark inside of cases, earth, and rubber.
    let is_void = material.texture == Texture::Plain && material.albedo.max_element() < 0.06;
    let is_glass = material.transmission > 0.5 || (material.metallic > 0.5 && material.roughness < 0.1);
    let is_light = material.emission.max_element() > 0.5;
    !(is_bare || is_void || is_glass || is_light)
}

/// How light a material is relative to the principal one, when it is the same stuff in the same hue.
fn kinship(of: &Material, other: &Material) -> Option<f32> {
    let alike = std::mem::discriminant(&of.texture) == std::mem::discriminant(&other.texture)
        && of.metallic == other.metallic
        && comes_in_colours(other);
    let ratio = other.albedo / of.albedo;
    let mean = ratio.element_sum() / 3.0;
    let same_hue = (ratio - Vec3::splat(mean)).abs().max_element() < 0.06 * mean;
    (alike && same_hue && (0.6..1.3).contains(&mean)).then_some(mean)
}

/// Gives a material another ground colour; its second colours keep their relation to the ground.
fn paint(material: &mut Material, colour: Vec3) {
    let ground = clamp_albedo(colour);
    let ratio = ground / material.albedo;
    if material.emission != Vec3::ZERO {
        material.emission = (material.emission * ratio).min(Vec3::ONE);
    }
    let follow = |old: Vec3| clamp_albedo(old * ratio);
    match &mut material.texture {
        Texture::Wood { dark, .. } | Texture::Rattan { dark, .. } => *dark = follow(*dark),
        Texture::Weave { second, .. } | Texture::Speckle { second, .. } => *second = follow(*second),
        Texture::Marble { vein, .. } => *vein = follow(*vein),
        // A rug's pattern keeps its own colours on the new ground.
        _ => {}
    }
    material.albedo = ground;
}
