//! What cannot be done is said in one sentence.

use std::io::{BufRead as _, BufReader};
use std::net::{SocketAddr, TcpListener, TcpStream};

use super::running::command;

fn free() -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    // The port is free again when this returns.
    listener.local_addr().expect("it is bound")
}

fn ends_with(words: &[&str], code: i32, text: &str) {
    let output = command(words).output().expect("cargo has built it");
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(code), "{words:?}: {stderr}");
    assert!(stderr.contains(text), "{words:?}: {stderr}");
    assert!(output.stdout.is_empty(), "{words:?}");
    if code == 1 {
        assert_eq!(stderr.lines().count(), 1, "{stderr}");
    }
}

#[test]
fn a_server_that_is_not_there_ends_with_1() {
    let server = free();
    ends_with(
        &["--listen", "127.0.0.1:0", &format!("http://{server}")],
        1,
        &format!("nothing listens at {server}. Start the server, or correct the address."),
    );
}

#[test]
fn an_address_that_is_taken_ends_with_1() {
    let taken = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let addr = taken.local_addr().expect("it is bound").to_string();
    let advice = format!("cannot listen on {addr}: another program listens there.");
    ends_with(&["--listen", &addr, "http://127.0.0.1:1"], 1, &advice);
}

#[test]
fn a_proto_file_that_cannot_be_read_ends_with_1() {
    let server = "http://127.0.0.1:1";
    let listen = ["--listen", "127.0.0.1:0"];
    let folder = tempfile::tempdir().expect("a folder");
    let broken = folder.path().join("broken.proto");
    std::fs::write(&broken, "syntax = \"proto3\";\nmessage {}\n").expect("it can be written");
    for (file, text) in [
        (folder.path().join("none.proto"), "none.proto"),
        (broken, "broken.proto:2:9: "),
    ] {
        let file = file.to_str().expect("its name is UTF-8");
        let words = [&listen[..], &["--proto", file, server]].concat();
        ends_with(&words, 1, "error: the types cannot be read: ");
        ends_with(&words, 1, text);
    }
}

#[test]
fn words_that_make_no_sense_end_with_2_and_are_named() {
    let server = "http://127.0.0.1:1";
    let bad: [(&[&str], &str); 11] = [
        (&[], "<SERVER>"),
        (
            &["--ca", "authority.pem", server],
            "--ca is for a server with TLS. Begin its address with https://",
        ),
        (
            &["http://127.0.0.1"],
            "a server is written http://HOST:PORT",
        ),
        (
            &["http://127.0.0.1:x"],
            "a server is written http://HOST:PORT",
        ),
        (&["http://a/b:1"], "a server is written http://HOST:PORT"),
        (&["--listen", "here", server], "--listen"),
        (&["--stalled", "30", server], "500ms, 30s, 2m or 1h"),
        (&["--stalled", "0s", server], "longer than nothing"),
        (&["--only", "Chat", server], "/pkg.Service/Method"),
        (
            &["--proto", "a.proto", "--no-reflection", server],
            "cannot be used with",
        ),
        (&["--include", "protos", server], "--proto <FILE>"),
    ];
    for (words, text) in bad {
        ends_with(words, 2, text);
    }
}

#[cfg(not(feature = "tls"))]
#[test]
fn without_the_feature_an_address_with_tls_says_what_to_type() {
    let words = "cargo run -q -p workbook-tools --features tls --bin tap -- https://127.0.0.1:1";
    ends_with(&["https://127.0.0.1:1"], 2, words);
}

#[test]
fn a_tap_whose_output_is_closed_ends_with_its_next_row() {
    let server = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let url = format!("http://{}", server.local_addr().expect("it is bound"));
    let mut tap = command(&["--listen", "127.0.0.1:0", "--no-reflection", &url])
        .spawn()
        .expect("cargo has built it");
    let mut lines = BufReader::new(tap.stdout.take().expect("it is piped"));
    let mut addr = String::new();
    lines.read_line(&mut addr).expect("it prints UTF-8");
    drop(lines);
    let _client = TcpStream::connect(addr.trim()).expect("it listens");
    assert_eq!(tap.wait().expect("it ends").code(), Some(0));
}

#[test]
fn help_needs_80_columns_and_has_no_colour_without_a_terminal() {
    let output = command(&["--help"]).output().expect("cargo has built it");
    let help = String::from_utf8_lossy(&output.stdout);
    assert_eq!(output.status.code(), Some(0));
    assert!(!help.contains('\u{1b}'), "{help}");
    for row in help.lines() {
        assert!(row.chars().count() <= 80, "{row}");
    }
}
