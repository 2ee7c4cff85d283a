//! The book's plots, drawn from the same runs as its transcripts.

use crate::support::program::Lesson;
use crate::support::runs::scene_of;
use crate::support::snapshot;
use plotters::prelude::*;

/// A curve: what it is called, its class in the book's style sheet, and its points.
struct Curve {
    name: &'static str,
    colour: RGBColor,
    points: Vec<(f64, f64)>,
}

const WIDTH: u32 = 720;
const HEIGHT: u32 = 320;

/// A line of lesson 09's plot: when it was drawn, and what had been read, delivered and made.
fn samples() -> Vec<(f64, [f64; 3])> {
    scene_of(Lesson::numbered("09"), "plot")
        .said()
        .filter_map(|line| {
            let number = |name| {
                let number = line.fields.number(name)?;
                u32::try_from(number).ok().map(f64::from)
            };
            let counts = [number("read")?, number("delivered")?, number("made")?];
            Some((line.at.as_secs_f64(), counts))
        })
        .collect()
}

#[test]
fn the_plot_of_chapter_09_is_drawn_from_its_transcript() {
    let samples = samples();
    assert!(samples.len() >= 10, "the transcript has its plot");
    let curve = |name, colour, index: usize| Curve {
        name,
        colour,
        points: samples
            .iter()
            .map(|(time, counts)| (*time, counts[index]))
            .collect(),
    };
    let curves = [
        curve("made", RGBColor(0xc0, 0x39, 0x2b), 2),
        curve("delivered", RGBColor(0x29, 0x80, 0xb9), 1),
        curve("read", RGBColor(0x1e, 0x8a, 0x4c), 0),
    ];
    let svg = draw(&curves).expect("drawing to a string cannot fail");
    // Inside a page, its size follows the page's.
    assert!(svg.starts_with("<svg width="), "{svg}");
    snapshot("09_backpressure/plot.svg", &svg);
}

fn draw(curves: &[Curve]) -> Result<String, Box<dyn std::error::Error>> {
    let points = || curves.iter().flat_map(|curve| &curve.points);
    let right = points().map(|point| point.0).fold(0.0, f64::max);
    let top = points().map(|point| point.1).fold(0.0, f64::max);

    let mut svg = String::new();
    {
        let area = SVGBackend::with_string(&mut svg, (WIDTH, HEIGHT)).into_drawing_area();
        let mut chart = ChartBuilder::on(&area)
            .margin(10)
            .margin_right(80)
            .x_label_area_size(40)
            .y_label_area_size(60)
            .build_cartesian_2d(0.0..right, 0.0..top * 1.05)?;
        chart
            .configure_mesh()
            .disable_x_mesh()
            .light_line_style(TRANSPARENT)
            .x_desc("seconds of virtual time")
            .y_desc("chunks")
            .y_label_formatter(&|chunks| format!("{chunks:.0}"))
            .draw()?;
        for curve in curves {
            chart.draw_series(LineSeries::new(
                curve.points.iter().copied(),
                curve.colour.stroke_width(2),
            ))?;
            if let Some(last) = curve.points.last() {
                // Beside its end, so that no colour has to be looked up.
                let style = ("sans-serif", 14).into_font().color(&curve.colour);
                chart.draw_series([
                    EmptyElement::at(*last) + Text::new(curve.name, (6, -7), style)
                ])?;
            }
        }
        area.present()?;
    }
    Ok(svg)
}
