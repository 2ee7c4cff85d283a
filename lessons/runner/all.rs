//! `check --all`: every exercise that has been begun.

use std::num::NonZero;
use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc;
use std::thread;

use progress::{Entry, ExerciseState};

use crate::cargo::{self, Programs};
use crate::check;
use crate::context::{Context, Done, Failure, NOT_PASSED, SUCCESS};
use crate::course::Lesson;
use crate::grid::{Grid, Outcome, Row};
use crate::home::next_command;
use crate::style::BOLD;

/// Up to as many cores, programs are built one after the other: linking takes memory, which a small
/// machine does not have for two.
const FEW_CORES: usize = 2;

/// Who looks at the grid.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Shown {
    /// A student who has typed the command, and is told the next one.
    ByItself,
    /// `watch`, which has room for so many rows and offers keys.
    Within(usize),
}

/// Builds and grades every exercise that has been begun, and shows one line for each lesson.
pub(crate) fn all(context: &Context, shown: Shown) -> Done {
    let lessons: Vec<Lesson> = context.course.lessons().cloned().collect();
    let progress = context.progress()?;
    let touched = lessons.iter().map(|lesson| !context.is_untouched(lesson));
    let touched: Vec<bool> = touched.collect();
    let programs = build_touched(context, &lessons, &touched)?;

    let mut tally = Tally::default();
    let workers = cores().div_ceil(FEW_CORES);
    let next = AtomicUsize::new(0);
    // One row a lesson, and no row waits for another.
    let (rows, finished) = mpsc::sync_channel::<Result<Row, Failure>>(lessons.len());
    thread::scope(|threads| {
        for _ in 0..workers {
            let (rows, next, lessons) = (rows.clone(), &next, &lessons);
            let (touched, programs, progress) = (&touched, &programs, &progress);
            threads.spawn(move || {
                while let Some(index) = take(next, lessons.len()) {
                    let lesson = &lessons[index];
                    let outcome = if touched[index] {
                        graded(context, lesson, programs.get(&lesson.program()))
                    } else {
                        let state = progress.state(&lesson.stem);
                        let passed_before =
                            matches!(state, ExerciseState::Passed | ExerciseState::Broken);
                        Ok(Outcome::Untouched { passed_before })
                    };
                    let row = outcome.map(|outcome| Row {
                        lesson: index,
                        outcome,
                    });
                    // The receiver goes first only when something failed.
                    if rows.send(row).is_err() {
                        return;
                    }
                }
            });
        }
        drop(rows);
        let room = match shown {
            Shown::ByItself => None,
            Shown::Within(rows) => Some(rows),
        };
        let mut grid = Grid::new(context, &lessons, room);
        for row in finished {
            let row = row?;
            let lesson = &lessons[row.lesson];
            let passed_before = progress.state(&lesson.stem).passes();
            note(context, lesson, &row.outcome)?;
            tally.count(lesson, &row.outcome, passed_before);
            grid.take(row)?;
        }
        Ok::<_, Failure>(())
    })?;

    context.say(&tally.summary(context, lessons.len()))?;
    if matches!(shown, Shown::ByItself) {
        context.say(&next_command(context, &context.progress()?))?;
    }
    Ok(if tally.has_found { NOT_PASSED } else { SUCCESS })
}

/// Keeps the verdict. Unlike `Context::keep`, it does not turn to a lesson that the student has not
/// turned to.
fn note(context: &Context, lesson: &Lesson, outcome: &Outcome) -> Result<(), Failure> {
    let entry = match outcome {
        outcome if outcome.passed() => Entry::Passed,
        outcome if outcome.is_finding() => Entry::Failed,
        _ => return Ok(()),
    };
    context.note(lesson, entry)
}

/// What the rows of a grid come to.
#[derive(Debug, Default)]
struct Tally {
    passed: usize,
    /// Exercises that are their starters, whatever they were before.
    untouched: usize,
    failed: usize,
    /// A row has a ✘.
    has_found: bool,
    /// The titles of those that passed before and do not pass now.
    lost: Vec<String>,
}

impl Tally {
    fn count(&mut self, lesson: &Lesson, outcome: &Outcome, passed_before: bool) {
        self.has_found |= outcome.is_finding();
        if outcome.passed() {
            self.passed += 1;
        } else if outcome.is_untouched() {
            self.untouched += 1;
        } else {
            self.failed += 1;
        }
        if passed_before && !outcome.passed() {
            self.lost.push(lesson.title.clone());
        }
    }

    fn summary(&mut self, context: &Context, all: usize) -> String {
        let (passed, failed) = (self.passed, self.failed);
        let mut text = format!("\n{BOLD}{passed} of {all} pass.{BOLD:#}\n");
        if failed > 0 {
            text.push_str(&format!("{failed} {} not.\n", plural(failed, "does", "do")));
        }
        let untouched = self.untouched;
        if untouched > 0 {
            let are = plural(
                untouched,
                "is an unchanged starter",
                "are unchanged starters",
            );
            text.push_str(&context.style.wrapped(&format!("{untouched} {are}."), ""));
        }
        self.lost.sort();
        for title in &self.lost {
            let words = format!("{title} passed before and fails now.");
            text.push_str(&context.style.wrapped(&words, ""));
        }
        text
    }
}

fn plural<'a>(count: usize, one: &'a str, many: &'a str) -> &'a str {
    if count == 1 { one } else { many }
}

fn build_touched(
    context: &Context,
    lessons: &[Lesson],
    touched: &[bool],
) -> Result<Programs, Failure> {
    let touched = lessons.iter().zip(touched).filter(|(_, touched)| **touched);
    let names: Vec<String> = touched.map(|(lesson, _)| lesson.program()).collect();
    let what = match names.as_slice() {
        [] => return Ok(Programs::new()),
        [one] => one.clone(),
        many => format!("{} lessons", many.len()),
    };
    let mut command = cargo::build_command(context.course.root(), names.iter().map(String::as_str));
    // One that does not compile keeps no other from its check.
    command.arg("--keep-going");
    if cores() <= FEW_CORES {
        command.args(["--jobs", "1"]);
    }
    cargo::build(command, &what, context.style)
}

fn graded(
    context: &Context,
    lesson: &Lesson,
    program: Option<&PathBuf>,
) -> Result<Outcome, Failure> {
    let Some(program) = program else {
        return Ok(Outcome::DoesNotCompile);
    };
    let report = check::graded(context, lesson, program, |_| Ok(()))?;
    Ok(Outcome::Graded {
        passed: report.passed(),
        summary: report.summary(),
    })
}

fn take(next: &AtomicUsize, all: usize) -> Option<usize> {
    let index = next.fetch_add(1, Ordering::Relaxed);
    (index < all).then_some(index)
}

fn cores() -> usize {
    thread::available_parallelism().map_or(1, NonZero::get)
}
