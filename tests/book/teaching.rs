//! The teacher's page: its minutes are the chapters', its scenes the lessons'.

use crate::support::book::{Page, chapters, pages};
use crate::support::program::{LESSONS, Lesson};
use crate::support::runs::run_of;

fn page() -> Page {
    pages()
        .into_iter()
        .find(|page| page.name == "teaching.md")
        .expect("there is a page for teachers")
}

/// What a chapter says it takes: all of it, and without its exercise.
fn minutes(chapter: &Page) -> (u32, u32) {
    let line = chapter
        .text
        .lines()
        .find(|line| line.starts_with("About "))
        .expect("a chapter says how long it takes");
    let mut numbers = line
        .split(|c: char| !c.is_ascii_digit())
        .filter_map(|word| word.parse().ok());
    let all: u32 = numbers.next().expect("minutes");
    let exercise = match numbers.next() {
        Some(exercise) => exercise,
        None if line.contains("half of them") => all / 2,
        None => panic!("{}: {line}", chapter.name),
    };
    (all, all - exercise)
}

#[test]
fn the_plans_have_the_chapters_minutes_and_the_right_sums() {
    let chapters = chapters();
    let (mut sum, mut plans) = (0, 0);
    for line in page().text.lines().filter(|line| line.starts_with('|')) {
        let cells: Vec<&str> = line.trim_matches('|').split('|').map(str::trim).collect();
        let [lesson, how, number] = cells[..] else {
            panic!("a plan has three columns: {line}");
        };
        if lesson == "together" {
            assert_eq!(number, sum.to_string(), "plan {plans}");
            (sum, plans) = (0, plans + 1);
        } else if let Some((_, file)) = lesson.trim_end_matches(')').split_once("](") {
            let chapter = chapters.iter().find(|chapter| chapter.name == file);
            let (whole, without) = minutes(chapter.expect("a chapter"));
            let expected = match how {
                "whole" => whole,
                "without the exercise" => without,
                _ => panic!("{line}"),
            };
            assert_eq!(number, expected.to_string(), "{line}");
            sum += expected;
        }
    }
    assert_eq!((sum, plans), (0, 5));
}

#[test]
fn every_lesson_has_something_to_show_that_can_be_shown() {
    let page = page();
    let sections: Vec<&str> = page
        .text
        .split("\n### ")
        .filter(|section| section.starts_with(|c: char| c.is_ascii_digit()))
        .collect();
    assert_eq!(sections.len(), LESSONS.len());
    for section in sections {
        let lesson = Lesson::numbered(&section[..2]);
        let show = section
            .lines()
            .find(|line| line.starts_with("- **Show** "))
            .expect("something to show");
        assert!(
            show.contains(&format!("--bin lesson{} ", lesson.number())),
            "{show}"
        );
        let run = run_of(lesson);
        for scene in show.split("--scene ").skip(1) {
            let name = scene.split(['`', ' ']).next().unwrap_or_default();
            assert!(run.scene(name).is_some(), "{show}");
        }
        for part in ["- **Ask before:** ", "- **They** ", "**Ask them:** "] {
            assert!(section.contains(part), "{section}");
        }
    }
}
