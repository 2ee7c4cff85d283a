//! The lines that `serve` suggests to type.

use tonic::Code;

use crate::support::ends::Ends;
use crate::support::grpcurl::{self, split_words};
use crate::support::program::{LESSONS, Lesson};
use crate::support::served::Served;

/// The lines whose call fails on purpose; every other line ends with OK.
const FAIL: Ends = Ends(&[
    (
        "01",
        "grpcurl -plaintext ADDR greeter",
        Some(Code::InvalidArgument),
    ),
    ("02", "-max-time 2.5", Some(Code::DeadlineExceeded)),
    ("05", "\"error\"", Some(Code::DataLoss)),
    ("05", "\"panic\"", Some(Code::Internal)),
    ("06", "\"SGkh\"}' ", Some(Code::Aborted)),
    ("08", "-d '' ", Some(Code::InvalidArgument)),
    ("12", "\"ACME\"", Some(Code::DeadlineExceeded)),
    ("12", "\"NONE\"", Some(Code::NotFound)),
    ("13", "-max-time 1", Some(Code::DeadlineExceeded)),
    ("15", "\"steady\"", Some(Code::DeadlineExceeded)),
    ("15", "\"pause\"", Some(Code::DeadlineExceeded)),
    ("16", "\"NONE\"", Some(Code::NotFound)),
    ("17", "\"NONE\"", Some(Code::NotFound)),
    ("18", "\"1\"", Some(Code::OutOfRange)),
    ("22", "../hi.txt", Some(Code::InvalidArgument)),
    ("26", "\"9\"", Some(Code::OutOfRange)),
    (
        "23",
        "grpcurl -plaintext -d '{\"enter\"",
        Some(Code::Unauthenticated),
    ),
    ("19", "-max-time 2", Some(Code::DeadlineExceeded)),
    ("20", "-max-time 2.5", Some(Code::DeadlineExceeded)),
    ("21", "-d '{}'", Some(Code::InvalidArgument)),
    ("25", "\"breaks\"", Some(Code::DataLoss)),
    ("27", "\"breaks\"", Some(Code::DataLoss)),
    ("27", "\"one\"", Some(Code::Aborted)),
]);

#[test]
fn every_suggested_line_ends_as_it_should() {
    let seen = std::thread::scope(|threads| {
        let start = |lesson| threads.spawn(move || ends_of(lesson));
        // All of them begin before the first is waited for.
        let lessons: Vec<_> = LESSONS.with_grpc().map(start).collect();
        let ended = lessons.into_iter().map(|lesson| lesson.join());
        let ended = ended.map(|seen| seen.expect("its lines have been typed"));
        ended.collect::<Vec<_>>()
    });
    FAIL.are_the_ends_of(&seen.concat());
}

/// Each line of a lesson, and the exit code that it ends with.
fn ends_of(lesson: Lesson) -> Vec<(Lesson, String, i32)> {
    let served = Served::start(lesson, &[]);
    assert!(served.suggestions.len() >= 2, "{}", lesson.stem);
    let lines = served.suggestions.iter().map(|line| {
        let printed = grpcurl::run(&split_words(line)[1..], "");
        assert_ne!(printed.text, "", "{line}");
        // As the table has it.
        let line = line.replace(&served.addr.to_string(), "ADDR");
        (lesson, line, printed.code)
    });
    lines.collect()
}

#[test]
fn the_lines_alone_are_the_same_with_another_address_and_nothing_is_served() {
    const ELSEWHERE: &str = "192.0.2.7:50099";
    for number in ["01", "04"] {
        let lesson = Lesson::numbered(number);
        let served = Served::start(lesson, &[]);
        let here = served.addr.to_string();
        let suggested = served.suggestions.iter();
        let expected: String = suggested
            .map(|line| line.replace(&here, ELSEWHERE) + "\n")
            .collect();
        // This machine does not have that address, so it could not be served.
        let ran = lesson.run(["serve", "--lines", "--addr", ELSEWHERE]);
        assert_eq!(ran.stdout, expected);
        assert_eq!((ran.code, ran.stderr.as_str()), (Some(0), ""));
    }
}

#[test]
fn a_program_that_a_lesson_brings_along_is_suggested_with_the_address() {
    let served = Served::start(Lesson::numbered("23"), &[]);
    let line = format!(
        "\n  cargo run -q -- chat --room lobby --as ada http://{}",
        served.addr
    );
    assert!(
        served.introduction.contains(&line),
        "{}",
        served.introduction
    );
}
