//! What chapter 13 claims in numbers.

use super::events::scene;
use crate::support::facts::{assert_facts, fact};

#[test]
fn facts_of_lesson_13() {
    let left = |name| scene("13", name).number("client", "tasks_left");
    let clients = scene("13", "broken").number("client", "members");
    let cleans_up = |name| scene("13", name).says("server", "step", "cleans_up");
    assert!(
        cleans_up("closed") && cleans_up("token") && !cleans_up("handle"),
        "a task that is told finishes, one that is aborted does not"
    );
    assert_facts(
        "13_leaked_tasks",
        &[
            fact("clients", clients, "members that joined and left"),
            fact(
                "broken",
                left("broken"),
                "tasks left of them, if the task checks the result of each send and the room is silent",
            ),
            fact("half", left("half"), "tasks left, if one of two tasks ends"),
            fact(
                "closed",
                left("closed"),
                "tasks left, with a select on closed()",
            ),
            fact(
                "handle",
                left("handle"),
                "tasks left, with an abort-on-drop handle in the stream",
            ),
            fact(
                "token",
                left("token"),
                "tasks left, with a token whose guard is in the stream",
            ),
        ],
    );
}
