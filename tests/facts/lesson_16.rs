//! What chapter 16 claims in numbers.

use workbook::wire::Direction::{ToClient, ToServer};
use workbook::wire::{Body, Frame};

use super::events::{Events, last, scene};
use super::frames::{grpc_status, reset};
use crate::support::facts::{assert_facts, fact};

#[test]
fn facts_of_lesson_16() {
    for name in ["broken", "hole", "gap", "error", "disconnect", "gives_up"] {
        let all = (vec![1], vec![200]);
        assert_eq!(runs(name, "fast"), all, "{name}: the fast one gets all");
    }
    for name in ["broken", "hole", "newest", "gives_up"] {
        let told = scene("16", name).has("slow", "missing");
        assert!(!told, "{name}: the slow one is told nothing");
        assert!(scene("16", name).says("slow", "step", "end"), "{name}: OK");
    }
    for name in ["broken", "hole"] {
        assert!(!scene("16", name).has("exchange", "lost"), "{name}: no log");
    }
    assert_eq!(runs("hole", "slow"), runs("gap", "slow"));
    let (firsts, lasts) = runs("gap", "slow");
    let items: u64 = firsts
        .iter()
        .zip(&lasts)
        .map(|(first, last)| last - first + 1)
        .sum();
    let unread = scene("16", "unread");
    let lived = unread.frame(ToClient, grpc_status).0;
    assert_eq!(unread.frames(ToClient, reset).len(), 0, "no reset either");
    assert_facts(
        "16_fan_out",
        &[
            fact(
                "handed_on",
                lasts[0],
                "trades of 1 KiB that leave the server for a client that does not read, with a window of 16 KiB",
            ),
            fact(
                "resumes_at",
                firsts[1],
                "the number of the next trade that it gets from `broadcast(8)`",
            ),
            fact("items", items, "trades of 200 that it gets"),
            fact(
                "missing",
                scene("16", "gap").number("slow", "missing"),
                "trades that it is told are missing",
            ),
            fact(
                "newest",
                last(scene("16", "newest").numbers("slow", "first")),
                "the number of the next trade that it gets from `watch`",
            ),
            fact(
                "error_code",
                scene("16", "error").text("slow", "code"),
                "the code of a lag that is an error",
            ),
            fact(
                "full_at",
                scene("16", "disconnect").number("exchange", "full_at"),
                "the trade that finds a queue of 8 full",
            ),
            fact(
                "full_ms",
                scene("16", "disconnect")
                    .time("exchange", "full_at")
                    .as_millis(),
                "ms after which the exchange gives the subscriber up",
            ),
            fact(
                "seen_s",
                scene("16", "disconnect").time("slow", "code").as_secs(),
                "s after which the client sees that, when it reads",
            ),
            fact(
                "disconnect_code",
                scene("16", "disconnect").text("slow", "code"),
                "the code that it sees",
            ),
            fact(
                "unread_s",
                lived.as_secs(),
                "s after which the same stream ends, when its client reads after an hour",
            ),
            fact(
                "unread_pings",
                unread.frames(ToServer, pong).len(),
                "pings that the client answers meanwhile",
            ),
            fact(
                "cut_s",
                scene("16", "cut")
                    .time_of("exchange", "step", "stream_dropped")
                    .as_secs(),
                "s after which the connection is closed, with an age of 30 s and a grace of 10 s",
            ),
            fact(
                "cut_code",
                scene("16", "cut").text("away", "code"),
                "what the client reads then",
            ),
            fact(
                "lost_error",
                runs("gives_up", "slow").1[0],
                "trades that the client gets before OK, when the task gives up on its error",
            ),
            fact(
                "in_turn_ms",
                scene("16", "in_turn").time("fast", "last").as_millis(),
                "ms after which the fast client has all 200 trades, when each send is awaited in turn",
            ),
            fact(
                "alone_ms",
                scene("16", "gap").time("fast", "last").as_millis(),
                "ms after which it has them with `broadcast`",
            ),
            fact(
                "unbounded",
                scene("16", "unbounded").number("exchange", "held"),
                "trades that an unbounded queue holds for the slow client, of 200",
            ),
            fact(
                "windows",
                runs("windows", "slow").1[0],
                "trades of 1 KiB that leave the server with tonic's own windows, before the first is missing",
            ),
            fact(
                "windows_missing",
                scene("16", "windows").number("slow", "missing"),
                "trades of 2,100 that are missing then",
            ),
        ],
    );
}

/// The first and the last numbers of the unbroken runs that a client gets.
fn runs(name: &str, host: &str) -> (Vec<u64>, Vec<u64>) {
    let scene: Events = scene("16", name);
    (scene.numbers(host, "first"), scene.numbers(host, "last"))
}

fn pong(frame: &Frame) -> Option<()> {
    matches!(frame.body, Body::Ping { ack: true }).then_some(())
}
