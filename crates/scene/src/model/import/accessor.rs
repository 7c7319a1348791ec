//! Typed arrays within the binary chunk of a glTF file; every offset is checked before it is used.

use serde::Deserialize;

use super::ImportError;
use super::glb::Document;

const FILE: &str = "glTF model";

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct View {
    buffer: usize,
    byte_offset: usize,
    byte_length: usize,
    byte_stride: Option<usize>,
    extensions: std::collections::HashMap<String, serde_json::Value>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct Accessor {
    buffer_view: Option<usize>,
    byte_offset: usize,
    component_type: u32,
    normalized: bool,
    count: usize,
    #[serde(rename = "type")]
    shape: String,
    sparse: Option<serde_json::Value>,
}

/// The one buffer of a binary file and what its description says of it.
pub(super) struct Buffers<'a> {
    pub document: &'a Document,
    pub binary: &'a [u8],
    /// Most elements of one array.
    pub limit: u64,
}

impl<'a> Buffers<'a> {
    /// Bytes of a view and its stride.
    pub fn view(&self, index: usize) -> Result<(&'a [u8], Option<usize>), ImportError> {
        let missing = || ImportError::damaged(FILE, "a part of its data is not there");
        let view = self.document.buffer_views.get(index).ok_or_else(missing)?;
        if !view.extensions.is_empty() {
            return Err(ImportError::Unsupported("meshopt-compressed meshes".into()));
        }
        if view.buffer != 0 {
            return Err(ImportError::Unsupported("data outside of the file".into()));
        }
        let end = view
            .byte_offset
            .checked_add(view.byte_length)
            .ok_or_else(missing)?;
        let bytes = self.binary.get(view.byte_offset..end).ok_or_else(missing)?;
        Ok((bytes, view.byte_stride))
    }

    /// Elements of an array: where each starts, and how its numbers are stored.
    fn elements(&self, index: usize, width: usize) -> Result<(Vec<&'a [u8]>, &'a Accessor), ImportError> {
        let damaged = |what: &str| ImportError::damaged(FILE, what);
        let accessor = self
            .document
            .accessors
            .get(index)
            .ok_or_else(|| damaged("an array is not there"))?;
        if accessor.sparse.is_some() {
            return Err(ImportError::Unsupported("sparse arrays".into()));
        }
        let shape = match accessor.shape.as_str() {
            "SCALAR" => 1,
            "VEC2" => 2,
            "VEC3" => 3,
            "VEC4" => 4,
            _ => 0,
        };
        if shape != width {
            return Err(damaged("an array has another shape than its use"));
        }
        super::Limits::check(accessor.count as u64, self.limit, "array elements")?;
        let size = width
            * match accessor.component_type {
                5120 | 5121 => 1,
                5122 | 5123 => 2,
                5125 | 5126 => 4,
                _ => return Err(damaged("an array has numbers of no known type")),
            };
        let view = accessor
            .buffer_view
            .ok_or_else(|| damaged("an array has no data"))?;
        let (bytes, stride) = self.view(view)?;
        let stride = stride.unwrap_or(size);
        if stride < size || stride > 4096 {
            return Err(damaged("an array overlaps itself"));
        }
        let cut = || damaged("an array is longer than its data");
        let bytes = bytes.get(accessor.byte_offset..).ok_or_else(cut)?;
        if accessor.count > 0
            && (accessor.count - 1).saturating_mul(stride).saturating_add(size) > bytes.len()
        {
            return Err(cut());
        }
        let elements = (0..accessor.count)
            .map(|i| &bytes[i * stride..i * stride + size])
            .collect();
        Ok((elements, accessor))
    }

    /// Vectors of `N` numbers.
    pub fn vectors<const N: usize>(&self, index: usize) -> Result<Vec<[f32; N]>, ImportError> {
        let (elements, accessor) = self.elements(index, N)?;
        let size = elements.first().map_or(1, |e| e.len() / N);
        Ok(elements
            .into_iter()
            .map(|element| std::array::from_fn(|i| number(&element[i * size..(i + 1) * size], accessor)))
            .collect())
    }

    /// Indices of vertices.
    pub fn indices(&self, index: usize) -> Result<Vec<u32>, ImportError> {
        let (elements, accessor) = self.elements(index, 1)?;
        if !matches!(accessor.component_type, 5121 | 5123 | 5125) {
            return Err(ImportError::damaged(FILE, "its indices are no whole numbers"));
        }
        Ok(elements
            .into_iter()
            .map(|e| {
                e.iter()
                    .rev()
                    .fold(0u32, |value, &byte| value << 8 | u32::from(byte))
            })
            .collect())
    }
}

fn number(bytes: &[u8], accessor: &Accessor) -> f32 {
    let scale = |value: f32, most: f32| {
        if accessor.normalized {
            (value / most).max(-1.0)
        } else {
            value
        }
    };
    match (accessor.component_type, bytes) {
        (5120, &[a]) => scale(f32::from(a as i8), 127.0),
        (5121, &[a]) => scale(f32::from(a), 255.0),
        (5122, &[a, b]) => scale(f32::from(i16::from_le_bytes([a, b])), 32767.0),
        (5123, &[a, b]) => scale(f32::from(u16::from_le_bytes([a, b])), 65535.0),
        (5126, &[a, b, c, d]) => f32::from_le_bytes([a, b, c, d]),
        (_, bytes) => bytes
            .iter()
            .rev()
            .fold(0u32, |value, &byte| value << 8 | u32::from(byte)) as f32,
    }
}
