//! Ready materials: cloths, woods, metals, stone, glass, with the colours that palettes name.

use crate::geometry::{Vec2, Vec3};
use crate::model::art::Picture;
use crate::model::material::{Material, RugPattern, Texture, clamp_albedo};

/// A colour as sRGB bytes, `0xRRGGBB`, in linear light.
pub fn srgb(hex: u32) -> Vec3 {
    let channel = |shift: u32| {
        let v = ((hex >> shift) & 0xff) as f32 / 255.0;
        if v <= 0.040_45 {
            v / 12.92
        } else {
            ((v + 0.055) / 1.055).powf(2.4)
        }
    };
    Vec3::new(channel(16), channel(8), channel(0))
}

/// How a cloth is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cloth {
    Weave,
    Boucle,
    Velvet,
    Knit,
    Leather,
    Linen,
    /// Towelling: short loops on both sides.
    Terry,
}

/// A cloth with its colour and the words for it, such as "oat bouclé".
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fabric {
    pub name: &'static str,
    pub colour: u32,
    pub cloth: Cloth,
}

impl Fabric {
    pub fn material(&self) -> Material {
        let albedo = clamp_albedo(srgb(self.colour));
        let (roughness, sheen, texture) = match self.cloth {
            Cloth::Weave => (
                0.9,
                0.25,
                Texture::Weave {
                    thread: 0.0032,
                    second: albedo * 0.86,
                    relief: 0.55,
                },
            ),
            Cloth::Boucle => (
                0.95,
                0.35,
                Texture::Boucle {
                    loops: 0.0075,
                    relief: 0.5,
                },
            ),
            Cloth::Velvet => (0.75, 0.8, Texture::Velvet { relief: 0.5 }),
            Cloth::Knit => (
                0.95,
                0.35,
                Texture::Knit {
                    stitch: 0.0095,
                    relief: 0.6,
                },
            ),
            Cloth::Leather => (
                0.48,
                0.0,
                Texture::Leather {
                    grain: 0.0032,
                    relief: 0.28,
                },
            ),
            Cloth::Linen => (0.92, 0.2, Texture::Linen { relief: 1.0 }),
            Cloth::Terry => (
                0.97,
                0.3,
                Texture::Boucle {
                    loops: 0.0032,
                    relief: 0.6,
                },
            ),
        };
        Material {
            sheen,
            texture,
            ..Material::plain(albedo, roughness)
        }
    }

    /// The same cloth hanging straight, without creases.
    pub fn ironed(&self) -> Material {
        let mut material = self.material();
        if let Texture::Linen { relief } = &mut material.texture {
            // Dents of a hand's width on cloth that hangs look like stains.
            *relief = 0.1;
        }
        material
    }

    /// Cord and seams are a little darker than the cloth.
    pub fn seam(&self) -> Material {
        let mut material = self.material();
        material.albedo = clamp_albedo(material.albedo * 0.82);
        if let Texture::Weave { second, .. } = &mut material.texture {
            *second *= 0.82;
        }
        material
    }
}

/// Woods and wood-like finishes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wood {
    Oak,
    Walnut,
    Ash,
    Mahogany,
    Reclaimed,
    /// Oiled and a little greyed by the weather.
    Teak,
    BlackAsh,
    /// Lacquer of a colour.
    Painted(u32),
}

impl Wood {
    pub fn name(self) -> &'static str {
        match self {
            Self::Oak => "oak",
            Self::Walnut => "walnut",
            Self::Ash => "ash",
            Self::Mahogany => "mahogany",
            Self::Reclaimed => "reclaimed oak",
            Self::Teak => "teak",
            Self::BlackAsh => "black ash",
            Self::Painted(colour) => {
                if srgb(colour).element_sum() > 1.5 {
                    "white lacquer"
                } else {
                    "painted wood"
                }
            }
        }
    }

    /// Median colour in linear light, for choosing palettes.
    pub fn colour(self) -> Vec3 {
        match self {
            Self::Oak => srgb(0xC4A174),
            Self::Walnut => srgb(0x7A5336),
            Self::Ash => srgb(0xD8C2A0),
            Self::Mahogany => srgb(0x62402C),
            Self::Reclaimed => srgb(0x8F6A48),
            Self::Teak => srgb(0xA57C55),
            Self::BlackAsh => srgb(0x34302D),
            Self::Painted(colour) => clamp_albedo(srgb(colour)),
        }
    }

    /// A board of one piece, or glued from staves (`plank` metres wide, 0: one board).
    pub fn material(self, plank: f32, seed: u32) -> Material {
        let light = self.colour();
        let (dark, ring, contrast, pores, roughness) = match self {
            Self::Oak => (srgb(0x8E6A41), 0.0075, 0.62, 0.55, 0.46),
            Self::Walnut => (srgb(0x452B1B), 0.0085, 0.75, 0.4, 0.42),
            Self::Ash => (srgb(0xAE9067), 0.010, 0.55, 0.45, 0.48),
            Self::Mahogany => (srgb(0x372017), 0.006, 0.55, 0.35, 0.34),
            Self::Reclaimed => (srgb(0x4A3322), 0.0065, 0.95, 0.9, 0.58),
            Self::Teak => (srgb(0x6F4E33), 0.0065, 0.55, 0.5, 0.6),
            Self::BlackAsh => (srgb(0x1F1C1B), 0.010, 0.7, 0.7, 0.5),
            Self::Painted(_) => return Material::plain(light, 0.42),
        };
        let texture = Texture::Wood {
            dark,
            ring,
            plank,
            contrast,
            pores,
            seed,
        };
        Material {
            texture,
            ..Material::plain(light * 1.06, roughness)
        }
    }
}

/// Metals of legs, handles and lamps.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Metal {
    Brass,
    Black,
    Chrome,
    Bronze,
}

impl Metal {
    pub fn name(self) -> &'static str {
        match self {
            Self::Brass => "brass",
            Self::Black => "black steel",
            Self::Chrome => "chrome",
            Self::Bronze => "bronze",
        }
    }

    pub fn material(self) -> Material {
        let (albedo, roughness, metallic) = match self {
            Self::Brass => (Vec3::new(0.66, 0.48, 0.22), 0.30, 1.0),
            // Powder coat is paint, not bare metal.
            Self::Black => (Vec3::splat(0.032), 0.48, 0.0),
            Self::Chrome => (Vec3::splat(0.62), 0.14, 1.0),
            Self::Bronze => (Vec3::new(0.30, 0.21, 0.14), 0.38, 1.0),
        };
        Material {
            metallic,
            texture: Texture::Brushed { relief: 0.2 },
            ..Material::plain(albedo, roughness)
        }
    }
}

/// Clear thin glass.
pub fn glass() -> Material {
    Material {
        transmission: 0.88,
        ..Material::plain(Vec3::new(0.72, 0.76, 0.75), 0.06)
    }
}

/// A mirror.
pub fn mirror() -> Material {
    Material {
        metallic: 1.0,
        ..Material::plain(Vec3::splat(0.80), 0.05)
    }
}

pub fn marble(white: bool, seed: u32) -> Material {
    let (ground, vein) = if white {
        (0xE6E3DE, 0x8D8A88)
    } else {
        (0x2E2F30, 0xB5B0A8)
    };
    let texture = Texture::Marble {
        vein: clamp_albedo(srgb(vein)),
        scale: 2.6,
        seed,
    };
    Material {
        texture,
        ..Material::plain(srgb(ground), 0.22)
    }
}

pub fn concrete(colour: u32, seed: u32) -> Material {
    Material {
        texture: Texture::Concrete { contrast: 0.16, seed },
        ..Material::plain(srgb(colour), 0.72)
    }
}

/// Glazed (roughness low) or raw ceramic with fine specks.
pub fn ceramic(colour: u32, roughness: f32) -> Material {
    let ground = clamp_albedo(srgb(colour));
    let texture = Texture::Speckle {
        second: ground * 0.55,
        size: 0.0042,
        density: 0.12,
    };
    Material {
        texture,
        ..Material::plain(ground, roughness)
    }
}

pub fn rattan() -> Material {
    let dark = srgb(0x5A4128);
    Material {
        texture: Texture::Rattan { strand: 0.007, dark },
        ..Material::plain(srgb(0xC9A878), 0.6)
    }
}

/// A cloth lamp shade `height` metres tall that glows softly, as it does in a lit room.
pub fn shade(colour: u32, height: f32) -> Material {
    let albedo = clamp_albedo(srgb(colour));
    Material {
        emission: albedo * Vec3::new(0.46, 0.41, 0.33),
        texture: Texture::Shade { height },
        ..Material::plain(albedo, 0.95)
    }
}

pub fn pages() -> Material {
    Material {
        texture: Texture::Pages,
        ..Material::plain(srgb(0xE9E2D2), 0.9)
    }
}

pub fn leaf(colour: u32, vein: u32) -> Material {
    let texture = Texture::Leaf {
        vein: clamp_albedo(srgb(vein)),
        back: 0.0,
    };
    Material {
        sheen: 0.0,
        texture,
        ..Material::plain(srgb(colour), 0.42)
    }
}

pub fn picture(picture: Picture) -> Material {
    Material {
        texture: Texture::Art { picture },
        ..Material::plain(Vec3::splat(0.6), 0.8)
    }
}

/// What a rug looks like; colours as sRGB bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RugLook {
    pub name: &'static str,
    pub ground: u32,
    pub second: u32,
    pub third: u32,
    pub pattern: RugPattern,
}

impl RugLook {
    /// The cord along the edge, a little darker than the ground.
    pub fn binding(&self) -> Material {
        Fabric {
            name: self.name,
            colour: self.ground,
            cloth: Cloth::Weave,
        }
        .seam()
    }

    /// `size` is width and length, metres; a round rug fills an ellipse of that size.
    pub fn material(&self, size: Vec2, is_round: bool, seed: u32) -> Material {
        let texture = Texture::Rug {
            is_round,
            second: clamp_albedo(srgb(self.second)),
            third: clamp_albedo(srgb(self.third)),
            pattern: self.pattern,
            width: size.x,
            length: size.y,
            pile: if self.pattern == RugPattern::Diamonds {
                0.014
            } else {
                0.007
            },
            seed,
        };
        Material {
            sheen: 0.3,
            texture,
            ..Material::plain(srgb(self.ground), 0.97)
        }
    }
}
