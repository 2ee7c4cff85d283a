//! What chapter 19 claims in numbers.

use super::events::scene;
use crate::support::facts::{assert_facts, fact};

#[test]
fn facts_of_lesson_19() {
    let replies = scene("19", "first").count("client", "reply");
    // TODO: every number that the chapter claims.
    assert_facts(
        "19_shutdown",
        &[fact("replies", replies, "replies to the first request")],
    );
}
