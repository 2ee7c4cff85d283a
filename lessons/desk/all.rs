//! `check --all`: every exercise that has been begun.

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
use crate::grid::{Grid, Outcome, Row};
use crate::home::next_command;
use crate::look::BOLD;
use crate::report::Report;
use crate::runner::{self, Programs};

/// Up to as many cores, programs are built one after the other: linking takes memory, which a small
/// machine does not have for two.
const FEW_CORES: usize = 2;

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

fn take(next: &AtomicUsize, all: usize) -> Option<usize> {
    let index = next.fetch_add(1, Ordering::Relaxed);
    (index < all).then_some(index)
}

fn cores() -> usize {
    thread::available_parallelism().map_or(1, NonZero::get)
}
