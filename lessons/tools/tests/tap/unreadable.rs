//! What is no HTTP/2, or breaks its rules, passes like everything else.

use std::io::{Read as _, Write as _};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::thread;

use super::running::{Tap, said};

const PREFACE: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

/// A server that sends `first`, and then back what it gets.
fn echo(first: &'static [u8]) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let addr = listener.local_addr().expect("it is bound");
    thread::spawn(move || {
        // The tap tries whether the server is there, so the first connection ends at once.
        for stream in listener.incoming() {
            let mut stream = stream.expect("it accepts");
            thread::spawn(move || {
                let mut reads = stream.try_clone().expect("the system can");
                let _ = stream.write_all(first);
                let _ = std::io::copy(&mut reads, &mut stream);
                let _ = stream.shutdown(Shutdown::Write);
            });
        }
    });
    addr
}

/// What comes back of these bytes. They are read while they are sent: with more of them than the
/// sockets hold, both sides would wait for each other.
fn sent(addr: SocketAddr, bytes: &[u8]) -> Vec<u8> {
    let mut stream = TcpStream::connect(addr).expect("it listens");
    let mut writes = stream.try_clone().expect("the system can");
    thread::scope(|threads| {
        threads.spawn(move || {
            writes.write_all(bytes).expect("it reads");
            writes.shutdown(Shutdown::Write).expect("it is open");
        });
        let mut back = Vec::new();
        stream.read_to_end(&mut back).expect("no reset");
        back
    })
}

fn frame_header(length: u32, kind: u8) -> Vec<u8> {
    let length = length.to_be_bytes();
    vec![length[1], length[2], length[3], kind, 0, 0, 0, 0, 1]
}

/// What the tap says of a client that speaks so, and that it is said once for each connection.
fn is_said_of(bytes: &[u8], words: &str) {
    let mut tap = Tap::before(echo(b""), &["--no-reflection"]);
    for number in 1..=2 {
        assert!(sent(tap.addr, bytes) == bytes);
        let lines = tap.until("closed by both sides");
        assert_eq!(
            said(&lines, "tap")[1..],
            [
                format!(
                    "connection {number}: the client speaks {words} Bytes pass, and are not read"
                ),
                format!("connection {number} closed by both sides"),
            ]
        );
    }
}

#[test]
fn a_client_that_speaks_http_1_is_named_and_its_bytes_pass() {
    let words = "HTTP/1.1. A gRPC client speaks HTTP/2 from its first byte on.";
    is_said_of(&b"GET / HTTP/1.1\r\n\r\n".repeat(1000), words);
}

#[test]
fn a_client_that_speaks_tls_is_told_to_do_without() {
    // The head of a ClientHello, and what it announces.
    let hello = [&[22, 3, 1, 2, 0, 1, 0, 1, 252, 3, 3][..], &[7; 506]].concat();
    is_said_of(
        &hello,
        "TLS, which the tap cannot read. Let it connect to the tap without TLS; the tap speaks TLS to a server \
         whose address begins with https://.",
    );
}

#[test]
fn a_client_that_speaks_something_else_is_named_and_its_bytes_pass() {
    is_said_of(b"SSH-2.0-OpenSSH_9.2\r\n", "no HTTP/2.");
}

#[test]
fn a_server_that_answers_otherwise_is_named_with_what_to_do() {
    const REFUSES: &[u8] = &[21, 3, 3, 0, 2, 2, 70];
    for (answer, words) in [
        (
            &b"HTTP/1.1 400 Bad Request\r\n\r\n"[..],
            "the server speaks HTTP/1.1. Is it a gRPC server, or does a proxy stand before it?",
        ),
        (
            REFUSES,
            "the server speaks TLS. Begin its address with https://, and let the client connect to the tap without \
             TLS.",
        ),
    ] {
        let mut tap = Tap::before(echo(answer), &["--quiet", "--no-reflection"]);
        assert_eq!(sent(tap.addr, PREFACE), [answer, PREFACE].concat());
        let lines = tap.until("not read");
        let text = format!("connection 1: {words} Bytes pass, and are not read");
        assert_eq!(said(&lines, "tap"), [text]);
    }
}

#[test]
fn a_frame_with_a_huge_length_passes_and_is_not_kept() {
    const SETTINGS: &[u8] = &[0, 0, 0, 4, 0, 0, 0, 0, 0];
    let mut tap = Tap::before(echo(SETTINGS), &["--no-reflection"]);
    let huge = [
        PREFACE,
        &frame_header(0x00ff_ffff, 0),
        &vec![7; 0x00ff_ffff],
    ]
    .concat();
    assert!(sent(tap.addr, &huge) == [SETTINGS, &huge].concat());
    let lines = tap.until("closed by both sides");
    let malformed = said(&lines, "wire");
    let text = "16777215 bytes announced, 16384 allowed: not read from here on";
    let to_server = malformed
        .iter()
        .filter(|line| line.starts_with("→ malformed"));
    let to_server: Vec<_> = to_server.collect();
    assert_eq!(to_server, [&format!("→ malformed #1 {text}")]);
}

#[test]
fn frames_that_break_their_rules_do_not_end_the_tap() {
    let mut tap = Tap::before(echo(b""), &["--no-reflection"]);
    let mut bytes = PREFACE.to_vec();
    for kind in 0..=255 {
        bytes.extend(frame_header(5, kind));
        bytes.extend([0xff; 5]);
    }
    assert!(sent(tap.addr, &bytes) == bytes);
    tap.until("connection 1 closed by both sides");
    assert!(sent(tap.addr, b"") == b"");
    tap.until("connection 2 closed by both sides");
}
