//! The screen: drawn anew for each page where keys are read one by one, one text after the other
//! where not.

use std::io::{self, Write as _};

use crossterm::cursor::MoveTo;
use crossterm::queue;
use crossterm::terminal::{Clear, ClearType};

use super::keys::Key;
use crate::style::{BOLD, Style, columns, has_colour};

pub(super) struct Screen {
    draws: bool,
    style: Style,
}

impl Screen {
    pub fn new(draws: bool, style: Style) -> Self {
        Self { draws, style }
    }

    /// Each page takes the place of the one before. Otherwise text is only ever added.
    pub fn draws(&self) -> bool {
        self.draws
    }

    /// Columns and rows.
    fn size(&self) -> (usize, usize) {
        match crossterm::terminal::size() {
            Ok((columns, rows)) if self.draws && columns > 0 => (columns.into(), rows.into()),
            _ => (self.style.width(), usize::MAX),
        }
    }

    /// How many rows are left beside `texts`.
    pub fn room_beside<'a>(&self, texts: impl IntoIterator<Item = &'a str>) -> usize {
        let taken = texts.into_iter().map(|text| self.height(text)).sum();
        self.size().1.saturating_sub(taken)
    }

    /// How many rows a text takes. The terminal breaks lines that are longer than it is wide.
    pub fn height(&self, text: &str) -> usize {
        let width = self.size().0;
        let rows = text
            .lines()
            .map(|line| columns(line).div_ceil(width).max(1));
        rows.sum()
    }

    /// As much from the beginning of a text as `room` has rows: of many errors, the first is the one
    /// to correct.
    pub fn beginning(&self, text: &str, room: usize) -> String {
        let text = text.trim_end();
        if text.is_empty() || self.height(text) <= room {
            return text.to_owned();
        }
        let mut shown = String::new();
        let mut left = room.saturating_sub(1);
        let mut lines = text.lines();
        for line in lines.by_ref() {
            let Some(rest) = left.checked_sub(self.height(line)) else {
                break;
            };
            left = rest;
            shown.push_str(line);
            shown.push('\n');
        }
        let hidden = lines.count() + 1;
        // A colour may have been left on where the text was cut.
        let reset = anstyle::Reset;
        format!("{shown}{reset}… and {hidden} more lines: cargo run -- check")
    }

    /// Puts a page in the place of the one before.
    pub fn draw(&self, page: &str) -> io::Result<()> {
        if !self.draws {
            return self.add(page);
        }
        let page = if has_colour() {
            page.to_owned()
        } else {
            anstream::adapter::strip_str(page).to_string()
        };
        // Line by line over the old page: to clear it first would make the screen flicker. In raw
        // mode a new line begins below the end of the last, so the cursor has to go back.
        let width = self.size().0;
        let mut out = io::BufWriter::new(io::stdout().lock());
        queue!(out, MoveTo(0, 0))?;
        for (number, line) in page.trim_end().lines().enumerate() {
            if number > 0 {
                out.write_all(b"\r\n")?;
            }
            out.write_all(line.as_bytes())?;
            // Behind a full row the cursor is still on its last column, and would clear that.
            let length = columns(line);
            if length == 0 || !length.is_multiple_of(width) {
                queue!(out, Clear(ClearType::UntilNewLine))?;
            }
        }
        queue!(out, Clear(ClearType::FromCursorDown))?;
        out.flush()
    }

    /// Adds a text below the others.
    pub fn add(&self, text: &str) -> io::Result<()> {
        let mut out = anstream::stdout().lock();
        out.write_all(text.as_bytes())?;
        out.flush()
    }

    /// Leaves the cursor on a line of its own.
    pub fn leave(&self) -> io::Result<()> {
        if self.draws {
            let mut out = io::stdout().lock();
            out.write_all(b"\r\n")?;
            out.flush()?;
        }
        Ok(())
    }

    /// What can be pressed.
    pub fn keys(&self) -> String {
        let offered = Key::OFFERED.map(|(letter, what, _)| {
            if self.style.plain {
                format!("{letter}: {what}")
            } else {
                format!("{BOLD}{letter}{BOLD:#} {what}")
            }
        });
        let before = (!self.draws).then(|| "A letter, then Enter:".to_owned());
        self.style.beside(before.into_iter().chain(offered))
    }
}
