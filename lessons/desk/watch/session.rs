//! One sitting: which lesson is watched, what is shown, and what each event does.

use std::io;
use std::path::Path;
use std::process::Command;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender};

use workbook::progress::State;

use super::Event;
use super::changes::{Changes, Look};
use super::job::{Jobs, Report, Run};
use super::keys::Key;
use super::screen::Screen;
use crate::check::does_not_compile;
use crate::course::Lesson;
use crate::desk::{Desk, Done, Failure, WELL};
use crate::exercise::{TIERS, hint_text};
use crate::look::{BOLD, GOOD, has_colour, wrapped};
use crate::report::Report as Findings;
use crate::runner::coloured;
use crate::{check, home, runner};

/// The exit code of a program that Ctrl-C has ended: 128 and the signal's number.
const INTERRUPTED: u8 = 130;

const BUSY: &str = "building and checking …";

pub(super) struct Session {
    desk: Desk,
    lesson: Lesson,
    screen: Screen,
    events: Sender<Event>,
    jobs: Jobs,
    changes: Changes,
    poll: bool,
    /// The run whose report is waited for.
    run: u64,
    /// What is known about the exercise as it is: shown again after a hint or a list.
    verdict: String,
    passes: bool,
    /// How many hints of this lesson were shown.
    hints: usize,
    /// `next` was pressed and the exercise does not pass: once more leaves it open.
    leaving: bool,
    /// The run goes on.
    running: bool,
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
        let colour = has_colour();
        let build = coloured(runner::build_command(&self.desk, [&self.lesson]), colour);
        let name = self.lesson.program();
        let root = self.desk.course.root().to_owned();
        let check = move |program: &Path| {
            coloured(runner::lesson_command(&root, program, &["check"]), colour)
        };
        self.verdict.clear();
        if let Err(missing) = check::there_is_one(&self.desk, &self.lesson) {
            self.jobs.stop();
            self.running = false;
            self.verdict = format!("{missing}\n");
            return self.draw(&missing.to_string());
        }
        self.running = true;
        self.busy()?;
        self.run = self.jobs.start(move |run| {
            build_and_check(run, build, &name, check)
                .unwrap_or_else(|error| Some(Report::Failed(format!("it cannot be run: {error}"))))
        });
        Ok(())
    }

    /// The grid, made by a desk of its own: this one goes on listening.
    fn check_all(&mut self) -> Result<(), Failure> {
        let mut all = Command::new(std::env::current_exe().map_err(gone)?);
        if self.screen.look().plain {
            all.arg("--plain");
        }
        all.arg("--root")
            .arg(self.desk.course.root())
            .args(["check", "--all"]);
        let all = coloured(all, has_colour());
        self.running = true;
        self.busy()?;
        self.run = self.jobs.start(move |run| match run.process(all) {
            Ok(ended) => ended.map(|(_, out, err)| Report::Printed(text(&err) + &text(&out))),
            Err(error) => Some(Report::Failed(format!("it cannot be run: {error}"))),
        });
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

    fn show(&mut self, report: Report) -> Result<(), Failure> {
        let verdict = match report {
            Report::Printed(text) => {
                // Below it stand keys, so the next command to type is not wanted.
                let grid = text.split("\nNext: ").next().unwrap_or_default();
                return self.screen.show(grid).map_err(gone);
            }
            Report::Failed(text) => text,
            Report::Broken(text) => {
                self.desk.keep(&self.lesson, false)?;
                let advice = does_not_compile(&self.lesson);
                format!("{}\n\n{advice}\n", self.screen.beginning(&text))
            }
            Report::Graded { passed, text } => self.graded(passed, &text)?,
        };
        self.verdict = verdict;
        self.draw(&self.verdict.clone())
    }

    fn graded(&mut self, passed: bool, text: &str) -> Result<String, Failure> {
        let mut report = Findings::new(self.desk.look.plain);
        let shown = report.text(text);
        let Some(summary) = report.summary() else {
            return Ok(format!("{shown}\n{}\n", check::no_verdict(&self.lesson)));
        };
        self.desk.keep(&self.lesson, passed)?;
        self.passes = passed;
        Ok(if passed {
            format!("{shown}{summary} {GOOD}{}{GOOD:#}\n", self.what_now()?)
        } else {
            format!("{shown}{summary}\n")
        })
    }

    fn what_now(&self) -> Result<String, Failure> {
        let progress = self.desk.progress()?;
        let all = self
            .desk
            .course
            .lessons()
            .all(|lesson| progress.state(&lesson.stem) == State::Passed);
        Ok(if all {
            "Every exercise of the course has passed.".to_owned()
        } else {
            format!(
                "n goes on. To compare: cargo run -- diff {}",
                self.lesson.number()
            )
        })
    }

    fn draw(&self, text: &str) -> Result<(), Failure> {
        let busy = if self.running {
            format!("{BUSY}\n\n")
        } else {
            String::new()
        };
        self.screen
            .show(&format!("{}\n{busy}{text}", self.heading()))
            .map_err(gone)
    }

    fn busy(&self) -> Result<(), Failure> {
        self.screen
            .busy(&format!("{}\n{BUSY}\n", self.heading()))
            .map_err(gone)
    }

    fn heading(&self) -> String {
        let name = self.lesson.exercise();
        let path = self.screen.look().path(self.desk.course.root(), &name);
        let mut heading = format!("{BOLD}{}{BOLD:#}  {path}\n", self.lesson.title);
        if !self.changes.are_reported() {
            heading.push_str(&wrapped(
                "The system does not report when it is saved, so the file itself is looked at. r \
                 always works.",
                "",
            ));
        }
        heading
    }
}

fn build_and_check(
    run: &Run,
    mut build: Command,
    program: &str,
    check: impl FnOnce(&Path) -> Command,
) -> io::Result<Option<Report>> {
    // Nothing but warnings and errors.
    build.arg("--quiet");
    let Some((built, messages, diagnostics)) = run.process(build)? else {
        return Ok(None);
    };
    let mut programs = runner::programs(messages.as_slice());
    let (true, Some(path)) = (built, programs.remove(program)) else {
        return Ok(Some(Report::Broken(text(&diagnostics))));
    };
    let Some((passed, report, errors)) = run.process(check(&path))? else {
        return Ok(None);
    };
    let text = text(&diagnostics) + &text(&report) + &text(&errors);
    Ok(Some(Report::Graded { passed, text }))
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

fn gone(error: io::Error) -> Failure {
    Failure::because(format!("the terminal cannot be written to: {error}"))
}
