//! What the book claims in numbers, measured. Each chapter's prose includes its values from
//! `tests/snapshots/facts/`; a test that turns red here names the sentence that became untrue.

mod support;

use support::facts::{assert_facts, fact, locked_version};
use support::lines::{Line, lane, lines};
use support::program::Lesson;

/// The line that a lane says, starting with `start`, in a scene.
fn said(lines: &[Line], side: &str, start: &str) -> Line {
    lines
        .iter()
        .find(|line| line.lane == side && line.text.starts_with(start))
        .unwrap_or_else(|| panic!("no line of the {side} starts with {start:?}"))
        .clone()
}

fn times(lines: &[Line], side: &str, start: &str) -> Vec<String> {
    lines
        .iter()
        .filter(|line| line.lane == side && line.text.starts_with(start))
        .map(|line| line.time.clone())
        .collect()
}

fn played(lesson: &str, name: &str) -> Vec<Line> {
    lines(&Lesson::numbered(lesson).scene(name, &["--wire"]))
}

/// The word behind `before` in a text.
fn word_after(text: &str, before: &str) -> String {
    let (_, rest) = text
        .split_once(before)
        .unwrap_or_else(|| panic!("{before:?} in {text:?}"));
    rest.split(' ')
        .next()
        .unwrap_or_default()
        .trim_end_matches([':', ','])
        .to_owned()
}

/// Milliseconds of a time like "0.300".
fn ms(time: &str) -> u64 {
    time.replace('.', "")
        .parse()
        .expect("seconds with three decimals")
}

#[test]
fn facts_of_the_versions() {
    let about = "the version that everything in this book was measured with";
    let facts = [
        fact(
            "rust",
            minimum_rust(),
            "the oldest Rust that the workbook compiles with",
        ),
        fact("tonic", locked_version("tonic"), about),
        fact("h2", locked_version("h2"), about),
        fact("hyper", locked_version("hyper"), about),
        fact("tokio", locked_version("tokio"), about),
    ];
    assert_facts("00_introduction", &facts);
}

/// `rust-version` in Cargo.toml; the CI compiles with that version, too.
fn minimum_rust() -> String {
    let manifest = std::fs::read_to_string("Cargo.toml").expect("it is there");
    let (_, rest) = manifest
        .split_once("rust-version = \"")
        .expect("it is declared");
    rest.split('"').next().unwrap_or_default().to_owned()
}

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
    let pages = lines(&Lesson::numbered("02").scene("pages", &[]));
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
                ms(&said(&refused, "client", "nobody takes").time),
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

#[test]
fn facts_of_lesson_04() {
    let half_close = played("04", "half_close");
    let closed: Vec<&Line> = half_close
        .iter()
        .filter(|line| line.text.contains("END_STREAM: half-close"))
        .collect();
    let replies: Vec<String> = times(&half_close, "client", "got ")
        .iter()
        .map(|time| ms(time).to_string())
        .collect();
    assert_facts(
        "04_bidi_streaming",
        &[
            fact(
                "half_closed_ms",
                ms(&closed[0].time),
                "when the client half-closes, in ms",
            ),
            fact(
                "replies_ms",
                replies.join(", "),
                "when the replies come, in ms",
            ),
            fact(
                "replies",
                times(&played("04", "route"), "client", "got ").len(),
                "replies to seven points",
            ),
        ],
    );
}

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
                    &said(&played("05", "end"), "client", "asked after that").text,
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
            fact("broken", row("broken"), "uploads committed at None: half-close, hang-up, dead feeder, silence, broken connection").issue(848),
            fact("fence", row("fence"), "the same behind a fence"),
            fact("fixed", row("fixed"), "the same on the last message"),
            fact("vanished_ms", vanished, "when the server takes a silent client for gone, in ms"),
        ],
    );
}

fn grouped(digits: &str) -> String {
    workbook::wire::grouped(digits.parse().expect("digits"))
}
