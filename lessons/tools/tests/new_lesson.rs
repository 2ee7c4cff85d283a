//! `new-lesson`, in a copy of the files that it touches.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use tempfile::TempDir;

/// What it changes.
const LISTS: [&str; 9] = [
    "Cargo.toml",
    "README.md",
    "book/src/SUMMARY.md",
    "book/src/checklist.md",
    "book/src/facts.md",
    "book/src/teaching.md",
    "book/src/worksheets.md",
    "tests/exercises.rs",
    "tests/facts.rs",
];

/// What it writes for `99_fan_out`.
const FILES: [&str; 14] = [
    "book/src/99_fan_out.md",
    "lessons/99_fan_out/check.rs",
    "lessons/99_fan_out/client.rs",
    "lessons/99_fan_out/exercise.rs",
    "lessons/99_fan_out/main.rs",
    "lessons/99_fan_out/requests/ada.json",
    "lessons/99_fan_out/subject.rs",
    "solutions/99_fan_out/hints.md",
    "solutions/99_fan_out/solution.rs",
    "solutions/99_fan_out/starter.rs",
    "solutions/99_fan_out/wrong_one.rs",
    "solutions/99_fan_out/wrong_three.rs",
    "solutions/99_fan_out/wrong_two.rs",
    "tests/facts/lesson_99.rs",
];

/// A copy of the workbook: the lists, and empty folders for the lessons.
struct Copy(TempDir);

impl Copy {
    fn new() -> Self {
        let folder = tempfile::tempdir().expect("the system gives us a folder");
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
        for list in LISTS {
            let text = fs::read_to_string(root.join(list)).expect("it is part of the repository");
            put(folder.path(), list, &text);
        }
        for lesson in fs::read_dir(root.join("lessons")).expect("there are lessons") {
            let name = lesson.expect("a readable folder").file_name();
            fs::create_dir_all(folder.path().join("lessons").join(name)).expect("it is ours");
        }
        Self(folder)
    }

    fn run(&self, words: &[&str]) -> Output {
        Command::new(env!("CARGO_BIN_EXE_new-lesson"))
            .args(words)
            .current_dir(self.0.path())
            .output()
            .expect("cargo has built it")
    }

    /// Every file with its text.
    fn files(&self) -> BTreeMap<String, String> {
        let mut files = BTreeMap::new();
        let mut folders = vec![String::new()];
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(self.0.path().join(&folder)).expect("it is ours") {
                let entry = entry.expect("a readable folder");
                let name = format!("{folder}{}", entry.file_name().to_string_lossy());
                if entry.path().is_dir() {
                    folders.push(format!("{name}/"));
                } else {
                    let text = fs::read_to_string(entry.path()).expect("a text file");
                    files.insert(name, text.replace("\r\n", "\n"));
                }
            }
        }
        files
    }

    /// Asserts that the words are refused with these, and that no file was touched.
    fn refuses(&self, words: &[&str], code: i32, expected: &str) {
        let before = self.files();
        let output = self.run(words);
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(said.contains(expected), "{words:?}: {said}");
        assert_eq!(output.status.code(), Some(code), "{words:?}: {said}");
        assert_eq!(self.files(), before, "{words:?}");
    }
}

fn put(root: &Path, name: &str, text: &str) {
    let path = root.join(name);
    let folder = path.parent().expect("it is below the root");
    fs::create_dir_all(folder).expect("it is ours");
    fs::write(path, text).expect("it is ours");
}

#[test]
fn a_lesson_has_its_files_and_a_place_in_every_list() {
    let copy = Copy::new();
    let before = copy.files();
    let output = copy.run(&["99_fan_out", "fan out"]);
    assert!(output.status.success(), "{output:?}");
    let after = copy.files();
    let new: Vec<&str> = after
        .keys()
        .filter(|name| !before.contains_key(*name))
        .map(String::as_str)
        .collect();
    assert_eq!(new, FILES);
    let said = String::from_utf8_lossy(&output.stdout);
    for file in FILES {
        assert!(said.contains(&format!("new      {file}\n")), "{said}");
        assert!(
            !after[file].contains('@'),
            "{file} has a place that was not filled"
        );
    }
    for list in LISTS {
        assert!(said.contains(&format!("changed  {list}\n")), "{said}");
        // It adds, and changes one number.
        let lost: Vec<&str> = before[list]
            .lines()
            .filter(|line| !after[list].lines().any(|kept| kept == *line))
            .filter(|line| !line.starts_with("| together | | "))
            .collect();
        assert_eq!(lost, Vec::<&str>::new(), "{list}");
        assert!(after[list].contains("99"), "{list}");
    }
    assert_eq!(
        after["lessons/99_fan_out/exercise.rs"],
        after["solutions/99_fan_out/starter.rs"]
    );
}

#[test]
fn the_lists_are_in_order() {
    let copy = Copy::new();
    // 98 comes second, and goes between.
    for stem in ["99_fan_out", "98_fan_in"] {
        let output = copy.run(&[stem, "some fan"]);
        assert!(output.status.success(), "{output:?}");
    }
    let files = copy.files();
    for (list, first, second) in [
        ("Cargo.toml", "\"lesson98\"", "\"lesson99\""),
        (
            "README.md",
            "| `lesson98` | [Some fan](book/src/98_fan_in.md) | ",
            "| `lesson99`",
        ),
        (
            "book/src/SUMMARY.md",
            "- [98 Some fan](98_fan_in.md)\n",
            "- [99 ",
        ),
        (
            "book/src/facts.md",
            "facts/98.txt:all}}\n\n",
            "facts/99.txt:all}}\n",
        ),
        ("book/src/teaching.md", "\n### 98 Some fan\n\n", "\n### 99 "),
        ("book/src/worksheets.md", "\n## 98 Some fan\n\n", "\n## 99 "),
        ("tests/facts.rs", "mod lesson_98;\n", "mod lesson_99;\n"),
    ] {
        let place = |words: &str| {
            let at = files[list].find(words);
            at.unwrap_or_else(|| panic!("{list} has no {words:?}"))
        };
        assert!(place(first) < place(second), "{list}");
        let found = files[list].matches(first).count();
        assert_eq!(found, 1, "{list}: {first}");
    }
}

#[test]
fn a_number_that_is_taken_is_refused() {
    let copy = Copy::new();
    copy.refuses(
        &["15_fan_out", "fan out"],
        1,
        "there is a lesson 15 already, lessons/15_deadlines: take another number.",
    );
}

#[test]
fn what_would_be_overwritten_is_refused() {
    for file in FILES {
        let copy = Copy::new();
        put(copy.0.path(), file, "mine\n");
        let expected = if file.starts_with("lessons/") {
            "there is a lesson 99 already, lessons/99_fan_out: "
        } else {
            "is there already, and would be overwritten: move it away, or take another name."
        };
        copy.refuses(&["99_fan_out", "fan out"], 1, expected);
    }
}

#[test]
fn a_name_that_does_not_fit_is_refused() {
    let copy = Copy::new();
    for words in [&[][..], &["99_fan_out"], &["99_fan_out", "fan", "out"]] {
        copy.refuses(words, 2, "new-lesson takes a stem and a title: ");
    }
    for stem in ["fan_out", "9_fan_out", "099_fan_out", "00_fan_out", "99"] {
        copy.refuses(
            &[stem, "fan out"],
            2,
            "does not begin with a number of two digits",
        );
    }
    for stem in [
        "99_",
        "99_Fan",
        "99_fan__out",
        "99_fan_",
        "99_fan-out",
        "99_../x",
    ] {
        copy.refuses(&[stem, "fan out"], 2, "words of small letters");
    }
    for title in ["", " ", "fan \"out\"", "fan | out", "<fan>", "fan\nout"] {
        copy.refuses(&["99_fan_out", title], 2, "must be plain words");
    }
    copy.refuses(
        &["99_fan_out", &"fan ".repeat(10)],
        2,
        "more than 30 characters",
    );
}

#[test]
fn another_folder_and_a_list_without_a_place_are_refused() {
    let copy = Copy::new();
    put(copy.0.path(), "tests/facts.rs", "//! Nothing.\n");
    copy.refuses(
        &["99_fan_out", "fan out"],
        1,
        "tests/facts.rs has no place where a lesson's line would go.",
    );
    let elsewhere = Copy(tempfile::tempdir().expect("the system gives us a folder"));
    elsewhere.refuses(
        &["99_fan_out", "fan out"],
        1,
        "not the root of the workbook",
    );
}
