//! `watch`: builds and grades an exercise whenever it is saved.
//!
//! One thread owns the screen and decides; others only send it what happened: a key, a saved file,
//! a finished run, a signal. The next lesson comes on a key, never by itself.

mod changes;
mod job;
mod keys;
mod raw;
mod runs;
mod screen;
mod session;
mod shown;

use std::io::{self, IsTerminal as _};
use std::sync::mpsc;

use crate::desk::{Desk, Done, Failure};
use crate::{check, runner};

pub use raw::RawMode;

use job::Report;
use keys::Key;
use screen::Screen;
use session::Session;

/// What the deciding thread is told.
#[derive(Debug)]
enum Event {
    /// A key was pressed, or a letter typed and sent with Enter.
    Key(Key),
    /// No key can come any more: the terminal, or the pipe, has gone.
    NoMoreKeys,
    /// The system reports that the exercise was written.
    Saved,
    /// A run has ended by itself.
    Ran { run: u64, report: Report },
    /// The system asks for the end.
    End,
}

/// Watches until a key ends it.
pub(crate) fn watch(desk: Desk, name: Option<&str>, poll: bool) -> Done {
    let lesson = desk.chosen(name)?;
    desk.turn_to(&lesson)?;
    check::there_is_one(&desk, &lesson)?;
    // Before the screen is ours: the first build takes a minute, and cargo shows how far it is.
    runner::build_one(&desk, &lesson)?;

    // Without a bound: keys, saves and runs come far slower than they are taken, and a signal must
    // not wait behind them.
    let (events, happened) = mpsc::channel();
    let ends = events.clone();
    ctrlc::set_handler(move || {
        // Nobody listens when the program is about to end anyway.
        let _ = ends.send(Event::End);
    })
    .map_err(|error| Failure::because(format!("cannot wait for Ctrl-C: {error}")))?;

    // Without a terminal, and for a screen reader, keys are letters with Enter behind them.
    let is_dumb = std::env::var_os("TERM").is_some_and(|name| name == "dumb");
    let is_terminal = io::stdin().is_terminal() && io::stdout().is_terminal();
    let by_key = is_terminal && !is_dumb && !desk.look.plain;
    let raw = if by_key {
        let raw = RawMode::begin()
            .map_err(|error| Failure::because(format!("the terminal gives no keys: {error}")))?;
        Some(raw)
    } else {
        None
    };
    keys::listen(by_key, events.clone());
    let screen = Screen::new(by_key, desk.look);
    let ended = Session::new(desk, lesson, screen, events, poll).run(&happened);
    // After the last thing that the session has drawn.
    drop(raw);
    ended
}
