//! The questions of a chapter: what to predict before the run, and what to know after it.

use std::collections::BTreeSet;
use std::fs;

use crate::support::book::{Page, chapters, outside_of_code};
use crate::support::facts;

/// A question with its options: the words of each, what is said of it, and whether it is right.
struct Question {
    asked: String,
    options: Vec<(String, String, bool)>,
}

/// What stands between two pieces of text, each time they come in this order.
fn all_between<'a>(text: &'a str, open: &'a str, close: &'a str) -> impl Iterator<Item = &'a str> {
    text.split(open)
        .skip(1)
        .map(move |rest| rest.split(close).next().unwrap_or_default())
}

fn between<'a>(text: &'a str, open: &'a str, close: &'a str) -> &'a str {
    all_between(text, open, close).next().unwrap_or_default()
}

fn section<'a>(page: &'a Page, heading: &str) -> &'a str {
    let heading = format!("\n## {heading}\n");
    let (_, rest) = page.text.split_once(&heading).expect("a chapter has it");
    rest.split("\n## ").next().unwrap_or(rest)
}

fn predictions(page: &Page) -> Vec<Question> {
    all_between(&page.text, "<fieldset", "</fieldset>")
        .map(|block| Question {
            asked: between(block, "<legend>", "</legend>").to_owned(),
            options: block
                .split("<div class=\"option")
                .skip(1)
                .map(|option| {
                    let label = between(option, "<label", "</label>");
                    let (_, words) = label.split_once('>').unwrap_or_default();
                    let why = between(option, "<p class=\"why\">", "</p>");
                    (
                        words.to_owned(),
                        why.to_owned(),
                        option.starts_with(" answer\">"),
                    )
                })
                .collect(),
        })
        .collect()
}

/// Bold questions, each with a folded list: the words in italics, and what is said of them.
fn checks(page: &Page) -> Vec<Question> {
    section(page, "Check yourself")
        .split("\n**")
        .skip(1)
        .map(|block| {
            let (asked, rest) = block.split_once("**").expect("a question ends");
            let answers = between(rest, "<summary>Answer</summary>", "</details>");
            Question {
                asked: asked.replace('\n', " "),
                options: answers
                    .split("\n- *")
                    .skip(1)
                    .map(|option| {
                        let (words, why) = option.split_once(".* ").unwrap_or((option, ""));
                        (words.to_owned(), why.to_owned(), why.starts_with("Yes"))
                    })
                    .collect(),
            }
        })
        .collect()
}

#[test]
fn every_lesson_asks_for_a_prediction_and_says_what_is_wrong_with_each_other_answer() {
    for page in chapters() {
        let questions = predictions(&page);
        assert!(
            questions.len() >= 2,
            "{} asks before one run only",
            page.name
        );
        for Question { asked, options } in questions {
            let place = format!("{}: {asked}", page.name);
            assert!(asked.ends_with('?'), "{place}");
            assert!(
                (3..=5).contains(&options.len()),
                "{place}: {} options",
                options.len()
            );
            let right = options.iter().filter(|option| option.2).count();
            assert_eq!(right, 1, "{place}: right answers");
            for (words, why, is_right) in options {
                assert!(
                    !words.is_empty() && why.len() > 20,
                    "{place}: {words}: {why}"
                );
                // Not by colour alone.
                let says = if is_right { "Yes" } else { "No" };
                assert!(why.starts_with(says), "{place}: {words}: {why}");
            }
        }
    }
}

#[test]
fn every_option_has_a_name_of_its_own_that_its_label_uses() {
    let mut seen = BTreeSet::new();
    for page in chapters() {
        let number = &page.name[..2];
        for question in all_between(&page.text, "<fieldset", "</fieldset>") {
            let name = between(question, " name=\"", "\"");
            assert!(name.starts_with(&format!("predict-{number}")), "{name}");
            for (option, letter) in all_between(question, "<input ", "</label>").zip('a'..) {
                let id = between(option, "id=\"", "\"");
                assert_eq!(between(option, "type=\"", "\""), "radio", "{name}");
                assert_eq!(between(option, "name=\"", "\""), name);
                assert_eq!(between(option, "for=\"", "\""), id, "{name}");
                assert_eq!(id, format!("{name}-{letter}"));
                // print.html has all chapters on one page.
                assert!(seen.insert(id.to_owned()), "{id} is there twice");
            }
        }
    }
}

#[test]
fn every_lesson_ends_with_three_to_five_questions_and_their_answers() {
    for page in chapters() {
        let questions = checks(&page);
        assert!(
            (3..=5).contains(&questions.len()),
            "{}: {}",
            page.name,
            questions.len()
        );
        for Question { asked, options } in questions {
            let place = format!("{}: {asked}", page.name);
            assert!(asked.ends_with('?'), "{place}");
            assert!(options.len() >= 2, "{place}");
            assert!(
                options.iter().any(|option| option.2),
                "{place}: no answer says Yes"
            );
            for (words, why, _) in options {
                assert!(!why.is_empty(), "{place}: {words}: what is said of it?");
            }
        }
    }
}

/// A number in an answer is an include of a fact, or stands in one of the lesson's runs.
#[test]
fn every_number_in_an_answer_comes_from_a_run() {
    for page in chapters() {
        let known = numbers_of(&runs(&page));
        for question in predictions(&page).into_iter().chain(checks(&page)) {
            for (words, why, _) in question.options {
                let said = format!("{words} {why}");
                // What is included is compared where it is written.
                let own: String = said
                    .split("{{#include ")
                    .enumerate()
                    .map(|(index, part)| match part.split_once("}}") {
                        Some((_, rest)) if index > 0 => rest,
                        _ => part,
                    })
                    .collect();
                for number in numbers_of(&without_references(&own)) {
                    assert!(
                        known.contains(&number),
                        "{}: {number} in: {said}",
                        page.name
                    );
                }
            }
        }
    }
}

/// The lesson's transcripts and facts, one after the other.
fn runs(page: &Page) -> String {
    let mut text = String::new();
    let folder = format!("tests/snapshots/{}", page.stem());
    for entry in fs::read_dir(folder).expect("snapshots are committed") {
        let path = entry.expect("a readable folder").path();
        let name = path
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        if !name.contains(".svg.") {
            text.push_str(&fs::read_to_string(&path).expect("a text file"));
        }
    }
    let facts = format!("{}/{}.txt", facts::folder().display(), &page.name[..2]);
    text.push_str(&fs::read_to_string(facts).expect("every lesson has facts"));
    text
}

/// Names of versions, of other lessons and of listings are no measurements.
fn without_references(text: &str) -> String {
    let lines: Vec<&str> = outside_of_code(text).collect();
    let mut kept = Vec::new();
    let mut before = "";
    for word in lines.join(" ").split_whitespace() {
        let is_name = word.starts_with("HTTP/") || word.contains("://");
        if !is_name && !["lesson", "Lesson", "listing", "part", "stream"].contains(&before) {
            kept.push(word.to_owned());
        }
        before = word;
    }
    kept.join(" ")
}

/// "4,194,304" is one number.
fn numbers_of(text: &str) -> Vec<String> {
    text.split(|c: char| !c.is_ascii_digit() && c != ',')
        .map(|number| number.trim_matches(',').replace(',', ""))
        .filter(|number| !number.is_empty())
        .collect()
}
