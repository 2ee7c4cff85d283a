//! A run as text: time, lane, words; one scene after the other, 80 columns wide.

use std::io::{self, Write};

use super::View;
use super::event::{Event, SceneHead};
use super::layout::Colours;
use super::recorded::Scene;
use super::shown::{Page, Piece};

/// A transcript under way.
///
/// [`Transcript::new`] writes colour codes; give it a stream that strips them where they are not wanted.
pub struct Transcript {
    out: Box<dyn Write + Send>,
    wire: bool,
    colours: Colours,
    page: Option<Page>,
    scenes: usize,
    failed: Option<io::Error>,
}

impl Transcript {
    /// A transcript that is written to `out`; with `wire`, frames stand between the lines.
    pub fn new(out: impl Write + Send + 'static, wire: bool) -> Self {
        Self {
            out: Box::new(out),
            wire,
            colours: Colours::Codes,
            page: None,
            scenes: 0,
            failed: None,
        }
    }

    /// The same without colour codes.
    pub fn plain(out: impl Write + Send + 'static, wire: bool) -> Self {
        Self {
            colours: Colours::None,
            ..Self::new(out, wire)
        }
    }

    fn write(&mut self, text: &str) {
        if self.failed.is_none()
            && let Err(error) = self
                .out
                .write_all(text.as_bytes())
                .and_then(|()| self.out.flush())
        {
            self.failed = Some(error);
        }
    }

    fn write_all(&mut self, pieces: &[Piece]) {
        for piece in pieces {
            self.write(piece.rows());
        }
    }
}

impl View for Transcript {
    fn begin(&mut self, scene: &SceneHead) {
        // A blank line between two scenes.
        if self.scenes > 0 {
            self.write("\n");
        }
        self.scenes += 1;
        let page = Page::new(scene, self.wire, self.colours);
        self.write(&page.heading());
        self.page = Some(page);
    }

    fn event(&mut self, event: &Event) {
        if let Some(page) = &mut self.page {
            let pieces = page.next(event);
            self.write_all(&pieces);
        }
    }

    fn end(&mut self) {
        if let Some(mut page) = self.page.take() {
            let pieces = page.end();
            self.write_all(&pieces);
        }
    }

    fn failure(&self) -> Option<io::ErrorKind> {
        self.failed.as_ref().map(io::Error::kind)
    }
}

/// Where something stands in a scene's transcript.
#[derive(Debug, Clone, PartialEq)]
pub struct Placed<'a> {
    /// The event; `None` for the count of lines that are left out.
    pub event: Option<&'a Event>,
    /// What stands there instead of an event.
    pub words: Option<String>,
    /// Its first row, counted from 0; the heading is row 0.
    pub row: usize,
    /// How many rows it takes.
    pub rows: usize,
}

/// A recorded scene as text without colours, and where each of its events stands in it.
#[must_use]
pub fn text(scene: &Scene, wire: bool) -> (String, Vec<Placed<'_>>) {
    let mut page = Page::new(&scene.head, wire, Colours::None);
    let mut text = page.heading();
    let mut placed = Vec::new();
    let mut row = 1;
    let mut place = |piece: &Piece, event, text: &mut String| {
        let lines = piece.rows();
        let rows = lines.lines().count();
        placed.push(match piece {
            Piece::Event(_) => Placed {
                event: Some(event),
                words: None,
                row,
                rows,
            },
            Piece::Cut { words, .. } => Placed {
                event: None,
                words: Some(words.clone()),
                row,
                rows,
            },
        });
        row += rows;
        text.push_str(lines);
    };
    for event in &scene.events {
        for piece in page.next(event) {
            place(&piece, event, &mut text);
        }
    }
    if let Some(last) = scene.events.last() {
        for piece in page.end() {
            place(&piece, last, &mut text);
        }
    }
    (text, placed)
}
