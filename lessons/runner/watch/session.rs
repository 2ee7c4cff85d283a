//! One sitting: which lesson is watched, what is shown, and what each event does.

use std::io;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender};

use super::Event;
use super::changes::{Change, Changes};
use super::job::Jobs;
use super::keys::Key;
use super::runs;
use super::screen::Screen;
use super::shown::{Note, Verdict};
use crate::context::{Context, Done, Failure, SUCCESS};
use crate::course::Lesson;
use crate::exercise::TIERS;
use crate::{check, home};

/// The exit code of a program that Ctrl-C has ended: 128 and the signal's number.
const INTERRUPTED: u8 = 130;

pub(super) struct Session {
    pub(super) context: Context,
    pub(super) lesson: Lesson,
    pub(super) screen: Screen,
    events: Sender<Event>,
    jobs: Jobs,
    pub(super) changes: Changes,
    poll: bool,
    /// The run whose events count.
    run: u64,
    /// Shown again after a list or a grid.
    pub(super) verdict: Verdict,
    /// What a key has asked for, below the verdict.
    pub(super) note: Note,
    pub(super) passes: bool,
    /// How many hints of this lesson were shown.
    hints: usize,
    /// `next` was pressed and the exercise does not pass: pressed again, it leaves it open.
    leaving: bool,
    /// The run goes on.
    pub(super) running: bool,
    /// No more keys can come: the end of the run is the end.
    closing: bool,
}

impl Session {
    pub fn new(
        context: Context,
        lesson: Lesson,
        screen: Screen,
        events: Sender<Event>,
        poll: bool,
    ) -> Self {
        Self {
            changes: Changes::of(&context.path(&lesson.exercise()), poll, events.clone()),
            jobs: Jobs::new(events.clone()),
            context,
            lesson,
            screen,
            events,
            poll,
            run: 0,
            verdict: Verdict::default(),
            note: Note::Nothing,
            passes: false,
            hints: 0,
            leaving: false,
            running: false,
            closing: false,
        }
    }

    /// Goes on until a key or the system ends it.
    pub fn run(mut self, happened: &Receiver<Event>) -> Done {
        let code = self.until_the_end(happened);
        self.jobs.stop();
        let left = self.screen.leave();
        let code = code?;
        left.map_err(gone)?;
        Ok(code)
    }

    fn until_the_end(&mut self, happened: &Receiver<Event>) -> Done {
        self.grade()?;
        loop {
            let event = match happened.recv_timeout(self.changes.pause()) {
                Ok(event) => event,
                Err(RecvTimeoutError::Timeout) => {
                    self.read_file()?;
                    continue;
                }
                Err(RecvTimeoutError::Disconnected) => return Ok(SUCCESS),
            };
            match event {
                Event::Key(Key::Quit) => return Ok(SUCCESS),
                Event::NoMoreKeys if self.running => self.closing = true,
                Event::NoMoreKeys => return Ok(SUCCESS),
                Event::Key(Key::Interrupt) | Event::End => return Ok(INTERRUPTED),
                Event::Key(key) => self.press(key)?,
                Event::Saved if self.changes.reported() => self.grade()?,
                Event::Compiled { run, warnings } if run == self.run => self.compiled(warnings)?,
                Event::Reported { run, record } if run == self.run => self.reported(record)?,
                Event::Resized => self.page()?,
                Event::Ran { run, ended } if run == self.run => {
                    self.running = false;
                    self.ended(ended)?;
                    if self.closing {
                        return Ok(SUCCESS);
                    }
                }
                // A save that changed nothing, or a run that another has replaced.
                Event::Saved
                | Event::Compiled { .. }
                | Event::Reported { .. }
                | Event::Ran { .. } => {}
            }
        }
    }

    fn read_file(&mut self) -> Result<(), Failure> {
        match self.changes.read() {
            Change::None => Ok(()),
            Change::Saved | Change::SavedUnreported => self.grade(),
        }
    }

    fn press(&mut self, key: Key) -> Result<(), Failure> {
        let leaving = std::mem::take(&mut self.leaving);
        match key {
            Key::Run => self.grade(),
            Key::Hint => self.hint(),
            Key::List => {
                let overview = home::overview(&self.context, &self.context.progress()?);
                self.show(&overview)
            }
            Key::All => self.check_all(),
            Key::Next if self.passes || leaving => self.next(),
            Key::Next => {
                self.leaving = true;
                self.note(Note::Says(if self.running {
                    "It is not known yet whether this one passes. n once more leaves it open and goes on."
                } else {
                    "This one does not pass yet. n once more leaves it open and goes on."
                }))
            }
            #[cfg(unix)]
            Key::Suspend => {
                super::raw::suspend().map_err(gone)?;
                self.page()
            }
            // The caller ends with these.
            Key::Quit | Key::Interrupt => Ok(()),
        }
    }

    fn hint(&mut self) -> Result<(), Failure> {
        let shown = self.hints;
        self.hints = (shown + 1).min(TIERS.len());
        self.note(Note::Hint {
            tier: self.hints,
            is_last: shown == TIERS.len(),
        })
    }

    /// Builds and grades the file as it is now.
    fn grade(&mut self) -> Result<(), Failure> {
        self.changes.take();
        self.passes = false;
        self.leaving = false;
        self.note = Note::Nothing;
        self.verdict = Verdict::default();
        if let Err(missing) = check::there_is_one(&self.context, &self.lesson) {
            self.jobs.stop();
            self.running = false;
            self.verdict = Verdict::failed(&missing.to_string());
            return self.note(Note::Nothing);
        }
        self.running = true;
        let grading = runs::grading(&self.context, &self.lesson);
        self.run = self.jobs.start(grading);
        self.busy()
    }

    fn check_all(&mut self) -> Result<(), Failure> {
        if self.running {
            // The grid's run ends this one, and half a report is no verdict.
            self.verdict = Verdict::default();
        }
        let grid = runs::grid(&self.context, self.room_for_grid()).map_err(gone)?;
        self.running = true;
        self.run = self.jobs.start(grid);
        self.busy()
    }

    fn next(&mut self) -> Result<(), Failure> {
        let progress = self.context.progress()?;
        let open = |lesson: &&Lesson| !progress.state(&lesson.stem).passes();
        let next = self
            .context
            .course
            .after(&self.lesson)
            .find(|lesson| open(lesson) && **lesson != self.lesson);
        let Some(next) = next.cloned() else {
            return self.note(Note::Says("No other exercise is open."));
        };
        self.context.turn_to(&next)?;
        self.changes = Changes::of(
            &self.context.path(&next.exercise()),
            self.poll || !self.changes.are_reported(),
            self.events.clone(),
        );
        self.lesson = next;
        self.hints = 0;
        self.grade()
    }
}

/// The terminal has gone.
pub(super) fn gone(error: io::Error) -> Failure {
    Failure::because(format!("the terminal cannot be written to: {error}"))
}
