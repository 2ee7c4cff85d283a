//! What chapter 18 claims in numbers.

use super::events::scene;
use crate::support::facts::{assert_facts, fact};

#[test]
fn facts_of_lesson_18() {
    let replies = scene("18", "first").count("client", "reply");
    // TODO: every number that the chapter claims.
    assert_facts(
        "18_resume",
        &[fact("replies", replies, "replies to the first request")],
    );
}
