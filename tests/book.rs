//! The book cannot lie: every include resolves, every transcript is a snapshot, every listing is
//! compiled code, every command runs, every link has a target. mdBook itself fails softly on most
//! of these.

#[path = "book/commands.rs"]
mod commands;
#[path = "book/drawn.rs"]
mod drawn;
#[path = "book/predict.rs"]
mod predict;
mod support;
#[path = "book/teaching.rs"]
mod teaching;
#[path = "book/worksheets.rs"]
mod worksheets;

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::str::FromStr as _;

use mdbook_core::config::{Config, HtmlConfig};
use support::SNAPSHOT_HEADER;
use support::book::{Include, SOURCE, chapters, pages};
use support::facts;
use support::grpcurl::split_words;
use support::program::{LESSONS, Lesson};

/// The headings of every lesson's chapter, in order.
const SHAPE: [&str; 11] = [
    "The surprise",
    "What you will be able to do",
    "Predict",
    "Run it",
    "Why",
    "The code",
    "With grpcurl",
    "Pitfalls",
    "Coming from Go",
    "Exercise",
    "Check yourself",
];

#[test]
fn every_page_is_in_the_summary_and_every_entry_is_a_page() {
    let summary = fs::read_to_string(Path::new(SOURCE).join("SUMMARY.md")).expect("it is there");
    let linked: BTreeSet<&str> = summary
        .split("](")
        .skip(1)
        .map(|rest| rest.split(')').next().unwrap_or_default())
        .collect();
    let all = pages();
    let written: BTreeSet<&str> = all
        .iter()
        .map(|page| page.name.as_str())
        .filter(|name| *name != "SUMMARY.md")
        .collect();
    assert_eq!(linked, written);
}

#[test]
fn every_lesson_has_a_chapter_and_every_numbered_chapter_a_lesson() {
    let chapters: Vec<String> = chapters()
        .iter()
        .map(|page| page.stem().to_owned())
        .collect();
    let lessons: Vec<&str> = LESSONS.iter().map(|lesson| lesson.stem).collect();
    assert_eq!(chapters, lessons);
}

#[test]
fn every_chapter_has_the_same_shape() {
    for chapter in chapters() {
        assert_eq!(chapter.headings(2), SHAPE, "{}", chapter.name);
        assert_eq!(chapter.headings(1).len(), 1, "{}", chapter.name);
    }
}

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
    let text = fs::read_to_string(&include.path).map_err(|error| error.to_string())?;
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
                "rust,ignore" | "text" => {
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
    let open = "<p class=\"caption\">";
    for page in pages() {
        for caption in page.text.split(open).skip(1) {
            let (caption, below) = caption.split_once("</p>").expect("a caption ends");
            let (_, target) = below
                .split_once("{{#include ")
                .expect("something stands below it");
            let target = target.split("}}").next().unwrap_or_default();
            let code = caption
                .split("<code>")
                .nth(1)
                .and_then(|rest| rest.split("</code>").next());
            let place = format!("{}: {caption}", page.name);
            match code {
                Some("cargo run") => assert!(target.contains("/desk.home.snap:"), "{place}"),
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
                    let snapshot = format!("/{}.{}{wire}.snap:", lesson.stem, words[at + 1]);
                    assert!(target.contains(&snapshot), "{place}: {target}");
                }
                Some(file) => assert!(target.contains(file), "{place}: {target}"),
                None => assert!(target.contains(".check.starter.snap:"), "{place}: {target}"),
            }
        }
    }
}

#[test]
fn the_readme_shows_a_transcript_as_it_is_and_every_lesson() {
    let readme = fs::read_to_string("README.md")
        .expect("it is there")
        .replace("\r\n", "\n");
    let taste = readme
        .split("```text\n")
        .nth(1)
        .and_then(|rest| rest.split("```").next());
    let scene = Lesson::numbered("03").scene("refused", &["--wire"]);
    assert_eq!(taste, Some(scene.as_str()));
    for lesson in LESSONS {
        let row = format!("| `lesson{}` | [", lesson.number());
        assert!(
            readme.contains(&row),
            "README.md has no row for {}",
            lesson.stem
        );
        assert!(
            readme.contains(&format!("book/src/{}.md", lesson.stem)),
            "{}",
            lesson.stem
        );
    }
}

#[test]
fn every_relative_link_has_a_target() {
    for page in pages() {
        for link in page.links() {
            if link.contains("://") {
                continue;
            }
            let (file, fragment) = match link.split_once('#') {
                Some((file, fragment)) => (file, Some(fragment)),
                None => (link.as_str(), None),
            };
            let file = if file.is_empty() {
                page.name.as_str()
            } else {
                file
            };
            let target = pages().into_iter().find(|page| page.name == file);
            let target = target.unwrap_or_else(|| panic!("{}: no page {file}", page.name));
            if let Some(fragment) = fragment {
                let there = target.fragments().iter().any(|known| known == fragment);
                assert!(there, "{}: {file} has no heading #{fragment}", page.name);
            }
        }
    }
}

#[test]
fn every_word_of_the_glossary_is_linked_from_a_page() {
    let glossary = pages()
        .into_iter()
        .find(|page| page.name == "glossary.md")
        .expect("there is a glossary");
    let terms = glossary.terms();
    assert!(terms.len() >= 20, "{terms:?}");
    let mut sorted = terms.clone();
    sorted.sort_by_key(|term| term.to_lowercase());
    assert_eq!(terms, sorted, "a glossary is read by its alphabet");
    for term in terms {
        let target = format!("glossary.md#{}", term.to_lowercase().replace(' ', "-"));
        let links = pages()
            .iter()
            .filter(|page| page.links().contains(&target))
            .count();
        assert!(links > 0, "no page links to {target}");
    }
}

#[test]
fn the_configuration_is_one_that_mdbook_understands() {
    let text = fs::read_to_string("book/book.toml").expect("it is there");
    let config = Config::from_str(&text).expect("book.toml is valid");
    let html = config
        .get::<HtmlConfig>("output.html")
        .expect("every key of output.html is known");
    let html = html.expect("there is an html output");
    for file in html.additional_css.iter().chain(&html.additional_js) {
        assert!(Path::new("book").join(file).is_file(), "{}", file.display());
    }
    assert!(html.admonitions && html.definition_lists && html.search.is_some());
}

#[test]
fn nothing_is_loaded_from_elsewhere() {
    for entry in fs::read_dir("book/theme").expect("it is there") {
        let path = entry.expect("a readable folder").path();
        let text = fs::read_to_string(&path).expect("a text file");
        assert!(!text.contains("://"), "{}", path.display());
    }
    for page in pages() {
        for tag in ["<script", "<img", "<iframe", "<link"] {
            assert!(!page.text.contains(tag), "{}: {tag}", page.name);
        }
    }
}

#[test]
fn every_fact_is_used_and_shown() {
    let facts_page = pages()
        .into_iter()
        .find(|page| page.name == "facts.md")
        .expect("it is there");
    for entry in fs::read_dir(facts::folder()).expect("facts are committed") {
        let path = entry.expect("a readable folder").path();
        let text = fs::read_to_string(&path).expect("a text file");
        let file = path
            .file_name()
            .expect("a file")
            .to_string_lossy()
            .into_owned();
        let includes = |page: &support::book::Page, part: &str| {
            page.includes().iter().any(|include| {
                include
                    .path
                    .file_name()
                    .is_some_and(|name| name == file.as_str())
                    && include.part.as_deref() == Some(part)
            })
        };
        assert!(
            includes(&facts_page, "all"),
            "facts.md does not show {file}"
        );
        for name in text
            .lines()
            .filter_map(|line| line.strip_prefix("ANCHOR: "))
        {
            let is_used = pages().iter().any(|page| includes(page, name));
            assert!(
                is_used || name == "tokio",
                "{file}: no sentence uses {name}"
            );
        }
    }
}
