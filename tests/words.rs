//! Words that hide the actor. *Nobody*, *somebody* and their like as the subject of a sentence leave out
//! which program, task or side it is, and that is usually the thing to be learnt. No text of the course
//! uses them: book, README, hints, findings, narration, help, comments.

use std::fs;
use std::path::{Path, PathBuf};

const WORDS: [&str; 5] = ["nobody", "somebody", "whoever", "everybody", "anybody"];

/// Where a word may stand: the file, a part of the line, and the reason.
const ALLOWED: [(&str, &str, &str); 1] = [("tests/words.rs", "", "this file names the words")];

/// What is read: every text file of the repository below these.
const PLACES: [&str; 8] = [
    ".ci",
    "CONTRIBUTING.md",
    "README.md",
    "book",
    "lessons",
    "proto",
    "solutions",
    "tests",
];

const KINDS: [&str; 8] = ["css", "js", "json", "md", "mjs", "proto", "rs", "snap"];

#[test]
fn no_sentence_hides_its_actor() {
    let mut found = Vec::new();
    for path in PLACES.iter().flat_map(|place| files(Path::new(place))) {
        let text = fs::read_to_string(&path).expect("a text file");
        let name = path.to_string_lossy().replace('\\', "/");
        for (line, number) in text.lines().zip(1..) {
            let lower = line.to_lowercase();
            let words = lower.split(|c: char| !c.is_alphanumeric());
            let is_hidden = words.into_iter().any(|word| WORDS.contains(&word));
            let is_allowed = ALLOWED
                .iter()
                .any(|(file, part, _)| name == *file && line.contains(part));
            if is_hidden && !is_allowed {
                found.push(format!("{name}:{number}: {}", line.trim()));
            }
        }
    }
    assert!(
        found.is_empty(),
        "name the actor (client, handler, task, tonic …):\n{}",
        found.join("\n")
    );
}

fn files(place: &Path) -> Vec<PathBuf> {
    if place.is_file() {
        return vec![place.to_owned()];
    }
    let mut found = Vec::new();
    for entry in fs::read_dir(place).expect("it is in the repository") {
        let path = entry.expect("a readable folder").path();
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        // What a build or an install has made is not ours: book/book, node_modules.
        let is_made = name == "node_modules" || path == Path::new("book/book");
        let extension = path.extension().unwrap_or_default().to_string_lossy();
        if path.is_dir() && !is_made {
            found.extend(files(&path));
        } else if path.is_file() && (KINDS.contains(&&*extension) || place == Path::new(".ci")) {
            found.push(path);
        }
    }
    found
}
