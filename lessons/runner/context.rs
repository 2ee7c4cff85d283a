//! What every command knows: the course, the progress, and how to print.

use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::{error, fmt, fs};

use progress::{Entry, ExerciseState, Log, Progress};

use crate::cargo;
use crate::course::{Course, Lesson};
use crate::style::Style;

/// How a command ended, when nothing failed: its exit code.
pub(crate) type Done = Result<u8, Failure>;

/// What was asked for was done.
pub(crate) const SUCCESS: u8 = 0;
/// What was asked for was not done.
pub(crate) const FAILURE: u8 = 1;
/// A check found something, or an exercise does not compile.
pub(crate) const NOT_PASSED: u8 = 1;
/// The command line makes no sense; clap uses the same code.
pub(crate) const USAGE: u8 = 2;

/// Why a command cannot do what it was asked for, as a sentence that says what to do.
#[derive(Debug)]
pub(crate) struct Failure {
    pub code: u8,
    pub text: String,
}

impl Failure {
    /// Something is not as it must be.
    pub fn because(text: impl Into<String>) -> Self {
        Self {
            code: FAILURE,
            text: text.into(),
        }
    }

    /// The command line makes no sense.
    pub fn usage(text: impl Into<String>) -> Self {
        Self {
            code: USAGE,
            text: text.into(),
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl error::Error for Failure {}

/// The course, one student's progress in it, and how that student's terminal is written to.
#[derive(Debug)]
pub(crate) struct Context {
    pub course: Course,
    pub log: Log,
    pub style: Style,
}

impl Context {
    /// Prints text, which may hold colour codes. A reader that has closed the pipe is no failure.
    pub fn say(&self, text: &str) -> Result<(), Failure> {
        let mut out = anstream::stdout();
        match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
            Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(Failure::because(
                format!("standard output cannot be written: {error}"),
            )),
            _ => Ok(()),
        }
    }

    pub fn progress(&self) -> Result<Progress, Failure> {
        self.log
            .read()
            .map_err(|error| Failure::because(format!("your progress cannot be read: {error}")))
    }

    /// Keeps the verdict on a lesson.
    pub fn keep(&self, lesson: &Lesson, passed: bool) -> Result<(), Failure> {
        self.log
            .checked(&lesson.stem, passed)
            .map_err(|error| Failure::because(format!("your progress cannot be kept: {error}")))
    }

    /// Adds to the progress what happened to a lesson.
    pub fn note(&self, lesson: &Lesson, entry: Entry) -> Result<(), Failure> {
        self.log
            .note(&lesson.stem, entry)
            .map_err(|error| Failure::because(format!("your progress cannot be kept: {error}")))
    }

    /// Turns to a lesson: from now on it is where the student is.
    pub fn turn_to(&self, lesson: &Lesson) -> Result<(), Failure> {
        self.note(lesson, Entry::Open)
    }

    /// Where the student is: the lesson that they turned to last, in the beginning the first.
    pub fn place(&self, progress: &Progress) -> &Lesson {
        let turned_to = progress
            .place()
            .and_then(|stem| self.course.lessons().find(|lesson| lesson.stem == stem));
        turned_to.unwrap_or(self.course.first())
    }

    /// Where `next` leads: the place, until it has passed, and then the next that has not. `None`
    /// when all have.
    pub fn next(&self, progress: &Progress) -> Option<&Lesson> {
        let open = |lesson: &&Lesson| progress.state(&lesson.stem) != ExerciseState::Passed;
        let place = self.place(progress);
        Some(place)
            .filter(open)
            .or_else(|| self.course.after(place).find(open))
    }

    /// The lesson of that name; without a name, where the student is.
    pub fn chosen(&self, name: Option<&str>) -> Result<Lesson, Failure> {
        match name {
            Some(name) => self.course.named(name).cloned(),
            None => Ok(self.place(&self.progress()?).clone()),
        }
    }

    /// Reads a file of the course, named from its root.
    pub fn text(&self, name: &str) -> Result<String, Failure> {
        fs::read_to_string(self.path(name))
            .map_err(|error| Failure::because(format!("{name} cannot be read: {error}")))
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.course.root().join(name)
    }

    /// A lesson's own program.
    pub fn lesson_command(&self, program: &Path, words: &[&str]) -> Command {
        cargo::lesson_command(self.course.root(), program, words)
    }

    /// The exercise is still as it came.
    pub fn is_untouched(&self, lesson: &Lesson) -> bool {
        let text = |name: &str| fs::read(self.path(name)).ok();
        let mine = text(&lesson.exercise());
        mine.is_some() && mine == text(&lesson.beside_solution("starter.rs"))
    }
}
