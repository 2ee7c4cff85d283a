//! What chapter 03 claims in numbers.

use super::lane;
use super::support::facts::{assert_facts, fact};
use super::{ms, played, said, times, word_after};

#[test]
fn facts_of_lesson_03() {
    let record = played("03", "record");
    let refused = played("03", "refused");
    let last_sent = times(&record, "client", "sends ")
        .pop()
        .expect("points are sent");
    let last_read = times(&record, "server", "has read ")
        .pop()
        .expect("points are read");
    let taken = lane(&refused, "client");
    let taken = taken
        .iter()
        .find(|text| text.contains("were taken"))
        .expect("it counts the chunks");
    assert_facts(
        "03_client_streaming",
        &[
            fact(
                "last_sent_ms",
                ms(&last_sent),
                "when the client has sent its last point, in ms",
            ),
            fact(
                "last_read_ms",
                ms(&last_read),
                "when the server has read it, in ms",
            ),
            fact(
                "chunks_taken",
                word_after(&format!(" {taken}"), " "),
                "chunks taken from a client whose third is refused",
            )
            .issue(992),
            fact(
                "refused_ms",
                ms(&said(&refused, "wire", "← HEADERS").time),
                "when the server refuses, in ms",
            ),
            fact(
                "noticed_ms",
                ms(&said(&refused, "client", "chunk ").time),
                "when the sender notices, in ms",
            ),
            fact(
                "reset_code",
                lane(&refused, "wire")
                    .iter()
                    .find(|text| text.starts_with("← RST_STREAM"))
                    .and_then(|text| text.split_whitespace().last())
                    .expect("the server resets the stream"),
                "the code of the server's RST_STREAM",
            )
            .issue(992),
        ],
    );
}
