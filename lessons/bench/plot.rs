//! A plot of one group: a bar for each way, and a line from its lowest to its highest sample.

use std::fmt::Write as _;

use crate::stats::{Summary, short};

const WIDTH: f64 = 760.0;
const LABELS: f64 = 260.0;
const VALUES: f64 = 90.0;
const ROW: f64 = 28.0;
const TOP: f64 = 48.0;

/// The plot as SVG.
pub fn plot(title: &str, unit: &str, bars: &[(&str, Summary)]) -> String {
    let most = bars
        .iter()
        .map(|(_, summary)| summary.range.1)
        .fold(f64::MIN_POSITIVE, f64::max);
    let scale = (WIDTH - LABELS - VALUES) / most;
    let height = TOP + ROW * bars.len() as f64 + 8.0;
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {height}\" \
         font-family=\"sans-serif\" font-size=\"13\" role=\"img\">\n\
         <title>{title}</title>\n\
         <rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>\n\
         <text x=\"8\" y=\"20\" font-size=\"15\">{title}, in {unit}</text>\n"
    );
    for (row, (name, summary)) in bars.iter().enumerate() {
        let y = TOP + ROW * row as f64;
        let middle = y + ROW / 2.0 - 4.0;
        let (low, high) = summary.range;
        // A String takes everything, so this cannot fail.
        let _ = write!(
            svg,
            "<text x=\"{}\" y=\"{}\" text-anchor=\"end\">{name}</text>\n\
             <rect x=\"{LABELS}\" y=\"{y}\" width=\"{:.1}\" height=\"{}\" fill=\"#4a7ebb\"/>\n\
             <line x1=\"{:.1}\" x2=\"{:.1}\" y1=\"{middle}\" y2=\"{middle}\" stroke=\"#222\"/>\n\
             <text x=\"{:.1}\" y=\"{}\">{}</text>\n",
            LABELS - 8.0,
            middle + 5.0,
            summary.median * scale,
            ROW - 8.0,
            LABELS + low * scale,
            LABELS + high * scale,
            LABELS + high * scale + 6.0,
            middle + 5.0,
            short(summary.median),
        );
    }
    svg + "</svg>\n"
}
