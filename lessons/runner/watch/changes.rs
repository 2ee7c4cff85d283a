//! Whether the exercise has been saved: the system reports it, and the file is read from time to time
//! as well, because not every file system reports.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::mpsc::Sender;
use std::time::Duration;

use notify_debouncer_mini::notify::{RecommendedWatcher, RecursiveMode};
use notify_debouncer_mini::{DebounceEventResult, Debouncer, new_debouncer};

use super::Event;

/// An editor writes a file in several steps; they count as one when they are no further apart.
const DEBOUNCE: Duration = Duration::from_millis(50);
/// How often the file is read while the system reports changes.
const NOW_AND_THEN: Duration = Duration::from_millis(500);
/// How often it is read where the system does not report: a save is noticed at the second reading.
const OFTEN: Duration = Duration::from_millis(150);

/// What reading the file came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Change {
    None,
    Saved,
    /// It has changed and the system has not reported it: from now on it is read often.
    SavedUnreported,
}

/// The exercise's file, as it was when it was last run.
pub(super) struct Changes {
    file: PathBuf,
    /// Reports to the session as long as it lives.
    debouncer: Option<Debouncer<RecommendedWatcher>>,
    seen: Option<Vec<u8>>,
    /// What the file was at the last reading, when that was not what was run.
    suspected: Option<Vec<u8>>,
}

impl Changes {
    /// Follows `file` from now on. With `poll`, or where the system cannot report changes, only
    /// reading finds them.
    pub fn of(file: &Path, poll: bool, events: Sender<Event>) -> Self {
        let debouncer = if poll { None } else { reports_on(file, events) };
        Self {
            seen: fs::read(file).ok(),
            file: file.to_owned(),
            debouncer,
            suspected: None,
        }
    }

    /// Whether the system reports changes, as far as is known.
    pub fn are_reported(&self) -> bool {
        self.debouncer.is_some()
    }

    /// How long to wait before the next [`Self::read`].
    pub fn pause(&self) -> Duration {
        if self.are_reported() {
            NOW_AND_THEN
        } else {
            OFTEN
        }
    }

    /// What the file is now is what is run.
    pub fn take(&mut self) {
        self.seen = fs::read(&self.file).ok();
        self.suspected = None;
    }

    /// The system reports a change: is there one?
    pub fn reported(&self) -> bool {
        fs::read(&self.file).ok() != self.seen
    }

    /// Reads the file. A change counts at the second reading that sees it, so that a file which is
    /// being written is left alone, and a report on its way arrives first.
    pub fn read(&mut self) -> Change {
        let now = fs::read(&self.file).ok();
        if now == self.seen {
            self.suspected = None;
            return Change::None;
        }
        if self.suspected != now {
            self.suspected = now;
            return Change::None;
        }
        // Dropped here: from now on, reading is what finds changes.
        match self.debouncer.take() {
            Some(_) => Change::SavedUnreported,
            None => Change::Saved,
        }
    }
}

/// Watches the folder: an editor may put a new file in the old one's place.
fn reports_on(file: &Path, events: Sender<Event>) -> Option<Debouncer<RecommendedWatcher>> {
    let name = file.file_name()?.to_owned();
    let report = move |result: DebounceEventResult| {
        let Ok(changed) = result else { return };
        let is_ours = changed
            .iter()
            .any(|change| change.path.file_name() == Some(&name));
        if is_ours {
            // The session has gone when the program is about to end.
            let _ = events.send(Event::Saved);
        }
    };
    let mut debouncer = new_debouncer(DEBOUNCE, report).ok()?;
    let folder = file.parent()?;
    debouncer
        .watcher()
        .watch(folder, RecursiveMode::NonRecursive)
        .ok()?;
    Some(debouncer)
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;

    use super::*;

    /// A file system that accepts a watch and never reports: what WSL and containers do.
    fn deaf(file: &Path) -> Changes {
        let silent = new_debouncer(DEBOUNCE, |_| {}).expect("the system can watch");
        Changes {
            debouncer: Some(silent),
            ..Changes::of(file, true, mpsc::channel().0)
        }
    }

    #[test]
    fn where_no_report_arrives_the_file_is_read_more_often() {
        let folder = tempfile::tempdir().expect("the system gives us a folder");
        let file = folder.path().join("exercise.rs");
        fs::write(&file, "one").expect("it can be written");
        let mut changes = deaf(&file);
        assert_eq!(changes.read(), Change::None);
        fs::write(&file, "two").expect("it can be written");
        assert_eq!(changes.read(), Change::None, "a report may be on its way");
        assert_eq!(changes.read(), Change::SavedUnreported);
        changes.take();
        assert_eq!(changes.pause(), OFTEN);
        assert_eq!(changes.read(), Change::None);
        fs::write(&file, "three").expect("it can be written");
        assert_eq!(changes.read(), Change::None, "it may be half written");
        assert_eq!(changes.read(), Change::Saved);
    }

    #[test]
    fn a_file_that_is_still_being_written_is_left_alone() {
        let folder = tempfile::tempdir().expect("the system gives us a folder");
        let file = folder.path().join("exercise.rs");
        let mut changes = Changes::of(&file, true, mpsc::channel().0);
        for text in ["a", "ab", "abc"] {
            fs::write(&file, text).expect("it can be written");
            assert_eq!(changes.read(), Change::None);
        }
        assert_eq!(changes.read(), Change::Saved);
    }

    #[test]
    fn a_save_that_changes_nothing_is_no_change() {
        let folder = tempfile::tempdir().expect("the system gives us a folder");
        let file = folder.path().join("exercise.rs");
        fs::write(&file, "one").expect("it can be written");
        let changes = Changes::of(&file, true, mpsc::channel().0);
        fs::write(&file, "one").expect("it can be written");
        assert!(!changes.reported());
        fs::write(&file, "two").expect("it can be written");
        assert!(changes.reported());
    }
}
