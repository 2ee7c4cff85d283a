//! The lists with a row for each lesson. Where one is missing, the test prints it, ready to paste: what
//! follows a `…` is to be written.

use std::fs;
use std::path::Path;

use crate::support::book::chapters;
use crate::support::program::{LESSONS, Lesson};

/// How a list's row for a lesson begins, and the words that follow for a person to replace.
type Row = (String, &'static str);

/// Asserts that the file has a row for every lesson, each once and in their order.
fn assert_rows(file: &str, row: impl Fn(Lesson) -> Row) {
    let text = fs::read_to_string(Path::new(file)).expect("it is part of the repository");
    let rows = LESSONS.iter().map(|lesson| row(*lesson));
    assert_eq!(lacking(&text, rows), Vec::<String>::new(), "{file}");
}

/// What is wrong with the rows, as sentences.
fn lacking(text: &str, rows: impl Iterator<Item = Row>) -> Vec<String> {
    let mut wrong = Vec::new();
    let mut last = 0;
    for (start, rest) in rows {
        let places: Vec<usize> = text
            .lines()
            .enumerate()
            .filter(|(_, line)| line.starts_with(&start))
            .map(|(number, _)| number + 1)
            .collect();
        match places.as_slice() {
            [] => wrong.push(format!("this line is missing: {start}{rest}")),
            [place] if *place > last => last = *place,
            [place] => wrong.push(format!("line {place} is out of order: {start}{rest}")),
            [_, again, ..] => wrong.push(format!("line {again} is there twice: {start}{rest}")),
        }
    }
    wrong
}

/// "16 Fan out" of the chapter whose heading is "16 Fan out: the point of it".
fn title(lesson: Lesson) -> String {
    let chapters = chapters();
    let chapter = chapters.iter().find(|page| page.stem() == lesson.stem);
    let chapter = chapter.unwrap_or_else(|| panic!("book/src/{}.md is missing", lesson.stem));
    let heading = chapter.headings(1).into_iter().next().unwrap_or_default();
    let (title, _) = heading.split_once(':').unwrap_or_else(|| {
        panic!(
            "{}: its heading must be \"# {} TITLE: the point\"",
            chapter.name,
            lesson.number()
        )
    });
    assert!(
        title.starts_with(&format!("{} ", lesson.number())),
        "{}: {heading}",
        chapter.name
    );
    title.to_owned()
}

#[test]
fn the_summary_lists_every_lesson() {
    assert_rows("book/src/SUMMARY.md", |lesson| {
        (format!("- [{}]({}.md)", title(lesson), lesson.stem), "")
    });
}

#[test]
fn the_readme_lists_every_lesson() {
    assert_rows("README.md", |lesson| {
        let number = lesson.number();
        let title = title(lesson);
        let title = title.trim_start_matches(number).trim_start();
        let row = format!(
            "| `lesson{number}` | [{title}](book/src/{}.md) | ",
            lesson.stem
        );
        (row, "… |")
    });
}

#[test]
fn the_page_of_facts_includes_those_of_every_lesson() {
    assert_rows("book/src/facts.md", |lesson| {
        let file = format!("../../tests/snapshots/facts/{}.txt", lesson.number());
        (format!("{{{{#include {file}:all}}}}"), "")
    });
}

#[test]
fn the_facts_of_every_lesson_are_measured() {
    assert_rows("tests/facts.rs", |lesson| {
        (format!("mod lesson_{};", lesson.number()), "")
    });
}

#[test]
fn every_lesson_has_a_sheet() {
    assert_rows("book/src/worksheets.md", |lesson| {
        (format!("## {}", title(lesson)), "")
    });
}

#[test]
fn the_teacher_has_a_section_for_every_lesson() {
    assert_rows("book/src/teaching.md", |lesson| {
        (format!("### {}", title(lesson)), "")
    });
}

#[test]
fn the_plans_for_all_of_it_have_every_lesson() {
    let text = fs::read_to_string("book/src/teaching.md").expect("it is part of the repository");
    let (_, plan) = text.split_once("\n### Two days: ").expect("it is a plan");
    let plan = plan.split("\n## ").next().unwrap_or_default();
    let rows = LESSONS.iter().map(|lesson| {
        let row = format!("| [{}]({}.md) | ", lesson.number(), lesson.stem);
        (row, "without the exercise | … |")
    });
    assert_eq!(lacking(plan, rows), Vec::<String>::new(), "teaching.md");
}

/// The first lessons show how calls work, and no fault that a review could find.
const WITHOUT_A_CHECK: [&str; 3] = ["01", "02", "04"];

#[test]
fn the_checklist_has_something_of_every_lesson() {
    let text = fs::read_to_string("book/src/checklist.md").expect("it is part of the repository");
    for lesson in LESSONS {
        let link = format!("[{}]({}.md)", lesson.number(), lesson.stem);
        assert!(
            WITHOUT_A_CHECK.contains(&lesson.number()) || text.contains(&link),
            "book/src/checklist.md: this line is missing: - [ ] … ({link})"
        );
    }
}

#[test]
fn a_row_that_is_missing_misplaced_or_there_twice_is_named() {
    let rows = || ["a", "b", "c"].map(|row| (format!("| {row} "), "…"));
    assert_eq!(
        lacking("| a |\n| b |\n| c |\n", rows().into_iter()),
        Vec::<String>::new()
    );
    assert_eq!(
        lacking("| b |\n| a |\n| a |\n", rows().into_iter()),
        [
            "line 3 is there twice: | a …",
            "this line is missing: | c …"
        ]
    );
    assert_eq!(
        lacking("| b |\n| a |\n| c |\n", rows().into_iter()),
        ["line 1 is out of order: | b …"]
    );
}
