//! A panic in a scene is part of what the scene shows.

use std::panic::{set_hook, take_hook};

use crate::grade::panic_message;
use crate::run::Note;

/// From now on a panic is a note of the scene. Rust's own message would carry the number of the
/// thread, which changes from run to run.
pub(super) fn note(tell: impl Fn(Note) + Send + Sync + 'static) {
    set_hook(Box::new(move |info| {
        tell(Note::Panic(panic_message(info.payload()).to_owned()));
    }));
}

/// Rust's own messages again.
pub(super) fn print_again() {
    drop(take_hook());
}
