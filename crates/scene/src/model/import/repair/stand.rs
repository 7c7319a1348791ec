//! Pieces that hang on a hair: a stray lowest vertex, the rest in the air.

use crate::geometry::{Vec2, Vec3};
use crate::model::import::ImportError;
use crate::model::import::draft::Draft;

/// Vertices this close to the floor touch it, metres.
const TOUCH: f32 = 0.005;
/// Least area that what touches the floor spans, as a share of the footprint.
const LEAST_SHARE: f32 = 0.02;
/// A piece may sink this share of its height, and no more than this many metres.
const MAX_SINK: (f32, f32) = (0.15, 0.12);

/// How a piece came to stand.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Standing {
    Firm,
    /// It was let down so many metres; what reached lower was folded flat.
    Settled(f32),
}

/// Lets a piece down until what touches the floor could carry it.
///
/// # Errors
/// `NotStanding` when that would swallow a good part of the piece.
pub fn settle(draft: &mut Draft) -> Result<Standing, ImportError> {
    let mut corners: Vec<Vec3> = draft
        .triangles
        .iter()
        .flatten()
        .map(|&i| draft.positions[i as usize])
        .collect();
    corners.sort_by(|a, b| a.y.total_cmp(&b.y));
    let (low, high) = corners.iter().fold(
        (Vec2::splat(f32::INFINITY), Vec2::splat(f32::NEG_INFINITY)),
        |(low, high), p| (low.min(Vec2::new(p.x, p.z)), high.max(Vec2::new(p.x, p.z))),
    );
    let footprint = ((high - low).x * (high - low).y).max(1e-6);
    let height = corners.last().map_or(0.0, |p| p.y);
    let limit = (height * MAX_SINK.0).min(MAX_SINK.1);
    let mut sink = 0.0;
    loop {
        // What would be folded flat counts as touching.
        let touching: Vec<Vec2> = corners
            .iter()
            .take_while(|p| p.y <= sink + TOUCH)
            .map(|p| Vec2::new(p.x, p.z))
            .collect();
        if hull_area(touching) >= LEAST_SHARE * footprint {
            break;
        }
        sink += TOUCH;
        if sink > limit {
            return Err(ImportError::NotStanding);
        }
    }
    if sink == 0.0 {
        return Ok(Standing::Firm);
    }
    draft
        .positions
        .iter_mut()
        .for_each(|p| p.y = (p.y - sink).max(0.0));
    Ok(Standing::Settled(sink))
}

/// Area of the convex hull of points (Andrew's monotone chain, 1979).
fn hull_area(mut points: Vec<Vec2>) -> f32 {
    points.sort_by(|a, b| a.x.total_cmp(&b.x).then(a.y.total_cmp(&b.y)));
    points.dedup();
    if points.len() < 3 {
        return 0.0;
    }
    let half = |points: &mut dyn Iterator<Item = Vec2>| {
        let mut chain: Vec<Vec2> = Vec::new();
        for p in points {
            while let [.., a, b] = chain[..]
                && (b - a).perp_dot(p - a) <= 0.0
            {
                chain.pop();
            }
            chain.push(p);
        }
        chain.pop();
        chain
    };
    let mut hull = half(&mut points.iter().copied());
    hull.extend(half(&mut points.iter().rev().copied()));
    let twice: f32 = (0..hull.len())
        .map(|i| hull[i].perp_dot(hull[(i + 1) % hull.len()]))
        .sum();
    twice.abs() * 0.5
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A unit board at a height, and a needle that reaches down to the floor.
    fn board(height: f32) -> Draft {
        let at = |x: f32, z: f32| Vec3::new(x, height, z);
        Draft {
            positions: vec![
                at(0.0, 0.0),
                at(1.0, 0.0),
                at(1.0, 1.0),
                at(0.0, 1.0),
                Vec3::new(0.5, 0.0, 0.5),
                Vec3::new(0.5, 1.0, 0.5),
            ],
            triangles: vec![[0, 1, 2], [0, 2, 3], [0, 1, 4], [0, 1, 5]],
            ..Draft::default()
        }
    }

    #[test]
    fn a_board_on_a_short_needle_is_let_down() {
        let mut draft = board(0.03);
        let Ok(Standing::Settled(by)) = settle(&mut draft) else {
            panic!("it was firm or refused")
        };
        assert!((0.02..=0.031).contains(&by), "{by}");
        assert!(draft.positions.iter().all(|p| p.y >= 0.0) && draft.positions[0].y < 0.011);
    }

    #[test]
    fn a_board_that_floats_is_refused_and_one_on_the_floor_left_alone() {
        assert_eq!(settle(&mut board(0.5)), Err(ImportError::NotStanding));
        let mut firm = board(0.0);
        let before = firm.positions.clone();
        assert_eq!(settle(&mut firm), Ok(Standing::Firm));
        assert_eq!(firm.positions, before);
    }
}
