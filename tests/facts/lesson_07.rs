//! What chapter 07 claims in numbers.

use super::Line;
use super::support::facts::{assert_facts, fact};
use super::{grouped, played, said, word_after};

/// What the client says right after the numbered heading that starts like this.
fn code(scene: &[Line], heading: &str) -> String {
    let start = scene
        .iter()
        .position(|line| line.text.starts_with(heading))
        .expect("the scene has this part");
    let answer = scene[start + 1..]
        .iter()
        .filter(|line| line.lane == "client")
        .find(|line| line.text.contains(':') && !line.text.starts_with("CreateUsers"))
        .expect("each part ends with a status");
    answer.text.split(':').next().unwrap_or_default().to_owned()
}

#[test]
fn facts_of_lesson_07() {
    let limit = played("07", "limit");
    let accepted = said(&limit, "client", "got a user of ").text;
    let refused = said(&limit, "client", "OutOfRange").text;
    let back = said(&played("07", "limit_back"), "client", "OutOfRange").text;
    assert_eq!(refused, back, "the limit is the same on both sides");

    let broken = said(&played("07", "broken"), "server", "None: ").text;
    let read: u64 = word_after(&broken, "None: ").parse().expect("a number");
    let sent_and_read = 2;
    let failed = word_after(&broken, "read, ");

    let codes = played("07", "codes");
    let held = |scene| {
        let scene = played("07", scene);
        let last = scene
            .iter()
            .rfind(|line| line.lane == "server")
            .expect("the server says what it holds");
        word_after(&last.text, "holds ")
    };
    assert_facts(
        "07_errors_are_final",
        &[
            fact(
                "accepted",
                grouped(&word_after(&accepted, "user of ")),
                "the longest message that either side accepts, in bytes",
            )
            .issue(1659),
            fact(
                "refused",
                grouped(&word_after(&refused, "found ")),
                "the shortest that either side refuses, in bytes",
            )
            .issue(1659),
            fact(
                "refused_code",
                code(&codes, "4."),
                "the code for a message that is too long",
            )
            .issue(1659),
            fact(
                "made_up",
                grouped(&(read - sent_and_read).to_string()),
                "messages read out of one refused message by a loop that goes on",
            )
            .issue(681),
            fact("made_up_errors", failed, "errors that the same loop logged").issue(681),
            fact(
                "no_service",
                code(&codes, "3."),
                "the code for a service that is not there",
            ),
            fact(
                "timeout",
                code(&codes, "5."),
                "the code for a call that ran into set_timeout",
            )
            .issue(606),
            fact(
                "cut",
                code(&codes, "6."),
                "the code for a call whose connection broke",
            ),
            fact(
                "twice",
                held("twice"),
                "users held after two were sent twice, numbers given by the server",
            ),
            fact(
                "once",
                held("once"),
                "users held after two were sent twice, numbers given by the client",
            ),
        ],
    );
}
