//! What a session shows.

use progress::{Record, Report};

use super::job::Ended;
use super::session::{Session, gone};
use crate::check::{does_not_compile, no_verdict};
use crate::context::Failure;
use crate::exercise::{TIERS, after_the_last_hint, hint_text};
use crate::style::{BOLD, GOOD, columns};

const BUSY: &str = "building and checking …";

/// Rows below a grid: its summary.
const SUMMARY: usize = 6;

/// Of the student's standard error, this many lines are shown.
const PRINTED: usize = 100;

/// What is known about the exercise as it is.
#[derive(Default)]
pub(super) struct Verdict {
    /// What the compiler says, or why nothing could be run.
    said: String,
    report: Report,
    /// The summary, and what to do now.
    advice: String,
}

impl Verdict {
    pub fn failed(why: &str) -> Self {
        Self {
            said: why.to_owned(),
            ..Self::default()
        }
    }
}

/// What a key has asked for. It is rendered when it is drawn, because the window can be resized.
#[derive(Debug, Clone, Copy)]
pub(super) enum Note {
    Nothing,
    /// The hint of that tier; `is_last` when a further one was asked for.
    Hint {
        tier: usize,
        is_last: bool,
    },
    /// A sentence.
    Says(&'static str),
}

impl Session {
    fn note_text(&self) -> String {
        match self.note {
            Note::Nothing => String::new(),
            Note::Says(text) => self.context.style.wrapped(text, ""),
            Note::Hint { tier, is_last } => {
                let mut hint = match hint_text(&self.context, &self.lesson, tier) {
                    Ok(hint) => hint,
                    Err(failure) => failure.to_string(),
                };
                if is_last {
                    let more = after_the_last_hint(&self.context, &self.lesson);
                    hint.push_str(&format!("\n{more}"));
                } else if tier < TIERS.len() {
                    hint.push_str("\nh again: a stronger hint.\n");
                }
                hint
            }
        }
    }

    /// The exercise compiles.
    pub(super) fn compiled(&mut self, warnings: String) -> Result<(), Failure> {
        self.verdict.said = warnings;
        let news = self.verdict.said.clone();
        self.update(&news)
    }

    /// The check reports something, which is shown at once: an endless loop keeps the end waiting.
    pub(super) fn reported(&mut self, record: Record) -> Result<(), Failure> {
        let news = record.text(self.context.style.layout());
        self.verdict.report.take(record);
        self.update(&news)
    }

    /// The run has come to its end.
    pub(super) fn ended(&mut self, ended: Ended) -> Result<(), Failure> {
        let style = self.context.style;
        match ended {
            Ended::Printed { errors, output } => return self.printed(&errors, &output),
            Ended::Failed(why) => self.verdict = Verdict::failed(&why),
            Ended::DoesNotCompile(errors) => {
                self.context.keep(&self.lesson, false)?;
                self.verdict.said = errors;
                self.verdict.advice = style.wrapped(&does_not_compile(&self.lesson), "");
            }
            Ended::Graded { errors } => {
                for line in errors.lines().take(PRINTED) {
                    let line = line.to_owned();
                    self.verdict.report.take(Record::Printed { line });
                }
                self.verdict.advice = self.graded()?;
            }
        }
        if self.screen.draws() {
            return self.page();
        }
        let said = match self.verdict.report.is_complete() {
            // It was added when it came.
            true => "",
            false => self.verdict.said.as_str(),
        };
        let text = join([said, &self.verdict.advice, &self.screen.keys()]);
        self.screen.add(&text).map_err(gone)
    }

    fn graded(&mut self) -> Result<String, Failure> {
        let report = &self.verdict.report;
        if !report.is_complete() {
            let style = self.context.style;
            return Ok(style.wrapped(&no_verdict(&self.lesson).to_string(), ""));
        }
        self.passes = report.passed();
        let summary = report.summary();
        self.context.keep(&self.lesson, self.passes)?;
        Ok(if self.passes {
            format!("{GOOD}{summary}{GOOD:#}\n{}", self.what_now()?)
        } else {
            format!("{summary}\n")
        })
    }

    fn what_now(&self) -> Result<String, Failure> {
        let progress = self.context.progress()?;
        let passes = |stem: &str| progress.state(stem).passes();
        let all = self.context.course.lessons();
        Ok(if all.into_iter().all(|lesson| passes(&lesson.stem)) {
            "Every exercise of the course has passed.\n".to_owned()
        } else {
            let command = format!("cargo run -- diff {}", self.lesson.number());
            let style = self.context.style;
            style.with_command("n goes on to the next. To compare:", &command)
        })
    }

    /// The grid of all lessons, in the place of the page.
    fn printed(&self, errors: &str, grid: &str) -> Result<(), Failure> {
        let keys = self.screen.keys();
        let room = self.screen.room_beside([grid, &keys, "\n\n"]);
        let errors = self.screen.beginning(errors, room);
        let page = join([&errors, grid, &keys]);
        self.screen.draw(&page).map_err(gone)
    }

    /// How many rows of a grid there is room for.
    pub(super) fn room_for_grid(&self) -> usize {
        let keys = self.screen.keys();
        self.screen
            .room_beside([keys.as_str()])
            .saturating_sub(SUMMARY)
    }

    /// Shows something else, with the keys below it, until the next thing happens.
    pub(super) fn show(&self, text: &str) -> Result<(), Failure> {
        let page = join([text, &self.screen.keys()]);
        self.screen.draw(&page).map_err(gone)
    }

    /// Shows a note below the verdict.
    pub(super) fn note(&mut self, note: Note) -> Result<(), Failure> {
        self.note = note;
        if self.screen.draws() {
            return self.page();
        }
        let text = join([&self.note_text(), &self.screen.keys()]);
        self.screen.add(&text).map_err(gone)
    }

    /// A run begins.
    pub(super) fn busy(&self) -> Result<(), Failure> {
        self.update(&format!("{}\n{BUSY}\n", self.heading()))
    }

    /// Draws the page, or adds the news where nothing is drawn.
    fn update(&self, news: &str) -> Result<(), Failure> {
        if self.screen.draws() {
            self.page()
        } else {
            self.screen.add(news).map_err(gone)
        }
    }

    /// Draws the page: heading, verdict, note and keys. What does not fit is taken from the verdict,
    /// and there the findings go last.
    pub(super) fn page(&self) -> Result<(), Failure> {
        let (screen, verdict) = (&self.screen, &self.verdict);
        let busy = match verdict.report.trying() {
            _ if !self.running => String::new(),
            Some(expectation) => {
                let style = self.context.style;
                format!("{BUSY}\n{}", style.wrapped(expectation, "  "))
            }
            None => format!("{BUSY}\n"),
        };
        let (heading, note, keys) = (self.heading(), self.note_text(), screen.keys());
        let advice = format!("{}{busy}", verdict.advice);
        // Between two of these is a blank line.
        let gaps = "\n".repeat(4);
        let room = screen.room_beside([&*heading, &advice, &note, &keys, &gaps]);
        let layout = self.context.style.layout();
        let mut report = verdict.report.text(layout);
        if screen.height(&verdict.said) + screen.height(&report) > room {
            let for_warnings = screen.height(&verdict.said).min(room / 3);
            report = verdict.report.fitted(layout, room - for_warnings);
        }
        let left = room.saturating_sub(screen.height(&report));
        let said = screen.beginning(&verdict.said, left);
        let page = join([&heading, &said, &report, &advice, &note, &keys]);
        screen.draw(&page).map_err(gone)
    }

    fn heading(&self) -> String {
        let style = self.context.style;
        let name = self.lesson.exercise();
        let path = style.path(self.context.course.root(), &name);
        let title = format!("{BOLD}{}{BOLD:#}", self.lesson.title);
        let fits = columns(&title) + 2 + columns(&path) <= style.width();
        let between = if fits { "  " } else { "\n" };
        let mut heading = format!("{title}{between}{path}\n");
        if !self.changes.are_reported() {
            heading.push_str(&style.wrapped(
                "The system does not report when it is saved, so the file is read repeatedly. r \
                 always works.",
                "",
            ));
        }
        heading
    }
}

/// Texts with a blank line between two of them; those that are empty are left out.
fn join<'a>(texts: impl IntoIterator<Item = &'a (impl AsRef<str> + ?Sized + 'a)>) -> String {
    let texts = texts.into_iter().map(|text| text.as_ref().trim_end());
    let texts: Vec<&str> = texts.filter(|text| !text.is_empty()).collect();
    texts.join("\n\n") + "\n"
}
