//! Wavefront OBJ: polygons of any number of corners, negative indices, groups ignored.
//!
//! Read line by line rather than by a library, so that every index is checked where it is used and a material name may
//! contain spaces. Format: the "Object Files" appendix of the Alias Advanced Visualizer manual.

use std::collections::HashMap;

use super::draft::{Draft, DraftMaterial};
use super::{ImportError, Limits};
use crate::geometry::{Vec2, Vec3};

const FILE: &str = "OBJ model";
/// Corners of one polygon; more is a mistake of the file.
const MAX_CORNERS: usize = 4096;

/// Names of the material files an OBJ refers to.
pub(super) fn material_files(text: &str) -> Vec<String> {
    text.lines()
        .filter_map(|line| line.trim().strip_prefix("mtllib "))
        .map(|name| name.trim().to_owned())
        .collect()
}

/// Reads a model; `materials` are those of its material files, a name it does not find becomes a grey one.
pub(super) fn read(text: &str, materials: Vec<DraftMaterial>, limits: &Limits) -> Result<Draft, ImportError> {
    let mut reader = Reader {
        draft: Draft {
            materials,
            ..Draft::default()
        },
        ..Reader::default()
    };
    for line in text.lines() {
        let line = line.trim();
        let (word, rest) = line.split_once(char::is_whitespace).unwrap_or((line, ""));
        match word {
            "v" => {
                Limits::check(reader.positions.len() as u64, limits.vertices, "vertices")?;
                reader.positions.push(vector(rest)?);
            }
            "vn" => reader.normals.push(vector(rest)?),
            "vt" => {
                let mut numbers = rest.split_whitespace().map(str::parse::<f32>);
                let mut next = || numbers.next().and_then(Result::ok).unwrap_or(0.0);
                reader.uvs.push(Vec2::new(next(), next()));
            }
            "f" | "fo" => {
                reader.face(rest)?;
                Limits::check(reader.draft.triangles.len() as u64, limits.triangles, "triangles")?;
            }
            "usemtl" => {
                reader.slot = Some(reader.slot_named(rest.trim()));
                Limits::check(reader.draft.materials.len() as u64, limits.materials, "materials")?;
            }
            _ => {}
        }
    }
    reader.draft.checked(limits, FILE)
}

#[derive(Default)]
struct Reader {
    positions: Vec<Vec3>,
    normals: Vec<Vec3>,
    uvs: Vec<Vec2>,
    draft: Draft,
    /// Vertices by what they are made of; `u32::MAX` for nothing.
    corners: HashMap<[u32; 3], u32>,
    slot: Option<u16>,
}

impl Reader {
    fn slot_named(&mut self, name: &str) -> u16 {
        let known = self
            .draft
            .materials
            .iter()
            .position(|material| material.name == name);
        known.unwrap_or_else(|| {
            self.draft.materials.push(DraftMaterial::new(name));
            self.draft.materials.len() - 1
        }) as u16
    }

    fn face(&mut self, rest: &str) -> Result<(), ImportError> {
        let mut polygon = Vec::new();
        for corner in rest.split_whitespace() {
            polygon.push(self.corner(corner)?);
            if polygon.len() > MAX_CORNERS {
                return Err(ImportError::damaged(FILE, "a polygon has thousands of corners"));
            }
        }
        if polygon.len() < 3 {
            return Ok(());
        }
        let slot = self.slot.unwrap_or_else(|| self.slot_named("default"));
        self.slot = Some(slot);
        let places: Vec<Vec3> = polygon
            .iter()
            .map(|&i| self.draft.positions[i as usize])
            .collect();
        for [a, b, c] in super::polygon::triangulate(&places) {
            self.draft.triangles.push([polygon[a], polygon[b], polygon[c]]);
            self.draft.slots.push(slot);
        }
        Ok(())
    }

    /// The vertex of one corner, such as `7`, `7/2`, `7//3` or `-1/-1/-1`.
    fn corner(&mut self, text: &str) -> Result<u32, ImportError> {
        let mut parts = text.split('/');
        let mut index = |count: usize| -> Result<Option<u32>, ImportError> {
            let Some(part) = parts.next().filter(|part| !part.is_empty()) else {
                return Ok(None);
            };
            let wrong = || ImportError::damaged(FILE, format!("a face has the corner {:?}", clip(text)));
            let number: i64 = part.parse().map_err(|_| wrong())?;
            let found = if number < 0 {
                count as i64 + number
            } else {
                number - 1
            };
            if found < 0 || found >= count as i64 {
                return Err(wrong());
            }
            Ok(Some(found as u32))
        };
        let place = index(self.positions.len())?
            .ok_or_else(|| ImportError::damaged(FILE, "a face has an empty corner"))?;
        let uv = index(self.uvs.len())?;
        let normal = index(self.normals.len())?;
        let key = [place, uv.unwrap_or(u32::MAX), normal.unwrap_or(u32::MAX)];
        let next = self.draft.positions.len() as u32;
        let vertex = *self.corners.entry(key).or_insert(next);
        if vertex == next {
            self.draft.positions.push(self.positions[place as usize]);
            self.draft
                .uvs
                .push(uv.map_or(Vec2::ZERO, |i| self.uvs[i as usize]));
            self.draft
                .normals
                .push(normal.map_or(Vec3::ZERO, |i| self.normals[i as usize]));
        }
        Ok(vertex)
    }
}

fn vector(text: &str) -> Result<Vec3, ImportError> {
    let mut numbers = text.split_whitespace().map(str::parse::<f32>);
    let mut next = || match numbers.next() {
        Some(Ok(number)) => Ok(number),
        _ => Err(ImportError::damaged(
            FILE,
            format!("{:?} is no vertex", clip(text)),
        )),
    };
    Ok(Vec3::new(next()?, next()?, next()?))
}

fn clip(text: &str) -> String {
    text.chars().take(40).collect()
}
