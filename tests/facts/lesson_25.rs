//! What chapter 25 claims in numbers.

use workbook::run::Value;
use workbook::wire::Direction::ToClient;
use workbook::wire::{Body, Frame};

use super::events::{Events, scene};
use crate::support::facts::{assert_facts, fact};

#[test]
fn facts_of_lesson_25() {
    let of = |name: &str| scene("25", name);
    let ended = |name: &str| of(name).text("page", "ended");
    let got = |name: &str| of(name).count("page", "got");
    let unread = |name: &str, step: &str| steps(of(name), step);
    let chunks = of("fixed").frames(ToClient, chunk);
    let chunks: Vec<u32> = chunks.into_iter().map(|(_, length)| length).collect();
    let [messages, trailers] = chunks[..] else {
        panic!("two chunks, not {chunks:?}");
    };
    for name in ["broken", "pieces", "base64", "refused", "truncated"] {
        assert_eq!(ended(name), "OK", "{name}: the faulty reader");
    }
    for name in ["fixed", "frames", "groups"] {
        assert_eq!((got(name), ended(name)), (3, "OK"), "{name}: the fix");
    }
    assert_eq!(got("no_layer"), got("fixed"), "its messages arrive");
    let abort = of("abort");
    let aborted = abort.time_of("page", "step", "aborts");
    let dropped = abort.time_of("server", "step", "dropped") - aborted;
    let allowed = of("cors").lines("page", "allowed");
    let allowed = allowed.filter(|line| line.get("allowed") == Some(&Value::from(true)));
    assert_eq!(allowed.count(), 2, "the book, served and as a file");
    assert!(of("unexposed").says("page", "step", "no_status"));
    assert!(of("without_cors").says("page", "step", "not_allowed"));
    assert!(of("http2").says("page", "step", "failed"));
    assert_facts(
        "25_browser",
        &[
            fact(
                "sent",
                of("broken").count("server", "sent"),
                "numbers that the server sends",
            ),
            fact(
                "messages_bytes",
                messages,
                "bytes of the chunk that carries three messages",
            ),
            fact(
                "trailers_bytes",
                trailers,
                "bytes of the chunk that carries the trailer frame",
            ),
            fact(
                "broken_got",
                got("broken"),
                "numbers that a page gets which takes a chunk for a message",
            ),
            fact(
                "broken_ended",
                ended("broken"),
                "how it says the call ended",
            ),
            fact(
                "fixed_got",
                got("fixed"),
                "numbers that a page gets which reads frames",
            ),
            fact(
                "no_layer_ended",
                ended("no_layer"),
                "how a call ends without tonic-web (tonic 0.14.9)",
            ),
            fact(
                "pieces_unread",
                unread("pieces", "not_read"),
                "chunks of a slow link that are no message",
            ),
            fact(
                "pieces_wrong",
                got("pieces"),
                "chunks of a slow link that are taken for a message with the number 0",
            ),
            fact(
                "base64_unread",
                unread("base64", "no_base64"),
                "chunks whose base64 cannot be decoded alone",
            ),
            fact(
                "base64_got",
                got("base64"),
                "numbers that a page gets which decodes each chunk alone",
            ),
            fact(
                "refused_ended",
                ended("refused"),
                "how a call that is refused at once ends for a page that reads only the body",
            ),
            fact(
                "headers_ended",
                ended("headers"),
                "how it ends for a page that reads the headers, too",
            ),
            fact(
                "failing_ended",
                ended("failing"),
                "how a call ends whose server fails after two numbers",
            ),
            fact(
                "truncated_got",
                got("truncated"),
                "numbers that arrive before the server is killed",
            ),
            fact(
                "truncated_ended",
                ended("truncated"),
                "how that call ends where the end of the body is OK",
            ),
            fact(
                "unknown_ended",
                ended("unknown"),
                "how it ends where a status is expected",
            ),
            fact(
                "dropped_ms",
                dropped.as_millis(),
                "ms from the abort until the server's stream is dropped",
            ),
        ],
    );
}

fn steps(events: Events, step: &str) -> usize {
    let lines = events.lines("page", "step");
    lines.filter(|line| line.text("step") == Some(step)).count()
}

fn chunk(frame: &Frame) -> Option<u32> {
    match &frame.body {
        Body::Foreign { kind, length, .. } if kind == "CHUNK" => Some(*length),
        _ => None,
    }
}
