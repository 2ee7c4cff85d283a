//! What chapter 21 claims in numbers.

use super::events::scene;
use crate::support::facts::{assert_facts, fact};

#[test]
fn facts_of_lesson_21() {
    let replies = scene("21", "first").count("client", "reply");
    // TODO: every number that the chapter claims.
    assert_facts(
        "21_what_it_costs",
        &[fact("replies", replies, "replies to the first request")],
    );
}
