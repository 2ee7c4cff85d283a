//! Which exercises pass: one plain text file in the repository's root.
//!
//! Each line holds a lesson's name and what happened to it; the last line of a lesson counts. Lines
//! are only ever added, each with a single write in append mode, so two programs that add lines at
//! the same time do not overwrite each other, and a line that this version does not know is kept.

use std::collections::BTreeMap;
use std::fs::{self, OpenOptions};
use std::io::{self, ErrorKind, Write as _};
use std::path::{Path, PathBuf};

/// The file's name.
pub const FILE: &str = "progress.txt";

/// The environment variable that names another file; where it is empty, nothing is kept.
pub const VARIABLE: &str = "WORKBOOK_PROGRESS";

const TITLE: &str =
    "# The Streaming Workbook: my progress. The last line of a lesson counts. Mine to edit.\n";

/// How far a lesson's exercise is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ExerciseState {
    /// The student has not turned to it yet.
    #[default]
    NotStarted,
    /// It has not passed yet.
    Open,
    /// It passes.
    Passed,
    /// It passed before and fails now.
    Broken,
}

impl ExerciseState {
    /// The last check that ran found nothing.
    #[must_use]
    pub fn passes(self) -> bool {
        self == Self::Passed
    }
}

/// One line of the file: what happened to a lesson's exercise.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Entry {
    /// The student turned to it: this is where they are.
    Open,
    /// Its check passed.
    Passed,
    /// Its check found something, or it does not compile.
    Failed,
    /// The exercise is its starter again.
    Reset,
}

impl Entry {
    const ALL: [Self; 4] = [Self::Open, Self::Passed, Self::Failed, Self::Reset];

    fn word(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Passed => "passed",
            Self::Failed => "failed",
            Self::Reset => "reset",
        }
    }

    fn in_line(line: &str) -> Option<(&str, Self)> {
        let mut words = line.split_whitespace();
        let (stem, word) = (words.next()?, words.next()?);
        let entry = Self::ALL.into_iter().find(|entry| entry.word() == word)?;
        words.next().is_none().then_some((stem, entry))
    }

    fn turns(self, state: ExerciseState) -> ExerciseState {
        match (self, state) {
            (Self::Passed, _) => ExerciseState::Passed,
            (Self::Failed, ExerciseState::Passed | ExerciseState::Broken) => ExerciseState::Broken,
            (Self::Open, ExerciseState::Passed | ExerciseState::Broken) => state,
            (Self::Open | Self::Failed | Self::Reset, _) => ExerciseState::Open,
        }
    }
}

/// How far every exercise is, according to a file.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Progress {
    states: BTreeMap<String, ExerciseState>,
    place: Option<String>,
    strange: usize,
}

impl Progress {
    /// Reads the file's text. Lines of another shape are counted and passed over.
    #[must_use]
    pub fn parse(text: &str) -> Self {
        let mut progress = Self::default();
        // Some editors begin a file with a byte order mark.
        for line in text.trim_start_matches('\u{feff}').lines() {
            if line.trim().is_empty() || line.starts_with('#') {
                continue;
            }
            let Some((stem, entry)) = Entry::in_line(line) else {
                progress.strange += 1;
                continue;
            };
            let state = progress.states.entry(stem.to_owned()).or_default();
            *state = entry.turns(*state);
            if entry == Entry::Open {
                progress.place = Some(stem.to_owned());
            }
        }
        progress
    }

    /// How far the lesson of that name is.
    #[must_use]
    pub fn state(&self, stem: &str) -> ExerciseState {
        self.states.get(stem).copied().unwrap_or_default()
    }

    /// How many lines are not understood.
    #[must_use]
    pub fn strange(&self) -> usize {
        self.strange
    }

    /// The name of the lesson that the student turned to last.
    #[must_use]
    pub fn place(&self) -> Option<&str> {
        self.place.as_deref()
    }
}

/// The file that progress is kept in.
#[derive(Debug, Clone)]
pub struct Log {
    path: Option<PathBuf>,
}

impl Log {
    /// The file below `root`, or the one that [`VARIABLE`] names.
    #[must_use]
    pub fn of(root: &Path) -> Self {
        let path = match std::env::var_os(VARIABLE) {
            Some(path) if path.is_empty() => None,
            Some(path) => Some(PathBuf::from(path)),
            None => Some(root.join(FILE)),
        };
        Self { path }
    }

    /// Where it is; `None` where nothing is kept.
    #[must_use]
    pub fn path(&self) -> Option<&Path> {
        self.path.as_deref()
    }

    /// How far every exercise is. Without a file, none has been started.
    ///
    /// # Errors
    /// When it is there and cannot be read.
    pub fn read(&self) -> io::Result<Progress> {
        let Some(path) = &self.path else {
            return Ok(Progress::default());
        };
        match fs::read(path) {
            Ok(bytes) => Ok(Progress::parse(&String::from_utf8_lossy(&bytes))),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(Progress::default()),
            Err(error) => Err(named(path, &error)),
        }
    }

    /// Notes what a check found. A lesson that the student has not turned to is opened with it.
    ///
    /// # Errors
    /// When the file cannot be read or written.
    pub fn checked(&self, stem: &str, passed: bool) -> io::Result<()> {
        if self.read()?.state(stem) == ExerciseState::NotStarted {
            self.add(stem, Entry::Open)?;
        }
        let entry = if passed { Entry::Passed } else { Entry::Failed };
        self.note(stem, entry)
    }

    /// Adds a line, where that changes anything.
    ///
    /// # Errors
    /// When the file cannot be read or written.
    pub fn note(&self, stem: &str, entry: Entry) -> io::Result<()> {
        let progress = self.read()?;
        let state = progress.state(stem);
        let moves = entry == Entry::Open && progress.place() != Some(stem);
        if moves || entry.turns(state) != state {
            self.add(stem, entry)?;
        }
        Ok(())
    }

    fn add(&self, stem: &str, entry: Entry) -> io::Result<()> {
        let Some(path) = &self.path else {
            return Ok(());
        };
        append(path, &format!("{stem} {}\n", entry.word())).map_err(|error| named(path, &error))
    }
}

fn append(path: &Path, line: &str) -> io::Result<()> {
    match OpenOptions::new().append(true).create_new(true).open(path) {
        Ok(mut new) => new.write_all(TITLE.as_bytes())?,
        Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
        Err(error) => return Err(error),
    }
    let mut file = OpenOptions::new().append(true).open(path)?;
    // An editor, or a machine that lost power, may have left a line without its end.
    let whole = fs::read(path)?.last().is_none_or(|&byte| byte == b'\n');
    let line = if whole {
        line.to_owned()
    } else {
        format!("\n{line}")
    };
    file.write_all(line.as_bytes())
}

fn named(path: &Path, error: &io::Error) -> io::Error {
    io::Error::new(error.kind(), format!("{}: {error}", path.display()))
}

#[cfg(test)]
#[path = "log_tests.rs"]
mod tests;
