//! Nelder and Mead's downhill simplex, for functions of a handful of variables without derivatives.

/// Minimises `cost` from `start` with first steps `steps`. Stops when the simplex is small or after `most` steps;
/// deterministic. Returns the best point and its cost.
pub fn minimize<const N: usize>(
    start: [f64; N],
    steps: [f64; N],
    most: usize,
    cost: impl Fn(&[f64; N]) -> f64,
) -> ([f64; N], f64) {
    let mut corners: Vec<([f64; N], f64)> = Vec::with_capacity(N + 1);
    corners.push((start, cost(&start)));
    for axis in 0..N {
        let mut corner = start;
        corner[axis] += steps[axis];
        corners.push((corner, cost(&corner)));
    }
    for _ in 0..most {
        corners.sort_by(|p, q| p.1.total_cmp(&q.1));
        let (best, worst) = (corners[0], corners[N]);
        let is_small = worst.1 - best.1 < 1e-6
            && corners
                .iter()
                .all(|(p, _)| (0..N).all(|k| (p[k] - best.0[k]).abs() < 1e-4));
        if is_small {
            break;
        }
        let middle: [f64; N] =
            std::array::from_fn(|k| corners[..N].iter().map(|(p, _)| p[k]).sum::<f64>() / N as f64);
        let along = |t: f64| {
            let p: [f64; N] = std::array::from_fn(|k| middle[k] + t * (worst.0[k] - middle[k]));
            (p, cost(&p))
        };
        let reflected = along(-1.0);
        if reflected.1 < best.1 {
            let expanded = along(-2.0);
            corners[N] = if expanded.1 < reflected.1 {
                expanded
            } else {
                reflected
            };
        } else if reflected.1 < corners[N - 1].1 {
            corners[N] = reflected;
        } else {
            let contracted = along(if reflected.1 < worst.1 { -0.5 } else { 0.5 });
            if contracted.1 < worst.1.min(reflected.1) {
                corners[N] = contracted;
            } else {
                for corner in &mut corners[1..] {
                    corner.0 = std::array::from_fn(|k| (corner.0[k] + best.0[k]) / 2.0);
                    corner.1 = cost(&corner.0);
                }
            }
        }
    }
    corners.sort_by(|p, q| p.1.total_cmp(&q.1));
    corners[0]
}
