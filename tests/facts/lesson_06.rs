//! What chapter 06 claims in numbers.

use super::Line;
use super::support::facts::{assert_facts, fact};
use super::{ms, played};

/// For each of the five ends of lesson 06: whether the server has committed, as 1 or 0, and after how
/// many milliseconds it has said anything at all.
fn five_ends(name: &str) -> Vec<(u8, Option<u64>)> {
    let scene = played("06", name);
    let begins = |line: &Line| line.lane == "client" && line.text.as_bytes().get(1) == Some(&b'.');
    let starts: Vec<usize> = (0..scene.len()).filter(|&at| begins(&scene[at])).collect();
    let ends = starts.iter().skip(1).copied().chain([scene.len()]);
    starts
        .iter()
        .zip(ends)
        .map(|(&start, end)| {
            let mut server = scene[start..end]
                .iter()
                .filter(|line| line.lane == "server")
                .peekable();
            let heard = server
                .peek()
                .map(|line| ms(&line.time) - ms(&scene[start].time));
            let committed = server.any(|line| line.text.ends_with(": commits"));
            (u8::from(committed), heard)
        })
        .collect()
}

#[test]
fn facts_of_lesson_06() {
    let row = |name: &str| {
        let committed: Vec<String> = five_ends(name)
            .iter()
            .map(|(one, _)| one.to_string())
            .collect();
        committed.join(", ")
    };
    let vanished = five_ends("broken")[3]
        .1
        .expect("the server's keepalive gives the client up");
    assert_facts(
        "06_eof_is_not_commit",
        &[
            fact("broken", row("broken"), "uploads committed at None: half-close, cancelled call, panicked producer, silence, broken connection").issue(848),
            fact("fence", row("fence"), "the same behind a fence"),
            fact("fixed", row("fixed"), "the same on the last message"),
            fact("vanished_ms", vanished, "when the server takes a silent client for gone, in ms"),
        ],
    );
}
