//! What chapter 02 claims in numbers.

use workbook::wire::Direction::ToClient;
use workbook::wire::grouped;

use super::events::scene;
use super::frames::{message_bytes, too_large};
use crate::support::facts::{assert_facts, fact};

#[test]
fn facts_of_lesson_02() {
    let starts = scene("02", "two_starts");
    let frames = scene("02", "together").frames(ToClient, message_bytes);
    let (_, bytes) = frames[0];
    let one_reply = scene("02", "one_reply");
    let (reply, limit) = too_large(one_reply.text("client", "reason"));
    let held = one_reply.numbers("server", "held").into_iter().max();
    let stream = scene("02", "stream");
    let unreadable = scene("02", "unreadable");
    let cause = unreadable.text("server", "cause");
    assert!(
        !unreadable.text("client", "reason").contains(cause),
        "the cause {cause:?} is in the server's log alone"
    );
    assert_eq!(
        unreadable.times("client", "user").len(),
        4,
        "the users of two pages come before the page that cannot be read"
    );
    assert_facts(
        "02_server_streaming",
        &[
            fact(
                "answered_ms",
                starts.time_of("client", "step", "answered").as_millis(),
                "when a call to the slow server is answered, in ms",
            ),
            fact(
                "first_message_ms",
                starts.time("client", "got").as_millis(),
                "when its first message comes, in ms",
            ),
            fact(
                "frames_of_100",
                frames.len(),
                "DATA frames in which 100 ready users leave",
            ),
            fact(
                "bytes_of_100",
                grouped(bytes),
                "bytes of messages in that frame",
            ),
            fact(
                "code",
                one_reply.text("client", "code"),
                "the code of a reply that is too large",
            )
            .issue(1659),
            fact(
                "reply_bytes",
                grouped(reply),
                "bytes of the reply with 100,000 users",
            ),
            fact(
                "limit_bytes",
                grouped(limit),
                "bytes that tonic takes as one message by default",
            )
            .issue(735),
            fact(
                "one_reply_ms",
                one_reply.time("client", "code").as_millis(),
                "when the refusal of the one reply comes, in ms",
            ),
            fact(
                "held_for_one_reply",
                grouped(held.expect("the server says how many")),
                "users held at once for one reply",
            ),
            fact(
                "first_of_stream_ms",
                stream.time_of("client", "user", 1).as_millis(),
                "when the first user of the stream comes, in ms",
            ),
            fact(
                "held_for_stream",
                grouped(stream.number("server", "most_held")),
                "users held at once for the stream",
            ),
            fact(
                "pages",
                scene("02", "pages").count("server", "page"),
                "pages read for fifty users with page_size 0",
            ),
        ],
    );
}
