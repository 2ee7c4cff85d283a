//! A scene as a sequence diagram: lifelines, frames as arrows, a bar for each call.
//!
//! ```text
//! Scene ── rows ──► Row ── layout ──► Placed ── draw ──► SVG
//!                            columns        bars
//! ```
//!
//! The SVG holds classes only; colours are the style sheet's that shows it. Each row names the line of
//! the transcript that it belongs to.

mod bars;
mod columns;
mod draw;
mod label;
mod layout;
mod rows;

use layout::{Area, place};
use rows::{Mark, Row};
use streaming_lab::run::Scene;

/// A scene, drawn for one of its two transcripts.
pub struct Picture {
    title: String,
    description: String,
    columns: columns::Columns,
    placed: Vec<layout::Placed>,
    half_closed: bars::HalfClosed,
}

impl Picture {
    /// Draws a scene; with `wire` for the transcript that shows every frame, otherwise for the one
    /// that shows none, with the frames that matter between its lines.
    #[must_use]
    pub fn of(scene: &Scene, wire: bool) -> Self {
        let rows = rows::rows(scene, wire);
        let columns = columns::Columns::new(&scene.head);
        Self {
            title: format!("{}: {}", scene.head.name, scene.head.title),
            description: description(scene, &rows),
            placed: place(&rows, &columns),
            columns,
            half_closed: bars::half_closed(scene),
        }
    }

    /// The picture as SVG in a box that scrolls, without a blank line: Markdown would end it there.
    #[must_use]
    pub fn svg(&self) -> String {
        draw::draw(
            &self.title,
            &self.description,
            &self.columns,
            &self.placed,
            &self.half_closed,
        )
    }

    /// The lines of the transcript that rows belong to, in the picture's order.
    #[must_use]
    pub fn lines(&self) -> Vec<usize> {
        let lines = self.placed.iter().filter_map(|placed| placed.row.line);
        lines.map(|(line, _)| line).collect()
    }

    /// How many rows it has.
    #[must_use]
    pub fn rows(&self) -> usize {
        self.placed.len()
    }

    /// What is wrong with the layout: texts that overlap, leave the picture, or cross a lifeline.
    #[must_use]
    pub fn faults(&self) -> Vec<String> {
        let mut faults = Vec::new();
        for row in &self.placed {
            let Mark::Sent { connection, .. } = &row.row.mark else {
                continue;
            };
            let (left, right) = self.columns.between(&connection.client, &connection.server);
            for [from, _, to, _] in row.areas(&self.columns).iter().take(1) {
                if *from <= left || right <= *to {
                    faults.push(format!("{:?} crosses a lifeline", row.text));
                }
            }
        }
        let areas: Vec<Area> = self
            .placed
            .iter()
            .flat_map(|row| row.areas(&self.columns))
            .collect();
        for (index, area) in areas.iter().enumerate() {
            if area[0] < 0.0 || area[2] > self.columns.width {
                faults.push(format!("{area:?} leaves the picture"));
            }
            for other in &areas[index + 1..] {
                if overlap(area, other) {
                    faults.push(format!("{area:?} and {other:?} overlap"));
                }
            }
        }
        faults
    }
}

/// Whether two boxes have more in common than an edge.
fn overlap(
    [left, top, right, bottom]: &Area,
    [other_left, other_top, other_right, other_bottom]: &Area,
) -> bool {
    left < other_right && other_left < right && top < other_bottom && other_top < bottom
}

/// What a picture shows, for a reader who does not see it; the transcript has every word.
fn description(scene: &Scene, rows: &[Row]) -> String {
    let span = match (rows.first(), rows.last()) {
        (Some(first), Some(last)) => format!("From {} to {} s", first.time(), last.time()),
        _ => "At no time".to_owned(),
    };
    let mut text = format!("{span} of virtual time.");
    for (index, host) in scene.head.hosts.iter().enumerate() {
        let said = rows.iter().filter(|row| row.is_said_by(&host.name)).count();
        let separator = if index == 0 {
            " Lines of the"
        } else {
            ", of the"
        };
        text.push_str(&format!("{separator} {}: {said}", host.name));
    }
    text.push('.');
    for (index, host) in scene.head.hosts.iter().rev().enumerate() {
        let arrows = rows.iter().filter(|row| row.arrives_at(&host.name)).count();
        let separator = if index == 0 {
            " Arrows to the"
        } else {
            ", to the"
        };
        text.push_str(&format!("{separator} {}: {arrows}", host.name));
    }
    let resets = rows.iter().filter(|row| row.is_reset()).count();
    text.push_str(&format!(", resets among them: {resets}."));
    for row in rows {
        if let Mark::Note(note) = &row.mark {
            text.push_str(&format!(" {note}"));
        }
    }
    text + " The transcript above says the same in words."
}
