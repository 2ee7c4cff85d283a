//! The worksheets: every line on them is a call that ends as it should.

use std::collections::BTreeSet;
use std::path::Path;
use std::{fs, thread};

use tonic::Code;

use crate::support::book::{Page, pages};
use crate::support::ends::Ends;
use crate::support::grpcurl::{self, split_words};
use crate::support::program::{LESSONS, Lesson};
use crate::support::served::Served;

const ADDR: &str = "127.0.0.1:50051";
/// A download that is held on a screen. A test does not hold it, so a part of it must do.
const ENDLESS: &str = "endless.json";
/// A call that lasts until the teacher ends the server.
const HELD: &str = "-max-time 60";
/// Seconds after which a call without input is ended, where its server does not end it.
const PATIENCE: &str = "0.5";

/// The lines whose call fails on purpose; every other line ends with OK.
const FAIL: Ends = Ends(&[
    (
        "01",
        "grpcurl -plaintext 127.0.0.1:50051 greeter",
        Some(Code::InvalidArgument),
    ),
    ("02", "count.json", Some(Code::DeadlineExceeded)),
    ("02", "nothing.json", Some(Code::InvalidArgument)),
    ("03", "wrong_chunk.json", Some(Code::InvalidArgument)),
    ("05", "error.json", Some(Code::DataLoss)),
    ("05", "panic.json", Some(Code::Internal)),
    ("06", "cut.json", Some(Code::Aborted)),
    ("06", "outside.json", Some(Code::InvalidArgument)),
    ("07", "unlucky.json", Some(Code::Internal)),
    // Here without a first message.
    ("08", "grpcurl -plaintext -d", Some(Code::InvalidArgument)),
    ("09", "many.json", Some(Code::NotFound)),
    ("12", "acme.json", Some(Code::DeadlineExceeded)),
    ("12", "none.json", Some(Code::NotFound)),
    ("13", "grpcurl -plaintext -d", Some(Code::DeadlineExceeded)),
    // There is no such method.
    ("13", "/Leave", None),
    ("14", "bad_word.json", Some(Code::InvalidArgument)),
    (
        "15",
        "steady.json | grpcurl -plaintext -d",
        Some(Code::DeadlineExceeded),
    ),
    (
        "15",
        "steady.json | grpcurl -plaintext -max-time",
        Some(Code::DeadlineExceeded),
    ),
    ("16", "none.json", Some(Code::NotFound)),
    ("17", "none.json", Some(Code::NotFound)),
    ("18", "gone.json", Some(Code::OutOfRange)),
    ("22", "hole.json", Some(Code::OutOfRange)),
    ("23", "gone.json", Some(Code::OutOfRange)),
    ("26", "all.json", Some(Code::DeadlineExceeded)),
    ("26", "beyond.json", Some(Code::OutOfRange)),
    // A test does not end the server meanwhile.
    ("19", "acme.json", Some(Code::DeadlineExceeded)),
    ("20", "acme.json", Some(Code::DeadlineExceeded)),
    ("21", "none.json", Some(Code::InvalidArgument)),
    ("25", "none.json", Some(Code::InvalidArgument)),
    ("25", "breaks.json", Some(Code::DataLoss)),
    ("27", "breaks.json", Some(Code::DataLoss)),
    ("27", "early.json", Some(Code::Aborted)),
]);

fn page() -> Page {
    pages()
        .into_iter()
        .find(|page| page.name == "worksheets.md")
        .expect("there are worksheets")
}

/// The lines to type on each lesson's sheet.
fn sheets() -> Vec<(Lesson, BTreeSet<String>)> {
    let page = page();
    page.text
        .split("\n## ")
        .skip(1)
        .map(|sheet| {
            let lines = sheet
                .lines()
                .map(str::trim)
                .filter(|line| line.starts_with("cat ") || line.starts_with("grpcurl "))
                .map(str::to_owned);
            (Lesson::numbered(&sheet[..2]), lines.collect())
        })
        .collect()
}

/// The file of a line that begins with `cat FILE | `, and the call behind it.
fn parts(line: &str) -> (Option<&str>, &str) {
    match line
        .strip_prefix("cat ")
        .and_then(|rest| rest.split_once(" | "))
    {
        Some((file, call)) => (Some(file), call),
        None => (None, line),
    }
}

#[test]
fn every_lesson_has_a_sheet_with_something_to_type_and_to_write() {
    let numbers: Vec<&str> = sheets().iter().map(|(lesson, _)| lesson.number()).collect();
    assert_eq!(numbers, LESSONS.numbers());
    for sheet in page().text.split("\n## ").skip(1) {
        let tasks = sheet.matches("```sh").count();
        let questions = sheet.matches("<p class=\"blank\"></p>").count();
        assert!((2..=4).contains(&tasks) && tasks == questions, "{sheet}");
    }
}

#[test]
fn every_request_file_is_on_its_lessons_sheet() {
    let mut written = BTreeSet::new();
    for lesson in LESSONS {
        let folder = format!("lessons/{}/requests", lesson.stem);
        // Lesson 13's students type all they send.
        let Ok(entries) = fs::read_dir(&folder) else {
            continue;
        };
        for entry in entries {
            let name = entry.expect("a readable folder").file_name();
            written.insert(format!("{folder}/{}", name.to_string_lossy()));
        }
    }
    let used: BTreeSet<String> = sheets()
        .iter()
        .flat_map(|(_, lines)| lines)
        .filter_map(|line| parts(line).0.map(str::to_owned))
        .collect();
    assert_eq!(used, written);
}

#[test]
fn every_line_of_a_sheet_ends_as_it_should() {
    let seen = thread::scope(|threads| {
        let sheets: Vec<_> = sheets()
            .into_iter()
            .map(|(lesson, lines)| {
                threads.spawn(move || {
                    let served = Served::start(lesson, &[]);
                    let typed = lines.into_iter().map(|line| {
                        let code = typed(lesson, &served, &line);
                        (lesson, line, code)
                    });
                    typed.collect::<Vec<_>>()
                })
            })
            .collect();
        let seen = sheets.into_iter().map(|sheet| sheet.join());
        seen.flat_map(|sheet| sheet.expect("its lines have been typed"))
            .collect::<Vec<_>>()
    });
    FAIL.are_the_ends_of(&seen);
}

/// Types a line, and returns the exit code that it ends with.
fn typed(lesson: Lesson, served: &Served, line: &str) -> i32 {
    let (file, call) = parts(line);
    let mut requests = file.map_or_else(String::new, |file| {
        fs::read_to_string(Path::new(file)).unwrap_or_else(|error| panic!("{line}: {error}"))
    });
    if file.is_some_and(|file| file.ends_with(ENDLESS)) {
        requests = requests.replace("60000", "60");
    }
    let call = call.replace(ADDR, &served.addr.to_string());
    let call = call.replace(HELD, "-max-time 0.5");
    let mut words = split_words(&call);
    // Here nothing is typed. That is the end of a call, but a guest of lesson 13 stays until Ctrl-C.
    if file.is_none() && words.contains(&"-d".to_owned()) && lesson.number() == "13" {
        words.splice(1..1, ["-max-time".to_owned(), PATIENCE.to_owned()]);
    }
    let printed = grpcurl::run(&words[1..], &requests);
    assert!(file.is_none() || !printed.text.is_empty(), "{line}");
    printed.code
}
