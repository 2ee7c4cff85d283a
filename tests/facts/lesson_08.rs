//! What chapter 08 claims in numbers.

use super::events::scene;
use crate::support::facts::{assert_facts, fact};

#[test]
fn facts_of_lesson_08() {
    let silence = scene("08", "broken").stall().lasted.as_secs() / 3600;
    let made = |name| scene("08", name).number("client", "made");
    let seconds = scene("08", "limited")
        .time("server", "limit_s")
        .as_secs_f64();
    assert_facts(
        "08_call_that_never_returns",
        &[
            fact("silence_h", silence, "how long nothing happens when each side waits for the other, in hours of virtual time, at which the stall detector ends the scene").issue(515),
            fact("unbounded", made("unbounded"), "messages made in the second before the call is answered, queued without a bound"),
            fact("bounded", made("bounded"), "the same with a queue of four and a window of 16 KiB"),
            fact("limited_s", seconds, "when a server with a limit for the first message ends the call, in s"),
        ],
    );
}
