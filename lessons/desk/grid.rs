//! `check --all`: every exercise in a grid.

use std::num::NonZero;
use std::path::PathBuf;
use std::process::Stdio;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc;
use std::thread;

use workbook::progress::{Event, State};

use crate::check::no_verdict;
use crate::course::Lesson;
use crate::desk::{Desk, Done, FOUND, Failure, WELL};
use crate::home::next_command;
use crate::look::BOLD;
use crate::report::Report;
use crate::runner::{self, Programs};

/// Up to as many cores, programs are built one after the other: linking takes memory, which a small
/// machine does not have for two.
const FEW_CORES: usize = 2;

/// How one lesson of the grid came out.
struct Row {
    lesson: usize,
    outcome: Outcome,
}

enum Outcome {
    Untouched,
    DoesNotCompile,
    Graded { passed: bool, summary: String },
}

/// Builds and grades every exercise that has been touched, and shows one line for each.
pub(crate) fn all(desk: &Desk) -> Done {
    let lessons: Vec<Lesson> = desk.course.lessons().cloned().collect();
    let progress = desk.progress()?;
    let touched = lessons.iter().map(|lesson| {
        // One that has passed is looked at even if somebody else has put its starter back.
        let has_passed = matches!(progress.state(&lesson.stem), State::Passed | State::Broken);
        has_passed || !desk.is_untouched(lesson)
    });
    let touched: Vec<bool> = touched.collect();
    let programs = build_touched(desk, &lessons, &touched)?;

    let (mut passed, mut begun) = (0, 0);
    let mut passed_before = Vec::new();
    let workers = cores().div_ceil(FEW_CORES);
    let next = AtomicUsize::new(0);
    // One row a lesson, and no row waits for another.
    let (rows, finished) = mpsc::sync_channel::<Result<Row, Failure>>(lessons.len());
    thread::scope(|threads| {
        for _ in 0..workers {
            let (rows, next, lessons) = (rows.clone(), &next, &lessons);
            let (touched, programs) = (&touched, &programs);
            threads.spawn(move || {
                while let Some(index) = take(next, lessons.len()) {
                    let lesson = &lessons[index];
                    let program = programs.get(&lesson.program());
                    let outcome = if touched[index] {
                        graded(desk, lesson, program)
                    } else {
                        Ok(Outcome::Untouched)
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
        let mut grid = Grid::new(desk, &lessons);
        for row in finished {
            let row = row?;
            let lesson = &lessons[row.lesson];
            let holds = matches!(row.outcome, Outcome::Graded { passed: true, .. });
            passed += usize::from(holds);
            if !matches!(row.outcome, Outcome::Untouched) {
                let event = if holds { Event::Passed } else { Event::Failed };
                // Not `keep`, which would turn to a lesson that nobody has turned to.
                desk.note(lesson, event)?;
                begun += 1;
            }
            if !holds && progress.state(&lesson.stem) == State::Passed {
                passed_before.push(lesson.title.clone());
            }
            grid.take(row)?;
        }
        Ok::<_, Failure>(())
    })?;

    passed_before.sort();
    let mut summary = format!("\n{BOLD}{passed} of {} pass.{BOLD:#}\n", lessons.len());
    if begun < lessons.len() {
        summary.push_str(&format!(
            "{} are still as they came.\n",
            lessons.len() - begun
        ));
    }
    for title in passed_before {
        summary.push_str(&format!("{title} has passed before, and fails now.\n"));
    }
    summary.push_str(&next_command(desk, &desk.progress()?));
    desk.say(&summary)?;
    Ok(if passed == begun { WELL } else { FOUND })
}

fn build_touched(desk: &Desk, lessons: &[Lesson], touched: &[bool]) -> Result<Programs, Failure> {
    let touched = lessons.iter().zip(touched).filter(|(_, touched)| **touched);
    let touched: Vec<&Lesson> = touched.map(|(lesson, _)| lesson).collect();
    if touched.is_empty() {
        return Ok(Programs::new());
    }
    let mut command = runner::build_command(desk, touched);
    // One that does not compile keeps no other from its check.
    command.arg("--keep-going");
    if cores() <= FEW_CORES {
        command.args(["--jobs", "1"]);
    }
    runner::build(command)
}

fn graded(desk: &Desk, lesson: &Lesson, program: Option<&PathBuf>) -> Result<Outcome, Failure> {
    let Some(program) = program else {
        return Ok(Outcome::DoesNotCompile);
    };
    let output = desk
        .lesson_command(program, &["check"])
        .stderr(Stdio::inherit())
        .output()
        .map_err(|error| runner::cannot_start(lesson, &error))?;
    let mut report = Report::new(desk.look.plain);
    report.text(&String::from_utf8_lossy(&output.stdout));
    let summary = report.summary().ok_or_else(|| no_verdict(lesson))?;
    Ok(Outcome::Graded {
        passed: output.status.success(),
        summary: summary.trim_end_matches('.').to_owned(),
    })
}

/// The rows in the course's order, each as soon as all before it are there.
struct Grid<'a> {
    desk: &'a Desk,
    lessons: &'a [Lesson],
    waiting: Vec<Option<Outcome>>,
    printed: usize,
    column: usize,
}

impl<'a> Grid<'a> {
    fn new(desk: &'a Desk, lessons: &'a [Lesson]) -> Self {
        let widest = lessons.iter().map(|lesson| lesson.title.chars().count());
        Self {
            desk,
            lessons,
            waiting: lessons.iter().map(|_| None).collect(),
            printed: 0,
            column: widest.max().unwrap_or_default() + 2,
        }
    }

    fn take(&mut self, row: Row) -> Result<(), Failure> {
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

fn take(next: &AtomicUsize, all: usize) -> Option<usize> {
    let index = next.fetch_add(1, Ordering::Relaxed);
    (index < all).then_some(index)
}

fn cores() -> usize {
    thread::available_parallelism().map_or(1, NonZero::get)
}
