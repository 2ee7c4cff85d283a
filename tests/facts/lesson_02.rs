//! What chapter 02 claims in numbers.

use super::support::facts::{assert_facts, fact};
use super::{grouped, lane, ms, played, said, times, word_after};

#[test]
fn facts_of_lesson_02() {
    let starts = played("02", "two_starts");
    let together = played("02", "together");
    let frames: Vec<String> = lane(&together, "wire")
        .into_iter()
        .filter(|text| text.starts_with("← DATA"))
        .collect();
    let one_reply = played("02", "one_reply");
    let failure = said(&one_reply, "client", "failed with ");
    let stream = played("02", "stream");
    let pages = played("02", "pages");
    assert_facts(
        "02_server_streaming",
        &[
            fact(
                "answered_ms",
                ms(&said(&starts, "client", "the call is answered").time),
                "when a call to the slow server is answered, in ms",
            ),
            fact(
                "first_message_ms",
                ms(&said(&starts, "client", "the first message").time),
                "when its first message comes, in ms",
            ),
            fact(
                "frames_of_100",
                frames.len(),
                "DATA frames in which 100 ready users leave",
            ),
            fact(
                "bytes_of_100",
                word_after(&frames[0], "messages, "),
                "bytes of messages in that frame",
            ),
            fact(
                "code",
                word_after(&failure.text, "failed with "),
                "the code of a reply that is too large",
            )
            .issue(1659),
            fact(
                "reply_bytes",
                grouped(&word_after(&failure.text, "found ")),
                "bytes of the reply with 100,000 users",
            ),
            fact(
                "limit_bytes",
                grouped(&word_after(&failure.text, "the limit is: ")),
                "bytes that tonic takes as one message by default",
            )
            .issue(735),
            fact(
                "one_reply_ms",
                ms(&failure.time),
                "when the refusal of the one reply comes, in ms",
            ),
            fact(
                "held_for_one_reply",
                grouped(&word_after(
                    &said(&one_reply, "server", "all read, ").text,
                    "all read, ",
                )),
                "users held at once for one reply",
            ),
            fact(
                "first_of_stream_ms",
                ms(&said(&stream, "client", "got user 1").time),
                "when the first user of the stream comes, in ms",
            ),
            fact(
                "held_for_stream",
                grouped(&word_after(
                    &said(&stream, "server", "all read, ").text,
                    "never more than ",
                )),
                "users held at once for the stream",
            ),
            fact(
                "pages",
                times(&pages, "server", "page ").len(),
                "pages read for fifty users with page_size 0",
            ),
        ],
    );
}
