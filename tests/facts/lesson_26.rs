//! What chapter 26 claims in numbers.

use super::events::scene;
use crate::support::facts::{assert_facts, fact};

#[test]
fn facts_of_lesson_26() {
    let replies = scene("26", "first").count("client", "reply");
    // TODO: every number that the chapter claims.
    assert_facts(
        "26_many_servers",
        &[fact("replies", replies, "replies to the first request")],
    );
}
