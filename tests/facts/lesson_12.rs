//! What chapter 12 claims in numbers.

use super::Line;
use super::support::facts::{assert_facts, fact};
use super::{ms, played, said};

/// Milliseconds from the client's drop to the first line that starts like this.
fn after_drop(scene: &[Line], lane: &str, start: &str) -> u64 {
    let dropped = ms(&said(scene, "client", "drops the ").time);
    let line = scene
        .iter()
        .find(|line| line.lane == lane && line.text.starts_with(start) && ms(&line.time) >= dropped)
        .unwrap_or_else(|| panic!("{lane}: no {start:?} after the drop"));
    ms(&line.time) - dropped
}

#[test]
fn facts_of_lesson_12() {
    let broken = played("12", "broken");
    let dropped = ms(&said(&broken, "client", "drops the ").time);
    let for_nobody = broken
        .iter()
        .filter(|line| line.text.starts_with("makes price") && ms(&line.time) > dropped)
        .count();
    assert!(
        !broken
            .iter()
            .any(|line| line.text.starts_with("closes the feed")),
        "the broken one never closes its feed"
    );
    let closed = |name| after_drop(&played("12", name), "server", "closes the feed");
    let reset = after_drop(&played("12", "fixed"), "wire", "→ RST_STREAM");
    assert_facts(
        "12_cancel_by_drop",
        &[
            fact(
                "reset_ms",
                reset,
                "ms from the drop of the response to RST_STREAM(CANCEL)",
            ),
            fact(
                "for_nobody",
                for_nobody,
                "prices made in two seconds for a client that has left, sends ignored",
            )
            .issue(377),
            fact(
                "late_ms",
                closed("late"),
                "ms after which a task that only looks at its sends closes the feed, a price each 500 ms",
            ),
            fact(
                "closed_ms",
                closed("fixed"),
                "ms after which a task that waits for closed() does",
            )
            .issue(377),
            fact(
                "inline_ms",
                closed("inline"),
                "ms after which a stream without a task does, in the middle of an await",
            ),
            fact(
                "early_ms",
                closed("early"),
                "ms after which a handler does that has not answered yet",
            ),
        ],
    );
}
