//! What chapter 08 claims in numbers.

use super::support::facts::{assert_facts, fact};
use super::{played, said, stall, word_after};

#[test]
fn facts_of_lesson_08() {
    let made = |scene| {
        let answered = said(&played("08", scene), "client", "the call is answered").text;
        word_after(&answered, "meanwhile: ")
    };
    let silence = stall("08", "broken").lasted.as_secs() / 3600;
    let limited = said(&played("08", "limited"), "server", "no first message").time;
    let seconds = limited
        .trim_end_matches('0')
        .trim_end_matches('.')
        .to_owned();
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
