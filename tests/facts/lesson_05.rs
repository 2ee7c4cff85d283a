//! What chapter 05 claims in numbers.

use workbook::wire::Direction::ToClient;

use super::events::scene;
use super::frames::grpc_status;
use crate::support::facts::{assert_facts, fact};

#[test]
fn facts_of_lesson_05() {
    let (_, broken) = scene("05", "broken").frame(ToClient, grpc_status);
    let inline = scene("05", "inline");
    let careless = "a failure, read as an end";
    let read_as_end = scene("05", "readers").line("client", "how", careless);
    assert_facts(
        "05_three_ends",
        &[
            fact(
                "broken_status",
                broken,
                "the grpc-status of a stream whose task has panicked unseen",
            )
            .issue(1544),
            fact(
                "inline_sent",
                inline.count("server", "sent"),
                "numbers that a stream has made when it panics",
            ),
            fact(
                "inline_got",
                inline.count("client", "got"),
                "how many of them the client gets",
            ),
            fact(
                "inline_code",
                inline.text("client", "code"),
                "the code of a stream that panics itself",
            ),
            fact(
                "read_as_end",
                read_as_end.number("count").expect("it counts"),
                "numbers that a careless reader takes for all",
            ),
            fact(
                "after_trailers",
                scene("05", "end").text("client", "after_trailers"),
                "what message() says after trailers()",
            )
            .issue(2543),
        ],
    );
    assert_eq!(
        scene("05", "fixed").text("client", "code"),
        "Internal",
        "a supervised task's panic is told"
    );
}
