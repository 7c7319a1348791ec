//! The audit trail as CSV, for spreadsheets.

use std::borrow::Cow;
use std::fmt::Write as _;

use chrono::SecondsFormat;

use super::routes::AuditEntry;

const HEAD: &str = "at,account_id,email,workspace_id,action,object_type,object_id,ip,details\r\n";

/// The entries, one a line, in the given order.
pub(super) fn csv(entries: &[AuditEntry]) -> String {
    let mut text = HEAD.to_owned();
    let shown = |id: Option<String>| id.unwrap_or_default();
    for entry in entries {
        let cells = [
            entry.at.to_rfc3339_opts(SecondsFormat::Micros, true),
            shown(entry.account_id.map(|id| id.to_string())),
            shown(entry.email.clone()),
            shown(entry.workspace_id.map(|id| id.to_string())),
            entry.action.clone(),
            entry.object_type.clone(),
            entry.object_id.clone(),
            shown(entry.ip.clone()),
            shown(entry.details.as_ref().map(ToString::to_string)),
        ];
        let cells: Vec<String> = cells.iter().map(|cell| quoted(cell)).collect();
        let _ = write!(text, "{}\r\n", cells.join(","));
    }
    text
}

/// A cell in quotes. One that a spreadsheet would take for a formula begins with an apostrophe, which makes it text.
fn quoted(cell: &str) -> String {
    let is_formula = cell.starts_with(['=', '+', '-', '@', '\t', '\r', '\n']);
    let safe: Cow<'_, str> = if is_formula {
        format!("'{cell}").into()
    } else {
        cell.into()
    };
    format!("\"{}\"", safe.replace('"', "\"\""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formulas_become_text_and_quotes_are_doubled() {
        assert_eq!(quoted("plain"), "\"plain\"");
        assert_eq!(quoted("a \"b\", c"), "\"a \"\"b\"\", c\"");
        for formula in ["=1+1", "+1", "-1", "@sum(a1)", "\t=1", "\r=1"] {
            assert_eq!(quoted(formula), format!("\"'{formula}\""));
        }
    }
}
