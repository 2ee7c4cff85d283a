//! What chapter 11 claims in numbers.

use workbook::wire::grouped;

use super::events::scene;
use crate::support::facts::{assert_facts, fact};

#[test]
fn facts_of_lesson_11() {
    let broken = scene("11", "broken");
    let greeted = broken.count("client", "greeting");
    let left = broken.numbers("client", "window_left").into_iter();
    let left: Vec<String> = left.map(grouped).collect();

    let dropped = scene("11", "dropped").after("client", "step", "drops");
    let beside = |name| {
        let scene = scene("11", name);
        assert!(scene.has("client", "greeting"), "it is greeted");
        scene.count("client", "download")
    };
    assert_facts(
        "11_frozen_neighbour",
        &[
            fact(
                "unread",
                greeted,
                "unread downloads of 2 MiB windows beside which a call is still answered, in 5 MiB of the connection",
            ),
            fact(
                "blocked_by",
                greeted + 1,
                "unread downloads that block every other call",
            ),
            fact(
                "room",
                left.join(", "),
                "bytes left in the connection's window after the first, the second and the third",
            ),
            fact(
                "patience_s",
                broken.number("client", "waited_s"),
                "seconds for which the blocked call was waited for",
            ),
            fact(
                "freed_ms",
                dropped.time("client", "greeting").as_millis(),
                "ms from the drop of one download to the blocked call's answer",
            ),
            fact(
                "own_channel",
                beside("fixed"),
                "unread downloads beside which a call on a channel of its own is answered",
            ),
            fact(
                "wider",
                beside("wider"),
                "the same on one channel with a connection window of 16 MiB",
            ),
        ],
    );
}
