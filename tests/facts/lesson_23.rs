//! What chapter 23 claims in numbers.

use super::events::{Events, last, scene};
use crate::support::facts::{assert_facts, fact};

#[test]
fn facts_of_lesson_23() {
    let [missed, repeated, locked, slow] = ["missed", "repeated", "locked", "slow"].map(of);
    let [expired, hole, limits, crowd] = ["expired", "black_hole", "limits", "thousand"].map(of);
    let (before, behind) = seam(missed);
    let gap = behind - before - 1;
    let (ended, again) = seam(repeated);
    let twice = ended + 1 - again;
    assert_eq!(runs(of("seam")), [(1, 40)], "no seam");
    assert_eq!(of("ghost").text("carol", "here"), "bob, carol");
    assert_eq!(of("gone").text("carol", "here"), "carol");
    assert_eq!(runs(of("overstays")), [(1, 1)], "it is taken, and heard");
    let [stands, goes_on] = [0, 1].map(|run| runs(locked)[run]);
    assert_eq!(goes_on.1, 40);
    assert_eq!(runs(slow), [(1, 40)], "bob waits for no one");
    for host in ["ada", "bob"] {
        let heard = of("restart").numbers(host, "sequence");
        assert_eq!(heard, [1, 2, 3, 4, 5], "{host}: each message once");
    }
    assert_eq!(hole.numbers("bob", "sequence"), [1, 2, 3, 4, 5]);
    assert_eq!(of("phone").count("ada", "is_gone"), 0);
    assert_eq!(of("phone").count("ada", "is_new"), 1);
    assert_eq!(crowd.number("crowd", "missing"), 0);
    assert_eq!(crowd.number("crowd", "repeated"), 0);
    let told = of("shutdown");
    assert_eq!(told.text("ada", "code"), "Unavailable");
    let after_sigterm = told.after("server", "step", "sigterm");
    assert_facts(
        "23_chat_room",
        &[
            fact(
                "gap",
                gap,
                "messages that bob misses when the history is read first",
            ),
            fact("gap_from", before + 1, "the first of them"),
            fact("gap_to", behind - 1, "the last of them"),
            fact(
                "twice",
                twice,
                "messages that bob gets twice when he subscribes first",
            ),
            fact("said", 40, "messages that ada says, one a millisecond"),
            fact(
                "stands",
                stands.1,
                "the last message before a held lock stops the room",
            ),
            fact(
                "goes_on_s",
                secs(locked.time_of("bob", "last", 40)),
                "s after which the next ones come",
            ),
            fact(
                "slow_s",
                secs(slow.time("server", "ended")),
                "s after which the slow member is ended",
            ),
            fact("slow_kept", 8, "messages that this room keeps"),
            fact(
                "slow_got",
                slow.number("slow", "last"),
                "messages that it still reads",
            ),
            fact(
                "slow_read_s",
                secs(slow.time("slow", "code")),
                "s after which it reads how its stay has ended",
            ),
            fact(
                "slow_code",
                slow.text("slow", "code"),
                "how its stay has ended",
            ),
            fact(
                "ghost_s",
                secs(of("ghost").time("carol", "here")),
                "s after which bob, cut off after 1 s, is still in the list",
            ),
            fact(
                "overstays_s",
                secs(of("overstays").time("bob", "step")),
                "s after which a member talks whose token expired after 10 s",
            ),
            fact(
                "expired_s",
                secs(expired.time("server", "ended")),
                "s after which a member is ended whose token is not renewed",
            ),
            fact(
                "expired_code",
                expired.text("bob", "lost"),
                "how its call ends",
            ),
            fact(
                "renewed",
                expired.count("server", "renewed"),
                "tokens that ada's client sends into its call in 15 s",
            ),
            fact(
                "hole_gone_s",
                secs(hole.time("server", "left")),
                "s after which a member in a black hole is gone, which began after 2.5 s",
            ),
            fact(
                "hole_told_s",
                secs(hole.time("ada", "is_gone")),
                "s after which ada is told",
            ),
            fact(
                "hole_next",
                last(hole.numbers("server", "next")),
                "the message with which bob goes on",
            ),
            fact(
                "hole_own",
                last(hole.numbers("bob", "sequence")),
                "the sequence of what bob typed in the black hole",
            ),
            fact(
                "told_ms",
                after_sigterm.time("ada", "code").as_millis(),
                "ms after SIGTERM at which ada reads Unavailable",
            ),
            fact(
                "taken",
                limits.count("ada", "sequence"),
                "messages taken of six in an instant",
            ),
            fact(
                "refused",
                limits.count("ada", "refused"),
                "refusals: one is too long, one too much",
            ),
            fact(
                "full_code",
                limits.text("ada", "code"),
                "what the third member of a room for two gets",
            ),
            fact(
                "members",
                crowd.number("crowd", "members"),
                "members of the large room",
            ),
            fact(
                "deliveries",
                crowd.number("crowd", "messages"),
                "messages that they have got together",
            ),
            fact(
                "crowd_s",
                secs(crowd.time("crowd", "messages")),
                "virtual s that it takes, because every tenth member takes 3 s for each message",
            ),
        ],
    );
}

fn of(name: &str) -> Events {
    scene("23", name)
}

fn secs(time: std::time::Duration) -> u64 {
    time.as_secs()
}

/// bob's unbroken runs of messages.
fn runs(scene: Events) -> Vec<(u64, u64)> {
    let (first, last) = (scene.numbers("bob", "first"), scene.numbers("bob", "last"));
    first.into_iter().zip(last).collect()
}

/// The end of the first run, and the beginning of the second.
fn seam(scene: Events) -> (u64, u64) {
    let runs = runs(scene);
    assert_eq!(runs.len(), 2, "one seam");
    (runs[0].1, runs[1].0)
}
