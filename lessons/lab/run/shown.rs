//! Which events of a scene a transcript shows.

use std::collections::HashSet;

use super::elide::Elide;
use super::event::{Connection, Event, SceneHead, What};
use super::layout::{Colours, Layout, hidden_words, note};
use super::seconds;
use crate::wire::{Body, Frame};

/// A piece of a transcript.
pub(super) enum Piece {
    /// The rows of one event.
    Event(String),
    /// The row that counts lines which are left out.
    Cut {
        /// The row.
        rows: String,
        /// What it says.
        words: String,
    },
}

impl Piece {
    pub(super) fn rows(&self) -> &str {
        match self {
            Self::Event(rows) | Self::Cut { rows, .. } => rows,
        }
    }
}

/// One scene's transcript, as far as it has come.
pub(super) struct Page {
    scene: SceneHead,
    layout: Layout,
    wire: bool,
    elide: Elide,
    openings: Openings,
    last_time: String,
}

impl Page {
    pub(super) fn new(scene: &SceneHead, wire: bool, colours: Colours) -> Self {
        Self {
            scene: scene.clone(),
            layout: Layout::new(scene, colours),
            wire,
            elide: Elide::new(scene.elide_after),
            openings: Openings::default(),
            last_time: String::new(),
        }
    }

    pub(super) fn heading(&self) -> String {
        self.layout.heading(&self.scene.name, &self.scene.title)
    }

    /// What an event adds to the page: nothing, its own rows, or a count of hidden lines before them.
    pub(super) fn next(&mut self, event: &Event) -> Vec<Piece> {
        if let What::Note(about) = &event.what {
            let mut pieces = self.end();
            pieces.push(Piece::Event(note(&about.to_string())));
            return pieces;
        }
        if let What::Frame {
            connection, frame, ..
        } = &event.what
        {
            let opens = self.openings.has(connection, frame);
            if !self.wire || (opens && !self.scene.shows_opening) {
                return Vec::new();
            }
        }
        let Some(line) = self.layout.line_of(&self.scene, event) else {
            return Vec::new();
        };
        let shape = line.shape.as_ref().unwrap_or(&line.text);
        let Some(hidden) = self.elide.next(&line.lane, shape) else {
            return Vec::new();
        };
        let mut pieces = cut(hidden);
        let now = seconds(event.at);
        let time = if now == self.last_time { "" } else { &now };
        pieces.push(Piece::Event(self.layout.rows(time, &line)));
        self.last_time = now;
        pieces
    }

    /// The count of lines that are hidden at the end.
    pub(super) fn end(&mut self) -> Vec<Piece> {
        cut(self.elide.take_hidden())
    }
}

fn cut(hidden: usize) -> Vec<Piece> {
    if hidden == 0 {
        return Vec::new();
    }
    let words = hidden_words(hidden);
    vec![Piece::Cut {
        rows: note(&words),
        words,
    }]
}

/// Which frames belong to the opening of a connection: it is the same in every scene.
#[derive(Default)]
struct Openings {
    /// The connections that carry a call.
    opened: HashSet<Connection>,
}

impl Openings {
    fn has(&mut self, connection: &Connection, frame: &Frame) -> bool {
        match &frame.body {
            Body::Preface | Body::Settings(_) | Body::SettingsAck => true,
            Body::WindowUpdate(_) => frame.stream == 0 && !self.opened.contains(connection),
            Body::Headers(_) => {
                self.opened.insert(connection.clone());
                false
            }
            _ => false,
        }
    }
}
