//! The lists that have a line, or a paragraph, for each lesson.

use std::fs;
use std::path::Path;

use super::Written;
use super::name::Name;

/// How a text takes in what is new; None where it has no place for it.
type Edit = fn(&str, &Name) -> Option<String>;

const LISTS: [(&str, Edit); 9] = [
    ("Cargo.toml", |text, name| {
        let bin = name.fill(include_str!("templates/bin.toml"));
        let (at, _) = last_before(text, name, "name = \"lesson")?;
        insert(text, after_paragraph(text, at), &bin)
    }),
    ("README.md", |text, name| {
        let row = "| `lesson@NN@` | [@HEADING@](book/src/@STEM@.md) | TODO: what it is about |\n";
        below(text, name, "| `lesson", row)
    }),
    ("tests/exercises.rs", |text, name| {
        let block = name.fill(include_str!("templates/answers.rs"));
        let text = insert(text, text.find("fn answers() -> ")?, &block)?;
        let call = name.fill("        lesson_@NN@(),\n");
        insert(
            &text,
            text.find("    ]\n    .into_iter()\n    .flatten()")?,
            &call,
        )
    }),
    ("tests/facts.rs", |text, name| {
        below(text, name, "mod lesson_", "mod lesson_@NN@;\n")
    }),
    ("book/src/SUMMARY.md", |text, name| {
        below(text, name, "- [", "- [@NN@ @HEADING@](@STEM@.md)\n")
    }),
    ("book/src/facts.md", |text, name| {
        let include = "\n{{#include ../../tests/snapshots/facts/@NN@.txt:all}}\n";
        below(
            text,
            name,
            "{{#include ../../tests/snapshots/facts/",
            include,
        )
    }),
    ("book/src/checklist.md", |text, name| {
        let row = "- [ ] TODO: what to look for in a review. ([@NN@](@STEM@.md))\n";
        let last = text.rfind("\n- [ ] ")? + 1;
        insert(text, after_line(text, last), &name.fill(row))
    }),
    ("book/src/worksheets.md", |text, name| {
        section(text, name, "## ", include_str!("templates/sheet.md"))
    }),
    ("book/src/teaching.md", |text, name| {
        let text = planned(text, name)?;
        section(&text, name, "### ", include_str!("templates/teaching.md"))
    }),
];

/// What the chapter's template says that it takes without its exercise.
const MINUTES: u32 = 15;

/// The lists with the lesson in each of them.
pub(super) fn with(root: &Path, name: &Name) -> Result<Vec<Written>, String> {
    LISTS
        .iter()
        .map(|(path, edit)| {
            let text = fs::read_to_string(root.join(path))
                .map_err(|error| format!("{path} cannot be read: {error}."))?;
            let text = edit(&text.replace("\r\n", "\n"), name).ok_or_else(|| {
                format!(
                    "{path} has no place where a lesson's line would go. If its form has changed, adapt \
                     lessons/tools/new_lesson/lists.rs."
                )
            })?;
            Ok(Written {
                path: (*path).to_owned(),
                text,
            })
        })
        .collect()
}

/// A row at the end of the last plan for teachers, with its minutes in the sum.
fn planned(text: &str, name: &Name) -> Option<String> {
    const SUM: &str = "| together | | ";
    let at = text.rfind(SUM)?;
    let end = after_line(text, at);
    let sum: u32 = text[at + SUM.len()..end].split(' ').next()?.parse().ok()?;
    let rows = name.fill(&format!(
        "| [@NN@](@STEM@.md) | without the exercise | {MINUTES} |\n{SUM}{} |\n",
        sum + MINUTES
    ));
    Some(format!("{}{rows}{}", &text[..at], &text[end..]))
}

/// The line below that of the last lesson before this one.
fn below(text: &str, name: &Name, prefix: &str, line: &str) -> Option<String> {
    let (_, end) = last_before(text, name, prefix)?;
    insert(text, end, &name.fill(line))
}

/// A section before that of the next lesson, or at the end.
fn section(text: &str, name: &Name, heading: &str, template: &str) -> Option<String> {
    last_before(text, name, heading)?;
    let next = numbered(text, heading).find(|(number, ..)| *number > name.number);
    let section = name.fill(template);
    match next {
        Some((_, at, _)) => insert(text, at, &section),
        None => Some(format!("{}\n\n{}\n", text.trim_end(), section.trim_end())),
    }
}

/// Where the line of the last lesson with a lower number begins and ends.
fn last_before(text: &str, name: &Name, prefix: &str) -> Option<(usize, usize)> {
    let before = numbered(text, prefix).filter(|(number, ..)| *number < name.number);
    before
        .max_by_key(|(number, ..)| *number)
        .map(|(_, start, end)| (start, end))
}

/// The lines with the prefix and a number of two digits behind it: the number, where the line begins
/// and where it ends.
fn numbered(text: &str, prefix: &str) -> impl Iterator<Item = (u8, usize, usize)> {
    let mut start = 0;
    text.split_inclusive('\n').filter_map(move |line| {
        let (at, end) = (start, start + line.len());
        start = end;
        let number = line.strip_prefix(prefix)?.get(..2)?.parse().ok()?;
        Some((number, at, end))
    })
}

fn after_line(text: &str, at: usize) -> usize {
    text[at..].find('\n').map_or(text.len(), |end| at + end + 1)
}

/// Behind the empty line that ends the paragraph.
fn after_paragraph(text: &str, at: usize) -> usize {
    text[at..]
        .find("\n\n")
        .map_or(text.len(), |end| at + end + 2)
}

fn insert(text: &str, at: usize, what: &str) -> Option<String> {
    let (before, behind) = text.split_at_checked(at)?;
    Some(format!("{before}{what}{behind}"))
}
