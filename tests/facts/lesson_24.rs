//! What chapter 24 claims in numbers.

use workbook::wire::Direction::{ToClient, ToServer};
use workbook::wire::{Body, Frame, grouped};

use super::events::{Events, last, scene};
use crate::support::facts::{assert_facts, fact};

/// The method whose name is the first request's payload.
const FIRST: &str = "report";
/// An item without bytes, which is the end in the faulty version: its head alone.
const EMPTY: u32 = 9;

#[test]
fn facts_of_lesson_24() {
    let of = |name: &str| scene("24", name);
    let (large, parts) = (of("large"), of("parts"));
    let asked = large.time_of("client", "step", "asks");
    let (arrived, request) = large.frame(ToServer, request);
    let head = request - FIRST.len() as u32;
    let longest = |events: Events| {
        let items = events.frames(ToClient, item).into_iter();
        let longest = items.map(|(_, (_, length))| length).max();
        longest.expect("there are items") - head
    };
    let ms = |events: Events, method: &str| {
        let line = events.line("client", "method", method);
        line.number("ms").expect("it is said with the method")
    };
    let prices_sent = of("unread").frames(ToClient, item);
    let prices_sent = prices_sent.iter().filter(|(_, (call, _))| *call == 2);
    assert!(!of("unread").has("client", "method"), "it is not answered");
    assert_eq!(ms(of("unbounded"), "price"), 0);
    assert_eq!(ms(of("window"), "price"), 0);
    let price = longest(of("unbounded"));
    let queued = of("unbounded").number("client", "queued");
    let (dropped, reset) = (of("dropped"), of("reset"));
    assert_eq!(dropped.frames(ToServer, reset_frame).len(), 0, "no RESET");
    let after = |events: Events| events.after("client", "step", "drops");
    let crashed = of("end").text("client", "ended");
    assert!(!crashed.is_empty());
    assert_facts(
        "24_do_it_yourself",
        &[
            fact("head", head, "bytes before the payload of a toy frame"),
            fact(
                "latency_ms",
                (arrived - asked).as_millis(),
                "ms that a byte needs from one host to the other",
            ),
            fact(
                "report",
                grouped(longest(large).into()),
                "bytes of the report, in one frame",
            ),
            fact(
                "large_price_ms",
                ms(large, "price"),
                "ms until the price is there, behind the report",
            ),
            fact(
                "large_report_ms",
                ms(large, "report"),
                "ms until the report is there, in one frame",
            ),
            fact(
                "part",
                grouped(longest(parts).into()),
                "bytes of the largest part",
            ),
            fact(
                "parts_price_ms",
                ms(parts, "price"),
                "ms until the price is there, between parts of the report",
            ),
            fact(
                "parts_report_ms",
                grouped(ms(parts, "report").unsigned_abs()),
                "ms until the report is there, in parts and with a window",
            ),
            fact(
                "price_sent",
                prices_sent.count(),
                "items of the small call on the wire, while its client waits in vain",
            ),
            fact(
                "unread_made",
                last_made(of("unread")),
                "prices made for a client that reads none, with a queue of 16",
            ),
            fact(
                "unbounded_prices",
                grouped(queued),
                "prices in the memory of that client, with an unbounded queue",
            ),
            fact(
                "unbounded_bytes",
                grouped(queued * u64::from(price)),
                "bytes in its memory",
            ),
            fact(
                "window_bytes",
                grouped(of("window").number("client", "unread")),
                "bytes in its memory, with a window",
            ),
            fact(
                "window_made",
                last_made(of("window")),
                "prices made for it, with a window",
            ),
            fact(
                "dropped_after",
                after(dropped).frames(ToClient, item).len(),
                "ticks sent after the client has dropped the call",
            ),
            fact(
                "reset_after",
                after(reset).frames(ToClient, item).len(),
                "the same with a RESET",
            ),
            fact(
                "cut_first",
                of("cut").numbers("client", "trades")[0],
                "trades of a day",
            ),
            fact(
                "cut_second",
                last(of("cut").numbers("client", "trades")),
                "trades of a day in which the server crashes, and then None",
            ),
            fact(
                "end_second",
                last(of("end").numbers("client", "trades")),
                "trades of that day, and then an error",
            ),
            fact(
                "leak_calls",
                of("leak").number("client", "calls"),
                "calls in the client's table, of 100 that were dropped",
            ),
            fact(
                "leak_tasks",
                of("leak").number("client", "tasks"),
                "tasks of the server that are left when the connection is closed",
            ),
            fact(
                "emptied_calls",
                of("emptied").number("client", "calls"),
                "calls in the table whose calls are removed",
            ),
            fact(
                "emptied_tasks",
                of("emptied").number("client", "tasks"),
                "tasks that its connection leaves",
            ),
        ],
    );
}

/// How many items the largest call has made.
fn last_made(events: Events) -> u64 {
    let made = events.numbers("server", "made").into_iter().max();
    made.expect("a call has ended")
}

/// Kind, call and length of a toy frame.
fn toy(frame: &Frame) -> Option<(&str, u32, u32)> {
    match &frame.body {
        Body::Foreign { kind, length, .. } => Some((kind, frame.stream, *length)),
        _ => None,
    }
}

/// The length of a REQUEST.
fn request(frame: &Frame) -> Option<u32> {
    toy(frame).and_then(|(kind, _, length)| (kind == "REQUEST").then_some(length))
}

/// The call and the length of an ITEM that is not empty.
fn item(frame: &Frame) -> Option<(u32, u32)> {
    toy(frame).and_then(|(kind, call, length)| {
        (kind == "ITEM" && length > EMPTY).then_some((call, length))
    })
}

/// A RESET.
fn reset_frame(frame: &Frame) -> Option<()> {
    toy(frame).and_then(|(kind, ..)| (kind == "RESET").then_some(()))
}
