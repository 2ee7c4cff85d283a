//! What the pages include: it is there, it is all that they show, and it is what they say it is.

use std::fs;

use crate::support::SNAPSHOT_HEADER;
use crate::support::book::{Include, chapters, pages};
use crate::support::grpcurl::split_words;
use crate::support::program::Lesson;

#[test]
fn every_include_resolves_to_something() {
    for page in pages() {
        for include in page.includes() {
            let included = resolve(&include)
                .unwrap_or_else(|why| panic!("{}: {}: {why}", page.name, include.path.display()));
            assert!(
                !included.trim().is_empty(),
                "{}: {include:?} is empty",
                page.name
            );
        }
    }
}

/// What mdBook puts in place of the include.
fn resolve(include: &Include) -> Result<String, String> {
    let text = fs::read_to_string(&include.path).map_err(|error| {
        let is_made_by_a_run = include.path.to_string_lossy().contains("/snapshots/");
        if is_made_by_a_run {
            format!("{error}. `INSTA_UPDATE=always cargo test --no-fail-fast` makes it")
        } else {
            error.to_string()
        }
    })?;
    let text = text.replace("\r\n", "\n");
    let is_snapshot = include
        .path
        .extension()
        .is_some_and(|extension| extension == "snap");
    match include.part.as_deref() {
        None if is_snapshot => Err("a snapshot is included without its header".to_owned()),
        None => Ok(text),
        Some(part) if part.starts_with(|c: char| c.is_ascii_digit()) => {
            let from = format!("{}:", SNAPSHOT_HEADER + 1);
            if !is_snapshot || part != from {
                return Err(format!("lines are for snapshots, which begin at {from}"));
            }
            let header: Vec<&str> = text.lines().take(SNAPSHOT_HEADER).collect();
            match header.as_slice() {
                ["---", source, "---"] if source.starts_with("source: ") => {}
                other => return Err(format!("the header has changed: {other:?}")),
            }
            Ok(text
                .lines()
                .skip(SNAPSHOT_HEADER)
                .collect::<Vec<_>>()
                .join("\n"))
        }
        Some(anchor) => between_anchors(&text, anchor),
    }
}

fn between_anchors(text: &str, anchor: &str) -> Result<String, String> {
    let mut found = Vec::new();
    let mut inside = false;
    let mut closed = false;
    for line in text.lines() {
        let names = |mark: &str| {
            line.split_once(mark)
                .is_some_and(|(_, name)| name.trim() == anchor)
        };
        if names("ANCHOR: ") {
            inside = true;
        } else if names("ANCHOR_END: ") {
            closed = inside;
            inside = false;
        } else if inside {
            found.push(line);
        }
    }
    if closed {
        Ok(found.join("\n"))
    } else {
        Err(format!("no anchor {anchor:?} with its end"))
    }
}

#[test]
fn the_book_holds_no_code_and_no_output_of_its_own() {
    for page in pages() {
        for block in page.blocks() {
            let is_include = block.text.trim().starts_with("{{#include ")
                && block.text.trim().lines().count() == 1;
            match block.info.as_str() {
                "rust,ignore" | "text" | "toml" | "proto" => {
                    assert!(is_include, "{}: pasted:\n{}", page.name, block.text);
                }
                // Compared below.
                "console" | "sh" => {}
                other => panic!("{}: a block of kind {other:?}", page.name),
            }
        }
    }
}

#[test]
fn every_caption_names_what_stands_below_it() {
    for page in chapters() {
        assert!(!page.captions().is_empty(), "{} has listings", page.name);
    }
    for page in pages() {
        for (caption, below) in page.captions() {
            let place = format!("{}: {}", page.name, caption.text());
            let target = below.trim().strip_prefix("{{#include ");
            let target = target.unwrap_or_else(|| panic!("{place}: includes what it names"));
            let code = caption.named("code").first().map(|code| code.text());
            match code.as_deref() {
                Some("cargo run") => assert!(target.contains("/runner.home.snap:"), "{place}"),
                Some(command) if command.starts_with("cargo run") => {
                    let words = split_words(command);
                    let lesson = Lesson::numbered(words[3].trim_start_matches("lesson"));
                    let at = words
                        .iter()
                        .position(|word| word == "--scene")
                        .expect("one scene");
                    let wire = if words.contains(&"--wire".to_owned()) {
                        ".wire"
                    } else {
                        ""
                    };
                    let snapshot = format!("/{}/{}{wire}.snap:", lesson.stem, words[at + 1]);
                    assert!(target.contains(&snapshot), "{place}: {target}");
                }
                Some(file) => assert!(target.contains(file), "{place}: {target}"),
                None => assert!(target.contains("/check.starter.snap:"), "{place}: {target}"),
            }
        }
    }
}
