//! Numbers that the book's prose uses, each measured by a run.
//!
//! `tests/snapshots/facts/NN.txt` holds them between mdBook anchors, so that a sentence includes
//! the value itself, and accepting a new one changes the sentence, too.

use std::env;
use std::fmt::Write as _;
use std::fs;
use std::path::PathBuf;

/// One measured value.
#[derive(Debug, Clone)]
pub struct Fact {
    /// The anchor under which prose includes it.
    pub name: &'static str,
    /// What was measured, ready to stand in a sentence.
    pub value: String,
    /// What it is the value of, in words.
    pub meaning: &'static str,
    /// Where tonic's people discuss it, if they do: an issue of grpc/grpc-rust.
    pub issue: Option<u32>,
}

/// A fact that is no known issue of tonic's.
pub fn fact(name: &'static str, value: impl ToString, meaning: &'static str) -> Fact {
    Fact {
        name,
        value: value.to_string(),
        meaning,
        issue: None,
    }
}

impl Fact {
    pub fn issue(self, number: u32) -> Self {
        Self {
            issue: Some(number),
            ..self
        }
    }
}

/// Compares the facts of a chapter with the file that its prose includes.
///
/// # Panics
/// When they differ: the message says what the chapter claims and what is true now.
pub fn assert_facts(stem: &str, facts: &[Fact]) {
    let path = folder().join(format!("{}.txt", &stem[..2]));
    let text = page(stem, facts);
    if env::var("INSTA_UPDATE").is_ok_and(|update| update == "always") {
        fs::write(&path, &text).expect("the facts can be written");
    }
    let accepted = fs::read_to_string(&path)
        .unwrap_or_default()
        .replace("\r\n", "\n");
    for Fact {
        name,
        value,
        meaning,
        issue,
    } in facts
    {
        let claimed = anchored(&accepted, name);
        let issue = issue.map_or_else(String::new, |number| format!(", grpc/grpc-rust#{number}"));
        assert_eq!(
            claimed.as_deref(),
            Some(value.as_str()),
            "\nbook/src/{stem}.md is no longer true: {meaning} ({name}) was {}, and is {value} with \
             tonic {}{issue}.\nRead every place that includes {name}, then accept with \
             INSTA_UPDATE=always.\n",
            claimed.as_deref().unwrap_or("not measured"),
            locked_version("tonic"),
        );
    }
    assert_eq!(
        accepted,
        text,
        "{}: accept with INSTA_UPDATE=always",
        path.display()
    );
}

/// The text between an anchor's lines.
pub fn anchored(text: &str, name: &str) -> Option<String> {
    let (_, rest) = text.split_once(&format!("ANCHOR: {name}\n"))?;
    let (value, _) = rest.split_once(&format!("\nANCHOR_END: {name}\n"))?;
    Some(value.to_owned())
}

/// The version of a package in Cargo.lock.
pub fn locked_version(package: &str) -> String {
    let lock = fs::read_to_string("Cargo.lock").expect("the lock file is part of the repository");
    let start = format!("name = \"{package}\"\nversion = \"");
    let lock = lock.replace("\r\n", "\n");
    let (_, rest) = lock
        .split_once(&start)
        .unwrap_or_else(|| panic!("{package} is not locked"));
    rest.split('"').next().unwrap_or_default().to_owned()
}

pub fn folder() -> PathBuf {
    PathBuf::from("tests/snapshots/facts")
}

fn page(stem: &str, facts: &[Fact]) -> String {
    let mut page = format!("ANCHOR: all\n## {stem}\n\n");
    for Fact {
        name,
        value,
        meaning,
        issue,
    } in facts
    {
        let issue = issue.map_or_else(String::new, |number| {
            format!(" ([#{number}](https://github.com/grpc/grpc-rust/issues/{number}))")
        });
        // Writing to a String cannot fail.
        let _ = write!(
            page,
            "- `{name}`, {meaning}{issue}:\nANCHOR: {name}\n{value}\nANCHOR_END: {name}\n"
        );
    }
    page + "ANCHOR_END: all\n"
}
