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
    let frames = witness.saw(ToClient, &[1, 2]);
    let words: Vec<String> = frames.iter().map(describe).collect();
    assert_eq!(words, ["← BYTE          #7   1", "← BYTE          #7   2"]);
    assert_eq!(witness.connection().streams().count(), 0);
    let mut both = Witness::speaking(Some(|_| Box::new(Bytewise)), Keeps::default());
    let opened = [PREFACE.to_vec(), frame(1, 0x5, 1, &[0x82])].concat();
    both.saw(ToServer, &opened);
    assert_eq!(
        both.connection().streams().count(),
        1,
        "it begins as HTTP/2 does"
    );
    let http2 = Witness::speaking(None, Keeps::default()).saw(ToServer, b"no preface");
    assert_eq!(kind(&http2[0].body), "not HTTP/2");
}

#[test]
fn who_waits_for_which_window_is_said_of_both_sides_and_both_windows() {
    let mut witness = Witness::default();
    let opened = [PREFACE.to_vec(), frame(1, 0x4, 1, &[0x82])].concat();
    witness.saw(ToServer, &opened);
    witness.saw(ToClient, &response_headers());
    let words = |witness: &Witness| -> Vec<String> {
        let connection = witness.connection();
        let stream = connection.stream(1).expect("it is kept");
        let waits = connection.waits(stream);
        waits.iter().map(Wait::to_string).collect()
    };
    assert!(words(&witness).is_empty(), "{:?}", words(&witness));
    // 65,535 bytes are the window of the stream and that of the connection.
    for length in [16_384, 16_384, 16_384, 16_383] {
        let mut data = vec![0, 0, 0, 0, 0];
        data.resize(length, 0);
        witness.saw(ToClient, &frame(0, 0, 1, &data));
    }
    assert_eq!(
        words(&witness),
        [
            "the server may send 0 more bytes on this stream until the client reads",
            "the server may send 0 more bytes on this connection until the client reads",
        ]
    );
    witness.saw(ToServer, &frame(8, 0, 0, &1_u32.to_be_bytes()));
    assert_eq!(words(&witness).len(), 1, "the connection has room again");
    // A server that has ended waits for nothing.
    witness.saw(ToClient, &frame(1, 0x5, 1, &[0x88]));
    assert!(words(&witness).is_empty(), "{:?}", words(&witness));
}

#[test]
fn the_bytes_of_messages_come_with_their_frame_and_without_its_padding() {
    let mut witness = Witness::default();
    witness.saw(ToClient, &response_headers());
    let mut seen = Vec::new();
    let padded = [&[2][..], &message(1), &[0, 0]].concat();
    let bytes = [frame(0, 0x8, 1, &padded), frame(6, 0, 0, &[0; 8])].concat();
    witness.saw_each(ToClient, &bytes, |frame, carried, _| {
        seen.push((kind(&frame.body).to_owned(), carried.to_vec()));
    });
    let expected = [("DATA", message(1)), ("PING", Vec::new())];
    assert_eq!(
        seen,
        expected.map(|(kind, carried)| (kind.to_owned(), carried))
    );
}

#[test]
fn a_frame_that_is_longer_than_its_receiver_allows_is_not_kept_and_ends_the_reading() {
    let header = |length: u32| {
        let length = length.to_be_bytes();
        [length[1], length[2], length[3], 0, 0, 0, 0, 0, 1]
    };
    let mut witness = Witness::default();
    let frames = witness.saw(ToClient, &header(16_385));
    assert_eq!(
        describe(&frames[0]),
        "← malformed     #1   16385 bytes announced, 16384 allowed: not read from here on"
    );
    assert!(witness.saw(ToClient, &response_headers()).is_empty());

    let mut witness = Witness::default();
    let larger = [&5_u16.to_be_bytes()[..], &16_385_u32.to_be_bytes()].concat();
    let opening = [PREFACE.to_vec(), frame(4, 0, 0, &larger)].concat();
    witness.saw(ToServer, &opening);
    assert!(witness.saw(ToClient, &header(16_385)).is_empty());
    let frames = witness.saw(ToClient, &[0; 16_385]);
    assert_eq!(kind(&frames[0].body), "DATA");
}
