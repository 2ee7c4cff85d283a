//! A line for each exercise, in the course's order.

use workbook::progress::State;

use crate::course::Lesson;
use crate::desk::{Desk, Failure};

/// How one lesson of the grid came out.
pub(crate) struct Row {
    pub lesson: usize,
    pub outcome: Outcome,
}

/// What became of an exercise.
pub(crate) enum Outcome {
    Untouched,
    DoesNotCompile,
    Graded { passed: bool, summary: String },
}

/// The rows in the course's order, each as soon as all before it are there.
pub(crate) struct Grid<'a> {
    desk: &'a Desk,
    lessons: &'a [Lesson],
    waiting: Vec<Option<Outcome>>,
    printed: usize,
    column: usize,
}

impl<'a> Grid<'a> {
    pub fn new(desk: &'a Desk, lessons: &'a [Lesson]) -> Self {
        let widest = lessons.iter().map(|lesson| lesson.title.chars().count());
        Self {
            desk,
            lessons,
            waiting: lessons.iter().map(|_| None).collect(),
            printed: 0,
            column: widest.max().unwrap_or_default() + 2,
        }
    }

    pub fn take(&mut self, row: Row) -> Result<(), Failure> {
        self.waiting[row.lesson] = Some(row.outcome);
        while let Some(outcome) = self.waiting.get_mut(self.printed).and_then(Option::take) {
            let text = self.row(&self.lessons[self.printed], &outcome);
            self.desk.say(&text)?;
            self.printed += 1;
        }
        Ok(())
    }

    fn row(&self, lesson: &Lesson, outcome: &Outcome) -> String {
        let (state, words) = match outcome {
            Outcome::Untouched => (State::NotStarted, "nothing written yet"),
            Outcome::DoesNotCompile => (State::Broken, "does not compile: see above"),
            Outcome::Graded { passed, summary } => {
                let state = if *passed {
                    State::Passed
                } else {
                    State::Broken
                };
                (state, summary.as_str())
            }
        };
        let title = &lesson.title;
        if self.desk.look.plain {
            let verdict = match state {
                State::Passed => "passes: ",
                State::Broken => "fails: ",
                State::NotStarted | State::Open => "",
            };
            return format!("{title}: {verdict}{words}\n");
        }
        let mark = self.desk.look.mark(state);
        let column = self.column;
        format!("  {mark} {title:<column$}{words}\n")
    }
}
