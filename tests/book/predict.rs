//! The questions of a chapter: what to predict before the run, and what to know after it.

use std::collections::BTreeSet;
use std::fs;

use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

use crate::support::book::{Page, chapters};
use crate::support::facts::{self, anchored};
use crate::support::html::Element;
use crate::support::program::Lesson;
use crate::support::runs::{run_of, scene_of, text_of};
use workbook::run::Scene;

/// A question with its options.
struct Question {
    asked: String,
    options: Vec<Choice>,
}

/// An option: its words, what is said of it, and whether it is right.
struct Choice {
    words: String,
    why: String,
    is_right: bool,
}

/// The fieldsets of a page.
fn fieldsets(page: &Page) -> Vec<Element> {
    let all = page.html();
    all.named("fieldset").into_iter().cloned().collect()
}

fn prediction(fieldset: &Element) -> Question {
    let options = fieldset.named("div").into_iter();
    let options = options.filter(|div| div.is_of("option")).map(|option| {
        let why = option.only("p");
        assert!(why.is_of("why"), "{why:?}");
        Choice {
            words: option.only("label").text(),
            why: why.text(),
            is_right: option.is_of("answer"),
        }
    });
    Question {
        asked: fieldset.only("legend").text(),
        options: options.collect(),
    }
}

/// Bold questions, each with a folded list: the words in italics, and what is said of them.
fn checks(page: &Page) -> Vec<Question> {
    let mut questions: Vec<Question> = Vec::new();
    let (mut strong, mut emphasis, mut in_item) = (false, false, false);
    for event in Parser::new_ext(page.section("Check yourself"), Options::all()) {
        match event {
            Event::Start(Tag::Strong) if !in_item => {
                strong = true;
                questions.push(Question {
                    asked: String::new(),
                    options: Vec::new(),
                });
            }
            Event::End(TagEnd::Strong) => strong = false,
            Event::Start(Tag::Item) => {
                in_item = true;
                if let Some(question) = questions.last_mut() {
                    question.options.push(Choice {
                        words: String::new(),
                        why: String::new(),
                        is_right: false,
                    });
                }
            }
            Event::End(TagEnd::Item) => in_item = false,
            // Only what an option begins with is its words.
            Event::Start(Tag::Emphasis) => emphasis = true,
            Event::End(TagEnd::Emphasis) => emphasis = false,
            Event::Text(said) | Event::Code(said) => add(&mut questions, &said, strong, emphasis),
            Event::SoftBreak => add(&mut questions, " ", strong, emphasis),
            _ => {}
        }
    }
    for choice in questions.iter_mut().flat_map(|one| &mut one.options) {
        choice.is_right = choice.why.trim_start().starts_with("Yes");
    }
    questions
}

fn add(questions: &mut [Question], said: &str, in_question: bool, in_words: bool) {
    let Some(question) = questions.last_mut() else {
        return;
    };
    match question.options.last_mut() {
        _ if in_question => question.asked.push_str(said),
        Some(choice) if in_words && choice.why.is_empty() => choice.words.push_str(said),
        Some(choice) => choice.why.push_str(said),
        None => {}
    }
}

#[test]
fn every_lesson_asks_for_a_prediction_and_says_what_is_wrong_with_each_other_answer() {
    for page in chapters() {
        let questions: Vec<Question> = fieldsets(&page).iter().map(prediction).collect();
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
            let right = options.iter().filter(|option| option.is_right).count();
            assert_eq!(right, 1, "{place}: right answers");
            let different: BTreeSet<&String> = options.iter().map(|one| &one.words).collect();
            assert_eq!(different.len(), options.len(), "{place}");
            for Choice {
                words,
                why,
                is_right,
            } in options
            {
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
        for question in fieldsets(&page) {
            let inputs = question.named("input");
            let name = inputs.first().map_or("", |input| input.attribute("name"));
            assert!(name.starts_with(&format!("predict-{number}")), "{name}");
            let labels = question.named("label");
            assert_eq!(inputs.len(), labels.len(), "{name}");
            for ((input, label), letter) in inputs.iter().zip(labels).zip('a'..) {
                let id = input.attribute("id");
                assert_eq!(input.attribute("type"), "radio", "{name}");
                assert_eq!(input.attribute("name"), name);
                assert_eq!(label.attribute("for"), id, "{name}");
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
                options.iter().any(|option| option.is_right),
                "{place}: no answer says Yes"
            );
            for Choice { words, why, .. } in options {
                assert!(
                    !words.is_empty() && !why.trim().is_empty(),
                    "{place}: {words}: what is said of it?"
                );
            }
        }
    }
}

/// A prediction is about the scene that its `data-scene` names: a number in the right answer is one of
/// that scene's run, or an included fact.
#[test]
fn every_right_answer_is_what_the_predicted_run_shows() {
    for page in chapters() {
        let lesson = Lesson::numbered(&page.name[..2]);
        for fieldset in fieldsets(&page) {
            let Question { asked, options } = prediction(&fieldset);
            let place = format!("{}: {asked}", page.name);
            let name = fieldset.attribute("data-scene");
            assert!(!name.is_empty(), "{place}: which scene is it about?");
            let scene = scene_of(lesson, name);
            let known = numbers_of(&transcripts(lesson, scene));
            for choice in options.iter().filter(|choice| choice.is_right) {
                let said = format!("{} {}", choice.words, choice.why);
                for number in numbers_of(&own_words(&said)) {
                    assert!(
                        known.contains(&number),
                        "{place}: {number} is not in {name}: {said}"
                    );
                }
            }
        }
    }
}

/// A number in a wrong answer is a tempting one: of the question, of one of the lesson's runs, or a fact.
#[test]
fn every_number_in_an_answer_comes_from_a_run() {
    let mut strange = Vec::new();
    for page in chapters() {
        let of_runs = numbers_of(&runs(&page));
        let predictions = fieldsets(&page);
        let predictions = predictions.iter().map(prediction);
        for Question { asked, options } in predictions.chain(checks(&page)) {
            let given = numbers_of(&asked);
            for Choice { words, why, .. } in options {
                let said = own_words(&format!("{words} {why}"));
                let own = numbers_of(&said).into_iter();
                let unknown =
                    own.filter(|number| !of_runs.contains(number) && !given.contains(number));
                strange.extend(unknown.map(|number| format!("{}: {number} in: {said}", page.name)));
            }
        }
    }
    assert_eq!(strange, Vec::<String>::new());
}

/// A scene without the wire and with it.
fn transcripts(lesson: Lesson, scene: &Scene) -> String {
    text_of(lesson, scene, false).to_owned() + text_of(lesson, scene, true)
}

/// The lesson's transcripts and the values of its facts, one after the other.
fn runs(page: &Page) -> String {
    let lesson = Lesson::numbered(&page.name[..2]);
    let mut all = String::new();
    for scene in &run_of(lesson).scenes {
        all.push_str(&transcripts(lesson, scene));
    }
    let path = facts::folder().join(format!("{}.txt", lesson.number()));
    let facts = fs::read_to_string(path).expect("every lesson has facts");
    let names = facts
        .lines()
        .filter_map(|line| line.strip_prefix("ANCHOR: "));
    for name in names.filter(|name| *name != "all") {
        all.push_str(&anchored(&facts, name).unwrap_or_default());
        all.push('\n');
    }
    all
}

/// Without what is included, which is compared where it is written, and without the names of versions, of
/// other lessons and of listings, which are no measurements.
fn own_words(said: &str) -> String {
    let mut own = String::new();
    let mut rest = said;
    while let Some((before, include)) = rest.split_once("{{#include ") {
        own.push_str(before);
        rest = include.split_once("}}").map_or("", |(_, rest)| rest);
    }
    own.push_str(rest);
    let mut kept = Vec::new();
    let mut before = "";
    for word in own.split_whitespace() {
        let is_name = word.starts_with("HTTP/") || word.contains("://");
        if !is_name && !["lesson", "Lesson", "listing", "part", "stream"].contains(&before) {
            kept.push(word);
        }
        before = word;
    }
    kept.join(" ")
}

/// "4,194,304" is one number, and the milliseconds of "0.030" are 30.
fn numbers_of(text: &str) -> BTreeSet<String> {
    text.split(|c: char| !c.is_ascii_digit() && c != ',')
        .map(|number| number.trim_matches(',').replace(',', ""))
        .filter(|number| !number.is_empty())
        .map(|number| match number.trim_start_matches('0') {
            "" => "0".to_owned(),
            number => number.to_owned(),
        })
        .collect()
}
