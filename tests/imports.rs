//! No circle of imports between the files of a lesson, and no fix that imports from its fault.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use crate::support::program::LESSONS;

/// Which files of the lesson each of its files imports from: module names, without `main` and the
/// check, which stand above all others.
fn imports(folder: &Path) -> BTreeMap<String, BTreeSet<String>> {
    let files: BTreeMap<String, String> = fs::read_dir(folder)
        .expect("every lesson has a folder")
        .map(|entry| entry.expect("a readable folder").path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "rs"))
        .map(|path| {
            let name = path.file_stem().expect("it has a name").to_string_lossy();
            let text = fs::read_to_string(&path).expect("a text file");
            (name.into_owned(), text)
        })
        .collect();
    let is_module = |name: &str| files.contains_key(name) && name != "main";
    let imports = files.iter().map(|(name, text)| {
        let of_file = used(text).into_iter().filter(|name| is_module(name));
        (name.clone(), of_file.collect())
    });
    imports.collect()
}

/// The names that stand behind `super::` in a file's imports; `main` for what is not a module, because
/// then it is a constant or a function of `main.rs`.
fn used(text: &str) -> BTreeSet<String> {
    let mut used = BTreeSet::new();
    for import in text.split("use super::").skip(1) {
        let import = import.split(';').next().unwrap_or_default();
        let names = match import.strip_prefix('{') {
            // `use super::{broken, fixed};`
            Some(list) => list.trim_end_matches('}').split(',').collect(),
            // `use super::message::{WAITING, says};`
            None => vec![import.split("::").next().unwrap_or_default()],
        };
        used.extend(names.iter().map(|name| name.trim().to_owned()));
    }
    used
}

/// The modules that can be reached from one, itself only by way of another.
fn reached(from: &str, imports: &BTreeMap<String, BTreeSet<String>>) -> BTreeSet<String> {
    let mut reached = BTreeSet::new();
    let mut next: Vec<&String> = imports[from].iter().collect();
    while let Some(name) = next.pop() {
        if reached.insert(name.clone()) {
            next.extend(&imports[name]);
        }
    }
    reached
}

#[test]
fn the_files_of_a_lesson_import_in_one_direction() {
    for lesson in LESSONS {
        let imports = imports(&Path::new("lessons").join(lesson.stem));
        for name in imports.keys().filter(|name| *name != "main") {
            assert!(
                !reached(name, &imports).contains(name),
                "lessons/{}/{name}.rs imports, by way of others, from itself: put what they share into \
                 a file below both",
                lesson.stem
            );
        }
    }
}

#[test]
fn nothing_is_imported_from_main() {
    for lesson in LESSONS {
        let folder = Path::new("lessons").join(lesson.stem);
        let modules = imports(&folder);
        for name in modules.keys().filter(|name| *name != "main") {
            let text = fs::read_to_string(folder.join(format!("{name}.rs"))).expect("a text file");
            let of_main: Vec<String> = used(&text)
                .into_iter()
                .filter(|used| !modules.contains_key(used) && *used != "*")
                .collect();
            assert_eq!(
                of_main,
                Vec::<String>::new(),
                "lessons/{}/{name}.rs",
                lesson.stem
            );
        }
    }
}

#[test]
fn a_fix_imports_nothing_from_its_fault() {
    for lesson in LESSONS {
        let imports = imports(&Path::new("lessons").join(lesson.stem));
        if imports.contains_key("fixed") && imports.contains_key("broken") {
            let from_fault = reached("fixed", &imports).contains("broken");
            assert!(!from_fault, "lessons/{}/fixed.rs", lesson.stem);
        }
    }
}

#[test]
fn a_circle_is_found() {
    let names = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
    let circle = BTreeMap::from([
        ("client".to_owned(), names(&["broken", "fixed"])),
        ("broken".to_owned(), names(&["client"])),
        ("fixed".to_owned(), names(&[])),
    ]);
    assert!(reached("client", &circle).contains("client"));
    assert!(!reached("fixed", &circle).contains("fixed"));
    let text = "use super::{LIMIT, broken};\nuse super::feed::Item;\n";
    assert_eq!(used(text), names(&["LIMIT", "broken", "feed"]));
}
