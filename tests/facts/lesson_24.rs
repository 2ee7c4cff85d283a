//! What chapter 24 claims in numbers.

use super::events::scene;
use crate::support::facts::{assert_facts, fact};

#[test]
fn facts_of_lesson_24() {
    let replies = scene("24", "first").count("client", "reply");
    // TODO: every number that the chapter claims.
    assert_facts(
        "24_do_it_yourself",
        &[fact("replies", replies, "replies to the first request")],
    );
}
