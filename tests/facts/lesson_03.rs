//! What chapter 03 claims in numbers.

use workbook::wire::Direction::ToClient;
use workbook::wire::error_code;

use super::events::{last, scene};
use super::frames::{headers, reset};
use crate::support::facts::{assert_facts, fact};

#[test]
fn facts_of_lesson_03() {
    let record = scene("03", "record");
    let refused = scene("03", "refused");
    let (refused_at, _) = refused.frame(ToClient, headers);
    let (_, code) = refused.frame(ToClient, reset);
    assert_facts(
        "03_client_streaming",
        &[
            fact(
                "last_sent_ms",
                last(record.times("client", "sent")).as_millis(),
                "when the client has sent its last point, in ms",
            ),
            fact(
                "last_read_ms",
                last(record.times("server", "read")).as_millis(),
                "when the server has read it, in ms",
            ),
            fact(
                "chunks_taken",
                refused.number("client", "taken"),
                "chunks taken from a client whose third is refused",
            )
            .issue(992),
            fact(
                "refused_ms",
                refused_at.as_millis(),
                "when the server refuses, in ms",
            ),
            fact(
                "noticed_ms",
                refused.time("client", "not_taken").as_millis(),
                "when the sender notices, in ms",
            ),
            fact(
                "reset_code",
                error_code(code),
                "the code of the server's RST_STREAM",
            )
            .issue(992),
        ],
    );
}
