//! Binary glTF 2.0 (`.glb`): meshes with their base colour, metallic and roughness, placed by their nodes.
//!
//! Skins, morph targets and animations are left at rest; lines and points are left out. Compressed meshes and textures
//! are refused in words. Format: Khronos glTF 2.0 specification; y is up, the front faces +z, lengths are metres.

use std::collections::HashMap;

use ::image::RgbImage;
use serde::Deserialize;

use super::accessor::Buffers;
use super::draft::{Draft, DraftMaterial};
use super::picture::Pictures;
use super::{ImportError, Limits};
use crate::geometry::{Mat3, Mat4, Quat, Vec2, Vec3};

const FILE: &str = "glTF model";
const KNOWN_EXTENSIONS: [&str; 9] = [
    "KHR_mesh_quantization",
    "KHR_materials_transmission",
    "KHR_materials_specular",
    "KHR_materials_ior",
    "KHR_materials_sheen",
    "KHR_materials_clearcoat",
    "KHR_materials_emissive_strength",
    "KHR_texture_transform",
    "KHR_materials_unlit",
];
/// Nested deeper than this is no furniture.
const MAX_DEPTH: usize = 64;

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct Document {
    extensions_required: Vec<String>,
    scene: Option<usize>,
    scenes: Vec<Scene>,
    nodes: Vec<Node>,
    meshes: Vec<Mesh>,
    materials: Vec<Material>,
    textures: Vec<TextureRef>,
    images: Vec<Image>,
    pub buffer_views: Vec<super::accessor::View>,
    pub accessors: Vec<super::accessor::Accessor>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Scene {
    nodes: Vec<usize>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Node {
    mesh: Option<usize>,
    children: Vec<usize>,
    matrix: Option<[f32; 16]>,
    translation: Option<[f32; 3]>,
    rotation: Option<[f32; 4]>,
    scale: Option<[f32; 3]>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Mesh {
    primitives: Vec<Primitive>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Primitive {
    attributes: HashMap<String, usize>,
    indices: Option<usize>,
    material: Option<usize>,
    mode: Option<u32>,
    extensions: HashMap<String, serde_json::Value>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Material {
    name: Option<String>,
    pbr_metallic_roughness: Pbr,
    emissive_factor: Option<[f32; 3]>,
    alpha_mode: Option<String>,
    extensions: HashMap<String, serde_json::Value>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Pbr {
    base_color_factor: Option<[f32; 4]>,
    base_color_texture: Option<TextureInfo>,
    metallic_factor: Option<f32>,
    roughness_factor: Option<f32>,
    metallic_roughness_texture: Option<TextureInfo>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct TextureInfo {
    index: usize,
    tex_coord: usize,
    extensions: HashMap<String, serde_json::Value>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct TextureRef {
    source: Option<usize>,
    extensions: HashMap<String, serde_json::Value>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Image {
    buffer_view: Option<usize>,
    uri: Option<String>,
}

/// Reads a model.
pub(super) fn read(bytes: &[u8], limits: &Limits) -> Result<Draft, ImportError> {
    let (document, binary) = chunks(bytes)?;
    for name in &document.extensions_required {
        if !KNOWN_EXTENSIONS.contains(&name.as_str()) {
            return Err(refused(name));
        }
    }
    let buffers = Buffers {
        document: &document,
        binary,
        limit: limits.vertices.max(limits.triangles * 3),
    };
    let mut reader = Reader {
        document: &document,
        buffers,
        limits,
        draft: Draft::default(),
        pictures: Pictures::default(),
        decoded: HashMap::new(),
    };
    Limits::check(document.materials.len() as u64, limits.materials, "materials")?;
    for material in &document.materials {
        let read = reader.material(material)?;
        reader.draft.materials.push(read);
    }
    reader.draft.materials.push(DraftMaterial::new("default"));
    let roots: Vec<usize> = match document.scenes.get(document.scene.unwrap_or(0)) {
        Some(scene) => scene.nodes.clone(),
        None => (0..document.nodes.len()).collect(),
    };
    let mut seen = vec![false; document.nodes.len()];
    for root in roots {
        reader.node(root, Mat4::IDENTITY, 0, &mut seen)?;
    }
    reader.draft.checked(limits, FILE)
}

fn refused(extension: &str) -> ImportError {
    ImportError::Unsupported(match extension {
        "KHR_draco_mesh_compression" => "Draco-compressed meshes".into(),
        "EXT_meshopt_compression" | "KHR_meshopt_compression" => "meshopt-compressed meshes".into(),
        "KHR_texture_basisu" => "KTX textures".into(),
        other => format!("the extension {:?}", other.chars().take(60).collect::<String>()),
    })
}

/// The JSON document and the binary chunk.
fn chunks(bytes: &[u8]) -> Result<(Document, &[u8]), ImportError> {
    let word = |at: usize| -> Option<usize> {
        let four = bytes.get(at..at.checked_add(4)?)?;
        Some(u32::from_le_bytes(four.try_into().ok()?) as usize)
    };
    if bytes.get(..4) != Some(b"glTF") {
        return Err(ImportError::WrongFormat("binary glTF model"));
    }
    if word(4) != Some(2) {
        return Err(ImportError::Unsupported("a glTF version other than 2".into()));
    }
    let cut = || ImportError::damaged(FILE, "it ends early");
    let length = word(12).ok_or_else(cut)?;
    if bytes.get(16..20) != Some(b"JSON") {
        return Err(ImportError::damaged(FILE, "its description is missing"));
    }
    let end = 20usize.checked_add(length).ok_or_else(cut)?;
    let json = bytes.get(20..end).ok_or_else(cut)?;
    let document = serde_json::from_slice(json)
        .map_err(|cause| ImportError::damaged(FILE, format!("its description cannot be read: {cause}")))?;
    let at = end.next_multiple_of(4);
    let binary = match word(at) {
        None => &[][..],
        Some(length) => {
            let start = at + 8;
            bytes
                .get(start..start.checked_add(length).ok_or_else(cut)?)
                .ok_or_else(cut)?
        }
    };
    Ok((document, binary))
}

struct Reader<'a> {
    document: &'a Document,
    buffers: Buffers<'a>,
    limits: &'a Limits,
    draft: Draft,
    pictures: Pictures,
    /// By image, since materials share them.
    decoded: HashMap<usize, RgbImage>,
}

fn local(node: &Node) -> Mat4 {
    if let Some(matrix) = node.matrix {
        return Mat4::from_cols_array(&matrix);
    }
    let turn = node.rotation.map_or(Quat::IDENTITY, |q| {
        let q = Quat::from_array(q);
        if q.is_finite() && q.length_squared() > 1e-12 {
            q.normalize()
        } else {
            Quat::IDENTITY
        }
    });
    Mat4::from_scale_rotation_translation(
        Vec3::from_array(node.scale.unwrap_or([1.0; 3])),
        turn,
        Vec3::from_array(node.translation.unwrap_or_default()),
    )
}

impl Reader<'_> {
    fn node(
        &mut self,
        index: usize,
        parent: Mat4,
        depth: usize,
        seen: &mut [bool],
    ) -> Result<(), ImportError> {
        let Some(node) = self.document.nodes.get(index) else {
            return Err(ImportError::damaged(FILE, "a node is not there"));
        };
        if depth > MAX_DEPTH || std::mem::replace(&mut seen[index], true) {
            return Err(ImportError::damaged(FILE, "its nodes form no tree"));
        }
        let place = parent * local(node);
        if let Some(mesh) = node.mesh {
            let document = self.document;
            let mesh = document
                .meshes
                .get(mesh)
                .ok_or_else(|| ImportError::damaged(FILE, "a mesh is not there"))?;
            for primitive in &mesh.primitives {
                self.primitive(primitive, place)?;
            }
        }
        for &child in &node.children {
            self.node(child, place, depth + 1, seen)?;
        }
        Ok(())
    }

    fn primitive(&mut self, primitive: &Primitive, place: Mat4) -> Result<(), ImportError> {
        for compressed in ["KHR_draco_mesh_compression", "EXT_meshopt_compression"] {
            if primitive.extensions.contains_key(compressed) {
                return Err(refused(compressed));
            }
        }
        let mode = primitive.mode.unwrap_or(4);
        let Some(&positions) = primitive.attributes.get("POSITION") else {
            return Ok(());
        };
        if !(4..=6).contains(&mode) {
            return Ok(());
        }
        let positions = self.buffers.vectors::<3>(positions)?;
        let count = positions.len();
        let total = self.draft.positions.len() + count;
        Limits::check(total as u64, self.limits.vertices, "vertices")?;
        let material = primitive.material.filter(|&m| m < self.document.materials.len());
        let info = material.and_then(|m| {
            self.document.materials[m]
                .pbr_metallic_roughness
                .base_color_texture
                .as_ref()
        });
        let normals = self.attribute::<3>(primitive, "NORMAL", count)?;
        let layer = format!("TEXCOORD_{}", info.map_or(0, |info| info.tex_coord));
        let uvs = self.attribute::<2>(primitive, &layer, count)?;
        let indices = match primitive.indices {
            Some(accessor) => self.buffers.indices(accessor)?,
            None => (0..count as u32).collect(),
        };
        let (offset, scale) = info.map_or((Vec2::ZERO, Vec2::ONE), transform);

        let base = self.draft.positions.len() as u32;
        let linear = Mat3::from_mat4(place);
        let mirrors = linear.determinant() < 0.0;
        let turn = if linear.determinant().abs() > 1e-12 {
            linear.inverse().transpose()
        } else {
            Mat3::IDENTITY
        };
        for vertex in 0..count {
            self.draft
                .positions
                .push(place.transform_point3(Vec3::from_array(positions[vertex])));
            let normal = normals
                .as_ref()
                .map_or(Vec3::ZERO, |all| turn * Vec3::from_array(all[vertex]));
            self.draft.normals.push(normal);
            let uv = uvs
                .as_ref()
                .map_or(Vec2::ZERO, |all| Vec2::from_array(all[vertex]) * scale + offset);
            self.draft.uvs.push(Vec2::new(uv.x, 1.0 - uv.y));
        }
        let slot = material.unwrap_or(self.document.materials.len()) as u16;
        let mut push = |a: u32, b: u32, c: u32| {
            let t = if mirrors { [a, c, b] } else { [a, b, c] };
            // An index beyond the end stays beyond it: the check of the whole model names it.
            self.draft.triangles.push(t.map(|i| i.saturating_add(base)));
            self.draft.slots.push(slot);
        };
        match mode {
            4 => indices.chunks_exact(3).for_each(|t| push(t[0], t[1], t[2])),
            5 => (2..indices.len()).for_each(|i| {
                let (a, b) = if i % 2 == 0 {
                    (i - 2, i - 1)
                } else {
                    (i - 1, i - 2)
                };
                push(indices[a], indices[b], indices[i]);
            }),
            _ => (2..indices.len()).for_each(|i| push(indices[0], indices[i - 1], indices[i])),
        }
        if indices.iter().any(|&i| i as usize >= count) {
            return Err(ImportError::damaged(
                FILE,
                "a triangle names a vertex that is not there",
            ));
        }
        Limits::check(
            self.draft.triangles.len() as u64,
            self.limits.triangles,
            "triangles",
        )
    }

    fn attribute<const N: usize>(
        &self,
        primitive: &Primitive,
        name: &str,
        count: usize,
    ) -> Result<Option<Vec<[f32; N]>>, ImportError> {
        let Some(&accessor) = primitive.attributes.get(name) else {
            return Ok(None);
        };
        let read = self.buffers.vectors::<N>(accessor)?;
        if read.len() != count {
            return Err(ImportError::damaged(
                FILE,
                format!("{name} has another length than the positions"),
            ));
        }
        Ok(Some(read))
    }

    fn material(&mut self, material: &Material) -> Result<DraftMaterial, ImportError> {
        let pbr = &material.pbr_metallic_roughness;
        let factor = pbr
            .base_color_factor
            .unwrap_or([1.0; 4])
            .map(|v| if v.is_finite() { v.clamp(0.0, 1.0) } else { 1.0 });
        let texture = pbr
            .base_color_texture
            .as_ref()
            .map(|info| self.texture(info))
            .transpose()?;
        // Green is roughness, blue is metal; one average of each is enough for the grain of a photo.
        let (mut metallic, mut roughness) = (
            pbr.metallic_factor.unwrap_or(1.0),
            pbr.roughness_factor.unwrap_or(1.0),
        );
        if let Some(info) = &pbr.metallic_roughness_texture {
            let picture = self.texture(info)?;
            let count = (picture.width() * picture.height()).max(1) as f32;
            let mean = |channel: usize| {
                picture
                    .pixels()
                    .map(|p| f32::from(p[channel]) / 255.0)
                    .sum::<f32>()
                    / count
            };
            roughness *= mean(1);
            metallic *= mean(2);
        }
        let transmission = material
            .extensions
            .get("KHR_materials_transmission")
            .and_then(|value| value.get("transmissionFactor")?.as_f64())
            .unwrap_or(0.0) as f32;
        let alpha = if material.alpha_mode.as_deref() == Some("BLEND") {
            factor[3]
        } else {
            1.0
        };
        let finite = |v: f32, or: f32| if v.is_finite() { v.clamp(0.0, 1.0) } else { or };
        Ok(DraftMaterial {
            name: material.name.clone().unwrap_or_default(),
            albedo: Vec3::new(factor[0], factor[1], factor[2]),
            roughness: finite(roughness, 0.6).max(0.05),
            metallic: finite(metallic, 0.0),
            opacity: alpha * (1.0 - finite(transmission, 0.0)),
            emission: Vec3::from_array(
                material
                    .emissive_factor
                    .unwrap_or_default()
                    .map(|v| finite(v, 0.0)),
            ),
            texture,
        })
    }

    fn texture(&mut self, info: &TextureInfo) -> Result<RgbImage, ImportError> {
        let missing = || ImportError::damaged(FILE, "a texture is not there");
        let texture = self.document.textures.get(info.index).ok_or_else(missing)?;
        let Some(source) = texture.source else {
            return Err(if texture.extensions.contains_key("KHR_texture_basisu") {
                refused("KHR_texture_basisu")
            } else {
                missing()
            });
        };
        let image = self.document.images.get(source).ok_or_else(missing)?;
        let Some(view) = image.buffer_view else {
            return Err(match image.uri {
                Some(_) => ImportError::Unsupported("textures outside of the file".into()),
                None => missing(),
            });
        };
        if let Some(known) = self.decoded.get(&source) {
            return Ok(known.clone());
        }
        let read = self.pictures.read(self.buffers.view(view)?.0, self.limits)?;
        self.decoded.insert(source, read.clone());
        Ok(read)
    }
}

/// Offset and scale of a texture, when the file gives some (rotation is not read).
fn transform(info: &TextureInfo) -> (Vec2, Vec2) {
    let pair = |name: &str, or: Vec2| {
        let values = info
            .extensions
            .get("KHR_texture_transform")
            .and_then(|t| t.get(name)?.as_array());
        match values
            .map(|v| {
                v.iter()
                    .filter_map(|n| n.as_f64())
                    .map(|n| n as f32)
                    .collect::<Vec<_>>()
            })
            .as_deref()
        {
            Some([x, y]) => Vec2::new(*x, *y),
            _ => or,
        }
    };
    (pair("offset", Vec2::ZERO), pair("scale", Vec2::ONE))
}
