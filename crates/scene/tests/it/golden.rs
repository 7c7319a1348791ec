//! Pictures that are compared by tolerance; where they lie too far apart, what was made, what was wanted and their
//! difference are left beside the build for somebody to look at.

use std::path::PathBuf;

use image::{Rgb, RgbImage};

/// A difference of one step of 255 is shown this bright.
const AMPLIFIED: u16 = 8;

/// Fails with `complaint` unless `is_good`, and leaves three pictures behind that say why.
#[track_caller]
pub fn expect(is_good: bool, name: &str, made: &RgbImage, wanted: &RgbImage, complaint: &str) {
    if is_good {
        return;
    }
    let folder = leave(name, made, wanted);
    panic!("{name}: {complaint}; pictures in {}", folder.display());
}

/// Writes what was made, what was wanted, and the amplified difference of the part they share; returns the folder.
fn leave(name: &str, made: &RgbImage, wanted: &RgbImage) -> PathBuf {
    let folder = option_env!("CARGO_TARGET_TMPDIR").map_or_else(std::env::temp_dir, PathBuf::from);
    let folder = folder.join("golden");
    let word: String = name
        .chars()
        .map(|c| if c.is_alphanumeric() { c } else { '-' })
        .collect();
    let (width, height) = (
        made.width().min(wanted.width()),
        made.height().min(wanted.height()),
    );
    let difference = RgbImage::from_fn(width, height, |x, y| {
        let (a, b) = (made.get_pixel(x, y).0, wanted.get_pixel(x, y).0);
        Rgb(std::array::from_fn(|c| {
            (u16::from(a[c].abs_diff(b[c])) * AMPLIFIED).min(255) as u8
        }))
    });
    std::fs::create_dir_all(&folder).expect("the target folder can be written");
    for (kind, picture) in [("made", made), ("wanted", wanted), ("difference", &difference)] {
        let path = folder.join(format!("{word}-{kind}.png"));
        picture.save(path).expect("the target folder can be written");
    }
    folder
}

#[test]
fn a_picture_that_is_off_leaves_its_difference_behind() {
    let wanted = RgbImage::from_pixel(6, 4, Rgb([100, 100, 100]));
    let mut made = wanted.clone();
    made.put_pixel(2, 1, Rgb([110, 100, 40]));
    expect(true, "golden self test, alike", &made, &wanted, "never said");
    let failed =
        std::panic::catch_unwind(|| expect(false, "golden self test", &made, &wanted, "too far apart"));
    let words = failed.expect_err("it complains");
    let words = words.downcast_ref::<String>().expect("in words");
    assert!(words.contains("too far apart"), "{words}");
    let folder = PathBuf::from(words.rsplit("pictures in ").next().expect("it names the folder"));
    let left = image::open(folder.join("golden-self-test-difference.png")).expect("it was left");
    let left = left.to_rgb8();
    assert_eq!(left.get_pixel(2, 1).0, [80, 0, 255]);
    assert_eq!(left.get_pixel(0, 0).0, [0; 3]);
}
