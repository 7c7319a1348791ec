//! Contrast-limited adaptive histogram equalisation (Zuiderveld 1994): white skirting on a white wall and corners
//! in dark rooms become lines that a detector sees.

const TILES: usize = 8;
const CLIP: f64 = 2.0;

/// Equalises 8-bit grey values over 8 x 8 tiles, blended between tile centres.
pub fn equalize(gray: &[u8], width: usize, height: usize) -> Vec<u8> {
    if width < 4 * TILES || height < 4 * TILES {
        return gray.to_vec();
    }
    let tables: Vec<[u8; 256]> = (0..TILES * TILES)
        .map(|tile| {
            let (row, column) = (tile / TILES, tile % TILES);
            let rows = row * height / TILES..(row + 1) * height / TILES;
            let columns = column * width / TILES..(column + 1) * width / TILES;
            let mut histogram = [0u32; 256];
            for y in rows {
                for &value in &gray[y * width + columns.start..y * width + columns.end] {
                    histogram[usize::from(value)] += 1;
                }
            }
            table(&mut histogram)
        })
        .collect();

    let mut even = vec![0u8; gray.len()];
    let place = |at: usize, length: usize| {
        let exact = (at as f32 + 0.5) * TILES as f32 / length as f32 - 0.5;
        let low = exact.floor().clamp(0.0, (TILES - 1) as f32);
        let high = (low as usize + 1).min(TILES - 1);
        (low as usize, high, (exact - low).clamp(0.0, 1.0))
    };
    let columns: Vec<_> = (0..width).map(|x| place(x, width)).collect();
    for y in 0..height {
        let (top, bottom, down) = place(y, height);
        for (x, &(left, right, across)) in columns.iter().enumerate() {
            let value = usize::from(gray[y * width + x]);
            let look = |row: usize, column: usize| f32::from(tables[row * TILES + column][value]);
            let upper = look(top, left) * (1.0 - across) + look(top, right) * across;
            let lower = look(bottom, left) * (1.0 - across) + look(bottom, right) * across;
            even[y * width + x] = (upper * (1.0 - down) + lower * down + 0.5) as u8;
        }
    }
    even
}

/// The cumulative histogram as a table, after its peaks were cut and spread evenly.
fn table(histogram: &mut [u32; 256]) -> [u8; 256] {
    let total: u32 = histogram.iter().sum();
    let limit = ((CLIP * f64::from(total) / 256.0) as u32).max(1);
    let mut excess = 0;
    for count in histogram.iter_mut() {
        excess += count.saturating_sub(limit);
        *count = (*count).min(limit);
    }
    let share = f64::from(excess) / 256.0;
    let mut sum = 0.0;
    std::array::from_fn(|value| {
        sum += f64::from(histogram[value]) + share;
        (sum * 255.0 / f64::from(total.max(1))).round().min(255.0) as u8
    })
}
