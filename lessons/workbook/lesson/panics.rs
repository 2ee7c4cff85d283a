//! A panic in a scene is part of what the scene shows.

use std::panic::{set_hook, take_hook};

use crate::grade::panic_message;
use crate::transcript::Transcript;

/// From now on a panic is a note in the transcript. Rust's own message would carry the number of
/// the thread, which changes from run to run.
pub(super) fn note_in(transcript: &Transcript) {
    let transcript = transcript.clone();
    set_hook(Box::new(move |info| {
        transcript.note(&format!("panic: {}", panic_message(info.payload())));
    }));
}

/// Rust's own messages again.
pub(super) fn print_again() {
    drop(take_hook());
}
