//! What the tests share.

#![allow(dead_code, reason = "every test program uses a part of it")]

pub mod book;
pub mod console;
pub mod ends;
pub mod facts;
pub mod grpcurl;
pub mod html;
pub mod program;
pub mod runs;
pub mod served;
pub mod words;

use std::fs;
use std::path::Path;

/// Compares `text` with `tests/snapshots/NAME.snap`, where "12_cancel_by_drop/fixed" is `fixed.snap` in
/// the folder of its lesson. Accept a change with `INSTA_UPDATE=always`, after reading it.
///
/// The file's header is always [`SNAPSHOT_HEADER`] lines long: the book's includes skip that many.
pub fn snapshot(name: &str, text: &str) {
    let mut folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(SNAPSHOTS);
    // insta would make one file name of both.
    let name = match name.split_once('/') {
        Some((lesson, name)) => {
            folder.push(lesson);
            name
        }
        None => name,
    };
    insta::with_settings!({
        snapshot_path => folder,
        prepend_module_to_snapshot => false,
        omit_expression => true,
    }, {
        insta::assert_snapshot!(name, text);
    });
}

/// Where snapshots are: those of a lesson in a folder of its name, the others at the top.
pub const SNAPSHOTS: &str = "tests/snapshots";

/// The names of all snapshots as [`snapshot`] takes them, in order: "12_cancel_by_drop/fixed.wire".
pub fn snapshots() -> Vec<String> {
    let mut names = Vec::new();
    let mut folders = vec![String::new()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(Path::new(SNAPSHOTS).join(&folder)).expect("they are committed") {
            let entry = entry.expect("a readable folder");
            let name = format!("{folder}{}", entry.file_name().to_string_lossy());
            if entry.path().is_dir() {
                folders.push(format!("{name}/"));
            } else if let Some(name) = name.strip_suffix(".snap") {
                names.push(name.to_owned());
            }
        }
    }
    names.sort();
    names
}

/// How many lines stand before the text in a snapshot file.
pub const SNAPSHOT_HEADER: usize = 3;
