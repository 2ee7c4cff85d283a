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

#[test]
fn bytes_that_are_no_http2_pass_and_that_is_said_once_for_each_connection() {
    let mut tap = Tap::before(echo(b""), &["--no-reflection"]);
    for number in 1..=2 {
        let request = b"GET / HTTP/1.1\r\n\r\n".repeat(1000);
        assert!(sent(tap.addr, &request) == request);
        let lines = tap.until("closed by both sides");
        let said = said(&lines, "tap");
        assert_eq!(
            said[1..],
            [
                format!(
                    "connection {number}: the client speaks no HTTP/2. Bytes pass, and are not read"
                ),
                format!("connection {number} closed by both sides"),
            ]
        );
    }
}

#[test]
fn a_server_that_answers_with_http_1_is_named() {
    const ANSWER: &[u8] = b"HTTP/1.1 400 Bad Request\r\n\r\n";
    let mut tap = Tap::before(echo(ANSWER), &["--quiet", "--no-reflection"]);
    assert_eq!(sent(tap.addr, PREFACE), [ANSWER, PREFACE].concat());
    tap.until("the server speaks no HTTP/2");
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
