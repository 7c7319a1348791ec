//! What of the photo stands in front of furniture: pixels of real things nearer to the camera.

use crate::geometry::{DVec2, Vec3};
use crate::room::Obstacle;

/// The obstacles by pixel.
pub struct Foreground<'a> {
    obstacles: &'a [Obstacle],
    width: usize,
    /// Index of the obstacle at a pixel plus one, 0 where there is none; empty without obstacles.
    owner: Vec<u8>,
}

impl<'a> Foreground<'a> {
    /// Draws the obstacles' outlines, the first on top.
    pub fn new(obstacles: &'a [Obstacle], width: usize, height: usize) -> Self {
        let obstacles = &obstacles[..obstacles.len().min(usize::from(u8::MAX))];
        let mut owner = Vec::new();
        if !obstacles.is_empty() {
            owner = vec![0; width * height];
        }
        for (index, obstacle) in obstacles.iter().enumerate().rev() {
            for (y, row) in owner.chunks_exact_mut(width.max(1)).enumerate() {
                for (from, to) in spans(&obstacle.polygon_px, y as f64 + 0.5) {
                    let column = |x: f64| (x - 0.5).ceil().clamp(0.0, width as f64) as usize;
                    let (from, to) = (column(from), column(to));
                    row[from..to.max(from)].fill(index as u8 + 1);
                }
            }
        }
        Self {
            obstacles,
            width,
            owner,
        }
    }

    fn at(&self, x: usize, y: usize) -> Option<&Obstacle> {
        let owner = *self.owner.get(y * self.width + x)?;
        self.obstacles.get(usize::from(owner).checked_sub(1)?)
    }

    /// Whether a real thing is seen at a pixel instead of the room behind it.
    pub fn covers(&self, x: usize, y: usize) -> bool {
        self.at(x, y).is_some()
    }

    /// Whether the thing at a pixel is nearer than a point of the room frame, metres.
    pub fn hides(&self, x: usize, y: usize, point: Vec3) -> bool {
        self.at(x, y)
            .is_some_and(|obstacle| obstacle.stands_before(point.as_dvec3()))
    }
}

/// The stretches of a row of pixels that are inside of a polygon, by the even-odd rule.
fn spans(polygon: &[DVec2], y: f64) -> Vec<(f64, f64)> {
    let mut crossings: Vec<f64> = (0..polygon.len())
        .filter_map(|index| {
            let (p, q) = (polygon[index], polygon[(index + 1) % polygon.len()]);
            ((p.y > y) != (q.y > y)).then(|| p.x + (y - p.y) / (q.y - p.y) * (q.x - p.x))
        })
        .collect();
    crossings.sort_by(f64::total_cmp);
    crossings.chunks_exact(2).map(|pair| (pair[0], pair[1])).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pixel_belongs_to_the_first_obstacle_whose_outline_holds_its_middle() {
        let square = |from: f64, to: f64| Obstacle {
            polygon_px: [(from, from), (to, from), (to, to), (from, to)]
                .map(|(x, y)| DVec2::new(x, y))
                .to_vec(),
            footprint: None,
        };
        let far = Obstacle {
            footprint: Some(
                [(-9.0, 5.0), (9.0, 5.0), (0.0, 6.0)]
                    .map(|(x, z)| DVec2::new(x, z))
                    .to_vec(),
            ),
            ..square(1.0, 4.0)
        };
        let obstacles = [square(3.0, 5.0), far];
        let front = Foreground::new(&obstacles, 6, 6);
        let near = Vec3::new(0.0, 0.5, 2.0);
        assert!(!front.covers(0, 0) && !front.covers(5, 5));
        assert!(
            front.covers(1, 1) && !front.hides(1, 1, near),
            "the far thing is behind"
        );
        assert!(front.hides(1, 1, Vec3::new(0.0, 0.5, 7.0)));
        assert!(front.hides(3, 3, near), "where both are, the frame is in front");
    }

    #[test]
    fn without_obstacles_nothing_is_in_front() {
        assert!(!Foreground::new(&[], 4, 4).covers(1, 1));
    }
}
