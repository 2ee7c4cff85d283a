//! What can be pressed.

use std::io::{self, BufRead as _};
use std::sync::mpsc::Sender;
use std::thread;

use crossterm::event::{self, Event as Input, KeyCode, KeyEvent, KeyEventKind, KeyModifiers};

use super::Event;

/// What a key asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Key {
    /// Build and grade again.
    Run,
    /// Go on to the next lesson.
    Next,
    /// The next hint.
    Hint,
    /// All lessons with their marks.
    List,
    /// Grade everything.
    All,
    /// End.
    Quit,
    /// Stop until the shell says go on, as Ctrl-Z does.
    #[cfg(unix)]
    Suspend,
    /// End, as Ctrl-C does.
    Interrupt,
}

impl Key {
    /// The letters, as they are offered.
    pub const OFFERED: [(char, &'static str, Self); 6] = [
        ('r', "run again", Self::Run),
        ('h', "hint", Self::Hint),
        ('n', "next", Self::Next),
        ('l', "list", Self::List),
        ('a', "check all", Self::All),
        ('q', "quit", Self::Quit),
    ];

    fn of_letter(letter: char) -> Option<Self> {
        let letter = letter.to_ascii_lowercase();
        Self::OFFERED
            .into_iter()
            .find(|(offered, ..)| *offered == letter)
            .map(|(.., key)| key)
    }

    fn of_event(event: KeyEvent) -> Option<Self> {
        // Windows reports a key's release, too.
        if event.kind == KeyEventKind::Release {
            return None;
        }
        match event.code {
            KeyCode::Char('c' | 'd') if event.modifiers.contains(KeyModifiers::CONTROL) => {
                Some(Self::Interrupt)
            }
            #[cfg(unix)]
            KeyCode::Char('z') if event.modifiers.contains(KeyModifiers::CONTROL) => {
                Some(Self::Suspend)
            }
            KeyCode::Char(letter) => Self::of_letter(letter),
            KeyCode::Enter => Some(Self::Run),
            _ => None,
        }
    }
}

/// Sends every key that means something. The thread lives as long as the program: there is no way
/// to call it back from the terminal.
pub(super) fn listen(by_key: bool, events: Sender<Event>) {
    thread::spawn(move || {
        if by_key {
            while let Ok(input) = event::read() {
                let event = match input {
                    Input::Key(key) => Key::of_event(key).map(Event::Key),
                    Input::Resize(..) => Some(Event::Resized),
                    _ => None,
                };
                if event.is_some_and(|event| events.send(event).is_err()) {
                    return;
                }
            }
        } else {
            for line in io::stdin().lock().lines().map_while(Result::ok) {
                // A line without a letter asks for another run, as the key Enter does.
                let key = line
                    .trim()
                    .chars()
                    .next()
                    .map_or(Some(Key::Run), Key::of_letter);
                if key.is_some_and(|key| events.send(Event::Key(key)).is_err()) {
                    return;
                }
            }
        }
        // The session has gone when the program is about to end.
        let _ = events.send(Event::NoMoreKeys);
    });
}
