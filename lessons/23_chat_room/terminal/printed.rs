//! What is heard, as lines.

use std::io::{self, Write as _};

use rustyline::ExternalPrinter;
use tonic::Status;

use crate::session::Heard;

/// Prints what is heard. Of many calls in a row that fail, only the first is worth a line.
pub struct Output {
    place: Place,
    is_lost: bool,
}

/// Where lines are printed.
enum Place {
    /// Above the line that is being typed, which stays as it is. Own messages are there already.
    Above {
        printer: Box<dyn ExternalPrinter + Send>,
        me: String,
        /// What comes up to this sequence was said before.
        history: u64,
    },
    Plain,
}

impl Output {
    pub fn above_the_line(printer: Box<dyn ExternalPrinter + Send>, me: &str) -> Self {
        let me = me.to_owned();
        let place = Place::Above {
            printer,
            me,
            history: 0,
        };
        Self {
            place,
            is_lost: false,
        }
    }

    pub fn plain() -> Self {
        let place = Place::Plain;
        Self {
            place,
            is_lost: false,
        }
    }

    pub fn prints(&mut self, heard: &Heard) {
        match heard {
            Heard::Lost(..) if self.is_lost => return,
            Heard::Lost(..) => self.is_lost = true,
            Heard::Here(_) => self.is_lost = false,
            _ => {}
        }
        if let (Place::Above { history, .. }, Heard::Here(here)) = (&mut self.place, heard) {
            *history = here.last;
        }
        if let (Place::Above { me, history, .. }, Heard::Said(said)) = (&self.place, heard)
            && said.name == *me
            && said.sequence > *history
        {
            return;
        }
        if let Some(line) = line(heard) {
            self.print(&line);
        }
    }

    /// The session has ended by itself.
    pub fn ends(&mut self, status: &Status) {
        if let Place::Above { .. } = self.place {
            self.print(&format!("* {}. Press Enter to end.", reason(status)));
        }
    }

    fn print(&mut self, line: &str) {
        match &mut self.place {
            // A terminal that is gone ends the typing, and the program with it.
            Place::Above { printer, .. } => {
                let _ = printer.print(format!("{line}\n"));
            }
            // As above, with the pipe.
            Place::Plain => {
                let mut out = io::stdout().lock();
                let _ = writeln!(out, "{line}").and_then(|()| out.flush());
            }
        }
    }
}

/// What is printed of it, if anything.
fn line(heard: &Heard) -> Option<String> {
    Some(match heard {
        Heard::Here(here) => {
            let others = (here.members as usize).saturating_sub(here.names.len());
            let more = if others == 0 {
                String::new()
            } else {
                format!(" and {others} more")
            };
            format!("* here: {}{more}", clean(&here.names.join(", ")))
        }
        Heard::Said(said) => format!("{}: {}", clean(&said.name), clean(&said.text)),
        Heard::Moved(moved) => {
            let mut parts = Vec::new();
            for (names, what) in [(&moved.joined, "joined"), (&moved.left, "left")] {
                if !names.is_empty() {
                    parts.push(format!("{} {what}", clean(&names.join(", "))));
                }
            }
            if parts.is_empty() {
                parts.push(format!("there are {} members", moved.members));
            }
            format!("* {}", parts.join("; "))
        }
        Heard::Refused(refused) => format!("* not said: {}", clean(&refused.why)),
        Heard::Lost(status, pause) => {
            let ms = pause.as_millis();
            format!(
                "* {}; calls again in {ms} ms, and then until the server answers",
                reason(status)
            )
        }
        Heard::Missed => "* some of what was said meanwhile is not kept any more".to_owned(),
    })
}

/// A status in words.
pub fn reason(status: &Status) -> String {
    let (code, message) = (status.code(), clean(status.message()));
    if message.is_empty() {
        format!("{code:?}")
    } else {
        format!("{code:?}: {message}")
    }
}

/// A peer's text without what a terminal obeys: control characters, of which ESC begins a command, and the marks
/// that turn the direction of text around.
fn clean(text: &str) -> String {
    let is_obeyed = |character: char| {
        character.is_control()
            || matches!(character, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    let shown = |character| {
        if is_obeyed(character) {
            '\u{fffd}'
        } else {
            character
        }
    };
    text.chars().map(shown).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_peers_text_commands_no_terminal() {
        assert_eq!(
            clean("\u{1b}[2Jhi\r\n\u{202e}!"),
            "\u{fffd}[2Jhi\u{fffd}\u{fffd}\u{fffd}!"
        );
        assert_eq!(clean("tschüß, 世界 🙂"), "tschüß, 世界 🙂");
    }

    #[test]
    fn a_refusal_says_why() {
        let status = Status::resource_exhausted("the room has 2 members already");
        assert_eq!(
            reason(&status),
            "ResourceExhausted: the room has 2 members already"
        );
    }
}
