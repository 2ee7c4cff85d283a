//! What chapter 14 claims in numbers.

use workbook::wire::Direction::ToServer;

use super::events::scene;
use super::frames::reset;
use crate::support::facts::{assert_facts, fact};

#[test]
fn facts_of_lesson_14() {
    let left = scene("14", "broken").numbers("client", "open_calls");
    let [dropped, no_channel, no_sender] = left[..] else {
        panic!("three counts: {left:?}");
    };
    let cancelled = scene("14", "stuck").after("client", "step", "drops");
    let (stuck, _) = cancelled.frame(ToServer, reset);

    let failed = |name| scene("14", name).time_of("client", "code", "InvalidArgument");
    let one_read = scene("14", "one_read");
    assert!(
        one_read.says("client", "in_order", true),
        "no message is lost or comes twice"
    );
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
                scene("14", "fixed").number("client", "open_calls"),
                "calls open after 50 subscriptions with a cancellation handle were dropped",
            )
            .issue(2791),
            fact(
                "stuck_s",
                stuck.as_secs_f64().ceil(),
                "s from a cancel to its RST_STREAM, if the window is full and the server reads again after 60 s",
            ),
            fact(
                "join_s",
                failed("group_broken").as_secs_f64(),
                "s from the failure of one half to the end of both, with join!",
            ),
            fact(
                "group_ms",
                failed("group").as_millis(),
                "ms from the same failure to the end of both, in a group",
            ),
            fact(
                "read",
                one_read.number("client", "got"),
                "messages read in order",
            ),
            fact(
                "given_up",
                one_read.number("client", "given_up"),
                "reads of them that were given up in between",
            ),
        ],
    );
}
