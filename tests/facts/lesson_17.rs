//! What chapter 17 claims in numbers.

use workbook::wire::Direction::{ToClient, ToServer};
use workbook::wire::{Body, Frame};

use super::events::{Events, last, scene};
use super::frames::{message_bytes, reset};
use crate::support::facts::{assert_facts, fact};

/// The head of an HTTP/2 frame, in bytes.
const HEAD: u64 = 9;

#[test]
fn facts_of_lesson_17() {
    let of = |name: &str| scene("17", name);
    let hole = of("broken").time_of("client", "step", "black_hole");
    for name in ["broken", "last_channel", "server_keepalive"] {
        assert!(!of(name).has("client", "code"), "{name}: the client waits");
        of(name).stall();
    }
    for name in ["broken", "last_channel"] {
        assert_eq!(pings(of(name), ToServer), 0, "{name}: no PING");
    }
    let one_way = of("one_way").after("client", "step", "black_hole");
    let one_way = one_way.until("client", "step");
    assert!(!of("one_way").has("client", "code"), "it sees no error");
    assert_eq!(
        of("client_keepalive").text("client", "code"),
        "Unknown",
        "a call that has its headers"
    );
    assert!(of("while_idle").count("client", "step") > of("idle").count("client", "step"));
    let beats = of("heartbeats");
    let heartbeat = HEAD + last(beats.frames(ToServer, message_bytes)).1;
    assert_eq!(
        heartbeat,
        HEAD + last(beats.frames(ToClient, message_bytes)).1
    );
    let seconds = |name: &str, field: &str| of(name).time("client", field).as_secs();
    assert_facts(
        "17_silence",
        &[
            fact(
                "hole_s",
                hole.as_secs(),
                "s after which the link loses everything",
            ),
            fact(
                "stall_s",
                of("broken").stall().lasted.as_secs(),
                "s of silence after it, until the lab ends the client that has no keepalive",
            ),
            fact(
                "client_s",
                seconds("client_keepalive", "code"),
                "s after which the client sees it, with a keepalive of 20 s and 10 s (tonic 0.14.9)",
            ),
            fact(
                "client_code",
                of("client_keepalive").text("client", "code"),
                "the code of a call that has been answered (tonic 0.14.9)",
            ),
            fact(
                "client_cause",
                of("client_keepalive").text("client", "causes"),
                "its causes: nothing about a keepalive (tonic 0.14.9)",
            ),
            fact(
                "ghosts",
                of("client_keepalive").number("client", "streams"),
                "response streams alive an hour later, at a server without a keepalive",
            ),
            fact(
                "no_headers_code",
                of("no_headers").text("client", "code"),
                "the code of a call that has not been answered (tonic 0.14.9)",
            ),
            fact(
                "no_headers_cause",
                of("no_headers").text("client", "causes"),
                "its causes (tonic 0.14.9)",
            ),
            fact(
                "pings",
                pings(of("client_keepalive"), ToServer),
                "PINGs that the client sends before that, the lost one not counted",
            ),
            fact(
                "last_channel_pings",
                pings(of("last_channel"), ToServer),
                "PINGs of a client whose last `Channel` was dropped (tonic 0.14.9)",
            ),
            fact(
                "last_channel_idle_s",
                seconds("last_channel_idle", "code"),
                "s after which it sees the black hole, with `keep_alive_while_idle` (tonic 0.14.9)",
            ),
            fact(
                "idle_s",
                seconds("idle", "code"),
                "s after which a call of second 200 fails",
            ),
            fact("idle_code", of("idle").text("client", "code"), "its code"),
            fact(
                "while_idle_s",
                last(of("while_idle").times("client", "step")).as_secs(),
                "s after which it is answered, with `keep_alive_while_idle`",
            ),
            fact(
                "server_s",
                of("server_keepalive")
                    .time_of("server", "step", "dropped")
                    .as_secs(),
                "s after which a server with a keepalive drops the response stream",
            ),
            fact(
                "upload_s",
                of("upload").time("server", "published").as_secs(),
                "s after which an upload reads `Ok(None)` from a client that has vanished (tonic 0.14.9)",
            ),
            fact(
                "upload_published",
                of("upload").number("server", "published"),
                "prices of an unfinished upload that are published",
            ),
            fact(
                "one_way_prices",
                one_way.count("client", "price"),
                "prices that a client reads after everything that it sends is lost",
            ),
            fact(
                "one_way_pings",
                pings(one_way, ToServer),
                "PINGs that it sends meanwhile",
            ),
            fact(
                "one_way_ghosts",
                of("one_way").number("client", "streams"),
                "response streams alive an hour after it has left",
            ),
            fact(
                "stuck_pings",
                pings(of("stuck"), ToClient),
                "PINGs that a server answers in an hour, while its handler is stuck",
            ),
            fact(
                "stuck_s",
                seconds("stuck_heartbeats", "code"),
                "s after which a client notices the stuck handler by its missing heartbeats",
            ),
            fact(
                "idle_limit_s",
                seconds("idle_limit", "code"),
                "s after which a limit of 30 s ends a stream with a price a minute",
            ),
            fact(
                "heartbeats_s",
                seconds("heartbeats", "code"),
                "s after which both sides notice the black hole, with heartbeats",
            ),
            fact(
                "heartbeats_code",
                beats.text("client", "code"),
                "the client's own code",
            ),
            fact(
                "heartbeat_bytes",
                heartbeat,
                "bytes of a heartbeat in HTTP/2, its frame's head included",
            ),
            fact(
                "heartbeat_bytes_hour",
                heartbeat * 3600 / 20,
                "bytes an hour in each direction, for a heartbeat every 20 s",
            ),
            fact(
                "proxy_s",
                of("proxy").time_of("proxy", "step", "cuts").as_secs(),
                "s after which the proxy cuts a quiet call, PINGs of both sides notwithstanding",
            ),
            fact(
                "proxy_code",
                of("proxy").text("client", "code"),
                "what the client reads then",
            ),
            fact(
                "proxy_cause",
                of("proxy").text("client", "causes"),
                "and its cause",
            ),
            fact(
                "proxy_reset",
                of("proxy").frame(ToClient, reset).1,
                "the code of the RST_STREAM that the proxy sends",
            ),
            fact(
                "proxy_heartbeats_s",
                of("proxy_heartbeats")
                    .time_of("client", "step", "leaves")
                    .as_secs(),
                "s for which heartbeats keep a call open through the same proxy, until the client leaves",
            ),
        ],
    );
    assert_eq!(
        seconds("heartbeats", "code"),
        of("heartbeats")
            .time_of("server", "step", "gives_up")
            .as_secs()
    );
    assert!(
        !of("proxy_heartbeats").has("proxy", "step"),
        "it cuts nothing"
    );
}

/// How many PINGs, or answers to them, travel this way and are not lost.
fn pings(events: Events, way: workbook::wire::Direction) -> usize {
    let asks = |frame: &Frame| matches!(frame.body, Body::Ping { .. }).then_some(());
    events.frames(way, asks).len()
}
