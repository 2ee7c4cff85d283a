//! `call`. The book's tests compare every grpcurl command of the book with what it prints; here is
//! what only a process shows.

use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{Child, ChildStdin, Command, Stdio};

use crate::served::Served;

fn call(words: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_call"));
    command
        .args(words)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command
}

const CHAT: &str = "chat.v1.ChatService/Chat";

/// A chat whose messages are typed.
fn chat(served: &Served) -> (Child, ChildStdin) {
    let addr = served.addr.to_string();
    let mut child = call(&["-plaintext", "-d", "@", &addr, CHAT])
        .stdin(Stdio::piped())
        .spawn()
        .expect("cargo has built it");
    let typed = child.stdin.take().expect("it is piped");
    (child, typed)
}

#[test]
fn what_is_typed_is_sent_at_once_and_answers_are_printed_at_once() {
    let served = Served::start();
    let (mut child, mut typed) = chat(&served);
    let mut answers = BufReader::new(child.stdout.take().expect("it is piped"));
    for word in ["one", "two"] {
        // The next is typed only when this one has come back.
        writeln!(typed, "{{\"content\":\"{word}\"}}").expect("it reads");
        let mut answer = String::new();
        while !answer.ends_with("}\n") {
            let length = answers.read_line(&mut answer).expect("it prints UTF-8");
            assert!(length > 0, "it ended after {answer}");
        }
        assert_eq!(answer, format!("{{\n  \"content\": \"{word}\"\n}}\n"));
    }
    drop(typed);
    assert_eq!(child.wait().expect("it ends").code(), Some(0));
}

#[test]
fn what_is_no_message_ends_the_call_and_says_so() {
    let served = Served::start();
    let (child, mut typed) = chat(&served);
    writeln!(typed, "{{\"contents\":1}}").expect("it reads");
    let output = child.wait_with_output().expect("it ends");
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(
        String::from_utf8_lossy(&output.stderr),
        format!(
            "Error invoking method \"{CHAT}\": error getting request data: message type \
             chat.v1.ChatMessage has no known field named contents\n"
        )
    );
}

#[test]
fn a_status_goes_to_standard_error_and_makes_the_exit_code() {
    let served = Served::start();
    let addr = served.addr.to_string();
    let data = "{\"content\":\"hi\"}{}";
    let output = call(&["-plaintext", "-d", data, &addr, CHAT]).output();
    let output = output.expect("cargo has built it");
    assert_eq!(
        String::from_utf8_lossy(&output.stdout),
        "{\n  \"content\": \"hi\"\n}\n"
    );
    assert_eq!(
        String::from_utf8_lossy(&output.stderr),
        "ERROR:\n  Code: InvalidArgument\n  Message: say something\n"
    );
    assert_eq!(output.status.code(), Some(64 + 3));
}

#[test]
fn a_proto_file_that_imports_another_one_is_understood() {
    let served = Served::start();
    let addr = served.addr.to_string();
    let data = "{\"subscribe\":{\"symbol\":\"ACME\"}}";
    let method = "stocks.v1.QuoteService/Watch";
    let output = call(&["-plaintext", "-d", data, &addr, method]).output();
    let output = output.expect("cargo has built it");
    // The server describes the service, and does not have it.
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(64 + 12), "{stderr}");
}

#[test]
fn words_that_make_no_sense_end_with_2() {
    let bad: [(&[&str], &str); 8] = [
        (&["-plaintext"], "Too few arguments."),
        (&["127.0.0.1:1", "list"], "The lessons use no TLS"),
        (
            &["-plaintext", "-import-path", "x"],
            "Only the real grpcurl has -import-path",
        ),
        (&["-plaintext", "-d"], "-d needs a value"),
        (&["-plaintext", "-H", "x"], "-H needs \"name: value\""),
        (&["-plaintext", "-max-time", "soon"], "a number of seconds"),
        (&["-plaintext", "-max-time", "-1"], "a number of seconds"),
        (&["-plaintext", "-max-time", "1e300"], "a number of seconds"),
    ];
    for (words, advice) in bad {
        let output = call(words).output().expect("cargo has built it");
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{words:?}: {stderr}");
        assert!(stderr.contains(advice), "{words:?}: {stderr}");
    }
}

#[test]
fn where_nothing_listens_that_is_said_at_once_with_or_without_a_time_limit() {
    let addr = {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
        // The port is free again when this returns.
        listener.local_addr().expect("it is bound").to_string()
    };
    for flags in [&["-plaintext"][..], &["--plaintext", "-max-time=9"]] {
        let words = [flags, &[&addr, "list"]].concat();
        let output = call(&words).output().expect("cargo has built it");
        assert_eq!(output.status.code(), Some(1));
        assert_eq!(
            String::from_utf8_lossy(&output.stderr),
            format!(
                "Failed to dial target host \"{addr}\": dial tcp {addr}: connect: connection \
                 refused\nNothing listens at {addr}. Start the server, or correct the address.\n"
            )
        );
    }
}

#[test]
fn an_address_that_is_none_ends_with_1_and_is_named() {
    let words = ["-plaintext", "no host", "list"];
    let output = call(&words).output().expect("cargo has built it");
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{stderr}");
    assert!(
        stderr.starts_with("Failed to dial target host \"no host\": "),
        "{stderr}"
    );
}
