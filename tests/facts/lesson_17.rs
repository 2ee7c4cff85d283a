//! What chapter 17 claims in numbers.

use super::events::scene;
use crate::support::facts::{assert_facts, fact};

#[test]
fn facts_of_lesson_17() {
    let replies = scene("17", "first").count("client", "reply");
    // TODO: every number that the chapter claims.
    assert_facts(
        "17_silence",
        &[fact("replies", replies, "replies to the first request")],
    );
}
