//! What the tap says of a call that hangs.

use streaming_lab::wire::{Direction, Half, Of, Stream, Wait};
use workbook_tools::tap::suspect;

fn half(headers: bool, messages: u64, ended: bool) -> Half {
    Half {
        headers,
        messages,
        ended,
        window: 65_535,
    }
}

fn waits(direction: Direction, of: Of) -> Wait {
    Wait {
        direction,
        of,
        left: 0,
    }
}

#[test]
fn each_fault_that_frames_can_show_names_its_lessons() {
    use Direction::{ToClient, ToServer};
    let sent = |messages| half(true, messages, false);
    let ended = |messages| half(true, messages, true);
    let nothing = || half(false, 0, false);
    let both = [waits(ToServer, Of::Stream), waits(ToClient, Of::Connection)];
    let cases = [
        (sent(0), nothing(), &[][..], "08"),
        (sent(3), nothing(), &[], "03, 08"),
        (ended(1), nothing(), &[], "15"),
        (ended(1), sent(7), &[], "17"),
        (sent(7), ended(7), &[], "05, 14"),
        (ended(1), sent(7), &[waits(ToClient, Of::Stream)], "09, 10"),
        (sent(7), sent(0), &[waits(ToServer, Of::Stream)], "09, 10"),
        (ended(1), sent(0), &[waits(ToClient, Of::Connection)], "11"),
        (sent(1), nothing(), &[waits(ToServer, Of::Connection)], "20"),
        (sent(7), sent(7), &both, "10"),
    ];
    for (request, response, waits, lessons) in cases {
        let stream = Stream {
            path: "/pkg.Service/Method".to_owned(),
            request,
            response,
            reset: None,
        };
        for last in [ToServer, ToClient] {
            let suspect = suspect(&stream, waits, last);
            assert_eq!(suspect.lessons, lessons, "{stream}: {suspect}");
        }
    }
}

#[test]
fn with_both_halves_open_the_one_that_got_the_last_message_had_the_next_turn() {
    let stream = Stream {
        path: "/pkg.Service/Method".to_owned(),
        request: half(true, 7, false),
        response: half(true, 7, false),
        reset: None,
    };
    for (last, words) in [
        (
            Direction::ToServer,
            "the server has not answered the client's last message: lessons 04, 15",
        ),
        (
            Direction::ToClient,
            "the client has not gone on after the server's last message: lessons 04, 17",
        ),
    ] {
        assert_eq!(suspect(&stream, &[], last).to_string(), words);
    }
}
