//! What chapter 22 claims in numbers.

use super::events::{Events, last, scene};
use crate::support::facts::{Fact, assert_facts, fact};

#[test]
fn facts_of_lesson_22() {
    let of = |name| scene("22", name);
    for name in ["hole", "doubled", "place", "rest", "cut", "changed", "get"] {
        let code = of(name).text("client", "code");
        assert_eq!(code, "Unknown", "{name}: a cut with tonic 0.14.9");
    }
    for (name, is_same) in [("hole", false), ("doubled", false), ("rest", true)] {
        assert!(of(name).says("client", "is_same", is_same), "{name}");
    }
    let power = of("power");
    let left = |server: &'static str| power.line("client", "server", server);
    assert_eq!(
        left("rename").number("held"),
        Some(0),
        "a name without bytes"
    );
    assert!(left("bytes").get("gone").is_some(), "bytes without a name");
    assert_eq!(left("both").number("held"), Some(32_000));
    let names = of("names");
    let all = names.lines("client", "name");
    assert!(
        all.into_iter()
            .all(|name| name.text("code") == Some("InvalidArgument"))
    );
    assert_eq!(of("two").text("client", "failed"), "Aborted");
    let mut facts = vec![
        fact(
            "size",
            of("cut").number("server", "stored"),
            "bytes of the file in most scenes",
        ),
        fact(
            "held",
            last(of("hole").numbers("client", "held")),
            "bytes that the server holds after the cut",
        ),
        fact(
            "own_count",
            last(of("hole").numbers("client", "from")),
            "bytes that the client has handed to tonic by then",
        ),
        fact(
            "hole",
            of("hole").number("server", "stored"),
            "bytes stored when the client trusts its own count",
        ),
        fact(
            "doubled",
            of("doubled").number("server", "stored"),
            "bytes stored when the client begins at 0 again",
        ),
        fact(
            "place_code",
            of("place").text("server", "code"),
            "the code of a piece in the wrong place",
        ),
        fact(
            "rest_code",
            of("rest").text("server", "code"),
            "the code of a digest of the last call's bytes",
        ),
        fact(
            "changed_code",
            of("changed").text("server", "code"),
            "the code when the file was written anew between two calls",
        ),
        fact(
            "early_code",
            of("early").text("server", "code"),
            "the code of a full disk",
        ),
        fact(
            "full_held",
            last(of("full").numbers("server", "held")),
            "bytes that are held on the full disk",
        ),
        fact(
            "names",
            names.count("client", "name"),
            "hostile names in the scene",
        ),
    ];
    facts.extend(times(of));
    assert_facts("22_file_transfer", &facts);
}

fn times(of: impl Fn(&'static str) -> Events) -> Vec<Fact> {
    let resumed = |name| last(of(name).times("server", "held")).as_secs_f64();
    let complete = |name| of(name).time("client", "stored").as_secs_f64();
    vec![
        fact(
            "first_resumed_s",
            resumed("first"),
            "seconds until the upload goes on, when the first upload keeps the name",
        ),
        fact("first_s", complete("first"), "seconds until it is complete"),
        fact(
            "newest_resumed_s",
            resumed("newest"),
            "seconds until the upload goes on, when the newest wins",
        ),
        fact(
            "newest_s",
            complete("newest"),
            "seconds until it is complete",
        ),
        fact(
            "fixed_calls",
            of("fixed").count("server", "held"),
            "calls of an upload through a cut, a crash and 20 s without packets",
        ),
        fact("fixed_s", complete("fixed"), "seconds until it is complete"),
        fact(
            "get_from",
            last(of("get").numbers("server", "from")),
            "the byte at which a download goes on after a cut",
        ),
    ]
}
