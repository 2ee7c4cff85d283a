//! The wire's promises: every frame is read as it was sent, however the bytes are cut, and no
//! bytes whatever make it panic.

mod properties;
mod streams;

use super::frame::Direction::{ToClient, ToServer};
use super::*;

const PREFACE: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

/// A frame's bytes.
fn frame(kind: u8, flags: u8, stream: u32, payload: &[u8]) -> Vec<u8> {
    let length = u32::try_from(payload.len())
        .expect("short payloads only")
        .to_be_bytes();
    let mut bytes = vec![length[1], length[2], length[3], kind, flags];
    bytes.extend(stream.to_be_bytes());
    bytes.extend(payload);
    bytes
}

/// A gRPC message's bytes: flag, length, content.
fn message(length: u8) -> Vec<u8> {
    let mut bytes = vec![0, 0, 0, 0, length];
    bytes.extend(vec![7; usize::from(length)]);
    bytes
}

/// What the bytes from one side are described as.
fn words(direction: Direction, bytes: &[u8]) -> Vec<String> {
    Decoder::new(direction)
        .push(bytes)
        .iter()
        .map(describe)
        .collect()
}

fn said(direction: Direction, bytes: &[u8]) -> String {
    words(direction, bytes).join("\n")
}

/// HEADERS of stream 1 that say `:status 200` (RFC 7541, appendix A, index 8).
fn response_headers() -> Vec<u8> {
    frame(1, 0x4, 1, &[0x88])
}

/// What the DATA of a response is described as, its headers left out.
fn response(data: &[u8]) -> Vec<String> {
    let bytes = [response_headers(), data.to_vec()].concat();
    words(ToClient, &bytes).split_off(1)
}

#[test]
fn data_says_which_messages_it_holds() {
    let three = [message(1), message(2), message(3)].concat();
    assert_eq!(
        response(&frame(0, 0, 1, &message(5))),
        ["← DATA          #1   1 message: flag 0, length 5"]
    );
    assert_eq!(
        response(&frame(0, 0, 1, &three)),
        ["← DATA          #1   3 messages, 21 bytes"]
    );
    assert_eq!(
        response(&frame(0, 0, 1, &[1, 0, 0, 0, 0])),
        ["← DATA          #1   1 message: flag 1, length 0"]
    );
}

#[test]
fn a_message_may_span_frames_and_so_may_its_prefix() {
    let bytes = message(9);
    let frames = [&bytes[..3], &bytes[3..7], &bytes[7..10], &bytes[10..]]
        .map(|part| frame(0, 0, 1, part))
        .concat();
    assert_eq!(
        response(&frames),
        [
            "← DATA          #1   a message's prefix begins",
            "← DATA          #1   a message begins: flag 0, length 9, 2 here",
            "← DATA          #1   goes on, 5 of 9",
            "← DATA          #1   a message ends: flag 0, length 9",
        ]
    );
}

#[test]
fn the_end_of_a_stream_has_a_name_for_each_direction() {
    let end = frame(0, 1, 1, b"");
    let from_client = [PREFACE, &end].concat();
    assert!(said(ToServer, &from_client).ends_with("no message, END_STREAM: half-close"));
    assert!(said(ToClient, &end).ends_with("no message, END_STREAM: end"));
}

#[test]
fn padding_is_no_message() {
    let mut padded = vec![3];
    padded.extend(message(2));
    padded.extend([0; 3]);
    assert_eq!(
        response(&frame(0, 0x8, 1, &padded)),
        ["← DATA          #1   1 message: flag 0, length 2"]
    );
    assert_eq!(
        response(&frame(0, 0x8, 1, &[9, 0])),
        ["← malformed     #1   DATA with more padding than bytes"]
    );
}

#[test]
fn headers_keep_their_table_and_span_continuations() {
    // RFC 7541 C.4.1 and C.4.2: the second request refers to what the first has put into the table.
    let first = [
        0x82, 0x86, 0x84, 0x41, 0x8c, 0xf1, 0xe3, 0xc2, 0xe5, 0xf2, 0x3a, 0x6b, 0xa0, 0xab, 0x90,
        0xf4, 0xff,
    ];
    let second = [
        0x82, 0x86, 0x84, 0xbe, 0x58, 0x86, 0xa8, 0xeb, 0x10, 0x64, 0x9c, 0xbf,
    ];
    let bytes = [
        PREFACE.to_vec(),
        frame(1, 0x0, 1, &first[..5]),
        frame(9, 0x4, 1, &first[5..]),
        frame(1, 0x5, 3, &second),
    ]
    .concat();
    let frames = Decoder::new(ToServer).push(&bytes);
    let Body::Headers(headers) = &frames[3].body else {
        panic!("{:?}", frames[3])
    };
    assert_eq!(headers.value(":authority"), Some("www.example.com"));
    assert_eq!(headers.value("cache-control"), Some("no-cache"));
    assert!(frames[3].end_stream);
    assert_eq!(
        describe(&frames[1]),
        "→ HEADERS       #1   the rest follows"
    );
    assert_eq!(describe(&frames[2]), "→ HEADERS       #1   GET /");
}

#[test]
fn a_status_is_named_and_its_message_decoded() {
    // Literal fields without indexing, not Huffman-coded.
    let field = |name: &str, value: &str| {
        let mut bytes = vec![0, u8::try_from(name.len()).expect("short")];
        bytes.extend(name.bytes());
        bytes.push(u8::try_from(value.len()).expect("short"));
        bytes.extend(value.bytes());
        bytes
    };
    let block = [
        field("grpc-status", "3"),
        field("grpc-message", "name%20is%20empty"),
    ]
    .concat();
    assert_eq!(
        said(ToClient, &frame(1, 0x5, 1, &block)),
        "← HEADERS       #1   grpc-status 3 INVALID_ARGUMENT, \"name is empty\", END_STREAM: end"
    );
    // HPACK gives a length of 127 or more in several bytes.
    let long = [
        &[0, 12][..],
        b"grpc-message",
        &[127, 201 - 127],
        "x".repeat(201).as_bytes(),
    ]
    .concat();
    assert_eq!(
        said(ToClient, &frame(1, 0x5, 1, &long)),
        "← HEADERS       #1   \"xxxxxxxxxxxxxxxxxxxx…\" (201 bytes), END_STREAM: end"
    );
}

#[test]
fn the_other_frames_have_words_too() {
    let go_away = [
        &[0x7f, 0xff, 0xff, 0xff, 0, 0, 0, 11][..],
        b"too_many_pings",
    ]
    .concat();
    let cases: [(u8, u8, u32, &[u8], &str); 9] = [
        (3, 0, 1, &[0, 0, 0, 8], "← RST_STREAM    #1   CANCEL"),
        (3, 0, 1, &[0, 0, 1, 0], "← RST_STREAM    #1   number 256"),
        (
            4,
            0,
            0,
            &[0, 4, 0, 1, 0, 0],
            "← SETTINGS      #0   INITIAL_WINDOW_SIZE=65536",
        ),
        (4, 1, 0, &[], "← SETTINGS      #0   ACK"),
        (6, 0, 0, &[0; 8], "← PING          #0   are you there?"),
        (6, 1, 0, &[0; 8], "← PING          #0   ACK"),
        (
            7,
            0,
            0,
            &go_away,
            "← GOAWAY        #0   ENHANCE_YOUR_CALM, open no new streams, \"too_many_pings\"",
        ),
        (
            8,
            0,
            0,
            &[0, 0, 0xff, 0xff],
            "← WINDOW_UPDATE #0   +65,535 bytes",
        ),
        (77, 0, 0, &[1, 2], "← unknown type  #0   77, 2 bytes"),
    ];
    for (kind, flags, stream, payload, expected) in cases {
        assert_eq!(
            said(ToClient, &frame(kind, flags, stream, payload)),
            expected
        );
    }
}

#[test]
fn frames_that_break_their_rules_are_described() {
    for (kind, flags, payload) in [
        (3, 0, &[0; 3][..]),
        (4, 0, &[0; 5]),
        (6, 0, &[0; 7]),
        (7, 0, &[0; 4]),
        (8, 0, &[]),
        (9, 0, &[1]),
    ] {
        let said = said(ToClient, &frame(kind, flags, 1, payload));
        assert!(said.starts_with("← malformed"), "type {kind}: {said}");
    }
}

#[test]
fn what_is_no_http2_is_said_once() {
    assert_eq!(
        words(ToServer, b"GET / HTTP/1.1\r\n\r\n"),
        ["→ not HTTP/2    #0   the first bytes are no HTTP/2 preface"]
    );
    let mut decoder = Decoder::new(ToServer);
    decoder.push(b"GET /");
    assert_eq!(decoder.push(&frame(6, 0, 0, &[0; 8])), []);
}
