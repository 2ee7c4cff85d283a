//! What chapter 22 claims in numbers.

use super::events::scene;
use crate::support::facts::{assert_facts, fact};

#[test]
fn facts_of_lesson_22() {
    let replies = scene("22", "first").count("client", "reply");
    // TODO: every number that the chapter claims.
    assert_facts(
        "22_file_transfer",
        &[fact("replies", replies, "replies to the first request")],
    );
}
