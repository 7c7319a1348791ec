//! Material files of OBJ models (MTL): Phong in, the terms of [`crate::model::Material`] out.

use ::image::RgbImage;

use super::draft::DraftMaterial;
use super::repair;
use crate::geometry::Vec3;

/// A material file's view on one material, its texture still a path.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Phong {
    pub name: String,
    /// Display (sRGB) values, as drawn by the programs that write such files.
    pub diffuse: Vec3,
    pub specular: Vec3,
    pub exponent: f32,
    pub opacity: f32,
    pub glow: Vec3,
    pub map: Option<String>,
}

impl Phong {
    fn new(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            diffuse: Vec3::splat(0.6),
            specular: Vec3::ZERO,
            exponent: 10.0,
            opacity: 1.0,
            glow: Vec3::ZERO,
            map: None,
        }
    }

    pub fn into_draft(self, texture: Option<RgbImage>) -> DraftMaterial {
        let linear = |c: Vec3| {
            Vec3::from_array(
                c.clamp(Vec3::ZERO, Vec3::ONE)
                    .to_array()
                    .map(crate::image::srgb_to_linear),
            )
        };
        DraftMaterial {
            name: self.name,
            // Under a picture the colour is a leftover of the modelling program.
            albedo: if texture.is_some() {
                Vec3::ONE
            } else {
                linear(self.diffuse)
            },
            roughness: repair::roughness_of_phong(self.exponent, self.specular.max_element()),
            metallic: 0.0,
            opacity: self.opacity.clamp(0.0, 1.0),
            emission: linear(self.glow),
            texture,
        }
    }
}

/// Reads a material file; what it does not understand it leaves out.
pub(super) fn parse(text: &str) -> Vec<Phong> {
    let mut all: Vec<Phong> = Vec::new();
    for line in text.lines() {
        let line = line.trim();
        let (word, rest) = line.split_once(char::is_whitespace).unwrap_or((line, ""));
        let rest = rest.trim();
        if word == "newmtl" {
            all.push(Phong::new(rest));
            continue;
        }
        let Some(material) = all.last_mut() else { continue };
        let number = || {
            rest.split_whitespace()
                .next()
                .and_then(|v| v.parse::<f32>().ok())
                .filter(|v| v.is_finite())
        };
        match word {
            "Kd" => material.diffuse = colour(rest).unwrap_or(material.diffuse),
            "Ks" => material.specular = colour(rest).unwrap_or(material.specular),
            "Ke" => material.glow = colour(rest).unwrap_or(material.glow),
            "Ns" => material.exponent = number().unwrap_or(material.exponent),
            "d" => material.opacity = number().unwrap_or(material.opacity),
            "Tr" => material.opacity = number().map_or(material.opacity, |tr| 1.0 - tr),
            "map_Kd" => material.map = path_of(rest),
            _ => {}
        }
    }
    all
}

fn colour(text: &str) -> Option<Vec3> {
    let numbers: Vec<f32> = text
        .split_whitespace()
        .map_while(|v| v.parse().ok())
        .take(3)
        .collect();
    match numbers[..] {
        [r, g, b] if numbers.iter().all(|v| v.is_finite()) => Some(Vec3::new(r, g, b)),
        [grey] if grey.is_finite() => Some(Vec3::splat(grey)),
        _ => None,
    }
}

/// The path behind options such as `-s 1 1 1`; paths may contain spaces.
fn path_of(text: &str) -> Option<String> {
    let mut rest = text;
    while let Some(option) = rest.strip_prefix('-') {
        let (_, mut after) = option.split_once(char::is_whitespace)?;
        while let Some((value, more)) = after.trim_start().split_once(char::is_whitespace) {
            if value.parse::<f32>().is_err() && !matches!(value, "on" | "off") {
                break;
            }
            after = more;
        }
        rest = after.trim_start();
    }
    (!rest.is_empty()).then(|| rest.to_owned())
}

/// The file of an archive a material means: beside the model, or, for paths of somebody's disk, by the name alone.
pub(super) fn resolve<'n>(path: &str, folder: &str, names: impl Iterator<Item = &'n str>) -> Option<&'n str> {
    let path = path.replace('\\', "/");
    let path = path.strip_prefix("./").unwrap_or(&path);
    let beside = format!("{folder}{path}");
    let base = path.rsplit('/').next().unwrap_or(path);
    let by_name = format!("{folder}{base}");
    let mut found = None;
    for name in names {
        if name == beside {
            return Some(name);
        }
        if name.eq_ignore_ascii_case(&by_name) {
            found = Some(name);
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_texture_on_the_authors_disk_is_found_beside_the_model() {
        let names = ["a/rug/rug.jpg", "a/rug/rug.obj", "a/other/wood.jpg"];
        let found = |path: &str| resolve(path, "a/rug/", names.iter().copied());
        assert_eq!(found("C:\\Users\\me\\Rug.JPG"), Some("a/rug/rug.jpg"));
        assert_eq!(found("/Users/me/rug.jpg"), Some("a/rug/rug.jpg"));
        assert_eq!(found("/Users/me/wood.jpg"), None);
    }

    #[test]
    fn names_and_paths_keep_their_spaces() {
        let read = parse("newmtl oak wood dark\nKd 1 0.5 0\nmap_Kd -s 2 2 1 old oak.jpg\nd 0.4\n");
        assert_eq!(read[0].name, "oak wood dark");
        assert_eq!(read[0].map.as_deref(), Some("old oak.jpg"));
        assert_eq!(
            (read[0].diffuse, read[0].opacity),
            (Vec3::new(1.0, 0.5, 0.0), 0.4)
        );
    }
}
