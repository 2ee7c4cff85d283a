//! The worksheets: every line on them is a call that its lesson's server understands.

use std::collections::BTreeSet;
use std::path::Path;
use std::{fs, thread};

use crate::support::book::{Page, pages};
use crate::support::grpcurl::{self, split_words};
use crate::support::program::{LESSONS, Lesson};
use crate::support::served::Served;

const ADDR: &str = "127.0.0.1:50051";
/// A download that is held on a screen. Nobody holds it here, so a part of it must do.
const ENDLESS: &str = "endless.json";
/// Seconds after which a call without input is ended, where its server does not end it.
const PATIENCE: &str = "0.5";

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
fn every_line_of_a_sheet_is_a_call_that_its_server_understands() {
    thread::scope(|threads| {
        for (lesson, lines) in sheets() {
            threads.spawn(move || {
                let served = Served::start(lesson, &[]);
                for line in lines {
                    understands(&served, &line);
                }
            });
        }
    });
}

fn understands(served: &Served, line: &str) {
    let (file, call) = parts(line);
    let mut requests = file.map_or_else(String::new, |file| {
        fs::read_to_string(Path::new(file)).unwrap_or_else(|error| panic!("{line}: {error}"))
    });
    if file.is_some_and(|file| file.ends_with(ENDLESS)) {
        requests = requests.replace("60000", "60");
    }
    let call = call.replace(ADDR, &served.addr.to_string());
    let mut words = split_words(&call);
    // Nobody types here, and a guest of lesson 13 stays until somebody presses Ctrl-C.
    if file.is_none() && words.contains(&"-d".to_owned()) {
        words.splice(1..1, ["-max-time".to_owned(), PATIENCE.to_owned()]);
    }
    let printed = grpcurl::run(&words[1..], &requests);
    assert!(file.is_none() || !printed.text.is_empty(), "{line}");
    // A failure of the call is fine, no call is not; there is one method that nobody has.
    let is_no_call = printed.code == 1;
    assert_eq!(
        is_no_call,
        call.ends_with("/Leave"),
        "{line}: {}",
        printed.text
    );
}
