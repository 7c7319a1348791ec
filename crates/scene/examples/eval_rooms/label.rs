//! A line of text on a picture, in letters of three by five dots.

use image::RgbImage;

/// Height of a line, pixels.
pub const HEIGHT: u32 = 5 * DOT + 2 * MARGIN;
const DOT: u32 = 4;
const MARGIN: u32 = 6;

/// Fills the picture's top with a colour and writes on it in white.
pub fn write(picture: &mut RgbImage, text: &str, colour: [u8; 3]) {
    for y in 0..HEIGHT.min(picture.height()) {
        for x in 0..picture.width() {
            picture.put_pixel(x, y, colour.into());
        }
    }
    for (place, letter) in text.chars().enumerate() {
        let dots = dots(letter.to_ascii_lowercase());
        for dot in 0..15u32 {
            let left = MARGIN + (4 * place as u32 + dot % 3) * DOT;
            let top = MARGIN + dot / 3 * DOT;
            let is_set = dots >> (14 - dot) & 1 == 1;
            if is_set && left + DOT <= picture.width() && top + DOT <= picture.height() {
                for y in top..top + DOT {
                    for x in left..left + DOT {
                        picture.put_pixel(x, y, [255; 3].into());
                    }
                }
            }
        }
    }
}

/// Row by row from the top left; unknown letters are blank.
fn dots(letter: char) -> u16 {
    match letter {
        'a' => 0b010_101_111_101_101,
        'b' => 0b110_101_110_101_110,
        'c' => 0b011_100_100_100_011,
        'd' => 0b110_101_101_101_110,
        'e' => 0b111_100_110_100_111,
        'f' => 0b111_100_110_100_100,
        'g' => 0b011_100_101_101_011,
        'h' => 0b101_101_111_101_101,
        'i' => 0b111_010_010_010_111,
        'j' => 0b001_001_001_101_010,
        'k' => 0b101_101_110_101_101,
        'l' => 0b100_100_100_100_111,
        'm' => 0b101_111_111_101_101,
        'n' => 0b110_101_101_101_101,
        'o' => 0b010_101_101_101_010,
        'p' => 0b110_101_110_100_100,
        'q' => 0b010_101_101_110_011,
        'r' => 0b110_101_110_101_101,
        's' => 0b011_100_010_001_110,
        't' => 0b111_010_010_010_010,
        'u' => 0b101_101_101_101_111,
        'v' => 0b101_101_101_101_010,
        'w' => 0b101_101_111_111_101,
        'x' => 0b101_101_010_101_101,
        'y' => 0b101_101_010_010_010,
        'z' => 0b111_001_010_100_111,
        '0' => 0b111_101_101_101_111,
        '1' => 0b010_110_010_010_111,
        '2' => 0b110_001_010_100_111,
        '3' => 0b110_001_010_001_110,
        '4' => 0b101_101_111_001_001,
        '5' => 0b111_100_110_001_110,
        '6' => 0b011_100_111_101_111,
        '7' => 0b111_001_010_010_010,
        '8' => 0b111_101_111_101_111,
        '9' => 0b111_101_111_001_110,
        '.' => 0b000_000_000_000_010,
        '_' => 0b000_000_000_000_111,
        '-' => 0b000_000_111_000_000,
        '%' => 0b101_001_010_100_101,
        _ => 0,
    }
}
