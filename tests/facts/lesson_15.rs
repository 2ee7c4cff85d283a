//! What chapter 15 claims in numbers.

use super::events::{last, scene};
use crate::support::facts::{assert_facts, fact};

#[test]
fn facts_of_lesson_15() {
    let broken = scene("15", "broken");
    let unary = scene("15", "unary");
    let renewed = scene("15", "renewed");
    let cut = |name| scene("15", name).time_of("client", "code", "DeadlineExceeded");
    let silence = cut("idle") - last(scene("15", "idle").times("client", "number"));
    let left = scene("15", "hand_on")
        .numbers("server", "left_ms")
        .into_iter();
    let left: Vec<String> = left.map(|ms| ms.to_string()).collect();
    assert_facts(
        "15_deadlines",
        &[
            fact(
                "got",
                broken.count("client", "number"),
                "messages that came, of ten, with three timeouts of 250 ms",
            ),
            fact(
                "got_until_ms",
                broken.time_of("client", "step", "end").as_millis(),
                "ms after which they had all come",
            ),
            fact(
                "unary_ms",
                unary.time("client", "code").as_millis(),
                "ms after which a unary-like call with a timeout of 250 ms failed",
            ),
            fact("unary_code", unary.text("client", "code"), "the code of it").issue(606),
            fact(
                "task_ms",
                unary.time_of("server", "step", "task_ends").as_millis(),
                "ms after which a task that its handler had spawned was done",
            ),
            fact(
                "renewed",
                renewed.number("client", "count"),
                "messages read with a new timeout of 250 ms for each, in 1 s",
            ),
            fact(
                "cut_client_ms",
                cut("fixed").as_millis(),
                "ms after which a stream with a deadline of 350 ms at the client was cut",
            ),
            fact(
                "cut_server_ms",
                cut("server").as_millis(),
                "ms after which a stream with a deadline of 350 ms at the server was cut",
            ),
            fact(
                "idle_ms",
                silence.as_millis(),
                "ms of silence after which a stream with a limit of 200 ms for silence was cut",
            ),
            fact(
                "left",
                left.join(" and "),
                "ms left for the first and the second call within a deadline of 600 ms",
            ),
        ],
    );
}
