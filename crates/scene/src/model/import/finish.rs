//! What an imported surface is made of: a word per material, and the engine's material for it.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::ImportError;
use super::draft::DraftMaterial;
use super::repair;
use crate::furnish::Kind;
use crate::geometry::Vec3;
use crate::model::finish::srgb;
use crate::model::image_texture::ImageTexture;
use crate::model::material::{Material, Texture};

/// The stuff a surface is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Finish {
    /// As the file says: colour, gloss, picture.
    Plain,
    Cloth,
    Linen,
    Velvet,
    Leather,
    Wood,
    Metal,
    Chrome,
    Glass,
    Mirror,
    /// Lit from within when lamps are on; matt.
    Shade,
    Matt,
    Satin,
    Gloss,
    Leaf,
}

/// What a shortlist wants of a material.
#[derive(Debug, Clone, PartialEq)]
pub struct Wish {
    /// Name in the file; `*` for all that no other wish names, `main` for the one with the largest surface.
    pub material: String,
    pub finish: Option<Finish>,
    /// sRGB `0xRRGGBB`.
    pub color: Option<u32>,
    /// Leaves the file's picture out.
    pub is_bare: bool,
}

impl Wish {
    /// Reads `material=word`, `material=#rrggbb` or `material=word#rrggbb`; the word `bare` drops the picture.
    pub fn parse(text: &str) -> Option<Self> {
        let (material, rest) = text.rsplit_once('=')?;
        let (words, color) = match rest.split_once('#') {
            Some((words, digits)) if digits.len() == 6 => {
                (words, Some(u32::from_str_radix(digits, 16).ok()?))
            }
            Some(_) => return None,
            None => (rest, None),
        };
        let mut wish = Self {
            material: material.trim().to_owned(),
            finish: None,
            color,
            is_bare: false,
        };
        for word in words.split_whitespace() {
            if word == "bare" {
                wish.is_bare = true;
            } else {
                wish.finish = Some(serde_json::from_value(word.into()).ok()?);
            }
        }
        Some(wish)
    }
}

/// A material as stored with an asset.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AssetMaterial {
    /// Name in the file it came from.
    pub name: String,
    pub finish: Finish,
    /// Linear.
    pub albedo: [f32; 3],
    pub roughness: f32,
    pub metallic: f32,
    pub transmission: f32,
    pub emission: [f32; 3],
    /// Index of its picture within the asset.
    pub picture: Option<u16>,
}

impl AssetMaterial {
    /// The repaired material of a draft. `mean` is the average colour of its picture.
    pub(super) fn of(
        draft: &DraftMaterial,
        mean: Option<Vec3>,
        picture: Option<u16>,
        finish: Finish,
        color: Option<u32>,
    ) -> Self {
        let own = draft.albedo * mean.unwrap_or(Vec3::ONE);
        let albedo = repair::tame(color.map_or(own, srgb));
        let glass = finish == Finish::Plain && repair::is_glass(draft.opacity) && picture.is_none();
        let finish = if glass { Finish::Glass } else { finish };
        let (roughness, metallic, transmission) = match finish {
            Finish::Plain => (draft.roughness, draft.metallic, 0.0),
            Finish::Cloth | Finish::Linen | Finish::Shade => (0.92, 0.0, 0.0),
            Finish::Velvet => (0.78, 0.0, 0.0),
            Finish::Leather => (0.5, 0.0, 0.0),
            Finish::Wood => (0.5, 0.0, 0.0),
            Finish::Metal => (0.38, 1.0, 0.0),
            Finish::Chrome => (0.16, 1.0, 0.0),
            Finish::Glass => (0.06, 0.0, 0.88 * (1.0 - 0.6 * draft.opacity)),
            Finish::Mirror => (0.05, 1.0, 0.0),
            Finish::Matt => (0.85, 0.0, 0.0),
            Finish::Satin => (0.5, 0.0, 0.0),
            Finish::Gloss => (0.22, 0.0, 0.0),
            Finish::Leaf => (0.6, 0.0, 0.0),
        };
        Self {
            name: draft.name.clone(),
            finish,
            albedo: match finish {
                Finish::Mirror => [0.8; 3],
                // Thin glass is nearly colourless; what the file paints it with is not its tint.
                Finish::Glass => albedo.lerp(Vec3::new(0.72, 0.76, 0.75), 0.75).to_array(),
                Finish::Metal | Finish::Chrome => albedo.max(Vec3::splat(0.12)).to_array(),
                _ => albedo.to_array(),
            },
            roughness,
            metallic,
            transmission,
            emission: draft.emission.min(Vec3::splat(2.0)).to_array(),
            picture,
        }
    }

    /// The engine's material; `None` when the picture it names is not there.
    pub(super) fn material(&self, pictures: &[Arc<ImageTexture>]) -> Option<Material> {
        let albedo = Vec3::from_array(self.albedo);
        let texture = match (self.picture, self.finish) {
            (Some(index), _) => Texture::Image {
                picture: pictures.get(usize::from(index))?.clone(),
            },
            (None, Finish::Cloth) => Texture::Weave {
                thread: 0.0028,
                second: albedo * 0.9,
                relief: 0.4,
            },
            (None, Finish::Linen) => Texture::Linen { relief: 0.8 },
            (None, Finish::Velvet) => Texture::Velvet { relief: 0.5 },
            (None, Finish::Leather) => Texture::Leather {
                grain: 0.0045,
                relief: 0.3,
            },
            (None, Finish::Wood) => Texture::Wood {
                dark: albedo * 0.62,
                ring: 0.011,
                plank: 0.12,
                contrast: 0.7,
                pores: 0.4,
                seed: 11,
            },
            _ => Texture::Plain,
        };
        let sheen = match self.finish {
            Finish::Cloth | Finish::Linen => 0.25,
            Finish::Velvet => 0.8,
            _ => 0.0,
        };
        Some(Material {
            roughness: self.roughness.clamp(0.02, 1.0),
            metallic: self.metallic.clamp(0.0, 1.0),
            transmission: self.transmission.clamp(0.0, 0.95),
            sheen,
            emission: Vec3::from_array(self.emission),
            texture,
            ..Material::plain(albedo, self.roughness)
        })
    }

    /// Refuses numbers that are none.
    pub(super) fn check(&self) -> Result<(), ImportError> {
        let numbers = [self.roughness, self.metallic, self.transmission];
        let all = self.albedo.iter().chain(&self.emission).chain(&numbers);
        if all.clone().any(|v| !v.is_finite() || *v < 0.0 || *v > 16.0) {
            return Err(ImportError::damaged("asset", "a material has impossible numbers"));
        }
        Ok(())
    }
}

/// Words in the names of materials that tell what they are.
const TELLING: [(Finish, &[&str]); 6] = [
    (Finish::Chrome, &["chrome", "cromo", "stainless", "inox"]),
    (
        Finish::Metal,
        &["metal", "steel", "alumin", "iron", "brass", "acier", "hierro"],
    ),
    (Finish::Mirror, &["mirror", "espejo"]),
    (Finish::Glass, &["glass", "vidrio", "vetro"]),
    (
        Finish::Wood,
        &["wood", "oak", "walnut", "legno", "madera", "bois"],
    ),
    (Finish::Leaf, &["leaf", "leaves", "plant", "hoja"]),
];

/// What a material most likely is, by its name, its alpha, the kind of the piece and whether it is the largest surface.
pub(super) fn guess(draft: &DraftMaterial, kind: Kind, is_main: bool) -> Finish {
    let name = draft.name.to_lowercase();
    let told = TELLING
        .iter()
        .find(|(_, words)| words.iter().any(|word| name.contains(word)))
        .map(|(finish, _)| *finish);
    match told {
        Some(Finish::Wood | Finish::Leaf | Finish::Glass) if draft.texture.is_some() => Finish::Plain,
        Some(Finish::Wood) if is_painted(draft.albedo) => Finish::Satin,
        Some(finish) => finish,
        None if repair::is_glass(draft.opacity) && draft.texture.is_none() => Finish::Glass,
        None if is_main && is_upholstered(kind) && draft.metallic < 0.5 => Finish::Cloth,
        None => Finish::Plain,
    }
}

/// Whether a colour hides the wood under it: grey, white, or too pale for timber.
fn is_painted(albedo: Vec3) -> bool {
    let (low, high) = (albedo.min_element(), albedo.max_element());
    high - low < 0.2 * high || low > 0.5
}

fn is_upholstered(kind: Kind) -> bool {
    matches!(
        kind,
        Kind::Sofa | Kind::Armchair | Kind::Bed | Kind::Pouf | Kind::Curtain
    )
}
