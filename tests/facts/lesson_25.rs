//! What chapter 25 claims in numbers.

use super::events::scene;
use crate::support::facts::{assert_facts, fact};

#[test]
fn facts_of_lesson_25() {
    let replies = scene("25", "first").count("client", "reply");
    // TODO: every number that the chapter claims.
    assert_facts(
        "25_browser",
        &[fact("replies", replies, "replies to the first request")],
    );
}
