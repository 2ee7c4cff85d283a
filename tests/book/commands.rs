//! What the book tells a reader to type: it works, and prints what the book prints.

use std::path::{Path, PathBuf};
use std::{env, fs};

use crate::support::book::{SOURCE, chapters, pages};
use crate::support::console::{Terminal, steps};
use crate::support::grpcurl::split_words;
use crate::support::program::Lesson;
use crate::support::served::Served;

#[test]
fn every_cargo_command_is_one_that_the_lessons_understand() {
    for page in pages() {
        let commands = page.text.split("cargo run --bin lesson").skip(1);
        for rest in commands {
            let command = rest.split(['\n', '`', '<', '"']).next().unwrap_or_default();
            let words = split_words(command);
            let lesson = Lesson::numbered(&words[0]);
            // Those with a scene are compared with their snapshots; those without print them all.
            if let Some(verb) = words.get(2).filter(|word| !word.starts_with('-')) {
                let help = lesson.run([verb.as_str(), "--help"]);
                assert_eq!(help.code, Some(0), "{}: {command}", page.name);
                for flag in words.iter().skip(3).filter(|word| word.starts_with("--")) {
                    assert!(
                        help.stdout.contains(flag.as_str()),
                        "{}: {command}",
                        page.name
                    );
                }
            }
        }
    }
}

#[test]
fn every_suggestion_of_serve_is_about_a_service_of_its_chapter() {
    for chapter in chapters() {
        let served = Served::start(Lesson::numbered(&chapter.stem()[..2]), &[]);
        for line in &served.suggestions {
            let method = split_words(line).pop().unwrap_or_default();
            assert!(
                method == "list" || chapter.text.contains(&method),
                "{}: {method}",
                chapter.name
            );
        }
    }
}

#[test]
fn every_grpcurl_line_prints_what_the_book_prints() {
    let accept = env::var("INSTA_UPDATE").is_ok_and(|update| update == "always");
    for page in pages() {
        let blocks = page
            .blocks()
            .into_iter()
            .filter(|block| block.info == "console");
        let blocks: Vec<_> = blocks.collect();
        if blocks.is_empty() {
            continue;
        }
        // A page that is no lesson's chapter tries its lines on the first lesson.
        let is_chapter = page.name.starts_with(|first: char| first.is_ascii_digit());
        let number = if is_chapter { &page.name[..2] } else { "01" };
        let served = Served::start(Lesson::numbered(number), &[]);
        let mut terminal = Terminal::new(&served);
        let mut text = page.text.clone();
        for block in blocks {
            let mut printed = String::new();
            for step in steps(&block.text) {
                let output = terminal
                    .run(&step.command)
                    .unwrap_or_else(|| step.output.clone());
                if !accept {
                    assert_eq!(step.output, output, "{}: {}", page.name, step.command);
                }
                printed.push_str(&format!("$ {}\n{output}", step.command));
            }
            text = text.replace(&block.text, &printed);
        }
        if accept && text != page.text {
            let path: PathBuf = Path::new(SOURCE).join(&page.name);
            fs::write(path, text).expect("the book can be written");
        }
    }
}
