//! What chapter 10 claims in numbers.

use workbook::wire::grouped;

use super::events::scene;
use crate::support::facts::{assert_facts, fact};

#[test]
fn facts_of_lesson_10() {
    let stuck: Vec<i64> = scene("10", "ten")
        .lines("client", "stuck")
        .filter_map(|fields| fields.number("sent"))
        .collect();
    let [first, second, _] = stuck[..] else {
        panic!("stuck three times: {stuck:?}");
    };
    // What the wire has carried when the scene stalls.
    let carried = |name| {
        let [call] = &scene("10", name).stall().open_calls[..] else {
            panic!("one call is open");
        };
        (call.stream.request.messages, call.stream.response.messages)
    };
    let (to_server, to_client) = carried("broken");
    let (wider, _) = carried("wider");
    let replies = |name| grouped(scene("10", name).number("client", "replies"));
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
