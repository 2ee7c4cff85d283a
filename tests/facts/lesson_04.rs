//! What chapter 04 claims in numbers.

use workbook::wire::Direction::ToServer;

use super::events::scene;
use super::frames::end_of_half;
use crate::support::facts::{assert_facts, fact};

#[test]
fn facts_of_lesson_04() {
    let half_close = scene("04", "half_close");
    let (closed, ()) = half_close.frame(ToServer, end_of_half);
    let replies = half_close.times("client", "reply").into_iter();
    let replies: Vec<String> = replies.map(|at| at.as_millis().to_string()).collect();
    assert_facts(
        "04_bidi_streaming",
        &[
            fact(
                "half_closed_ms",
                closed.as_millis(),
                "when the client half-closes, in ms",
            ),
            fact(
                "replies_ms",
                replies.join(", "),
                "when the replies come, in ms",
            ),
            fact(
                "replies",
                scene("04", "route").count("client", "reply"),
                "replies to seven points",
            ),
        ],
    );
}
