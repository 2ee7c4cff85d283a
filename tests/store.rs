//! The promises of lesson 06's store: plain names only, and a name only for what is complete.

#[allow(dead_code, reason = "the lesson uses more of it")]
#[path = "../lessons/06_eof_is_not_commit/store.rs"]
mod files;

use tonic::Code;

use files::Store;

#[test]
fn plain_names_are_taken() {
    let store = Store::temporary();
    for name in [
        "a",
        "note.txt",
        "Bericht März.pdf",
        "console.txt",
        "COM10",
        "a..b",
    ] {
        assert!(store.create(name).is_ok(), "{name}");
    }
}

#[test]
fn names_that_could_leave_the_folder_or_that_some_system_refuses_are_not() {
    let store = Store::temporary();
    let long = "x".repeat(201);
    let bad = [
        "",
        ".",
        "..",
        "../x",
        "a/b",
        "/etc/passwd",
        "a\\b",
        "C:\\x",
        "C:x",
        "a\0b",
        "a\nb",
        ".hidden",
        "x.",
        "x ",
        "con",
        "NUL",
        "nul.txt",
        "com1",
        "LPT9.log",
        "aux .txt",
        &long,
    ];
    for name in bad {
        let refused = store.create(name).expect_err(name);
        assert_eq!(refused.code(), Code::InvalidArgument, "{name:?}");
    }
    assert_eq!(store.names(), Vec::<String>::new());
}

#[test]
fn a_partial_file_never_bears_the_final_name_and_a_discarded_one_leaves_nothing() {
    let store = Store::temporary();
    let mut partial = store.create("note.txt").expect("a plain name");
    partial.append(b"text").expect("the disk takes it");
    assert_eq!(store.names(), [".0.partial"]);
    partial.commit().expect("the disk takes it");
    assert_eq!(store.names(), ["note.txt"]);
    partial.discard();
    assert_eq!(store.read("note.txt").expect("it is complete"), b"text");
    store.create("other.txt").expect("a plain name").discard();
    assert_eq!(store.names(), ["note.txt"]);
}

#[test]
fn a_file_of_the_limit_is_taken_and_one_byte_more_is_not() {
    let store = Store::temporary().with_limit(4);
    let mut partial = store.create("note.txt").expect("a plain name");
    partial.append(b"text").expect("it fits");
    let refused = partial.append(b"s").expect_err("it does not fit");
    assert_eq!(refused.code(), Code::ResourceExhausted);
    partial.commit().expect("the disk takes it");
    assert_eq!(store.read("note.txt").expect("it is complete"), b"text");
}
