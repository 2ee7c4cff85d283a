//! `class`.

use crate::mini::Mini;

#[test]
fn class_shows_what_the_teacher_types_and_what_students_type() {
    let mini = Mini::new();
    let ran = mini.run(&["class", "1", "--addr", "192.168.7.5:50099"]);
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    assert_eq!(
        ran.stdout,
        "\
01 One, in a class

The teacher, whose machine is 192.168.7.5:
  cargo run --bin lesson01 -- serve --addr 0.0.0.0:50099 --wire

The students, with grpcurl:
  grpcurl -plaintext 192.168.7.5:50099 list

or without it, from their own copy of the workbook:
  cargo run -q -- call -plaintext 192.168.7.5:50099 list

or with the lesson's own client:
  cargo run --bin lesson01 -- connect http://192.168.7.5:50099

A worksheet to print, with its requests in files, is in book/src/worksheets.md

There is no TLS and no login: serve in a network that you trust. Ctrl-C ends it.
"
    );
    // Otherwise the address is this machine's own.
    let ran = mini.run(&["class", "1"]);
    let serve = "serve --addr 0.0.0.0:50051 --wire";
    assert!(ran.stdout.contains(serve), "{}", ran.stdout);
    assert!(
        !ran.stdout.contains("connect http://0.0.0.0"),
        "{}",
        ran.stdout
    );

    // Without a lesson, it is where I am.
    mini.has("02_two open\n");
    let ran = mini.run(&["class", "--addr", "192.168.7.5:50099"]);
    assert!(
        ran.stdout.starts_with("02 Two, in a class\n"),
        "{}",
        ran.stdout
    );
    let serve = "cargo run --bin lesson02 -- serve --addr 0.0.0.0:50099 --wire";
    assert!(ran.stdout.contains(serve), "{}", ran.stdout);

    assert_eq!(mini.run(&["class", "1", "--addr", "here"]).code, Some(2));
}
