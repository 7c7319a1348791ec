//! MATLAB level 5 files: the real numeric arrays in them, compressed or not, in either byte order. Cells, structures
//! and text are skipped. Layout: MathWorks, "MAT-File Format", chapter 1.

use std::collections::BTreeMap;

/// An array of two dimensions, column by column.
#[derive(Debug, Clone, PartialEq)]
pub struct Matrix {
    pub rows: usize,
    pub columns: usize,
    pub values: Vec<f64>,
}

impl Matrix {
    /// `None` outside of the array.
    pub fn at(&self, row: usize, column: usize) -> Option<f64> {
        (row < self.rows && column < self.columns).then(|| self.values[column * self.rows + row])
    }

    /// The only value of a 1 x 1 array.
    pub fn scalar(&self) -> Option<f64> {
        match self.values[..] {
            [value] => Some(value),
            _ => None,
        }
    }
}

const HEADER: usize = 128;
/// Types of elements.
const MATRIX: u32 = 14;
const COMPRESSED: u32 = 15;
/// Classes of arrays that hold numbers: double to 64-bit unsigned.
const NUMERIC: std::ops::RangeInclusive<u8> = 6..=15;
const COMPLEX: u8 = 0x08;
/// More than this is no ground truth.
const MOST_BYTES: usize = 64 << 20;

/// The numeric arrays of a file by name.
pub fn read(bytes: &[u8]) -> Result<BTreeMap<String, Matrix>, String> {
    let is_big_endian = match bytes.get(126..HEADER) {
        Some(b"IM") => false,
        Some(b"MI") => true,
        _ => return Err("it is no MATLAB level 5 file".to_owned()),
    };
    let mut arrays = BTreeMap::new();
    let mut elements = Elements {
        rest: &bytes[HEADER..],
        is_big_endian,
    };
    while let Some(element) = elements.next()? {
        let array = match element.kind {
            MATRIX => array(element.data, is_big_endian)?,
            COMPRESSED => {
                let whole = miniz_oxide::inflate::decompress_to_vec_zlib_with_limit(element.data, MOST_BYTES)
                    .map_err(|cause| format!("a compressed element is damaged: {cause}"))?;
                let mut inner = Elements {
                    rest: &whole,
                    is_big_endian,
                };
                match inner.next()? {
                    Some(inside) if inside.kind == MATRIX => array(inside.data, is_big_endian)?,
                    _ => None,
                }
            }
            _ => None,
        };
        arrays.extend(array);
    }
    Ok(arrays)
}

struct Element<'a> {
    kind: u32,
    data: &'a [u8],
}

/// The elements of a file or of an array, one after the other.
struct Elements<'a> {
    rest: &'a [u8],
    is_big_endian: bool,
}

impl<'a> Elements<'a> {
    fn next(&mut self) -> Result<Option<Element<'a>>, String> {
        if self.rest.len() < 8 {
            return Ok(None);
        }
        let first = number(&self.rest[..4], self.is_big_endian) as u32;
        // Up to four bytes fit into the tag itself; the upper half then says how many.
        let small = (first >> 16) as usize;
        let (kind, start, length): (u32, usize, usize) = if small > 0 {
            (first & 0xFFFF, 4, small)
        } else {
            (first, 8, number(&self.rest[4..8], self.is_big_endian) as usize)
        };
        let data = start
            .checked_add(length)
            .and_then(|end| self.rest.get(start..end))
            .filter(|_| small <= 4)
            .ok_or("an element is longer than the file")?;
        let padding = match kind {
            COMPRESSED => 0,
            _ => (8 - (start + length) % 8) % 8,
        };
        self.rest = &self.rest[(start + length + padding).min(self.rest.len())..];
        Ok(Some(Element { kind, data }))
    }
}

/// Name and values of an array element; `None` for what holds no numbers.
fn array(data: &[u8], is_big_endian: bool) -> Result<Option<(String, Matrix)>, String> {
    let mut parts = Elements {
        rest: data,
        is_big_endian,
    };
    let mut part = || parts.next()?.ok_or_else(|| "an array is cut short".to_owned());
    let flags = numbers(&part()?, is_big_endian)?;
    let flags = flags.first().copied().unwrap_or(0.0) as u32;
    if !NUMERIC.contains(&(flags as u8)) || (flags >> 8) as u8 & COMPLEX != 0 {
        return Ok(None);
    }
    let sizes = numbers(&part()?, is_big_endian)?;
    let name = String::from_utf8_lossy(part()?.data).into_owned();
    let values = numbers(&part()?, is_big_endian)?;
    let &[rows, columns] = &sizes[..] else {
        return Ok(None);
    };
    let (rows, columns) = (rows as usize, columns as usize);
    if rows.checked_mul(columns) != Some(values.len()) {
        return Err(format!("{name} has another size than it says"));
    }
    Ok(Some((
        name,
        Matrix {
            rows,
            columns,
            values,
        },
    )))
}

/// The values of an element; whole numbers are often stored in fewer bytes than their class says.
fn numbers(element: &Element, is_big_endian: bool) -> Result<Vec<f64>, String> {
    let (width, is_signed) = match element.kind {
        1 => (1, true),
        2 => (1, false),
        3 => (2, true),
        4 => (2, false),
        5 => (4, true),
        6 | 7 => (4, false),
        9 | 13 => (8, false),
        12 => (8, true),
        other => return Err(format!("unknown type of numbers {other}")),
    };
    let values = element.data.chunks_exact(width).map(|chunk| {
        let raw = number(chunk, is_big_endian);
        match element.kind {
            7 => f64::from(f32::from_bits(raw as u32)),
            9 => f64::from_bits(raw),
            _ if is_signed => {
                let unused = 64 - 8 * width as u32;
                ((raw << unused) as i64 >> unused) as f64
            }
            _ => raw as f64,
        }
    });
    Ok(values.collect())
}

fn number(bytes: &[u8], is_big_endian: bool) -> u64 {
    let join = |sum: u64, byte: &u8| sum << 8 | u64::from(*byte);
    if is_big_endian {
        bytes.iter().fold(0, join)
    } else {
        bytes.iter().rev().fold(0, join)
    }
}
