//! Measures two things beside each other. No test may judge the figures, because they depend on the
//! machine as much.

/// Figures of two things that were measured by turns, each as often first as second. Other load on
/// the machine affects both.
#[derive(Debug)]
pub struct PairedBench(Vec<(f64, f64)>);

impl PairedBench {
    /// Measures both, `rounds` times. They return a rate, so more is better.
    pub fn measure(
        rounds: usize,
        mut one: impl FnMut() -> f64,
        mut other: impl FnMut() -> f64,
    ) -> PairedBench {
        let pair = |round: usize| match round % 2 {
            0 => (one(), other()),
            _ => {
                let other = other();
                (one(), other)
            }
        };
        PairedBench((0..rounds).map(pair).collect())
    }

    /// The median of the one.
    pub fn one(&self) -> f64 {
        median(self.0.iter().map(|(one, _)| *one))
    }

    /// The median of the other.
    pub fn other(&self) -> f64 {
        median(self.0.iter().map(|(_, other)| *other))
    }

    /// How much better the one is in each round: 2 is twice as good.
    pub fn ratios(&self) -> impl Iterator<Item = f64> {
        self.0.iter().map(|(one, other)| one / other)
    }

    /// The median of the ratios.
    pub fn ratio(&self) -> f64 {
        median(self.ratios())
    }
}

/// Of an even number the mean of the two in the middle.
fn median(values: impl Iterator<Item = f64>) -> f64 {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    let (lower, upper) = (values[(values.len() - 1) / 2], values[values.len() / 2]);
    f64::midpoint(lower, upper)
}
