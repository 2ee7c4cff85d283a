//! What chapter 10 claims in numbers.

use super::support::facts::{assert_facts, fact};
use super::support::program::Lesson;
use super::{grouped, played, said, word_after};

#[test]
fn facts_of_lesson_10() {
    let ten = played("10", "ten");
    let stuck: Vec<u64> = ten
        .iter()
        .filter(|line| line.text.ends_with(": stuck"))
        .map(|line| {
            word_after(&line.text, "sent ")
                .trim_end_matches(':')
                .parse()
                .expect("a number")
        })
        .collect();
    let [first, second, _] = stuck[..] else {
        panic!("stuck three times: {stuck:?}");
    };
    // The bell's words are no line of a lane; they count what the wire has carried.
    let bell = |scene| {
        let text = Lesson::numbered("10")
            .scene(scene, &[])
            .replace("\n           ", " ");
        let (_, bell) = text.split_once("bell: ").expect("it is a deadlock");
        (
            word_after(bell, "headers sent, "),
            word_after(bell, "response headers sent, "),
        )
    };
    let (to_server, to_client) = bell("broken");
    let (wider, _) = bell("wider");
    let replies = |scene| {
        let done = said(&played("10", scene), "client", "done: got ").text;
        grouped(&word_after(&done, "got "))
    };
    assert_facts(
        "10_both_sides_sending",
        &[
            fact(
                "stuck",
                first,
                "messages of 1 KiB sent when a client that does not read is stuck, windows of 65,535 bytes both ways",
            ),
            fact(
                "to_server",
                to_server,
                "of these, how many the wire has carried whole to the server",
            ),
            fact("to_client", to_client, "and how many replies to the client"),
            fact(
                "after_ten",
                second - first,
                "messages that can be sent after ten replies have been read",
            ),
            fact(
                "wider",
                wider,
                "messages carried to the server before the same deadlock, windows four times as large",
            ),
            fact(
                "many",
                replies("many"),
                "messages exchanged by a client that reads while it sends",
            ),
            fact(
                "uncounted",
                replies("uncounted"),
                "replies to ten messages that a client took for all, status OK",
            ),
        ],
    );
}
