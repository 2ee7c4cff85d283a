//! What the frames of a stream add up to, and what is kept of it.

use super::*;

#[test]
fn a_call_that_the_client_cancels_leaves_nothing_behind_however_many_there_are() {
    let request = [0x82, 0x86, 0x84];
    let mut witness = Witness::default();
    witness.saw(ToServer, PREFACE);
    let mut last = Vec::new();
    // More than a reader that forgets none of them could follow.
    for call in 0..70_000_u32 {
        let stream = 2 * call + 1;
        witness.saw(ToServer, &frame(1, 0x4, stream, &request));
        witness.saw(ToClient, &frame(1, 0x4, stream, &[0x88]));
        let half = &message(9)[..7];
        last = witness.saw(ToClient, &frame(0, 0, stream, half));
        witness.saw(ToServer, &frame(3, 0, stream, &8_u32.to_be_bytes()));
    }
    assert_eq!(witness.followed(), 0);
    let Body::Data { parts, .. } = &last[0].body else {
        panic!("{last:?}")
    };
    let prefix = Prefix { flag: 0, length: 9 };
    assert_eq!(*parts, [Part::Begins(prefix, 2)], "it is still read");
}

#[test]
fn what_still_comes_of_a_stream_that_was_reset_is_not_taken_for_a_message() {
    let mut witness = Witness::default();
    witness.saw(
        ToServer,
        &[PREFACE.to_vec(), frame(1, 0x4, 1, &[0x82])].concat(),
    );
    witness.saw(ToClient, &response_headers());
    witness.saw(ToServer, &frame(3, 0, 1, &8_u32.to_be_bytes()));
    let late = witness.saw(ToClient, &frame(0, 0, 1, &message(4)));
    assert_eq!(
        describe(&late[0]),
        "← DATA          #1   9 bytes of a stream that has ended"
    );
}

#[test]
fn a_stream_is_open_until_both_sides_have_ended_it_or_one_has_reset_it() {
    let mut witness = Witness::default();
    let open = |witness: &Witness| witness.connection().open().count();
    witness.saw(
        ToServer,
        &[PREFACE.to_vec(), frame(1, 0x4, 1, &[0x82])].concat(),
    );
    witness.saw(ToClient, &response_headers());
    assert_eq!(open(&witness), 1);
    // Trailers: the call is decided, and the client may still send.
    witness.saw(ToClient, &frame(1, 0x5, 1, &[0x88]));
    assert_eq!(open(&witness), 1);
    witness.saw(ToServer, &frame(0, 0x1, 1, b""));
    assert_eq!(open(&witness), 0);
    assert_eq!(
        witness.connection().streams().count(),
        1,
        "kept for a look back"
    );

    let mut served = Witness::new(Keeps::Open);
    served.saw(
        ToServer,
        &[PREFACE.to_vec(), frame(1, 0x5, 1, &[0x82])].concat(),
    );
    served.saw(ToClient, &frame(1, 0x5, 1, &[0x88]));
    assert_eq!(
        served.connection().streams().count(),
        0,
        "a server may run for days"
    );
}

#[test]
fn a_stream_is_open_until_both_halves_or_a_reset_end_it() {
    let request = [0x82, 0x86, 0x84, 0x01, 1, b'x'];
    let mut witness = Witness::default();
    witness.saw(
        ToServer,
        &[
            PREFACE.to_vec(),
            frame(1, 0x4, 1, &request),
            frame(0, 0, 1, &message(5)),
        ]
        .concat(),
    );
    let (_, stream) = witness
        .connection()
        .open()
        .next()
        .expect("one stream is open");
    assert_eq!(
        stream.to_string(),
        "request headers sent, 1 request message, response headers not sent, no response message, both halves open"
    );
    assert_eq!(stream.request.window, 65_535 - 10);
    witness.saw(ToClient, &frame(8, 0, 1, &[0, 0, 0, 10]));
    assert_eq!(
        witness
            .connection()
            .streams()
            .next()
            .map(|(_, stream)| stream.request.window),
        Some(65_535)
    );
    witness.saw(ToServer, &frame(0, 1, 1, b""));
    assert_eq!(
        witness.connection().open().count(),
        1,
        "the server has not ended"
    );
    witness.saw(ToClient, &frame(3, 0, 1, &[0, 0, 0, 8]));
    assert_eq!(witness.connection().open().count(), 0, "reset");
}

#[test]
fn settings_move_the_windows_of_open_streams() {
    let request = [0x82, 0x86, 0x84];
    let mut witness = Witness::default();
    witness.saw(
        ToServer,
        &[PREFACE.to_vec(), frame(1, 0x4, 1, &request)].concat(),
    );
    witness.saw(ToClient, &frame(4, 0, 0, &[0, 4, 0, 0, 0x40, 0]));
    let window = witness
        .connection()
        .streams()
        .next()
        .map(|(_, stream)| stream.request.window);
    assert_eq!(window, Some(16_384));
}

/// Each byte is a frame of call 7.
struct Bytewise;

impl Protocol for Bytewise {
    fn push(&mut self, bytes: &[u8]) -> Vec<Foreign> {
        let frame = |byte: &u8| Foreign {
            call: 7,
            kind: "BYTE",
            meaning: byte.to_string(),
            length: 1,
        };
        bytes.iter().map(frame).collect()
    }
}

#[test]
fn a_connection_that_speaks_another_protocol_is_read_by_it() {
    let mut witness = Witness::speaking(Some(|_| Box::new(Bytewise)), Keeps::default());
    let frames = witness.saw(Direction::ToClient, &[1, 2]);
    let words: Vec<String> = frames.iter().map(describe).collect();
    assert_eq!(words, ["← BYTE          #7   1", "← BYTE          #7   2"]);
    assert_eq!(witness.connection().streams().count(), 0);
    let http2 = Witness::speaking(None, Keeps::default()).saw(Direction::ToServer, b"no preface");
    assert_eq!(kind(&http2[0].body), "not HTTP/2");
}
