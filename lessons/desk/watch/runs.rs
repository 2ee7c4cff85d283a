//! What a session runs: an exercise's build and check, or the grid of all.

use std::io;
use std::path::Path;
use std::process::Command;

use super::job::{Report, Run};
use crate::course::Lesson;
use crate::desk::Desk;
use crate::look::has_colour;
use crate::runner::{self, coloured};

/// Builds and grades the exercise as it is now.
pub(super) fn grading(
    desk: &Desk,
    lesson: &Lesson,
) -> impl FnOnce(&Run) -> Option<Report> + Send + 'static {
    let colour = has_colour();
    let build = coloured(runner::build_command(desk, [lesson]), colour);
    let name = lesson.program();
    let root = desk.course.root().to_owned();
    let check = move |program: &Path| {
        let check = runner::lesson_command(&root, program, &["check"]);
        coloured(check, colour)
    };
    move |run| build_and_check(run, build, &name, check).unwrap_or_else(cannot_run)
}

/// The grid, made by a desk of its own: this one goes on listening.
pub(super) fn grid(
    desk: &Desk,
) -> io::Result<impl FnOnce(&Run) -> Option<Report> + Send + 'static> {
    let mut all = Command::new(std::env::current_exe()?);
    if desk.look.plain {
        all.arg("--plain");
    }
    all.arg("--root")
        .arg(desk.course.root())
        .args(["check", "--all"]);
    let all = coloured(all, has_colour());
    Ok(move |run: &Run| match run.process(all) {
        Ok(ended) => ended.map(|(_, out, err)| Report::Printed(text(&err) + &text(&out))),
        Err(error) => cannot_run(error),
    })
}

fn cannot_run(error: io::Error) -> Option<Report> {
    Some(Report::Failed(format!("it cannot be run: {error}")))
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
    let Some(mut programs) = runner::programs(messages.as_slice()) else {
        let text = format!("{}\n{}\n", text(&diagnostics), runner::NO_BUILD);
        return Ok(Some(Report::Failed(text)));
    };
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
