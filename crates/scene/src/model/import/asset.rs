//! Prepared assets: an imported model after its repairs, in one compact file that loads in milliseconds.
//!
//! Layout (little endian, documented in `docs/furniture.md`): `VFA1`, length of the header, JSON header padded to four
//! bytes, positions (3 × f32), normals (3 × i16), uvs (2 × f32), triangles (3 × u32), materials (u16), pictures.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::finish::AssetMaterial;
use super::picture::Pictures;
use super::{ImportError, Limits};
use crate::furnish::{Kind, Style, form_of};
use crate::geometry::{Mesh, Vec2, Vec3};
use crate::model::image_texture::ImageTexture;
use crate::model::tint::tint_piece;
use crate::model::{Design, Material, Piece};

const MAGIC: [u8; 4] = *b"VFA1";
const FILE: &str = "asset";
/// Sides a piece may be stretched to, metres.
const SIDES: std::ops::RangeInclusive<f32> = 0.002..=8.0;

/// Whose work a model is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Credit {
    /// Title the author or library gave it.
    pub title: String,
    pub creator: Option<String>,
    /// Library it was taken from.
    pub library: Option<String>,
    /// Licence as the library states it.
    pub licence: String,
}

impl Credit {
    /// One line for people: title, author, source, licence, and that it was changed.
    pub fn line(&self) -> String {
        let mut line = format!("“{}”", self.title);
        if let Some(creator) = &self.creator {
            line.push_str(" by ");
            line.push_str(creator);
        }
        if let Some(library) = &self.library {
            line.push_str(", ");
            line.push_str(library);
        }
        format!("{line}, {}; changes were made", self.licence)
    }
}

/// Everything about an asset but its arrays.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AssetHeader {
    pub kind: Kind,
    pub style: Style,
    pub name: String,
    pub credit: Credit,
    /// Width, height, depth in metres.
    pub size_m: [f32; 3],
    /// Height of the surface that carries other things; 0 when there is none.
    pub top_m: f32,
    /// Whether it hangs: on a wall or from the ceiling.
    pub hangs: bool,
    pub materials: Vec<AssetMaterial>,
    /// What was repaired, for people.
    pub repairs: Vec<String>,
    vertices: u32,
    triangles: u32,
    /// Bytes of each picture.
    pictures: Vec<u32>,
}

/// An imported piece.
#[derive(Debug, Clone, PartialEq)]
pub struct Asset {
    pub header: AssetHeader,
    /// As of [`Piece`], at `header.size_m`.
    pub mesh: Mesh,
    pictures: Vec<(Vec<u8>, Arc<ImageTexture>)>,
    materials: Vec<Material>,
}

/// What [`Asset::new`] joins.
pub(super) struct Parts {
    pub kind: Kind,
    pub style: Style,
    pub name: String,
    pub credit: Credit,
    pub size: Vec3,
    pub top: f32,
    pub hangs: bool,
    pub mesh: Mesh,
    pub materials: Vec<AssetMaterial>,
    /// Encoded and decoded.
    pub pictures: Vec<(Vec<u8>, Arc<ImageTexture>)>,
    pub repairs: Vec<String>,
}

impl Asset {
    pub(super) fn new(parts: Parts) -> Result<Self, ImportError> {
        let header = AssetHeader {
            kind: parts.kind,
            style: parts.style,
            name: parts.name,
            credit: parts.credit,
            size_m: parts.size.to_array(),
            top_m: parts.top,
            hangs: parts.hangs,
            materials: parts.materials,
            repairs: parts.repairs,
            vertices: parts.mesh.positions.len() as u32,
            triangles: parts.mesh.triangles.len() as u32,
            pictures: parts
                .pictures
                .iter()
                .map(|(bytes, _)| bytes.len() as u32)
                .collect(),
        };
        Self::joined(header, parts.mesh, parts.pictures)
    }

    fn joined(
        header: AssetHeader,
        mesh: Mesh,
        pictures: Vec<(Vec<u8>, Arc<ImageTexture>)>,
    ) -> Result<Self, ImportError> {
        let textures: Vec<Arc<ImageTexture>> = pictures.iter().map(|(_, texture)| texture.clone()).collect();
        let materials: Option<Vec<Material>> =
            header.materials.iter().map(|m| m.material(&textures)).collect();
        Ok(Self {
            materials: materials.ok_or_else(|| ImportError::damaged(FILE, "a picture is not there"))?,
            header,
            mesh,
            pictures,
        })
    }

    /// What the planner needs to know of it at a size in metres; `None` for a size no piece has.
    pub fn design(&self, size: Vec3) -> Option<Design> {
        let own = Vec3::from_array(self.header.size_m);
        if !size.to_array().iter().all(|side| SIDES.contains(side)) {
            return None;
        }
        Some(Design {
            kind: self.header.kind,
            option: form_of(self.header.kind, own, self.header.hangs),
            size,
            top: self.header.top_m * (size.y / own.y),
            imported: None,
        })
    }

    /// The piece at a size in metres, its main colour replaced by a tint (sRGB `0xRRGGBB`).
    pub fn piece(&self, size: Option<Vec3>, tint: Option<u32>) -> Piece {
        let own = Vec3::from_array(self.header.size_m);
        let size = size.unwrap_or(own);
        let mut mesh = self.mesh.clone();
        if size != own {
            let scale = size / own.max(Vec3::splat(1e-4));
            mesh.positions.iter_mut().for_each(|p| *p *= scale);
            mesh.normals
                .iter_mut()
                .for_each(|n| *n = (*n / scale).normalize_or(Vec3::Y));
        }
        let piece = Piece {
            kind: self.header.kind,
            name: self.header.name.clone(),
            mesh,
            materials: self.materials.clone(),
            size,
        };
        match tint {
            Some(color) => tint_piece(piece, color),
            None => piece,
        }
    }

    /// The file of this asset.
    pub fn to_bytes(&self) -> Vec<u8> {
        // A struct of words and numbers always has a JSON form.
        let mut json = serde_json::to_vec(&self.header).unwrap_or_default();
        json.resize(json.len().next_multiple_of(4), b' ');
        let mut bytes =
            Vec::with_capacity(json.len() + self.mesh.positions.len() * 26 + self.mesh.triangles.len() * 14);
        bytes.extend(MAGIC);
        bytes.extend((json.len() as u32).to_le_bytes());
        bytes.extend(json);
        for p in &self.mesh.positions {
            p.to_array().iter().for_each(|v| bytes.extend(v.to_le_bytes()));
        }
        for n in &self.mesh.normals {
            for v in n.to_array() {
                bytes.extend(((v * 32767.0).round() as i16).to_le_bytes());
            }
        }
        for uv in &self.mesh.uvs {
            uv.to_array().iter().for_each(|v| bytes.extend(v.to_le_bytes()));
        }
        for t in &self.mesh.triangles {
            t.iter().for_each(|i| bytes.extend(i.to_le_bytes()));
        }
        for m in &self.mesh.materials {
            bytes.extend(m.to_le_bytes());
        }
        self.pictures
            .iter()
            .for_each(|(picture, _)| bytes.extend(picture));
        bytes
    }

    /// What the file of an asset says about it, without its mesh.
    ///
    /// # Errors
    /// As [`Asset::from_bytes`], of what is read.
    pub fn header_of(bytes: &[u8]) -> Result<AssetHeader, ImportError> {
        split(bytes).map(|(header, _)| header)
    }

    /// Reads the file of an asset; every index in it is checked.
    ///
    /// # Errors
    /// `WrongFormat` for another kind of file, `Damaged` for one that contradicts itself.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, ImportError> {
        let limits = Limits::default();
        let cut = || ImportError::damaged(FILE, "it ends early");
        let (header, mut rest) = split(bytes)?;
        let mut take = |length: usize| -> Result<&[u8], ImportError> {
            let (taken, more) = rest.split_at_checked(length).ok_or_else(cut)?;
            rest = more;
            Ok(taken)
        };
        Limits::check(u64::from(header.vertices), limits.vertices, "vertices")?;
        Limits::check(u64::from(header.triangles), limits.triangles, "triangles")?;
        header.materials.iter().try_for_each(AssetMaterial::check)?;
        let (vertices, triangles) = (header.vertices as usize, header.triangles as usize);
        let f32s = |bytes: &[u8]| -> Vec<f32> {
            bytes
                .chunks_exact(4)
                .map(|c| f32::from_le_bytes([c[0], c[1], c[2], c[3]]))
                .collect()
        };
        let positions = f32s(take(vertices * 12)?);
        let normals: Vec<f32> = take(vertices * 6)?
            .chunks_exact(2)
            .map(|c| f32::from(i16::from_le_bytes([c[0], c[1]])) / 32767.0)
            .collect();
        let uvs = f32s(take(vertices * 8)?);
        if positions.iter().chain(&uvs).any(|v| !v.is_finite()) {
            return Err(ImportError::damaged(FILE, "a vertex is nowhere"));
        }
        let vectors =
            |values: &[f32]| -> Vec<Vec3> { values.chunks_exact(3).map(Vec3::from_slice).collect() };
        let corners: Vec<u32> = take(triangles * 12)?
            .chunks_exact(4)
            .map(|c| u32::from_le_bytes([c[0], c[1], c[2], c[3]]))
            .collect();
        let materials: Vec<u16> = take(triangles * 2)?
            .chunks_exact(2)
            .map(|c| u16::from_le_bytes([c[0], c[1]]))
            .collect();
        let strayed = corners.iter().any(|&i| i as usize >= vertices)
            || materials
                .iter()
                .any(|&m| usize::from(m) >= header.materials.len());
        if strayed || triangles == 0 {
            return Err(ImportError::damaged(FILE, "a triangle names what is not there"));
        }
        let mut decoder = Pictures::default();
        let mut pictures = Vec::with_capacity(header.pictures.len().min(64));
        for &length in &header.pictures {
            let encoded = take(length as usize)?.to_vec();
            let texture = ImageTexture::new(decoder.read(&encoded, &limits)?).ok_or_else(cut)?;
            pictures.push((encoded, Arc::new(texture)));
        }
        let mesh = Mesh {
            positions: vectors(&positions),
            normals: vectors(&normals)
                .into_iter()
                .map(|n| n.normalize_or(Vec3::Y))
                .collect(),
            uvs: uvs.chunks_exact(2).map(Vec2::from_slice).collect(),
            triangles: corners.chunks_exact(3).map(|c| [c[0], c[1], c[2]]).collect(),
            materials,
        };
        Self::joined(header, mesh, pictures)
    }
}

/// The header of a file, and what follows it.
fn split(bytes: &[u8]) -> Result<(AssetHeader, &[u8]), ImportError> {
    let cut = || ImportError::damaged(FILE, "it ends early");
    let rest = bytes
        .strip_prefix(&MAGIC)
        .ok_or(ImportError::WrongFormat("furniture asset"))?;
    let (length, rest) = rest.split_first_chunk::<4>().ok_or_else(cut)?;
    let length = u32::from_le_bytes(*length) as usize;
    let (header, rest) = rest.split_at_checked(length).ok_or_else(cut)?;
    let header = serde_json::from_slice(header)
        .map_err(|cause| ImportError::damaged(FILE, format!("its header cannot be read: {cause}")))?;
    Ok((header, rest))
}
