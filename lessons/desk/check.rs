//! `check`: one lesson.

use crate::course::Lesson;
use crate::desk::{Desk, Done, FOUND, Failure, WELL};
use crate::home::next_command;
use crate::look::BOLD;
use crate::runner;

/// Builds and grades one lesson, and shows what cargo and the check say.
pub(crate) fn one(desk: &Desk, name: Option<&str>) -> Done {
    let lesson = desk.chosen(name)?;
    desk.turn_to(&lesson)?;
    desk.say(&format!("{BOLD}{}{BOLD:#}\n", lesson.title))?;
    let Some(program) = runner::build_one(desk, &lesson)? else {
        keep(desk, &lesson, false)?;
        desk.say(&format!("\n{}\n", does_not_compile(&lesson)))?;
        return Ok(FOUND);
    };
    let mut check = desk.lesson_command(&program, &["check"]);
    let ended = check
        .status()
        .map_err(|error| runner::cannot_start(&lesson, &error))?;
    // The lesson has kept its verdict, unless it ended in another way.
    keep(desk, &lesson, ended.success())?;
    if ended.success() {
        desk.say(&next_command(desk, &desk.progress()?))?;
        return Ok(WELL);
    }
    Ok(FOUND)
}

/// Keeps the verdict on a lesson.
pub(crate) fn keep(desk: &Desk, lesson: &Lesson, passed: bool) -> Result<(), Failure> {
    desk.log
        .checked(&lesson.stem, passed)
        .map_err(|error| Failure::because(format!("your progress cannot be kept: {error}")))
}

/// What to do when cargo has said why.
pub(crate) fn does_not_compile(lesson: &Lesson) -> String {
    format!(
        "{} does not compile. Mend {} first.",
        lesson.program(),
        lesson.exercise()
    )
}
