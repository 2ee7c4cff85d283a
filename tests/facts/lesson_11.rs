//! What chapter 11 claims in numbers.

use super::Line;
use super::support::facts::{assert_facts, fact};
use super::{ms, played, said, word_after};

/// How many bytes were left in the connection's window, each time that the client logs it.
fn window_left(scene: &[Line]) -> Vec<String> {
    scene
        .iter()
        .filter(|line| line.text.starts_with("connection window: "))
        .map(|line| word_after(&line.text, "window: "))
        .collect()
}

#[test]
fn facts_of_lesson_11() {
    let broken = played("11", "broken");
    let greeted = broken
        .iter()
        .filter(|line| line.text == "got \"Hi, Ada!\"")
        .count();
    let gave_up = said(&broken, "client", "no greeting within ").text;
    let left = window_left(&broken);

    let dropped = played("11", "dropped");
    let freed = ms(&said(&dropped, "client", "got ").time)
        - ms(&said(&dropped, "client", "drops one").time);
    let beside = |scene| {
        let scene = played("11", scene);
        let opened = scene
            .iter()
            .filter(|line| line.text.starts_with("opens a "))
            .count();
        assert!(
            scene.iter().any(|line| line.text == "got \"Hi, Ada!\""),
            "it is greeted"
        );
        opened
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
                word_after(&gave_up, "within "),
                "seconds for which the blocked call was waited for",
            ),
            fact(
                "freed_ms",
                freed,
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
