//! What many samples of one thing come to.

/// The middle of some samples, and how far apart they are.
#[derive(Debug, Clone, Copy)]
pub struct Summary {
    pub median: f64,
    /// The lowest and the highest sample.
    pub range: (f64, f64),
    pub samples: usize,
}

impl Summary {
    /// `None` without a sample.
    pub fn of(samples: &[f64]) -> Option<Self> {
        let mut sorted = samples.to_vec();
        sorted.sort_by(f64::total_cmp);
        let (first, last) = (*sorted.first()?, *sorted.last()?);
        let middle = sorted.len() / 2;
        let median = if sorted.len() % 2 == 1 {
            sorted[middle]
        } else {
            f64::midpoint(sorted[middle - 1], sorted[middle])
        };
        Some(Self {
            median,
            range: (first, last),
            samples: sorted.len(),
        })
    }

    /// How far the samples are apart, in percent of the median.
    pub fn spread(&self) -> f64 {
        let (first, last) = self.range;
        if self.median == 0.0 {
            return 0.0;
        }
        (last - first) / self.median * 100.0
    }
}

/// A number with three significant digits and a unit's prefix: 1.23 M, 4.56 m.
pub fn short(number: f64) -> String {
    let (scaled, prefix) = match number.abs() {
        size if size >= 1e9 => (number / 1e9, " G"),
        size if size >= 1e6 => (number / 1e6, " M"),
        size if size >= 1e3 => (number / 1e3, " k"),
        size if size > 0.0 && size < 0.1 => (number * 1e3, " m"),
        _ => (number, ""),
    };
    let digits = match scaled.abs() {
        size if size >= 100.0 => 0,
        size if size >= 10.0 => 1,
        _ => 2,
    };
    format!("{scaled:.digits$}{prefix}")
}
