//! What chapter 21 claims in numbers.

use workbook::wire::Direction::ToServer;
use workbook::wire::{Body, Frame, grouped};

use super::events::{Events, last, scene};
use super::frames::headers;
use crate::support::facts::{Fact, assert_facts, fact};

/// SETTINGS_INITIAL_WINDOW_SIZE (RFC 9113 section 6.5.2).
const INITIAL_WINDOW_SIZE: u16 = 4;
const KIB: u64 = 1024;

#[test]
fn facts_of_lesson_21() {
    let mut facts = points();
    facts.extend(windows());
    assert_facts("21_what_it_costs", &facts);
}

/// A thousand points in calls and in streams.
fn points() -> Vec<Fact> {
    let of = |name| scene("21", name);
    let (calls, concurrent, batch_calls) = (of("broken"), of("concurrent"), of("calls_of_100"));
    let (stream, one_by_one) = (of("stream"), of("one_by_one"));
    let (tens, hundreds) = (of("tens"), of("hundreds"));
    for scene in [
        calls,
        concurrent,
        batch_calls,
        stream,
        one_by_one,
        tens,
        hundreds,
    ] {
        assert_eq!(scene.number("client", "count"), 1000, "no point is lost");
    }
    assert_eq!(calls.frames(ToServer, headers).len(), 1000);
    assert_eq!(sent(calls), sent(concurrent), "only the time differs");
    assert_eq!(ms(batch_calls), ms(concurrent));
    assert_eq!(ms(stream), ms(tens));
    assert_eq!(ms(stream), ms(hundreds));
    assert_eq!(
        data(stream),
        data(tens),
        "tonic puts ready messages together"
    );
    assert_eq!(data(stream), data(hundreds));
    vec![
        fact(
            "calls_s",
            ms(calls) / 1000,
            "s for 1,000 calls with a point each, one after the other, over a round trip of 100 ms",
        ),
        fact(
            "calls_sent",
            grouped(sent(calls)),
            "frames that the client sends for them",
        ),
        fact(
            "calls_got",
            grouped(calls.number("client", "got_frames")),
            "frames that it gets",
        ),
        fact(
            "concurrent_s",
            ms(concurrent) / 1000,
            "s for the same calls, 100 at once",
        ),
        fact(
            "batch_calls_s",
            ms(batch_calls) / 1000,
            "s for 10 calls with 100 points each, one after the other",
        ),
        fact(
            "batch_calls_sent",
            sent(batch_calls),
            "frames that the client sends for them",
        ),
        fact(
            "stream_ms",
            ms(stream),
            "ms for one stream with a message for each point",
        ),
        fact(
            "stream_sent",
            sent(stream),
            "frames that the client sends for it",
        ),
        fact(
            "stream_data",
            data(stream),
            "DATA frames among them, the half-close included",
        ),
        fact(
            "one_by_one_ms",
            ms(one_by_one),
            "ms for the same, when a point is made every ms",
        ),
        fact(
            "one_by_one_data",
            grouped(data(one_by_one)),
            "DATA frames then",
        ),
        fact(
            "single_bytes",
            grouped(bytes(stream)),
            "bytes of DATA for a message for each point",
        ),
        fact(
            "tens_bytes",
            grouped(bytes(tens)),
            "bytes of DATA for a message for each 10 points",
        ),
        fact(
            "hundreds_bytes",
            grouped(bytes(hundreds)),
            "bytes of DATA for a message for each 100 points",
        ),
    ]
}

/// A file of 4 MiB in chunks of four sizes.
fn windows() -> Vec<Fact> {
    let (small, window, adaptive) = (
        scene("21", "small_window"),
        scene("21", "window"),
        scene("21", "adaptive"),
    );
    let all_small = small.numbers("client", "ms");
    let all_window = window.numbers("client", "ms");
    assert_eq!(
        all_small, [all_small[0]; 4],
        "the size of the chunks is not in it"
    );
    assert_eq!(all_window, [all_window[0]; 4]);
    let grows = adaptive.numbers("client", "ms");
    let largest = last(adaptive.frames(ToServer, initial_window)).1;
    let data = small.numbers("client", "got_bytes");
    let (at_first, at_last) = (grows[0], last(grows.clone()));
    assert!(
        grows.is_sorted_by(|before, after| before > after),
        "{grows:?}"
    );
    vec![
        fact(
            "small_ms",
            grouped(all_small[0]),
            "ms for 4 MiB with a window of 65,535 bytes, whatever the size of the chunks",
        ),
        fact(
            "small_rate",
            4 * KIB * 1000 / all_small[0],
            "KiB a second then",
        ),
        fact(
            "small_kib_data",
            grouped(data[0]),
            "bytes of DATA in chunks of 1 KiB",
        ),
        fact(
            "small_mib_data",
            grouped(last(data)),
            "bytes of DATA in chunks of 1 MiB",
        ),
        fact(
            "small_trips",
            all_small[0] / 100,
            "round trips of 100 ms in that time",
        ),
        fact(
            "window_ms",
            all_window[0],
            "ms with tonic's window of 2 MiB",
        ),
        fact(
            "window_times",
            all_small[0] / all_window[0],
            "times as fast as with 65,535 bytes, rounded down",
        ),
        fact(
            "window_updates",
            small.frames(ToServer, update).len(),
            "WINDOW_UPDATE frames for the four files with the small window",
        ),
        fact(
            "adaptive_first_ms",
            grouped(at_first),
            "ms for the first file with the adaptive window",
        ),
        fact(
            "adaptive_last_ms",
            at_last,
            "ms for the fourth file of the same connection",
        ),
        fact(
            "adaptive_window",
            grouped(u64::from(largest)),
            "bytes of the adaptive window at the end",
        ),
        fact(
            "adaptive_pings",
            adaptive.frames(ToServer, ping).len(),
            "PINGs with which the client measures for that",
        ),
    ]
}

fn ms(scene: Events) -> u64 {
    scene.number("client", "ms")
}

fn sent(scene: Events) -> u64 {
    scene.number("client", "sent_frames")
}

fn data(scene: Events) -> u64 {
    scene.number("client", "sent_data")
}

fn bytes(scene: Events) -> u64 {
    scene.number("client", "sent_bytes")
}

fn initial_window(frame: &Frame) -> Option<u32> {
    let Body::Settings(values) = &frame.body else {
        return None;
    };
    let window = values
        .iter()
        .find(|(known, _)| *known == INITIAL_WINDOW_SIZE);
    window.map(|(_, value)| *value)
}

fn update(frame: &Frame) -> Option<()> {
    matches!(frame.body, Body::WindowUpdate(_)).then_some(())
}

fn ping(frame: &Frame) -> Option<()> {
    matches!(frame.body, Body::Ping { ack: false }).then_some(())
}
