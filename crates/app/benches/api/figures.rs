//! From outcomes to a row of the table.

use std::time::Duration;

use crate::load::Outcome;

/// The runs of one server in one row.
#[derive(Debug, Default)]
pub struct Runs {
    rates: Vec<f64>,
    latencies: Vec<Duration>,
    generator: Duration,
}

impl Runs {
    pub fn add(&mut self, outcome: Outcome) {
        self.rates.push(outcome.per_second());
        self.latencies.extend(outcome.latencies);
        self.generator += outcome.generator;
    }

    /// Median of the rounds.
    pub fn per_second(&self) -> f64 {
        median(&self.rates)
    }

    /// Of all requests of all rounds, in milliseconds.
    pub fn percentiles(&mut self) -> (f64, f64) {
        self.latencies.sort_unstable();
        let at = |share: f64| {
            let last = self.latencies.len().saturating_sub(1);
            let index = (share * last as f64).round() as usize;
            self.latencies
                .get(index)
                .map_or(0.0, |latency| 1e3 * latency.as_secs_f64())
        };
        (at(0.50), at(0.99))
    }

    /// Processor time of the generator per request, in microseconds.
    pub fn generator_us(&self) -> f64 {
        1e6 * self.generator.as_secs_f64() / self.latencies.len().max(1) as f64
    }

    /// Ours over theirs, round by round: median, smallest, largest.
    pub fn ratios(&self, theirs: &Self) -> (f64, f64, f64) {
        let mut ratios: Vec<f64> = self
            .rates
            .iter()
            .zip(&theirs.rates)
            .map(|(ours, theirs)| ours / theirs)
            .collect();
        ratios.sort_by(f64::total_cmp);
        let edge = |ratio: Option<&f64>| ratio.copied().unwrap_or(f64::NAN);
        (median(&ratios), edge(ratios.first()), edge(ratios.last()))
    }
}

fn median(values: &[f64]) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    match (sorted.len(), sorted.len() / 2) {
        (0, _) => f64::NAN,
        (length, middle) if length % 2 == 0 => f64::midpoint(sorted[middle - 1], sorted[middle]),
        (_, middle) => sorted[middle],
    }
}
