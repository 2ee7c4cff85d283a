//! A new lesson, with all that the tests ask of one: `new-lesson 16_fan_out "fan out"`.
//!
//! The files of the lesson are made from `templates/`, and its lines are added to the lists that have
//! one a lesson. What is left to write says `TODO:`; `tests/todo.rs` is red until none is left. All texts
//! are made before the first is written, so that a refusal leaves the workbook as it was.

mod files;
mod lists;
mod name;

use std::fs;
use std::path::Path;

use name::Name;

/// Why no lesson was made: a sentence that says what to do.
#[derive(Debug, PartialEq, Eq)]
pub enum Refused {
    /// The words do not name a lesson.
    Words(String),
    /// The lesson cannot be made here.
    Place(String),
}

/// A file and the text that it is to have.
struct Written {
    path: String,
    text: String,
}

/// Makes the lesson that `words` name in the workbook below `root`. Returns what to print.
///
/// # Errors
/// When the words are no stem and title, when there is a lesson of that number, or anything that would
/// be overwritten. Then nothing was written.
pub fn run(root: &Path, words: &[String]) -> Result<String, Refused> {
    let name = Name::parse(words).map_err(Refused::Words)?;
    if !root.join("lessons/workbook").is_dir() {
        return Err(Refused::Place(
            "this is not the root of the workbook: change to the folder with README.md, and try again."
                .to_owned(),
        ));
    }
    is_free(root, &name)?;
    let new = files::of(&name);
    if let Some(file) = new.iter().find(|file| root.join(&file.path).exists()) {
        return Err(Refused::Place(format!(
            "{} is there already, and would be overwritten: move it away, or take another name.",
            file.path
        )));
    }
    let changed = lists::with(root, &name).map_err(Refused::Place)?;
    for file in new.iter().chain(&changed) {
        write(root, file).map_err(|error| {
            Refused::Place(format!("{} cannot be written: {error}.", file.path))
        })?;
    }
    Ok(report(&name, &new, &changed))
}

/// Refuses a number that a lesson has. A stem of its own is not enough, because programs and facts are
/// named by the number.
fn is_free(root: &Path, name: &Name) -> Result<(), Refused> {
    let folders = fs::read_dir(root.join("lessons"))
        .map_err(|error| Refused::Place(format!("lessons/ cannot be read: {error}.")))?;
    let taken: Vec<String> = folders
        .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
        .filter(|folder| name::number(folder).is_some())
        .collect();
    let Some(lesson) = taken
        .iter()
        .find(|folder| name::number(folder) == Some(name.number))
    else {
        return Ok(());
    };
    let free = (1..100).find(|free| {
        !taken
            .iter()
            .any(|folder| name::number(folder) == Some(*free))
    });
    let advice = free.map_or_else(String::new, |free| format!(" {free:02} is free."));
    Err(Refused::Place(format!(
        "there is a lesson {:02} already, lessons/{lesson}: take another number.{advice}",
        name.number
    )))
}

fn write(root: &Path, file: &Written) -> std::io::Result<()> {
    let path = root.join(&file.path);
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    fs::write(path, &file.text)
}

fn report(name: &Name, new: &[Written], changed: &[Written]) -> String {
    let mut report = String::new();
    for (what, files) in [("new", new), ("changed", changed)] {
        for file in files {
            report.push_str(&format!("{what:<8} {}\n", file.path));
        }
    }
    let number = name.padded();
    report.push_str(&format!(
        "
It runs:            cargo run --bin lesson{number}
Make its snapshots: INSTA_UPDATE=always cargo test --no-fail-fast, twice: the book includes what the
                    first run has made
What is left:       cargo test --test workbook todo
"
    ));
    report
}
