//! What chapter 20 claims in numbers.

use super::events::scene;
use crate::support::facts::{assert_facts, fact};

#[test]
fn facts_of_lesson_20() {
    let replies = scene("20", "first").count("client", "reply");
    // TODO: every number that the chapter claims.
    assert_facts(
        "20_limits",
        &[fact("replies", replies, "replies to the first request")],
    );
}
