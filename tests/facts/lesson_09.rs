//! What chapter 09 claims in numbers.

use workbook::wire::{Direction, grouped};

use super::events::scene;
use super::frames::message_bytes;
use crate::support::facts::{assert_facts, fact};

#[test]
fn facts_of_lesson_09() {
    // How many chunks had been made each time that the server waited.
    let made = |name| scene("09", name).numbers("server", "made");
    let windows = made("windows");
    let [small, default, large, unset] = windows[..] else {
        panic!("four windows: {windows:?}");
    };
    let wrong_side = made("wrong_side");
    let reads = made("read");
    let more: Vec<u64> = reads.windows(2).map(|pair| pair[1] - pair[0]).collect();
    assert!(more.windows(2).all(|pair| pair[0] == pair[1]), "{reads:?}");

    // Of four whole chunks. The first frame's are shorter, because protobuf leaves the number 0 out.
    let frames = scene("09", "windows").frames(Direction::ToClient, message_bytes);
    let chunk_bytes = frames[1].1 / 4;
    let queued = scene("09", "broken").number("server", "queued");
    let ticked = scene("09", "ticker").number("server", "made");
    let ticker = scene("09", "ticker").after("client", "step", "begins_to_read");
    let reads = ticker.times("client", "read");
    let [.., second_last, last] = reads[..] else {
        panic!("many reads: {reads:?}");
    };
    // The reader counts twenty chunks at a time.
    let pace = (last - second_last) / 20;
    assert_facts(
        "09_backpressure",
        &[
            fact("small", small, "chunks of 1 KiB made before the producer waits, with a channel of 4 and a client's window of 16 KiB").issue(1126),
            fact("default", default, "the same with a window of 65,535 bytes").issue(1126),
            fact("large", grouped(large), "the same with a window of 1 MiB").issue(1126),
            fact("unset", grouped(unset), "the same with the window that tonic's client has if you set none").issue(1126),
            fact("chunk_bytes", grouped(chunk_bytes), "bytes of a chunk of 1 KiB on the wire"),
            fact("wrong_side", wrong_side[0], "the same with a client's window of 65,535 bytes and a server's of 16 KiB"),
            fact("more", more[0], "chunks made after 20 have been read"),
            fact("queued", grouped(queued), "chunks of 10,000 that wait in an unbounded channel, window 65,535").issue(590),
            fact("ticked", ticked, "chunks made by the clock before it waits, with the same window and channel"),
            fact("pace_ms", pace.as_millis(), "ms between two chunks of the ticker, once the reader keeps up"),
        ],
    );
}
