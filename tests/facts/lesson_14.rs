//! What chapter 14 claims in numbers.

use super::Line;
use super::support::facts::{assert_facts, fact};
use super::{ms, played, said, word_after};

/// How many calls were open on the wire, each time that the client says it.
fn open(scene: &[Line]) -> Vec<String> {
    scene
        .iter()
        .filter(|line| line.text.starts_with("calls open on the wire"))
        .map(|line| word_after(&line.text, "wire: "))
        .collect()
}

#[test]
fn facts_of_lesson_14() {
    let broken = played("14", "broken");
    let left = open(&broken);
    let [dropped, no_channel, no_sender] = &left[..] else {
        panic!("three counts: {left:?}");
    };
    let fixed = open(&played("14", "fixed"));

    let stuck = played("14", "stuck");
    let drop = ms(&said(&stuck, "client", "drops the subscription").time);
    let reset = ms(&said(&stuck, "wire", "→ RST_STREAM").time);

    let failed = |scene| said(&played("14", scene), "client", "InvalidArgument").time;
    let one_read = said(&played("14", "one_read"), "client", "got ").text;
    assert!(one_read.contains("in order: true"), "{one_read}");
    assert_facts(
        "14_one_context_for_the_call",
        &[
            fact(
                "dropped",
                dropped,
                "calls open after 50 responses were dropped",
            )
            .issue(2079),
            fact(
                "no_channel",
                no_channel,
                "calls open after the channel was dropped, too",
            )
            .issue(2079),
            fact(
                "no_sender",
                no_sender,
                "calls open after the senders were dropped, too",
            ),
            fact(
                "handle",
                &fixed[0],
                "calls open after 50 subscriptions with a cancellation handle were dropped",
            )
            .issue(2791),
            fact(
                "stuck_s",
                (reset - drop).div_ceil(1000),
                "s from a cancel to its RST_STREAM, if the window is full and the server reads again after 60 s",
            ),
            fact(
                "join_s",
                ms(&failed("group_broken")) / 1000,
                "s from the failure of one half to the end of both, with join!",
            ),
            fact(
                "group_ms",
                ms(&failed("group")),
                "ms from the same failure to the end of both, in a group",
            ),
            fact(
                "read",
                word_after(&one_read, "got "),
                "messages read in order",
            ),
            fact(
                "given_up",
                word_after(&one_read, "given up: "),
                "reads of them that were given up in between",
            ),
        ],
    );
}
