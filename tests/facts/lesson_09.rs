//! What chapter 09 claims in numbers.

use super::Line;
use super::support::facts::{assert_facts, fact};
use super::{grouped, ms, played, said, word_after};

/// How many chunks had been made each time that the server waited.
fn made(scene: &[Line]) -> Vec<u64> {
    scene
        .iter()
        .filter(|line| line.lane == "server" && line.text.ends_with(": waits"))
        .map(|line| word_after(&line.text, "made ").parse().expect("a number"))
        .collect()
}

#[test]
fn facts_of_lesson_09() {
    let windows = made(&played("09", "windows"));
    let [small, default, large, unset] = windows[..] else {
        panic!("four windows: {windows:?}");
    };
    let wrong_side = made(&played("09", "wrong_side"));
    let reads = made(&played("09", "read"));
    let more: Vec<u64> = reads.windows(2).map(|pair| pair[1] - pair[0]).collect();
    assert!(more.windows(2).all(|pair| pair[0] == pair[1]), "{reads:?}");

    let broken = said(&played("09", "broken"), "server", "made ").text;
    let queued = word_after(&broken, "waited, ");
    let ticker = played("09", "ticker");
    let ahead = ticker
        .iter()
        .position(|line| line.text == "begins to read")
        .expect("it begins");
    let late: Vec<u64> = ticker[ahead..]
        .iter()
        .filter(|line| line.text.starts_with("has read"))
        .map(|line| ms(&line.time))
        .collect();
    let pace = (late[late.len() - 1] - late[late.len() - 2]) / 20;

    assert_facts(
        "09_backpressure",
        &[
            fact("small", small, "chunks of 1 KiB made before the producer waits, with a channel of 4 and a client's window of 16 KiB").issue(1126),
            fact("default", default, "the same with a window of 65,535 bytes").issue(1126),
            fact("large", grouped(&large.to_string()), "the same with a window of 1 MiB").issue(1126),
            fact("unset", grouped(&unset.to_string()), "the same with the window that tonic's client has if you set none").issue(1126),
            fact("wrong_side", wrong_side[0], "the same with a client's window of 65,535 bytes and a server's of 16 KiB"),
            fact("more", more[0], "chunks made after 20 have been read"),
            fact("queued", grouped(&queued), "chunks of 10,000 that wait in an unbounded channel, window 65,535").issue(590),
            fact("pace_ms", pace, "ms between two chunks of the ticker, once the reader keeps up"),
        ],
    );
}
