//! What chapter 05 claims in numbers.

use super::support::facts::{assert_facts, fact};
use super::{Line, lane};
use super::{played, said, times, word_after};

#[test]
fn facts_of_lesson_05() {
    let status = |name: &str| {
        let wire = lane(&played("05", name), "wire");
        let trailers = wire
            .iter()
            .find(|text| text.contains("grpc-status "))
            .cloned();
        word_after(&trailers.expect("the call has trailers"), "grpc-status ")
    };
    let ends_with = |lines: &[Line]| word_after(&said(lines, "client", "Err: ").text, "Err: ");
    let inline = played("05", "inline");
    assert_facts(
        "05_three_ends",
        &[
            fact(
                "broken_status",
                status("broken"),
                "the grpc-status of a stream whose task has panicked unseen",
            )
            .issue(1544),
            fact(
                "inline_sent",
                times(&inline, "server", "sends ").len(),
                "numbers that a stream has made when it panics",
            ),
            fact(
                "inline_got",
                times(&inline, "client", "got ").len(),
                "how many of them the client gets",
            ),
            fact(
                "inline_code",
                ends_with(&inline),
                "the code of a stream that panics itself",
            ),
            fact(
                "read_as_end",
                word_after(
                    &said(
                        &played("05", "readers"),
                        "client",
                        "a failure, read as an end",
                    )
                    .text,
                    "complete, ",
                ),
                "numbers that a careless reader takes for all",
            ),
            fact(
                "after_trailers",
                word_after(
                    &said(&played("05", "end"), "client", "after trailers()").text,
                    "Err: ",
                ),
                "what message() says after trailers()",
            )
            .issue(2543),
        ],
    );
    assert_eq!(
        ends_with(&played("05", "fixed")),
        "Internal",
        "a supervised task's panic is told"
    );
}
