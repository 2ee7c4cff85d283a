//! The screen: cleared for each picture where keys are read one by one, one text after the other
//! where not.

use std::io::{self, Write as _};

use crossterm::cursor::MoveTo;
use crossterm::queue;
use crossterm::terminal::{Clear, ClearType};

use super::keys::Key;
use crate::look::{BOLD, Look};

/// Rows that are not the report's: the heading, the advice, the keys, and the space between.
const AROUND: usize = 10;

pub(super) struct Screen {
    clears: bool,
    look: Look,
}

impl Screen {
    pub fn new(clears: bool, look: Look) -> Self {
        Self { clears, look }
    }

    pub fn look(&self) -> Look {
        self.look
    }

    /// As much from the beginning of a long text as the screen can show with something around it:
    /// of many errors, the first is the one to mend.
    pub fn beginning(&self, text: &str) -> String {
        let text = text.trim_end();
        let rows = match crossterm::terminal::size() {
            Ok((_, rows)) if self.clears => usize::from(rows),
            _ => return text.to_owned(),
        };
        let (all, room) = (text.lines().count(), rows.saturating_sub(AROUND).max(1));
        if all <= room {
            return text.to_owned();
        }
        let shown: Vec<&str> = text.lines().take(room).collect();
        // A colour may have been left on where the text was cut.
        let reset = anstyle::Reset;
        let left = all - room;
        format!(
            "{}{reset}\n… and {left} lines more: cargo run -- check",
            shown.join("\n")
        )
    }

    /// Shows a text and, below it, the keys.
    pub fn show(&self, text: &str) -> io::Result<()> {
        self.draw(&format!("{}\n\n{}", text.trim_end(), self.keys()))
    }

    /// Shows what is going on, until there is something to show.
    pub fn busy(&self, text: &str) -> io::Result<()> {
        self.draw(text)
    }

    /// Leaves the cursor on a line of its own.
    pub fn leave(&self) -> io::Result<()> {
        if self.clears {
            let mut out = io::stdout().lock();
            out.write_all(b"\r\n")?;
            out.flush()?;
        }
        Ok(())
    }

    fn draw(&self, text: &str) -> io::Result<()> {
        if self.clears {
            let mut terminal = io::stdout().lock();
            queue!(terminal, Clear(ClearType::All), MoveTo(0, 0))?;
        }
        let text = if self.clears {
            // In raw mode, a new line begins below the end of the last.
            text.replace("\r\n", "\n").replace('\n', "\r\n")
        } else {
            format!("{text}\n")
        };
        let mut out = anstream::stdout().lock();
        out.write_all(text.as_bytes())?;
        out.flush()
    }

    fn keys(&self) -> String {
        let offered = Key::OFFERED.map(|(letter, what, _)| {
            if self.look.plain {
                format!("{letter}: {what}")
            } else {
                format!("{BOLD}{letter}{BOLD:#} {what}")
            }
        });
        let before = if self.clears {
            ""
        } else {
            "A letter, then Enter: "
        };
        format!("{before}{}", offered.join("   "))
    }
}
