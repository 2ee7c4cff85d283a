//! What a session shows.

use workbook::progress::State;

use super::job::Report;
use super::session::{Session, gone};
use crate::check::{does_not_compile, no_verdict};
use crate::desk::Failure;
use crate::look::{BOLD, GOOD, wrapped};
use crate::report::Report as Findings;

const BUSY: &str = "building and checking …";

impl Session {
    pub(super) fn show(&mut self, report: Report) -> Result<(), Failure> {
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
            return Ok(format!("{shown}\n{}\n", no_verdict(&self.lesson)));
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

    pub(super) fn draw(&self, text: &str) -> Result<(), Failure> {
        let busy = if self.running {
            format!("{BUSY}\n\n")
        } else {
            String::new()
        };
        self.screen
            .show(&format!("{}\n{busy}{text}", self.heading()))
            .map_err(gone)
    }

    pub(super) fn busy(&self) -> Result<(), Failure> {
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
