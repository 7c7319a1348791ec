//! Straight line segments of a photo, found on a copy of fixed size.

use ::image::RgbImage;
use fast_image_resize::FilterType;

use super::Lens;
use super::contrast::equalize;
use crate::StageError;
use crate::geometry::DVec2;
use crate::image::Photo;

/// Long side of the working copy. Line detection takes time in proportion to pixels and gains nothing above this.
pub const WORKING_SIDE: u32 = 1000;
/// Shorter segments are texture, in units of the long side.
const SHORTEST: f64 = 0.018;
/// Enough for any room, and a bound on the time of what follows.
const MOST: usize = 600;
/// A very long segment does not outvote a whole family of ordinary ones; units of the long side.
const WEIGHT_CAP: f64 = 0.25;

/// A photo at working size. Working pixels times `to_photo` are photo pixels.
#[derive(Debug, Clone)]
pub struct Working {
    pub rgb: RgbImage,
    pub gray: Vec<u8>,
    pub width: u32,
    pub height: u32,
    pub to_photo: f64,
    /// The distortion of the photo's lens, which this copy is free of.
    pub distortion: f64,
}

impl Working {
    pub fn new(photo: &Photo) -> Result<Self, StageError> {
        let (photo_width, photo_height) = photo.rgb.dimensions();
        let to_photo = f64::from(photo_width.max(photo_height)) / f64::from(WORKING_SIDE);
        let side = |length: u32| ((f64::from(length) / to_photo).round() as u32).max(1);
        let (width, height) = (side(photo_width), side(photo_height));
        let filter = if to_photo > 1.0 {
            FilterType::Box
        } else {
            FilterType::Bilinear
        };
        let rgb = crate::image::resample(&photo.rgb, width, height, filter)?;
        Ok(Self {
            gray: grays(&rgb),
            rgb,
            width,
            height,
            to_photo,
            distortion: 0.0,
        })
    }

    /// The copy as an ideal lens would have taken it, at the same size: a barrel loses a little at its corners.
    pub fn without(&self, distortion: f64) -> Self {
        let lens = Lens::new(distortion, self.width, self.height);
        let (right, bottom) = (self.width - 1, self.height - 1);
        let rgb = RgbImage::from_fn(self.width, self.height, |x, y| {
            let ideal = DVec2::new(f64::from(x) + 0.5, f64::from(y) + 0.5);
            let at =
                (lens.shown(ideal) - 0.5).clamp(DVec2::ZERO, DVec2::new(f64::from(right), f64::from(bottom)));
            let (x, y) = (at.x as u32, at.y as u32);
            let part = at - at.floor();
            let pixel = |x: u32, y: u32| self.rgb.get_pixel(x.min(right), y.min(bottom)).0;
            let (upper, lower) = (
                [pixel(x, y), pixel(x + 1, y)],
                [pixel(x, y + 1), pixel(x + 1, y + 1)],
            );
            let mixed: [u8; 3] = std::array::from_fn(|channel| {
                let along = |row: &[[u8; 3]; 2]| {
                    let [p, q] = row.map(|pixel| f64::from(pixel[channel]));
                    p + (q - p) * part.x
                };
                let (p, q) = (along(&upper), along(&lower));
                (p + (q - p) * part.y).round() as u8
            });
            mixed.into()
        });
        Self {
            gray: grays(&rgb),
            rgb,
            distortion,
            ..*self
        }
    }

    /// The long side in working pixels: the unit in which tolerances are given.
    pub fn side(&self) -> f64 {
        f64::from(self.width.max(self.height))
    }

    pub fn middle(&self) -> DVec2 {
        DVec2::new(f64::from(self.width), f64::from(self.height)) / 2.0
    }
}

fn grays(rgb: &RgbImage) -> Vec<u8> {
    rgb.pixels()
        .map(|p| ((299 * u32::from(p[0]) + 587 * u32::from(p[1]) + 114 * u32::from(p[2]) + 500) / 1000) as u8)
        .collect()
}

/// A line segment in working pixels, origin at the top left corner of the top left pixel.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Segment {
    pub a: DVec2,
    pub b: DVec2,
    pub length: f64,
    /// Length in units of the long side, capped.
    pub weight: f64,
}

impl Segment {
    fn new(a: DVec2, b: DVec2, side: f64) -> Self {
        let length = a.distance(b);
        Self {
            a,
            b,
            length,
            weight: (length / side).min(WEIGHT_CAP),
        }
    }

    pub fn middle(&self) -> DVec2 {
        (self.a + self.b) / 2.0
    }

    pub fn direction(&self) -> DVec2 {
        (self.b - self.a) / self.length
    }
}

/// The segments of a picture, longest first.
pub fn find_segments(working: &Working) -> Result<Vec<Segment>, StageError> {
    let (width, height) = (working.width as usize, working.height as usize);
    let even = equalize(&working.gray, width, height);
    let found = lsdetect::detect(&even, width, height, lsdetect::SCALE)
        .map_err(|cause| StageError::Internal(format!("could not look for lines: {cause}")))?;
    let side = working.side();
    let mut segments: Vec<Segment> = found
        .iter()
        // The detector puts the origin at the centre of the first pixel.
        .map(|s| {
            Segment::new(
                DVec2::new(s.x1 + 0.5, s.y1 + 0.5),
                DVec2::new(s.x2 + 0.5, s.y2 + 0.5),
                side,
            )
        })
        .filter(|segment| segment.length.is_finite() && segment.length > SHORTEST * side)
        .collect();
    segments.sort_by(|p, q| q.length.total_cmp(&p.length));
    segments.truncate(MOST);
    Ok(segments)
}
