//! Parts and lessons: what the book's summary lists and the lessons' folder holds.

use std::fs;
use std::path::{Path, PathBuf};

use crate::context::Failure;

/// The whole course, in the book's order.
#[derive(Debug)]
pub(crate) struct Course {
    root: PathBuf,
    parts: Vec<Part>,
    first: Lesson,
}

/// A part of the book that has lessons.
#[derive(Debug)]
pub(crate) struct Part {
    pub title: String,
    pub lessons: Vec<Lesson>,
}

/// A lesson; its folder, chapter and solution share the stem.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Lesson {
    pub stem: String,
    /// As the book lists it: "04 Bidirectional streaming".
    pub title: String,
}

impl Lesson {
    /// "04"
    pub fn number(&self) -> &str {
        self.stem
            .split_once('_')
            .map_or(self.stem.as_str(), |(number, _)| number)
    }

    /// "lesson04"
    pub fn program(&self) -> String {
        format!("lesson{}", self.number())
    }

    /// The student's file, seen from the root.
    pub fn exercise(&self) -> String {
        format!("lessons/{}/exercise.rs", self.stem)
    }

    /// The chapter, seen from the root.
    pub fn chapter(&self) -> String {
        format!("book/src/{}.md", self.stem)
    }

    /// A file beside the solution, seen from the root.
    pub fn beside_solution(&self, name: &str) -> String {
        format!("solutions/{}/{name}", self.stem)
    }
}

impl Course {
    /// Reads the course that lies below `root`.
    pub fn read(root: &Path) -> Result<Self, Failure> {
        let summary = root.join("book/src/SUMMARY.md");
        let text = fs::read_to_string(&summary).map_err(|error| {
            Failure::because(format!(
                "the workbook is not in {}: {} cannot be read ({error}). Was the folder moved? \
                 `cargo clean`, then again.",
                root.display(),
                summary.display(),
            ))
        })?;
        let mut parts = Vec::new();
        for line in text.lines() {
            if let Some(title) = line.strip_prefix("# ") {
                parts.push(Part {
                    title: title.trim().to_owned(),
                    lessons: Vec::new(),
                });
            } else if let (Some(lesson), Some(part)) = (lesson(line), parts.last_mut())
                && root.join("lessons").join(&lesson.stem).is_dir()
            {
                part.lessons.push(lesson);
            }
        }
        parts.retain(|part: &Part| !part.lessons.is_empty());
        let first = parts.first().and_then(|part| part.lessons.first());
        let Some(first) = first.cloned() else {
            return Err(Failure::because(format!(
                "{} lists no lesson that is below {}.",
                summary.display(),
                root.join("lessons").display()
            )));
        };
        Ok(Self {
            root: root.to_owned(),
            parts,
            first,
        })
    }

    pub fn root(&self) -> &Path {
        &self.root
    }

    pub fn parts(&self) -> &[Part] {
        &self.parts
    }

    /// Where the course begins.
    pub fn first(&self) -> &Lesson {
        &self.first
    }

    pub fn lessons(&self) -> impl Iterator<Item = &Lesson> {
        self.parts.iter().flat_map(|part| &part.lessons)
    }

    /// The lesson of that name: "4", "04", "lesson04" or its stem.
    pub fn named(&self, name: &str) -> Result<&Lesson, Failure> {
        let number = name.strip_prefix("lesson").unwrap_or(name);
        self.lessons()
            .find(|lesson| {
                lesson.stem == name
                    || number == lesson.number()
                    || Some(number) == lesson.number().strip_prefix('0')
            })
            .ok_or_else(|| {
                let numbers: Vec<&str> = self.lessons().map(Lesson::number).collect();
                Failure::usage(format!(
                    "there is no lesson \"{name}\". There are {}.",
                    numbers.join(" ")
                ))
            })
    }

    /// The lessons from the one after `lesson` around to `lesson` itself.
    pub fn after(&self, lesson: &Lesson) -> impl Iterator<Item = &Lesson> {
        let behind = self
            .lessons()
            .position(|one| one == lesson)
            .map_or(0, |index| index + 1);
        self.lessons()
            .skip(behind)
            .chain(self.lessons().take(behind))
    }
}

/// The lesson in a line like "- [04 Bidirectional streaming](04_bidi_streaming.md)".
fn lesson(line: &str) -> Option<Lesson> {
    let (title, file) = line
        .trim()
        .strip_prefix("- [")?
        .strip_suffix(".md)")?
        .split_once("](")?;
    let numbered = file.split_once('_')?.0;
    let is_number = !numbered.is_empty() && numbered.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| Lesson {
        stem: file.to_owned(),
        title: title.to_owned(),
    })
}
