//! One sitting: which lesson is watched, what is shown, and what each event does.

use std::io;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender};

use workbook::progress::State;

use super::Event;
use super::changes::{Changes, Look};
use super::job::Jobs;
use super::keys::Key;
use super::runs;
use super::screen::Screen;
use crate::course::Lesson;
use crate::desk::{Desk, Done, Failure, WELL};
use crate::exercise::{TIERS, hint_text};
use crate::{check, home};

/// The exit code of a program that Ctrl-C has ended: 128 and the signal's number.
const INTERRUPTED: u8 = 130;

pub(super) struct Session {
    pub(super) desk: Desk,
    pub(super) lesson: Lesson,
    pub(super) screen: Screen,
    events: Sender<Event>,
    jobs: Jobs,
    pub(super) changes: Changes,
    poll: bool,
    /// The run whose report is waited for.
    run: u64,
    /// What is known about the exercise as it is: shown again after a hint or a list.
    pub(super) verdict: String,
    pub(super) passes: bool,
    /// How many hints of this lesson were shown.
    hints: usize,
    /// `next` was pressed and the exercise does not pass: once more leaves it open.
    leaving: bool,
    /// The run goes on.
    pub(super) running: bool,
    /// No more keys can come: the end of the run is the end.
    closing: bool,
}

impl Session {
    pub fn new(
        desk: Desk,
        lesson: Lesson,
        screen: Screen,
        events: Sender<Event>,
        poll: bool,
    ) -> Self {
        Self {
            changes: Changes::of(&desk.path(&lesson.exercise()), poll, events.clone()),
            jobs: Jobs::new(events.clone()),
            desk,
            lesson,
            screen,
            events,
            poll,
            run: 0,
            verdict: String::new(),
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
                    self.look()?;
                    continue;
                }
                Err(RecvTimeoutError::Disconnected) => return Ok(WELL),
            };
            match event {
                Event::Key(Key::Quit) => return Ok(WELL),
                Event::NoMoreKeys if self.running => self.closing = true,
                Event::NoMoreKeys => return Ok(WELL),
                Event::Key(Key::Interrupt) | Event::End => return Ok(INTERRUPTED),
                Event::Key(key) => self.press(key)?,
                Event::Saved if self.changes.reported() => self.grade()?,
                Event::Ran { run, report } if run == self.run => {
                    self.running = false;
                    self.show(report)?;
                    if self.closing {
                        return Ok(WELL);
                    }
                }
                // A save that changed nothing, or a run that another has replaced.
                Event::Saved | Event::Ran { .. } => {}
            }
        }
    }

    fn look(&mut self) -> Result<(), Failure> {
        match self.changes.look() {
            Look::Same => Ok(()),
            Look::Changed | Look::ChangedUnheard => self.grade(),
        }
    }

    fn press(&mut self, key: Key) -> Result<(), Failure> {
        let leaving = std::mem::take(&mut self.leaving);
        match key {
            Key::Run => self.grade(),
            Key::Hint => {
                let tier = (self.hints + 1).min(TIERS.len());
                self.hints = tier;
                let mut hint = match hint_text(&self.desk, &self.lesson, tier) {
                    Ok(hint) => hint,
                    Err(failure) => failure.to_string(),
                };
                if tier < TIERS.len() {
                    hint.push_str("h again: a stronger hint.");
                }
                self.draw(&format!("{}\n{hint}", self.verdict))
            }
            Key::List => {
                let list = home::short_list(&self.desk, &self.desk.progress()?);
                self.screen.show(&list).map_err(gone)
            }
            Key::All => self.check_all(),
            Key::Next if self.passes || leaving => self.next(),
            Key::Next => {
                self.leaving = true;
                let known = if self.running {
                    "It is not known yet whether this one passes."
                } else {
                    "This one does not pass yet."
                };
                self.draw(&format!(
                    "{}\n{known} n once more leaves it open and goes on.",
                    self.verdict
                ))
            }
            #[cfg(unix)]
            Key::Suspend => {
                super::raw::suspend().map_err(gone)?;
                self.draw(&self.verdict.clone())
            }
            // The caller ends with these.
            Key::Quit | Key::Interrupt => Ok(()),
        }
    }

    /// Builds and grades the file as it is now.
    fn grade(&mut self) -> Result<(), Failure> {
        self.changes.take();
        self.passes = false;
        self.leaving = false;
        self.verdict.clear();
        if let Err(missing) = check::there_is_one(&self.desk, &self.lesson) {
            self.jobs.stop();
            self.running = false;
            self.verdict = format!("{missing}\n");
            return self.draw(&missing.to_string());
        }
        self.running = true;
        self.busy()?;
        let grading = runs::grading(&self.desk, &self.lesson);
        self.run = self.jobs.start(grading);
        Ok(())
    }

    fn check_all(&mut self) -> Result<(), Failure> {
        let grid = runs::grid(&self.desk).map_err(gone)?;
        self.running = true;
        self.busy()?;
        self.run = self.jobs.start(grid);
        Ok(())
    }

    fn next(&mut self) -> Result<(), Failure> {
        let progress = self.desk.progress()?;
        let open = |lesson: &&Lesson| progress.state(&lesson.stem) != State::Passed;
        let next = self
            .desk
            .course
            .after(&self.lesson)
            .find(|lesson| open(lesson) && **lesson != self.lesson);
        let Some(next) = next.cloned() else {
            return self.draw(&format!("{}\nNo other exercise is open.", self.verdict));
        };
        self.desk.turn_to(&next)?;
        self.changes = Changes::of(
            &self.desk.path(&next.exercise()),
            self.poll || !self.changes.are_reported(),
            self.events.clone(),
        );
        self.lesson = next;
        self.hints = 0;
        self.grade()
    }
}

/// Nobody sees the screen any more.
pub(super) fn gone(error: io::Error) -> Failure {
    Failure::because(format!("the terminal cannot be written to: {error}"))
}
