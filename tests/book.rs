//! The book cannot lie: every include resolves, every transcript is a snapshot, every listing is
//! compiled code, every command runs, every link has a target. mdBook itself fails softly on most
//! of these.

mod commands;
mod drawn;
mod includes;
mod predict;
mod primer;
mod rows;
mod teaching;
mod worksheets;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::str::FromStr as _;

use crate::support::book::{Page, SOURCE, chapters, pages};
use crate::support::facts;
use crate::support::program::{LESSONS, Lesson};
use crate::support::runs::{scene_of, text_of};
use mdbook_core::config::{Config, HtmlConfig};

/// The headings with which every lesson's chapter begins …
const BEGINS: [&str; 2] = ["The surprise", "What you will be able to do"];
/// … and those with which it ends. What is between them is the chapter's own.
const ENDS: [&str; 4] = [
    "Exercise",
    "Check yourself",
    "With grpcurl",
    "Coming from Go",
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
fn every_chapter_begins_with_its_surprise_and_ends_with_what_to_do() {
    for chapter in chapters() {
        let headings = chapter.headings(2);
        assert!(
            headings.starts_with(&BEGINS.map(str::to_owned)),
            "{headings:?}"
        );
        assert!(headings.ends_with(&ENDS.map(str::to_owned)), "{headings:?}");
        let own = headings.len() - BEGINS.len() - ENDS.len();
        assert!(own >= 2, "{}: it explains nothing", chapter.name);
        assert_eq!(chapter.headings(1).len(), 1, "{}", chapter.name);
    }
}

#[test]
fn the_readme_shows_a_transcript_as_it_is() {
    let readme = fs::read_to_string("README.md")
        .expect("it is there")
        .replace("\r\n", "\n");
    let taste = readme
        .split("```text\n")
        .nth(1)
        .and_then(|rest| rest.split("```").next());
    let scene = scene_of(Lesson::numbered("03"), "refused");
    assert_eq!(taste, Some(text_of(Lesson::numbered("03"), scene, true)));
}

#[test]
fn every_relative_link_has_a_target() {
    let pages = pages();
    let fragments: BTreeMap<&str, Vec<String>> = pages
        .iter()
        .map(|page| (page.name.as_str(), page.fragments()))
        .collect();
    for page in &pages {
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
            let target = fragments.get(file);
            let target = target.unwrap_or_else(|| panic!("{}: no page {file}", page.name));
            if let Some(fragment) = fragment {
                let there = target.iter().any(|known| known == fragment);
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
    let mut sorted = terms.clone();
    sorted.sort_by_key(|term| term.to_lowercase());
    assert_eq!(terms, sorted, "a glossary is read by its alphabet");
    let all = terms.iter();
    let defined: BTreeSet<String> = all
        .map(|term| format!("glossary.md#{}", term.to_lowercase().replace(' ', "-")))
        .collect();
    let linked: BTreeSet<String> = pages()
        .iter()
        .flat_map(Page::links)
        .filter(|link| link.starts_with("glossary.md#"))
        .collect();
    assert_eq!(defined, linked);
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
    // The file and the part that each page includes.
    let mut included: BTreeMap<String, BTreeSet<(String, String)>> = BTreeMap::new();
    for page in pages() {
        let parts = page.includes().into_iter().filter_map(|include| {
            let file = include.path.file_name()?.to_string_lossy().into_owned();
            Some((file, include.part?))
        });
        included.insert(page.name.clone(), parts.collect());
    }
    for entry in fs::read_dir(facts::folder()).expect("facts are committed") {
        let path = entry.expect("a readable folder").path();
        let text = fs::read_to_string(&path).expect("a text file");
        let file = path
            .file_name()
            .expect("a file")
            .to_string_lossy()
            .into_owned();
        let part = |name: &str| (file.clone(), name.to_owned());
        assert!(
            included["facts.md"].contains(&part("all")),
            "facts.md does not show {file}"
        );
        for name in text
            .lines()
            .filter_map(|line| line.strip_prefix("ANCHOR: "))
        {
            let is_used = included.values().any(|parts| parts.contains(&part(name)));
            assert!(
                is_used || name == "tokio",
                "{file}: no sentence uses {name}"
            );
        }
    }
}
