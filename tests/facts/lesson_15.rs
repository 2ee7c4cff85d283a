//! What chapter 15 claims in numbers.

use super::Line;
use super::support::facts::{assert_facts, fact};
use super::{ms, played, said, times, word_after};

fn got(scene: &[Line]) -> usize {
    scene
        .iter()
        .filter(|line| line.text.starts_with("got "))
        .count()
}

#[test]
fn facts_of_lesson_15() {
    let broken = played("15", "broken");
    let unary = played("15", "unary");
    let renewed = said(&played("15", "renewed"), "client", "got ");
    let cut = |name| ms(&said(&played("15", name), "client", "DeadlineExceeded").time);
    let idle = played("15", "idle");
    let last_number = times(&idle, "client", "got ").pop().expect("numbers came");
    let silence = ms(&said(&idle, "client", "DeadlineExceeded").time) - ms(&last_number);

    let hand_on = played("15", "hand_on");
    let left: Vec<String> = hand_on
        .iter()
        .filter(|line| line.text.starts_with("Record, "))
        .map(|line| word_after(&line.text, "Record, "))
        .collect();
    let failed = said(&unary, "client", "Cancelled");
    assert_facts(
        "15_deadlines",
        &[
            fact(
                "got",
                got(&broken),
                "messages that came, of ten, with three timeouts of 250 ms",
            ),
            fact(
                "got_until_ms",
                ms(&said(&broken, "client", "the end").time),
                "ms after which they had all come",
            ),
            fact(
                "unary_ms",
                ms(&failed.time),
                "ms after which a unary-like call with a timeout of 250 ms failed",
            ),
            fact(
                "unary_code",
                failed.text.split(':').next().unwrap_or_default(),
                "the code of it",
            )
            .issue(606),
            fact(
                "task_ms",
                ms(&said(&unary, "server", "the spawned task").time),
                "ms after which a task that its handler had spawned was done",
            ),
            fact(
                "renewed",
                word_after(&renewed.text, "got "),
                "messages read with a new timeout of 250 ms for each, in 1 s",
            ),
            fact(
                "cut_client_ms",
                cut("fixed"),
                "ms after which a stream with a deadline of 350 ms at the client was cut",
            ),
            fact(
                "cut_server_ms",
                cut("server"),
                "ms after which a stream with a deadline of 350 ms at the server was cut",
            ),
            fact(
                "idle_ms",
                silence,
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
