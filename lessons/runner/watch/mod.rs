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

use progress::Record;

use crate::context::{Context, Done, Failure};
use crate::{cargo, check};

pub use raw::RawMode;

use job::Ended;
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
    /// The exercise compiles; the compiler's warnings.
    Compiled { run: u64, warnings: String },
    /// The check reports something.
    Reported { run: u64, record: Record },
    /// A run has ended by itself.
    Ran { run: u64, ended: Ended },
    /// The terminal has another size.
    Resized,
    /// The system asks for the end.
    End,
}

/// Watches until a key ends it.
pub(crate) fn watch(context: Context, name: Option<&str>, poll: bool) -> Done {
    let lesson = context.chosen(name)?;
    context.turn_to(&lesson)?;
    check::there_is_one(&context, &lesson)?;
    // Before the screen is taken over: the first build takes a minute, and how far it is can be shown.
    cargo::build_lesson(&context, &lesson)?;

    // Without a bound: keys, saves and runs come far slower than they are taken, and a signal must
    // not wait behind them.
    let (events, happened) = mpsc::channel();
    let ends = events.clone();
    ctrlc::set_handler(move || {
        // The session has gone when the program is about to end anyway.
        let _ = ends.send(Event::End);
    })
    .map_err(|error| Failure::because(format!("cannot wait for Ctrl-C: {error}")))?;

    // Without a terminal, and for a screen reader, keys are letters with Enter behind them.
    let is_dumb = std::env::var_os("TERM").is_some_and(|name| name == "dumb");
    let is_terminal = io::stdin().is_terminal() && io::stdout().is_terminal();
    let by_key = is_terminal && !is_dumb && !context.style.plain;
    let raw = if by_key {
        let raw = RawMode::begin()
            .map_err(|error| Failure::because(format!("the terminal gives no keys: {error}")))?;
        Some(raw)
    } else {
        None
    };
    keys::listen(by_key, events.clone());
    let screen = Screen::new(by_key, context.style);
    let ended = Session::new(context, lesson, screen, events, poll).run(&happened);
    // After the last thing that the session has drawn.
    drop(raw);
    ended
}
