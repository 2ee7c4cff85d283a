//! What chapter 18 claims in numbers.

use super::events::{last, scene};
use crate::support::facts::{Fact, assert_facts, fact};

/// The causes of the scene `codes`, and the code of each with tonic 0.14.9.
const CODES: [(&str, &str); 8] = [
    ("the connection breaks", "Unknown"),
    ("the server crashes", "Unknown"),
    ("nothing listens there", "Unavailable"),
    ("the server says that it goes", "Unavailable"),
    ("packets vanish, in a stream", "Unknown"),
    ("packets vanish, unanswered", "Unavailable"),
    ("from 0, which is no position", "InvalidArgument"),
    ("from 1, which is not kept", "OutOfRange"),
];

#[test]
fn facts_of_lesson_18() {
    let broken = scene("18", "broken");
    assert_eq!(broken.count("client", "code"), 2, "the error is read twice");
    assert!(broken.has("client", "snapshot"), "a unary call works again");

    let codes: Vec<_> = scene("18", "codes")
        .lines("client", "cause")
        .map(|fields| (fields.text("cause"), fields.text("code")))
        .collect();
    let expected = CODES.map(|(cause, code)| (Some(cause), Some(code)));
    assert_eq!(codes, expected, "tonic 0.14.9: a code for each cause");

    let calls: Vec<_> = scene("18", "goaway")
        .lines("client", "call")
        .map(|fields| fields.text("code").unwrap_or_default())
        .collect();
    assert_eq!(
        calls,
        ["Cancelled", "Ok", "Ok"],
        "tonic 0.14.9, grpc/grpc-rust#2185: exactly the first call after a GOAWAY"
    );
    assert_eq!(
        scene("18", "goaway").numbers("client", "got").len(),
        10,
        "the stream that was open goes on"
    );
    for name in ["start", "last", "fifth", "behind", "unavailable"] {
        let codes: Vec<_> = scene("18", name)
            .lines("client", "call")
            .filter_map(|fields| fields.text("code"))
            .filter(|code| *code != "Ok")
            .collect();
        let all = codes.iter().all(|code| *code == "Unknown");
        assert!(all, "{name}: a cut is Unknown with tonic 0.14.9: {codes:?}");
    }
    let whole = scene("18", "fixed");
    assert_eq!(whole.number("client", "distinct"), 20);
    assert_eq!(whole.number("client", "repeated"), 0);
    let mut facts = vec![
        fact(
            "broken_code",
            broken.text("client", "code"),
            "the code that a stream reads when its server is restarted",
        ),
        fact(
            "goaway_code",
            calls[0],
            "the code of the first call after a GOAWAY, with a stream open",
        )
        .issue(2185),
    ];
    facts.extend(loops());
    facts.extend(herds());
    facts.extend(followers());
    assert_facts("18_resume", &facts);
}

/// The loops whose connection is cut every 170 ms.
fn loops() -> Vec<Fact> {
    let sum = |name, field| scene("18", name).number("client", field);
    let calls = |name| scene("18", name).count("client", "call");
    vec![
        fact(
            "start_received",
            sum("start", "received"),
            "events received by a loop that calls again from the start, 30 events, cut every 170 ms",
        ),
        fact(
            "start_distinct",
            sum("start", "distinct"),
            "different ones among them",
        ),
        fact(
            "start_calls",
            calls("start"),
            "calls after which it gives up",
        ),
        fact(
            "start_balance",
            sum("start", "balance"),
            "the balance that it computes",
        ),
        fact(
            "unavailable_received",
            sum("unavailable", "received"),
            "events received by a loop that retries only on Unavailable",
        ),
        fact("unavailable_calls", calls("unavailable"), "its calls"),
        fact(
            "last_received",
            sum("last", "received"),
            "events received by a loop that asks from the last one",
        ),
        fact(
            "last_repeated",
            sum("last", "repeated"),
            "repeated ones among them",
        ),
        fact("last_calls", calls("last"), "its calls"),
        fact(
            "last_balance",
            sum("last", "balance"),
            "the balance that it computes",
        ),
        fact(
            "fifth_received",
            sum("fifth", "received"),
            "events received by a loop that notes every fifth position",
        ),
        fact(
            "fifth_repeated",
            sum("fifth", "repeated"),
            "repeated ones among them",
        ),
        fact("fifth_calls", calls("fifth"), "its calls"),
        fact(
            "fifth_balance",
            sum("fifth", "balance"),
            "the balance that it computes",
        ),
        fact(
            "behind_received",
            sum("behind", "received"),
            "events received by a loop that asks from the last one plus one",
        ),
        fact(
            "behind_repeated",
            sum("behind", "repeated"),
            "repeated ones among them",
        ),
        fact("behind_calls", calls("behind"), "its calls"),
        fact(
            "balance",
            sum("behind", "balance"),
            "the balance after 30 events",
        ),
    ]
}

/// A hundred clients whose server is away for 2 s.
fn herds() -> Vec<Fact> {
    let of = |name, field| scene("18", name).number("clients", field);
    let most = of("jitter", "most");
    assert!(
        most < 10,
        "full jitter spreads a hundred clients: {most} in 10 ms"
    );
    assert_eq!(of("herd", "most"), 100, "without jitter they come together");
    vec![
        fact(
            "herd_first",
            of("herd", "first"),
            "ms after which the first of 100 clients is back, without jitter; the server is back after 2,100",
        ),
        fact(
            "herd_last",
            of("herd", "last"),
            "ms after which the last one is back",
        ),
        fact(
            "herd_most",
            of("herd", "most"),
            "how many come within 10 ms",
        ),
        fact(
            "herd_calls",
            of("herd", "calls"),
            "calls that they make meanwhile",
        ),
        fact(
            "jitter_first",
            of("jitter", "first"),
            "ms after which the first one is back, with full jitter",
        ),
        fact(
            "jitter_last",
            of("jitter", "last"),
            "ms after which the last one is back",
        ),
        fact("jitter_most", most, "how many come within 10 ms"),
        fact(
            "jitter_calls",
            of("jitter", "calls"),
            "calls that they make meanwhile",
        ),
    ]
}

/// The follower, and what is noted when.
fn followers() -> Vec<Fact> {
    let of = |name, field| scene("18", name).number("client", field);
    let balance = |name| last(scene("18", name).numbers("client", "balance"));
    let complete = balance("back");
    assert_eq!(
        balance("gone"),
        complete,
        "a snapshot makes up for what is missed"
    );
    vec![
        fact(
            "fixed_calls",
            of("fixed", "calls"),
            "calls that the follower makes in a cut, a crash and a black hole",
        ),
        fact(
            "budget_calls",
            of("budget", "calls"),
            "calls that the follower makes to a server that does not come back",
        ),
        fact(
            "budget_s",
            scene("18", "budget").time("client", "end").as_secs(),
            "s after which it gives up",
        ),
        fact(
            "early_received",
            of("early", "received"),
            "events booked by a program that notes first, and dies once",
        ),
        fact("early_balance", balance("early"), "its balance"),
        fact(
            "late_received",
            of("late", "received"),
            "events booked by a program that notes last, and dies once",
        ),
        fact("late_balance", balance("late"), "its balance"),
        fact(
            "together_balance",
            balance("together"),
            "the balance of a program that notes and books in one write",
        ),
        fact(
            "missed",
            of("gone", "missed"),
            "events that a client misses in 600 ms away, where 20 are kept",
        ),
    ]
}
