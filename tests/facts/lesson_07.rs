//! What chapter 07 claims in numbers.

use workbook::wire::grouped;

use super::events::{last, scene};
use super::frames::too_large;
use crate::support::facts::{assert_facts, fact};

/// The code of a call that is refused, and the sizes that its status gives.
fn refusal(name: &str) -> (&'static str, (u64, u64)) {
    let refused = scene("07", name);
    let reason = refused.text("client", "reason");
    (refused.text("client", "code"), too_large(reason))
}

#[test]
fn facts_of_lesson_07() {
    let accepted = scene("07", "limit").number("client", "bytes");
    let (code, (refused, limit)) = refusal("limit");
    assert_eq!((code, limit), ("OutOfRange", accepted));
    assert_eq!(
        (code, (refused, limit)),
        refusal("limit_back"),
        "the limit is the same on both sides"
    );

    let broken = scene("07", "broken");
    let sent_and_read = 2;
    let made_up = broken.number("server", "read") - sent_and_read;

    let codes = scene("07", "codes");
    let part = |number| {
        codes
            .after("client", "part", number)
            .until("client", "part")
    };
    let code = |number| part(number).text("client", "code");
    let held = |name| last(scene("07", name).numbers("server", "held"));
    assert_facts(
        "07_errors_are_final",
        &[
            fact(
                "accepted",
                grouped(accepted),
                "the longest message that either side accepts, in bytes",
            )
            .issue(1659),
            fact(
                "refused",
                grouped(refused),
                "the shortest that either side refuses, in bytes",
            )
            .issue(1659),
            fact(
                "refused_code",
                code(4),
                "the code for a message that is too long",
            )
            .issue(1659),
            fact(
                "made_up",
                grouped(made_up),
                "messages read out of one refused message by a loop that goes on",
            )
            .issue(681),
            fact(
                "made_up_errors",
                broken.number("server", "failed"),
                "errors that the same loop logged",
            )
            .issue(681),
            fact(
                "no_service",
                code(3),
                "the code for a service that is not there",
            ),
            fact(
                "timeout",
                code(5),
                "the code for a call that ran into set_timeout",
            )
            .issue(606),
            fact("cut", code(6), "the code for a call whose connection broke"),
            fact(
                "twice",
                held("twice"),
                "users held after two were sent twice, numbers given by the server",
            ),
            fact(
                "once",
                held("once"),
                "users held after two were sent twice, numbers given by the client",
            ),
        ],
    );
}
