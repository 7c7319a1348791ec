//! Colour and texture on a coarse grid: floors differ from the walls above them.
//!
//! Two measures say how well a plan divides them. The share of variance explained is enough for an empty room. Where a
//! rug lies and a bed stands, floor and walls have several colours each; so the picture's cells are also sorted into a
//! few classes of colour, and what a cell's class tells about its being floor is counted in bits. A line across
//! one continuous floor tells nothing, whatever the contrast along it.

use super::near::Strip;
use super::shape::{Face, FloorPlan};
use crate::camera::{Camera, Working};
use crate::geometry::{DVec2, DVec3};

const COLUMNS: usize = 40;
const ROWS: usize = 30;
/// Classes of colour and texture.
const CLASSES: usize = 10;
/// How sure one cell can make of floor or wall, logarithm of the odds.
const MOST_SURE: f64 = 1.5;

/// Mean colour (CIE Lab, lightness damped) and local texture per cell, with the ray through the cell's middle.
#[derive(Debug, Clone)]
pub struct Tones {
    cells: Vec<[f64; 4]>,
    /// The class of every cell.
    classes: Vec<u8>,
}

impl Tones {
    pub fn new(working: &Working) -> Self {
        let (width, height) = (working.width as usize, working.height as usize);
        let rough = roughness(&working.gray, width, height);
        let mut cells = vec![[0.0; 4]; COLUMNS * ROWS];
        for row in 0..ROWS {
            let ys = row * height / ROWS
                ..((row + 1) * height / ROWS)
                    .max(row * height / ROWS + 1)
                    .min(height);
            for column in 0..COLUMNS {
                let xs = column * width / COLUMNS
                    ..((column + 1) * width / COLUMNS)
                        .max(column * width / COLUMNS + 1)
                        .min(width);
                let (mut rgb, mut texture, mut count) = ([0.0; 3], 0.0, 0.0f64);
                for y in ys.clone() {
                    for x in xs.clone() {
                        let pixel = working.rgb.get_pixel(x as u32, y as u32);
                        for channel in 0..3 {
                            rgb[channel] += f64::from(pixel[channel]);
                        }
                        texture += f64::from(rough[y * width + x]);
                        count += 1.0;
                    }
                }
                let count = count.max(1.0);
                let lab = lab(rgb.map(|sum| sum / count / 255.0));
                // Eight-bit units of lightness; colour counts for more than shading.
                cells[row * COLUMNS + column] = [
                    lab[0] * 2.55 * 0.6,
                    lab[1] * 1.6,
                    lab[2] * 1.6,
                    (2.0 * texture / count).min(20.0),
                ];
            }
        }
        let mean: [f64; 4] =
            std::array::from_fn(|k| cells.iter().map(|c| c[k]).sum::<f64>() / cells.len() as f64);
        for cell in &mut cells {
            for k in 0..4 {
                cell[k] -= mean[k];
            }
        }
        let classes = classes_of(&cells);
        Self { cells, classes }
    }

    /// Rays through the middles of the cells.
    pub fn rays(&self, camera: &Camera) -> Vec<DVec3> {
        let (width, height) = (f64::from(camera.width), f64::from(camera.height));
        (0..ROWS * COLUMNS)
            .map(|cell| {
                let x = ((cell % COLUMNS) as f64 + 0.5) / COLUMNS as f64 * width;
                let y = ((cell / COLUMNS) as f64 + 0.5) / ROWS as f64 * height;
                camera.ray(DVec2::new(x, y)).normalize()
            })
            .collect()
    }

    /// Cells that something close to the camera hides.
    pub fn hidden(&self, camera: &Camera, strips: &[Strip]) -> Vec<bool> {
        let (width, height) = (f64::from(camera.width), f64::from(camera.height));
        (0..ROWS * COLUMNS)
            .map(|cell| {
                let x = ((cell % COLUMNS) as f64 + 0.5) / COLUMNS as f64 * width;
                let y = ((cell / COLUMNS) as f64 + 0.5) / ROWS as f64 * height;
                strips.iter().any(|strip| strip.beyond(DVec2::new(x, y)) < 0.0)
            })
            .collect()
    }

    /// `(separation, told, floor share)`: which part of the variance below eye level the division into floor and wall
    /// explains, how many bits a cell's class tells about it, and how much of the picture is floor.
    pub fn separation(&self, plan: &FloorPlan, rays: &[DVec3], hidden: &[bool]) -> (f64, f64, f64) {
        let mut floor = Moments::default();
        let mut wall = Moments::default();
        let mut counts = [[0.0; CLASSES]; 2];
        for (index, (ray, is_hidden)) in rays.iter().zip(hidden).enumerate() {
            if *is_hidden {
                continue;
            }
            let class = usize::from(self.classes[index]);
            match plan.face(*ray) {
                Face::Floor => {
                    floor.add(&self.cells[index]);
                    counts[0][class] += 1.0;
                }
                // Above eye level lie windows, ceilings and lamps, which say nothing about the floor.
                Face::Back | Face::Side if ray.y > -0.15 => {
                    wall.add(&self.cells[index]);
                    counts[1][class] += 1.0;
                }
                Face::Back | Face::Side => {}
            }
        }
        let apart = floor.scatter() + wall.scatter();
        let together = floor.joined(&wall).scatter();
        (
            1.0 - apart / together.max(1.0),
            mutual_information(&counts),
            floor.count / self.cells.len() as f64,
        )
    }

    /// How much each class of colour speaks for floor under a plan, logarithms of the odds.
    pub fn verdicts(&self, camera: &Camera, plan: &FloorPlan) -> [f64; CLASSES] {
        let mut counts = [[1.0; CLASSES]; 2];
        for (class, ray) in self.classes.iter().zip(self.rays(camera)) {
            let is_floor = plan.face(ray) == Face::Floor;
            if is_floor || ray.y > -0.15 {
                counts[usize::from(!is_floor)][usize::from(*class)] += 1.0;
            }
        }
        let totals = counts.map(|row| row.iter().sum::<f64>());
        std::array::from_fn(|class| {
            let odds = (counts[0][class] / totals[0]) / (counts[1][class] / totals[1]);
            odds.ln().clamp(-MOST_SURE, MOST_SURE)
        })
    }

    /// The verdict on a pixel's cell; 0 outside of the picture.
    pub fn verdict_at(&self, verdicts: &[f64; CLASSES], camera: &Camera, pixel: DVec2) -> f64 {
        let column = pixel.x / f64::from(camera.width) * COLUMNS as f64;
        let row = pixel.y / f64::from(camera.height) * ROWS as f64;
        let is_inside = column >= 0.0 && row >= 0.0 && column < COLUMNS as f64 && row < ROWS as f64;
        if is_inside {
            verdicts[usize::from(self.classes[row as usize * COLUMNS + column as usize])]
        } else {
            0.0
        }
    }
}

/// What one of two coordinates of a table of counts tells about the other, bits.
fn mutual_information(counts: &[[f64; CLASSES]; 2]) -> f64 {
    let total: f64 = counts.iter().flatten().sum();
    let rows = counts.map(|row| row.iter().sum::<f64>());
    let mut told = 0.0;
    for (floor, wall) in counts[0].iter().zip(&counts[1]) {
        for (both, row) in [(*floor, rows[0]), (*wall, rows[1])] {
            if both > 0.0 {
                told += both / total * (both * total / (row * (floor + wall))).log2();
            }
        }
    }
    told
}

/// Sorts cells into classes by Lloyd's method, started from cells that are far from each other.
fn classes_of(cells: &[[f64; 4]]) -> Vec<u8> {
    let distance = |p: &[f64; 4], q: &[f64; 4]| (0..4).map(|k| (p[k] - q[k]).powi(2)).sum::<f64>();
    let mut centers: Vec<[f64; 4]> = vec![cells[0]];
    let mut nearest: Vec<f64> = cells.iter().map(|cell| distance(cell, &centers[0])).collect();
    while centers.len() < CLASSES {
        // The tenth farthest, so that one odd cell makes no class.
        let mut order: Vec<usize> = (0..cells.len()).collect();
        order.sort_by(|p, q| nearest[*q].total_cmp(&nearest[*p]).then(p.cmp(q)));
        let next = cells[order[(cells.len() / 100).min(order.len() - 1)]];
        centers.push(next);
        for (least, cell) in nearest.iter_mut().zip(cells) {
            *least = least.min(distance(cell, &next));
        }
    }
    let mut classes = vec![0u8; cells.len()];
    for _ in 0..12 {
        let mut sums = vec![([0.0; 4], 0.0f64); CLASSES];
        for (class, cell) in classes.iter_mut().zip(cells) {
            let best = (0..CLASSES)
                .min_by(|p, q| distance(cell, &centers[*p]).total_cmp(&distance(cell, &centers[*q])))
                .unwrap_or(0);
            *class = best as u8;
            for (sum, value) in sums[best].0.iter_mut().zip(cell) {
                *sum += value;
            }
            sums[best].1 += 1.0;
        }
        for (center, (sum, count)) in centers.iter_mut().zip(&sums) {
            if *count > 0.0 {
                *center = sum.map(|total| total / count);
            }
        }
    }
    classes
}

/// The picture's colours averaged over small cells, for comparing the two sides of an edge.
#[derive(Debug, Clone)]
pub struct Colours {
    columns: usize,
    rows: usize,
    lab: Vec<[f32; 3]>,
}

impl Colours {
    /// Working pixels per cell.
    pub const CELL: usize = 5;
    /// Difference (CIE76) that counts as another material.
    const DISTINCT: f32 = 12.0;

    pub fn new(working: &Working) -> Self {
        let (width, height) = (working.width as usize, working.height as usize);
        let (columns, rows) = (width.div_ceil(Self::CELL), height.div_ceil(Self::CELL));
        let pixels = working.rgb.as_raw();
        let lab = (0..columns * rows)
            .map(|cell| {
                let (left, top) = (cell % columns * Self::CELL, cell / columns * Self::CELL);
                let (right, bottom) = ((left + Self::CELL).min(width), (top + Self::CELL).min(height));
                let mut sum = [0u32; 3];
                for y in top..bottom {
                    for x in left..right {
                        for channel in 0..3 {
                            sum[channel] += u32::from(pixels[3 * (y * width + x) + channel]);
                        }
                    }
                }
                let count = ((right - left) * (bottom - top)) as f64;
                lab(sum.map(|total| f64::from(total) / count / 255.0)).map(|value| value as f32)
            })
            .collect();
        Self { columns, rows, lab }
    }

    /// Columns and rows of cells.
    pub fn size(&self) -> (usize, usize) {
        (self.columns, self.rows)
    }

    /// The middle of every cell and its colour, row by row.
    pub fn cells(&self) -> impl Iterator<Item = (DVec2, [f32; 3])> {
        self.lab.iter().enumerate().map(|(index, lab)| {
            let cell = DVec2::new((index % self.columns) as f64, (index / self.columns) as f64);
            ((cell + 0.5) * Self::CELL as f64, *lab)
        })
    }

    /// CIE Lab at a pixel; `None` outside of the picture.
    pub fn at(&self, pixel: DVec2) -> Option<[f32; 3]> {
        let cell = pixel / Self::CELL as f64;
        let is_inside =
            cell.x >= 0.0 && cell.y >= 0.0 && cell.x < self.columns as f64 && cell.y < self.rows as f64;
        is_inside.then(|| self.lab[cell.y as usize * self.columns + cell.x as usize])
    }

    /// How different the picture is at two pixels, 0..=1; 0 when one is outside.
    pub fn difference(&self, p: DVec2, q: DVec2) -> f64 {
        let (Some(p), Some(q)) = (self.at(p), self.at(q)) else {
            return 0.0;
        };
        let squared: f32 = (0..3).map(|k| (p[k] - q[k]).powi(2)).sum();
        f64::from((squared.sqrt() / Self::DISTINCT).min(1.0))
    }
}

#[derive(Default, Clone, Copy)]
struct Moments {
    count: f64,
    sum: [f64; 4],
    squares: f64,
}

impl Moments {
    fn add(&mut self, value: &[f64; 4]) {
        self.count += 1.0;
        for (sum, value) in self.sum.iter_mut().zip(value) {
            *sum += value;
            self.squares += value * value;
        }
    }

    fn joined(&self, other: &Self) -> Self {
        Self {
            count: self.count + other.count,
            sum: std::array::from_fn(|k| self.sum[k] + other.sum[k]),
            squares: self.squares + other.squares,
        }
    }

    /// Sum of squared distances from the mean.
    fn scatter(&self) -> f64 {
        self.squares - self.sum.iter().map(|s| s * s).sum::<f64>() / self.count.max(1.0)
    }
}

/// Distance of each pixel's grey value from its 7 x 7 neighbourhood's mean.
fn roughness(gray: &[u8], width: usize, height: usize) -> Vec<f32> {
    const RADIUS: usize = 3;
    let mut sums = vec![0u32; (width + 1) * (height + 1)];
    for y in 0..height {
        let mut row = 0;
        for x in 0..width {
            row += u32::from(gray[y * width + x]);
            sums[(y + 1) * (width + 1) + x + 1] = sums[y * (width + 1) + x + 1] + row;
        }
    }
    let mut rough = vec![0.0; gray.len()];
    for y in 0..height {
        let (top, bottom) = (y.saturating_sub(RADIUS), (y + RADIUS + 1).min(height));
        for x in 0..width {
            let (left, right) = (x.saturating_sub(RADIUS), (x + RADIUS + 1).min(width));
            let at = |row: usize, column: usize| i64::from(sums[row * (width + 1) + column]);
            let sum = at(bottom, right) - at(top, right) - at(bottom, left) + at(top, left);
            let mean = sum as f32 / ((bottom - top) * (right - left)) as f32;
            rough[y * width + x] = (f32::from(gray[y * width + x]) - mean).abs();
        }
    }
    rough
}

/// CIE Lab (D65) of an sRGB colour in 0..=1.
pub(super) fn lab(rgb: [f64; 3]) -> [f64; 3] {
    let [r, g, b] = rgb.map(|value| f64::from(crate::image::srgb_to_linear(value as f32)));
    let x = (0.4124 * r + 0.3576 * g + 0.1805 * b) / 0.9505;
    let y = 0.2126 * r + 0.7152 * g + 0.0722 * b;
    let z = (0.0193 * r + 0.1192 * g + 0.9505 * b) / 1.089;
    let [x, y, z] = [x, y, z].map(|t| {
        if t > 0.008_856 {
            t.cbrt()
        } else {
            7.787 * t + 16.0 / 116.0
        }
    });
    [116.0 * y - 16.0, 500.0 * (x - y), 200.0 * (y - z)]
}
