//! What chapter 04 claims in numbers.

use super::Line;
use super::support::facts::{assert_facts, fact};
use super::{ms, played, times};

#[test]
fn facts_of_lesson_04() {
    let half_close = played("04", "half_close");
    let closed: Vec<&Line> = half_close
        .iter()
        .filter(|line| line.text.contains("END_STREAM: half-close"))
        .collect();
    let replies: Vec<String> = times(&half_close, "client", "got ")
        .iter()
        .map(|time| ms(time).to_string())
        .collect();
    assert_facts(
        "04_bidi_streaming",
        &[
            fact(
                "half_closed_ms",
                ms(&closed[0].time),
                "when the client half-closes, in ms",
            ),
            fact(
                "replies_ms",
                replies.join(", "),
                "when the replies come, in ms",
            ),
            fact(
                "replies",
                times(&played("04", "route"), "client", "got ").len(),
                "replies to seven points",
            ),
        ],
    );
}
