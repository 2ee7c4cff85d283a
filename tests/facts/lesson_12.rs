//! What chapter 12 claims in numbers.

use workbook::wire::Direction::ToServer;

use super::events::{Events, scene};
use super::frames::reset;
use crate::support::facts::{assert_facts, fact};

/// What happens after the client's drop.
fn after_drop(name: &str) -> Events {
    scene("12", name).after("client", "step", "drops")
}

#[test]
fn facts_of_lesson_12() {
    let broken = after_drop("broken");
    assert!(
        !broken.has("server", "prices_made"),
        "the broken one never closes its feed"
    );
    let closed = |name| after_drop(name).time("server", "prices_made").as_millis();
    let (reset, _) = after_drop("fixed").frame(ToServer, reset);
    assert_facts(
        "12_cancel_by_drop",
        &[
            fact(
                "reset_ms",
                reset.as_millis(),
                "ms from the drop of the response to RST_STREAM(CANCEL)",
            ),
            fact(
                "after_the_disconnect",
                broken.count("server", "price"),
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
