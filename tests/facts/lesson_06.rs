//! What chapter 06 claims in numbers.

use super::events::{Events, scene};
use crate::support::facts::{assert_facts, fact};

/// What happens from one of the five ends of lesson 06 to the next.
fn end(name: &str, number: u8) -> Events {
    let all = scene("06", name);
    all.after("client", "end", number).until("client", "end")
}

#[test]
fn facts_of_lesson_06() {
    let row = |name| {
        let committed = (1..=5).map(|number| end(name, number).count("server", "committed"));
        let committed: Vec<String> = committed.map(|one| one.to_string()).collect();
        committed.join(", ")
    };
    let vanished = end("broken", 4).time("server", "committed");
    assert_facts(
        "06_eof_is_not_commit",
        &[
            fact("broken", row("broken"), "uploads committed at None: half-close, cancelled call, panicked producer, silence, broken connection").issue(848),
            fact("fence", row("fence"), "the same behind a fence"),
            fact("fixed", row("fixed"), "the same on the last message"),
            fact("vanished_ms", vanished.as_millis(), "when the server takes a silent client for gone, in ms"),
        ],
    );
}
