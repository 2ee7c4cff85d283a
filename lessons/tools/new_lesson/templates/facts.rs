//! What chapter @NN@ claims in numbers.

use super::events::scene;
use crate::support::facts::{assert_facts, fact};

#[test]
fn facts_of_lesson_@NN@() {
    let replies = scene("@NN@", "first").count("client", "reply");
    // TODO: every number that the chapter claims.
    assert_facts(
        "@STEM@",
        &[fact("replies", replies, "replies to the first request")],
    );
}
