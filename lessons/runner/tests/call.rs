//! `call` and `tap`: what is typed reaches the program, and what it does reaches the student.

use std::io::Write as _;
use std::process::Stdio;

use crate::mini::Mini;

#[test]
fn words_standard_input_output_and_exit_code_are_passed_through() {
    let mini = Mini::new();
    let words = ["call", "-plaintext", "-d", "@", "127.0.0.1:1", "x.Y/Z"];
    let mut child = mini
        .command(&words)
        .env("NO_COLOR", "1")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("cargo has built the runner");
    let mut typed = child.stdin.take().expect("it is piped");
    typed.write_all(b"one\ntwo\n").expect("it reads");
    drop(typed);
    let output = child.wait_with_output().expect("it ends");
    assert_eq!(
        String::from_utf8_lossy(&output.stdout),
        "1: one\n2: two\n[\"-plaintext\", \"-d\", \"@\", \"127.0.0.1:1\", \"x.Y/Z\"], NO_COLOR is \
         Some(\"1\")\n"
    );
    // Of the build there is nothing.
    assert_eq!(String::from_utf8_lossy(&output.stderr), "the call failed\n");
    assert_eq!(output.status.code(), Some(77));
}

#[test]
fn without_words_it_says_where_to_look() {
    let ran = Mini::new().run(&["call"]);
    assert_eq!(ran.code, Some(2));
    assert!(
        ran.stderr.contains("cargo run -- call --help"),
        "{}",
        ran.stderr
    );
}

#[test]
fn tap_is_built_with_tls_where_the_servers_address_asks_for_it() {
    for (server, begins) in [("https://x:1", "with TLS\n["), ("http://x:1", "[")] {
        let ran = Mini::new().run(&["tap", "--quiet", server]);
        assert!(ran.stdout.starts_with(begins), "{}", ran.stdout);
    }
}

#[test]
fn tap_and_chat_get_their_words_and_their_help_and_their_exit_code_is_the_runners() {
    for words in [
        &["tap", "--listen", "127.0.0.1:0", "x:1"][..],
        &["tap", "--help"],
        &["chat", "--as", "ada"],
        &["chat", "--help"],
    ] {
        let ran = Mini::new().run(words);
        let shown = format!("{:?}, ", &words[1..]);
        assert!(ran.stdout.starts_with(&shown), "{}", ran.stdout);
        assert_eq!(
            (ran.stderr.as_str(), ran.code),
            ("the call failed\n", Some(77))
        );
    }
}
