//! Medians, ranges and percentiles.

use serde::Serialize;

/// One figure over all rounds.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Spread {
    /// The value in the middle; of an even number of rounds the mean of the two in the middle.
    pub median: f64,
    /// The lowest round.
    pub lowest: f64,
    /// The highest round.
    pub highest: f64,
}

impl Spread {
    /// `None` without a value.
    pub fn of(values: impl IntoIterator<Item = f64>) -> Option<Spread> {
        let mut values: Vec<f64> = values.into_iter().collect();
        values.sort_by(f64::total_cmp);
        let (lowest, highest) = (*values.first()?, *values.last()?);
        let middle = [values[(values.len() - 1) / 2], values[values.len() / 2]];
        Some(Spread { median: f64::midpoint(middle[0], middle[1]), lowest, highest })
    }

    /// Whether a value may belong to both ranges.
    pub fn overlaps(&self, other: &Spread) -> bool {
        self.lowest <= other.highest && other.lowest <= self.highest
    }
}

/// The smallest of the `sorted` values that at least `share` of them do not exceed (nearest rank).
/// `None` without a value.
pub fn percentile(sorted: &[u64], share: f64) -> Option<u64> {
    let rank = (share * sorted.len() as f64).ceil() as usize;
    sorted.get(rank.clamp(1, sorted.len().max(1)) - 1).copied()
}
