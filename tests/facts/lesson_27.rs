//! What chapter 27 claims in numbers.

use super::events::{Events, last, scene};
use crate::support::facts::{assert_facts, fact};

#[test]
fn facts_of_lesson_27() {
    let of = |name| scene("27", name);
    assert_eq!(
        verdicts(of("broken")),
        ["passes"],
        "it leaks, and it passes"
    );
    assert_eq!(verdicts(of("fixed")), ["fails"]);
    assert_eq!(verdicts(of("sound")), ["passes"]);
    assert_eq!(verdicts(of("stall")), ["fails"]);
    // At each of the four points, and for no other fault.
    assert_eq!(verdicts(of("everywhere")), ["fails"; 4]);
    assert_eq!(verdicts(of("keepalive")), [""; 0]);
    let [function, handed] = of("ladder").numbers("client", "dropped_after")[..] else {
        panic!("the client calls the service as a function, and hands the server to the client");
    };
    assert_facts(
        "27_test_your_own",
        &[
            fact(
                "made",
                last(of("broken").numbers("server", "made")),
                "points that a server has made in the ten minutes after a test has passed",
            ),
            fact(
                "afterwards_min",
                of("broken").number("client", "afterwards_s") / 60,
                "minutes for which it is watched",
            ),
            fact(
                "left",
                of("fixed").number("client", "left"),
                "tasks that the leak meter counts after the client has disconnected",
            ),
            fact(
                "left_sound",
                of("sound").number("client", "left"),
                "the same, of a server that ends its task",
            ),
            fact(
                "function",
                function,
                "points that are made for a client that does not read, as a function",
            ),
            fact(
                "handed",
                handed,
                "the same, with the server handed to the client",
            )
            .issue(2227),
            fact(
                "lab",
                of("ladder").number("server", "dropped_after"),
                "the same over a connection, with points of 1 KiB and tonic's own windows",
            ),
            fact(
                "handed_s",
                of("timeout").number("client", "stalled_s"),
                "s for which a timeout of 1 s has not ended a call to a server that is handed to the client",
            )
            .issue(2227),
            fact(
                "timeout_code",
                of("timeout").text("client", "code"),
                "the code with which it ends the same call over a connection",
            ),
            fact(
                "points",
                of("everywhere").number("client", "of"),
                "points of a call at which a client goes away",
            ),
            fact(
                "drops",
                passes(of("everywhere"), "Drops"),
                "of them at which nothing is left of a client that drops its call",
            ),
            fact(
                "cut",
                passes(of("everywhere"), "IsCut"),
                "of them at which nothing is left after a cut",
            ),
            fact(
                "vanishes",
                passes(of("everywhere"), "Vanishes"),
                "of them at which nothing is left a minute after a client has vanished",
            ),
            fact(
                "keepalive",
                passes(of("keepalive"), "Vanishes"),
                "the same, of a server with a keepalive",
            ),
            fact(
                "attempts",
                of("backoff").number("client", "connected"),
                "the attempt that connects after an outage of 50 s",
            ),
            fact(
                "connected_s",
                of("backoff").time("client", "connected").as_secs(),
                "s after which that is",
            ),
            fact(
                "stall_s",
                of("stall").time("client", "verdict").as_secs(),
                "s of virtual time after which a test has stalled",
            ),
        ],
    );
}

/// How the tests of a scene end, each time that they report it.
fn verdicts(scene: Events) -> Vec<&'static str> {
    let verdicts = scene.lines("client", "verdict");
    verdicts
        .filter_map(|fields| fields.text("verdict"))
        .collect()
}

/// At how many points of a call nothing is left of a client that goes away like this.
fn passes(scene: Events, gone: &str) -> i64 {
    let line = scene.line("client", "gone", gone);
    line.number("passes").expect("it is a number")
}
