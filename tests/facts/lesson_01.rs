//! What chapter 01 claims in numbers.

use workbook::wire::Direction::{ToClient, ToServer};

use super::events::scene;
use super::frames::headers;
use crate::support::facts::{assert_facts, fact};

#[test]
fn facts_of_lesson_01() {
    let error = scene("01", "error");
    let (_, (_, failure)) = error.frame(ToClient, headers);
    let of_failure = |name| failure.value(name).expect("a call that fails has it");

    let requests = scene("01", "twice").frames(ToServer, headers);
    let [(_, (first, _)), (_, (second, again))] = requests.as_slice() else {
        panic!("two requests on one connection: {requests:?}");
    };
    assert!(
        again.mostly_repeats,
        "HPACK makes the second request's headers less than half the first's"
    );
    assert_facts(
        "01_unary",
        &[
            fact(
                "http_status",
                of_failure(":status"),
                "the HTTP status of a call that fails",
            ),
            fact("grpc_status", of_failure("grpc-status"), "its grpc-status"),
            fact(
                "frames_of_a_reply",
                scene("01", "reply").frames(ToClient, headers).len(),
                "HEADERS frames of a reply",
            ),
            fact(
                "frames_of_an_error",
                error.frames(ToClient, headers).len(),
                "HEADERS frames of an error without a reply",
            ),
            fact("first_stream", first, "the first call's stream"),
            fact("second_stream", second, "the second call's stream"),
        ],
    );
}
