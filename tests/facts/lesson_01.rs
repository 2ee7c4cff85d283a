//! What chapter 01 claims in numbers.

use super::Line;
use super::support::facts::{assert_facts, fact};
use super::{played, said, word_after};

#[test]
fn facts_of_lesson_01() {
    let error = played("01", "error");
    let headers = |lines: &[Line]| {
        let from_server = |line: &&Line| line.lane == "wire" && line.text.starts_with("← HEADERS");
        lines.iter().filter(from_server).count()
    };
    let failure = said(&error, "wire", "← HEADERS").text;
    let twice = played("01", "twice");
    let requests: Vec<String> = twice
        .iter()
        .filter(|line| line.lane == "wire" && line.text.starts_with("→ HEADERS"))
        .map(|line| {
            line.text
                .split_whitespace()
                .nth(2)
                .unwrap_or_default()
                .to_owned()
        })
        .collect();
    let [first, second] = requests.as_slice() else {
        panic!("two requests on one connection: {requests:?}");
    };
    let repeats = "less than half the first one's size";
    let shrinks = twice
        .iter()
        .any(|line| line.text.contains(second) && line.text.contains(repeats));
    assert!(
        shrinks,
        "HPACK makes the second request's headers less than half the first's"
    );
    assert_facts(
        "01_unary",
        &[
            fact(
                "http_status",
                word_after(&failure, "HTTP "),
                "the HTTP status of a call that fails",
            ),
            fact(
                "grpc_status",
                word_after(&failure, "grpc-status "),
                "its grpc-status",
            ),
            fact(
                "frames_of_a_reply",
                headers(&played("01", "reply")),
                "HEADERS frames of a reply",
            ),
            fact(
                "frames_of_an_error",
                headers(&error),
                "HEADERS frames of an error without a reply",
            ),
            fact(
                "first_stream",
                first.trim_start_matches('#'),
                "the first call's stream",
            ),
            fact(
                "second_stream",
                second.trim_start_matches('#'),
                "the second call's stream",
            ),
        ],
    );
}
