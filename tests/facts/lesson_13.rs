//! What chapter 13 claims in numbers.

use super::support::facts::{assert_facts, fact};
use super::{played, said, word_after};

#[test]
fn facts_of_lesson_13() {
    let left = |name| {
        word_after(
            &said(&played("13", name), "client", "the leak meter: ").text,
            "meter: ",
        )
    };
    let joined = word_after(
        &said(&played("13", "broken"), "client", "20 joined").text,
        ", ",
    );
    let cleans_up = |name| {
        let lines = played("13", name);
        lines.iter().any(|line| line.text.contains("cleans up"))
    };
    assert!(
        cleans_up("closed") && cleans_up("token") && !cleans_up("handle"),
        "a task that is told finishes, one that is aborted does not"
    );
    assert_facts(
        "13_leaked_tasks",
        &[
            fact("clients", joined, "members that joined and left"),
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
