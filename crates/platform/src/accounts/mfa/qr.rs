//! QR codes as SVG, black on white with the quiet zone that readers want.

use std::fmt::Write as _;

use qrcodegen::{QrCode, QrCodeEcc};
use vitrine_kernel::Error;

/// Modules of white around the code (ISO/IEC 18004).
const QUIET: i32 = 4;

/// The text as a QR code; one unit of the view box is one module.
pub fn svg(text: &str) -> Result<String, Error> {
    let code = QrCode::encode_text(text, QrCodeEcc::Medium)
        .map_err(|error| Error::internal("a text is too long for a QR code").with_source(error))?;
    let mut path = String::new();
    for y in 0..code.size() {
        let mut x = 0;
        while x < code.size() {
            let run = (x..code.size()).take_while(|x| code.get_module(*x, y)).count() as i32;
            if run > 0 {
                let _ = write!(path, "M{} {}h{run}v1h-{run}z", x + QUIET, y + QUIET);
            }
            x += run.max(1);
        }
    }
    let side = code.size() + 2 * QUIET;
    Ok(format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {side} {side}\" shape-rendering=\"crispEdges\">\
         <path fill=\"#fff\" d=\"M0 0h{side}v{side}h-{side}z\"/><path d=\"{path}\"/></svg>"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Draws the path's runs back into a grid and compares every module.
    #[test]
    fn the_path_has_the_modules_of_the_code() {
        let text = "otpauth://totp/Vitrine:ada@example.com?secret=GEZDGNBVGY3TQOJQ";
        let svg = svg(text).expect("it fits");
        let code = QrCode::encode_text(text, QrCodeEcc::Medium).expect("it fits");
        let path = svg.rsplit_once("d=\"").expect("a path").1;
        let path = &path[..path.find('"').expect("it ends")];
        let mut dark = std::collections::HashSet::new();
        for run in path.split_terminator('z') {
            let (start, rest) = run.trim_start_matches('M').split_once('h').expect("a run");
            let (x, y) = start.split_once(' ').expect("a start");
            let (x, y): (i32, i32) = (x.parse().expect("a number"), y.parse().expect("a number"));
            let length: i32 = rest
                .split_once('v')
                .expect("a height")
                .0
                .parse()
                .expect("a number");
            dark.extend((x..x + length).map(|x| (x - QUIET, y - QUIET)));
        }
        for y in 0..code.size() {
            for x in 0..code.size() {
                assert_eq!(dark.contains(&(x, y)), code.get_module(x, y), "module {x} {y}");
            }
        }
        assert!(svg.contains(&format!("viewBox=\"0 0 {0} {0}\"", code.size() + 8)));
    }
}
