//! The screen: cleared for each picture where keys are read one by one, one text after the other
//! where not.

use std::io::{self, Write as _};

use crossterm::cursor::MoveTo;
use crossterm::queue;
use crossterm::terminal::{Clear, ClearType};

use super::keys::Key;
use crate::look::{BOLD, Look};

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

    /// Whether programs that are run for this screen may colour what they print.
    pub fn has_colour(&self) -> bool {
        anstream::AutoStream::choice(&io::stdout()) != anstream::ColorChoice::Never
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
        let behind = if self.clears { "" } else { ", then Enter" };
        format!("{}{behind}", offered.join("   "))
    }
}
