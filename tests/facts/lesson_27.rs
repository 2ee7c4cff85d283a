//! What chapter 27 claims in numbers.

use super::events::scene;
use crate::support::facts::{assert_facts, fact};

#[test]
fn facts_of_lesson_27() {
    let replies = scene("27", "first").count("client", "reply");
    // TODO: every number that the chapter claims.
    assert_facts(
        "27_test_your_own",
        &[fact("replies", replies, "replies to the first request")],
    );
}
