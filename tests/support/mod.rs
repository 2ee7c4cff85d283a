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

/// Compares `text` with `tests/snapshots/NAME.snap`. Accept a change with `INSTA_UPDATE=always`,
/// after reading it.
///
/// The file's header is always [`SNAPSHOT_HEADER`] lines long: the book's includes skip that many.
pub fn snapshot(name: &str, text: &str) {
    insta::with_settings!({
        snapshot_path => concat!(env!("CARGO_MANIFEST_DIR"), "/tests/snapshots"),
        prepend_module_to_snapshot => false,
        omit_expression => true,
    }, {
        insta::assert_snapshot!(name, text);
    });
}

/// How many lines stand before the text in a snapshot file.
pub const SNAPSHOT_HEADER: usize = 3;
