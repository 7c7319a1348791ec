//! The table of an archive, as CSV (RFC 4180) that is safe to open in a spreadsheet.

/// A CSV table under construction.
#[derive(Debug, Default)]
pub struct Csv(String);

impl Csv {
    /// Adds a row. A field that a spreadsheet would run as a formula gets an apostrophe in front.
    pub fn row<'a>(&mut self, fields: impl IntoIterator<Item = &'a str>) {
        for (index, field) in fields.into_iter().enumerate() {
            if index > 0 {
                self.0.push(',');
            }
            self.0.push('"');
            if is_formula(field) {
                self.0.push('\'');
            }
            self.0.push_str(&field.replace('"', "\"\""));
            self.0.push('"');
        }
        self.0.push_str("\r\n");
    }

    pub fn into_bytes(self) -> Vec<u8> {
        self.0.into_bytes()
    }
}

/// Spreadsheets look past leading blanks for these.
fn is_formula(field: &str) -> bool {
    field.starts_with(['\t', '\r', '\n'])
        || field
            .trim_start()
            .starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠'])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formulas_are_disarmed_and_quotes_doubled() {
        let mut csv = Csv::default();
        csv.row([
            "=1+1",
            "+x",
            "-x",
            "@x",
            "\tx",
            "  =x",
            "say \"hi\", you",
            "plain",
        ]);
        let text = String::from_utf8(csv.into_bytes()).expect("UTF-8");
        assert_eq!(
            text,
            "\"'=1+1\",\"'+x\",\"'-x\",\"'@x\",\"'\tx\",\"'  =x\",\"say \"\"hi\"\", you\",\"plain\"\r\n"
        );
    }
}
