//! Shortlists: a CSV table that says which models of which libraries to take, as what, and with which repairs.

use super::ImportError;
use super::finish::Wish;
use crate::furnish::{Kind, Style};

/// Columns of a shortlist, in this order.
pub const COLUMNS: [&str; 12] = [
    "library", "model", "kind", "style", "name", "licence", "creator", "yaw_deg", "finish", "texture",
    "exclude", "remark",
];

/// One line of a shortlist.
#[derive(Debug, Clone, PartialEq)]
pub struct Choice {
    /// File name of the library without its ending, such as `BlendSwap-CC-0`.
    pub library: String,
    pub model: String,
    pub kind: Kind,
    pub style: Style,
    pub name: String,
    pub licence: String,
    pub creator: String,
    /// Turn about the vertical after which the front faces +z.
    pub yaw_deg: f32,
    pub finishes: Vec<Wish>,
    /// Pictures of the model's folder by the material that lost them.
    pub textures: Vec<(String, String)>,
    /// Why it must not be imported.
    pub exclude: Option<String>,
}

/// Reads a shortlist.
///
/// # Errors
/// `Shortlist` with the line that cannot be followed.
pub fn parse(text: &str) -> Result<Vec<Choice>, ImportError> {
    let mut choices = Vec::new();
    for (index, line) in text.lines().enumerate() {
        let wrong = |what: String| ImportError::Shortlist {
            line: index + 1,
            what,
        };
        if line.trim().is_empty() || line.starts_with('#') {
            continue;
        }
        let cells = cells(line).ok_or_else(|| wrong("a quote is not closed".into()))?;
        if index == 0 {
            if cells != COLUMNS {
                return Err(wrong(format!("the columns must be {}", COLUMNS.join(","))));
            }
            continue;
        }
        let cells: [String; 12] = cells
            .try_into()
            .map_err(|cells: Vec<String>| wrong(format!("{} cells instead of 12", cells.len())))?;
        let [
            library,
            model,
            kind,
            style,
            name,
            licence,
            creator,
            yaw,
            finish,
            texture,
            exclude,
            _,
        ] = cells;
        let word = |text: &str| serde_json::Value::String(text.to_owned());
        choices.push(Choice {
            kind: serde_json::from_value(word(&kind))
                .map_err(|_| wrong(format!("{kind:?} is no kind of furniture")))?,
            style: serde_json::from_value(word(&style))
                .map_err(|_| wrong(format!("{style:?} is no style")))?,
            yaw_deg: match yaw.as_str() {
                "" => 0.0,
                text => text
                    .parse()
                    .ok()
                    .filter(|v: &f32| v.is_finite())
                    .ok_or_else(|| wrong(format!("{text:?} is no angle")))?,
            },
            finishes: finish
                .split(';')
                .filter(|part| !part.trim().is_empty())
                .map(|part| Wish::parse(part.trim()).ok_or_else(|| wrong(format!("{part:?} is no finish"))))
                .collect::<Result<_, _>>()?,
            textures: texture
                .split(';')
                .filter(|part| !part.trim().is_empty())
                .map(|part| {
                    let pair = part
                        .split_once('=')
                        .ok_or_else(|| wrong(format!("{part:?} names no picture")))?;
                    Ok((pair.0.trim().to_owned(), pair.1.trim().to_owned()))
                })
                .collect::<Result<_, _>>()?,
            exclude: (!exclude.is_empty()).then_some(exclude),
            library,
            model,
            name,
            licence,
            creator,
        });
    }
    Ok(choices)
}

/// Cells of a line (RFC 4180 without line breaks in cells); `None` for an open quote.
fn cells(line: &str) -> Option<Vec<String>> {
    let (mut cells, mut cell, mut is_quoted) = (Vec::new(), String::new(), false);
    let mut chars = line.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '"' if is_quoted && chars.peek() == Some(&'"') => {
                cell.push('"');
                chars.next();
            }
            '"' => is_quoted = !is_quoted,
            ',' if !is_quoted => cells.push(std::mem::take(&mut cell)),
            other => cell.push(other),
        }
    }
    cells.push(cell);
    (!is_quoted).then(|| cells.into_iter().map(|cell| cell.trim().to_owned()).collect())
}
