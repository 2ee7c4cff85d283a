//! Each transcript of the book has its picture right below it.

use std::collections::BTreeSet;
use std::path::Path;

use crate::support::book::pages;
use crate::support::snapshots;

const INCLUDE: &str = "{{#include ../../tests/snapshots/";

#[test]
fn every_transcript_of_a_scene_is_followed_by_its_picture() {
    let (mut drawn, mut pictures) = (BTreeSet::new(), BTreeSet::new());
    for page in pages() {
        for (at, _) in page.text.match_indices("```text\n{{#include ") {
            let block = &page.text[at..];
            let name = included(block);
            let picture = format!("{name}.svg");
            if !Path::new(&format!("tests/snapshots/{picture}.snap")).is_file() {
                continue;
            }
            let (_, below) = block
                .trim_start_matches("```text\n")
                .split_once("\n```\n")
                .expect("a block ends");
            let place = format!("{}: {name}", page.name);
            // The plot has a frame of its own.
            let opens = ["\n<details class=\"drawn", "\n<figure class=\"plot"];
            assert!(
                opens.iter().any(|open| below.starts_with(open)),
                "{place} is not drawn"
            );
            assert_eq!(included(below), picture, "{place}");
            drawn.insert((page.name.clone(), picture));
        }
        for include in page.includes() {
            let path = include.path.to_string_lossy().replace('\\', "/");
            let name = path.split_once("tests/snapshots/").unwrap_or_default().1;
            let picture = name.strip_suffix(".snap").unwrap_or_default();
            if picture.ends_with(".svg") {
                pictures.insert((page.name.clone(), picture.to_owned()));
            }
        }
    }
    // A picture that stands elsewhere has no transcript above it.
    assert_eq!(drawn, pictures);
}

#[test]
fn every_picture_is_in_the_book() {
    let pages = pages();
    for name in snapshots() {
        let is_shown = || {
            pages
                .iter()
                .any(|page| page.text.contains(&format!("{INCLUDE}{name}.snap:")))
        };
        assert!(
            !name.ends_with(".svg") || name.starts_with("lab.") || is_shown(),
            "no page shows {name}: delete it"
        );
    }
}

/// The first snapshot that the text includes, without its ending.
fn included(text: &str) -> &str {
    text.split(INCLUDE)
        .nth(1)
        .and_then(|rest| rest.split(".snap:").next())
        .unwrap_or_default()
}
