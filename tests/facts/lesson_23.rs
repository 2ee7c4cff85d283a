//! What chapter 23 claims in numbers.

use super::events::scene;
use crate::support::facts::{assert_facts, fact};

#[test]
fn facts_of_lesson_23() {
    let replies = scene("23", "first").count("client", "reply");
    // TODO: every number that the chapter claims.
    assert_facts(
        "23_chat_room",
        &[fact("replies", replies, "replies to the first request")],
    );
}
