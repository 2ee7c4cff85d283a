//! A line for each exercise, in the course's order.

use progress::ExerciseState;

use crate::context::{Context, Failure};
use crate::course::Lesson;

/// Columns in front of a title: a mark with its space.
const MARGIN: usize = 4;

const DOES_NOT_COMPILE: &str = "does not compile: see above";

/// How one lesson of the grid came out.
pub(crate) struct Row {
    pub lesson: usize,
    pub outcome: Outcome,
}

/// What became of an exercise.
pub(crate) enum Outcome {
    /// It is its starter, which does not pass: there is nothing to build.
    Untouched {
        /// It passed before, and its starter has been put back since.
        passed_before: bool,
    },
    DoesNotCompile,
    Graded {
        passed: bool,
        summary: String,
    },
}

impl Outcome {
    pub fn passed(&self) -> bool {
        matches!(self, Self::Graded { passed: true, .. })
    }

    pub fn is_untouched(&self) -> bool {
        matches!(self, Self::Untouched { .. })
    }

    /// It does not pass, and the student has begun it.
    pub fn is_finding(&self) -> bool {
        match self {
            Self::Untouched { passed_before } => *passed_before,
            Self::DoesNotCompile => true,
            Self::Graded { passed, .. } => !passed,
        }
    }
}

/// The rows in the course's order, each as soon as all before it are there.
pub(crate) struct Grid<'a> {
    context: &'a Context,
    lessons: &'a [Lesson],
    waiting: Vec<Option<Outcome>>,
    printed: usize,
    column: usize,
    /// On a screen that all rows do not fit on, those that pass and those that have not been begun
    /// are left to the summary.
    is_short: bool,
}

impl<'a> Grid<'a> {
    /// A grid for a screen that has room for that many rows; without a number, for a terminal that
    /// can be scrolled back.
    pub fn new(context: &'a Context, lessons: &'a [Lesson], room: Option<usize>) -> Self {
        let widest = lessons.iter().map(|lesson| lesson.title.chars().count());
        let column = widest.max().unwrap_or_default() + 2;
        let widest_row = MARGIN + column + DOES_NOT_COMPILE.len();
        let rows = lessons.len() * widest_row.div_ceil(context.style.width());
        Self {
            context,
            lessons,
            waiting: lessons.iter().map(|_| None).collect(),
            printed: 0,
            column,
            is_short: room.is_some_and(|room| room < rows),
        }
    }

    pub fn take(&mut self, row: Row) -> Result<(), Failure> {
        self.waiting[row.lesson] = Some(row.outcome);
        while let Some(outcome) = self.waiting.get_mut(self.printed).and_then(Option::take) {
            if !self.is_short || outcome.is_finding() {
                let text = self.row(&self.lessons[self.printed], &outcome);
                self.context.say(&text)?;
            }
            self.printed += 1;
        }
        Ok(())
    }

    fn row(&self, lesson: &Lesson, outcome: &Outcome) -> String {
        let (state, words) = match outcome {
            Outcome::Untouched {
                passed_before: false,
            } => (ExerciseState::NotStarted, "nothing written yet"),
            Outcome::Untouched {
                passed_before: true,
            } => (ExerciseState::Broken, "is its starter again"),
            Outcome::DoesNotCompile => (ExerciseState::Broken, DOES_NOT_COMPILE),
            Outcome::Graded { passed, summary } => {
                let state = if *passed {
                    ExerciseState::Passed
                } else {
                    ExerciseState::Broken
                };
                (state, summary.trim_end_matches('.'))
            }
        };
        let title = &lesson.title;
        let style = self.context.style;
        if style.plain {
            let verdict = match state {
                ExerciseState::Passed => "passes: ",
                ExerciseState::Broken => "fails: ",
                ExerciseState::NotStarted | ExerciseState::Open => "",
            };
            return format!("{title}: {verdict}{words}\n");
        }
        let mark = style.mark(state);
        let column = self.column;
        if MARGIN + column + words.chars().count() <= style.width() {
            format!("  {mark} {title:<column$}{words}\n")
        } else {
            format!("  {mark} {title}\n{}", style.wrapped(words, "      "))
        }
    }
}
