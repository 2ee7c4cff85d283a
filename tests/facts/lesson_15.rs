//! What chapter 15 claims in numbers.

use std::panic::catch_unwind;
use std::time::Duration;

use futures::stream::{self, StreamExt as _};
use tokio::time::advance;
use tonic::metadata::MetadataMap;
use tonic::{Code, Request};
use workbook::lab::Lab;
use workbook::proto::stream::StreamResponse;
use workbook::wire::Direction::{ToClient, ToServer};
use workbook::wire::{Body, Frame};

use super::events::{last, scene};
use super::frames::{grpc_status, reset};
use crate::support::facts::{assert_facts, fact};

/// What the scenes cannot show of the lesson's own code.
#[path = "../../lessons/15_deadlines"]
#[allow(dead_code, reason = "the lesson's scenes use all of it")]
mod lesson {
    pub mod fixed;
    pub mod numbers;
}
use lesson::fixed::{time_left, within_total};

#[test]
fn facts_of_lesson_15() {
    let broken = scene("15", "broken");
    let unary = scene("15", "unary");
    let renewed = scene("15", "renewed");
    let cut = |name| scene("15", name).time_of("client", "code", "DeadlineExceeded");
    let silence = cut("idle") - last(scene("15", "idle").times("client", "number"));
    let left = scene("15", "hand_on")
        .numbers("server", "left_ms")
        .into_iter();
    let left: Vec<String> = left.map(|ms| ms.to_string()).collect();
    for name in ["unread", "freed"] {
        let (ended, reads) = (ended(name), scene("15", name).time("client", "step"));
        assert!(reads < ended, "{name}: the call ends when the client reads");
        let resets = scene("15", name).frames(ToClient, reset).len();
        assert_eq!(resets, 0, "{name}: the server has no way to reset the call");
        assert!(scene("15", name).says("client", "code", "DeadlineExceeded"));
    }
    assert_facts(
        "15_deadlines",
        &[
            fact(
                "got",
                broken.count("client", "number"),
                "messages that came, of ten, with three timeouts of 250 ms",
            ),
            fact(
                "got_until_ms",
                broken.time_of("client", "step", "end").as_millis(),
                "ms after which they had all come",
            ),
            fact(
                "unary_ms",
                unary.time("client", "code").as_millis(),
                "ms after which a unary-like call with a timeout of 250 ms failed",
            ),
            fact("unary_code", unary.text("client", "code"), "the code of it").issue(606),
            fact(
                "task_ms",
                unary.time_of("server", "step", "task_ends").as_millis(),
                "ms after which a task that its handler had spawned was done",
            ),
            fact(
                "renewed",
                renewed.number("client", "count"),
                "messages read with a new timeout of 250 ms for each, in 1 s",
            ),
            fact(
                "cut_client_ms",
                cut("fixed").as_millis(),
                "ms after which a stream with a deadline of 350 ms at the client was cut",
            ),
            fact(
                "cut_server_ms",
                cut("server").as_millis(),
                "ms after which a stream with a deadline of 350 ms at the server was cut",
            ),
            fact(
                "idle_ms",
                silence.as_millis(),
                "ms of silence after which a stream with a limit of 200 ms for silence was cut",
            ),
            fact(
                "left",
                left.join(" and "),
                "ms left for the first and the second call within a deadline of 600 ms",
            ),
            fact(
                "unread_s",
                ended("unread").as_secs(),
                "s after which a stream with a limit of 350 ms ended, when its client read after an hour",
            ),
            fact(
                "unread_pings",
                scene("15", "unread").frames(ToServer, pong).len(),
                "pings of the server that this client answered meanwhile",
            ),
            fact(
                "freed_ms",
                dropped("freed", "the numbers are dropped").as_millis(),
                "ms after which a task with the same limit had dropped the producer",
            ),
            fact(
                "freed_s",
                ended("freed").as_secs(),
                "s after which its call ended",
            ),
            fact(
                "cut_s",
                dropped("cut", "the response stream is dropped").as_secs(),
                "s after which the connection was closed, with an age of 30 s and a grace of 10 s",
            ),
            fact(
                "told_too_long",
                panic_of_the_longest_timeout(),
                "the panic of `Request::set_timeout(Duration::MAX)`",
            ),
            fact(
                "cut_code",
                scene("15", "cut").text("client", "code"),
                "what the client reads then",
            ),
        ],
    );
}

/// When the server's last frame of the call was sent.
fn ended(name: &str) -> Duration {
    scene("15", name).frame(ToClient, grpc_status).0
}

fn dropped(name: &str, what: &str) -> Duration {
    scene("15", name).time_of("server", "step", what)
}

fn pong(frame: &Frame) -> Option<()> {
    matches!(frame.body, Body::Ping { ack: true }).then_some(())
}

#[test]
fn items_that_are_ready_do_not_outlast_the_total() {
    Lab::new().run(async |_| {
        let limit = Duration::from_millis(100);
        let items = stream::repeat_with(|| Ok(StreamResponse::default()));
        let mut limited = std::pin::pin!(within_total(items, limit));
        assert!(limited.next().await.is_some_and(|item| item.is_ok()));
        advance(limit).await;
        let status = limited.next().await.and_then(Result::err);
        let code = status.map(|status| status.code());
        assert_eq!(code, Some(Code::DeadlineExceeded));
        assert!(limited.next().await.is_none());
    });
}

/// What tonic panics with when the server is to be told of a time that has more than eight digits in hours.
fn panic_of_the_longest_timeout() -> String {
    let told = catch_unwind(|| Request::new(()).set_timeout(Duration::MAX));
    let panic = told.expect_err(
        "tonic tells the server of any time: chapter 15 and the error texts say it does not",
    );
    let text = panic.downcast_ref::<&str>().map(|text| (*text).to_owned());
    text.or_else(|| panic.downcast_ref::<String>().cloned())
        .unwrap_or_default()
}

#[test]
fn the_longest_limit_does_not_overflow() {
    Lab::new().run(async |_| {
        let limited = within_total(stream::empty(), Duration::MAX);
        assert_eq!(limited.count().await, 0);
    });
}

#[test]
fn a_grpc_timeout_is_one_to_eight_digits_and_a_unit() {
    let left = |text: &str| {
        let mut metadata = MetadataMap::new();
        metadata.insert("grpc-timeout", text.parse().expect("visible ASCII"));
        time_left(&metadata)
    };
    for text in [
        "",
        "S",
        "5",
        "+5S",
        "-5S",
        " 5S",
        "5 S",
        "5s",
        "5h",
        "5.5S",
        "5SS",
        "0x5S",
        "123456789S",
        "000000005S",
    ] {
        assert_eq!(left(text), None, "{text:?}");
    }
    let seconds = Duration::from_secs;
    for (text, expected) in [
        ("5S", seconds(5)),
        ("0S", seconds(0)),
        ("00000005S", seconds(5)),
        ("2H", seconds(7200)),
        ("3M", seconds(180)),
        ("250m", Duration::from_millis(250)),
        ("250000u", Duration::from_millis(250)),
        ("7n", Duration::from_nanos(7)),
        ("99999999H", seconds(99_999_999 * 3600)),
    ] {
        assert_eq!(left(text), Some(expected), "{text:?}");
    }
    assert_eq!(time_left(&MetadataMap::new()), None);
}
