//! What a session runs: an exercise's build and check, or the grid of all.

use std::io::{self, BufReader};
use std::path::Path;
use std::process::Command;

use progress::Records;

use super::Event;
use super::job::{Ended, Process, Run, text_of};
use crate::cargo::{self, coloured};
use crate::check;
use crate::context::Context;
use crate::course::Lesson;
use crate::style::has_colour;

/// Builds and grades the exercise as it is now.
pub(super) fn grading(
    context: &Context,
    lesson: &Lesson,
) -> impl FnOnce(&Run) -> Option<Ended> + Send + 'static {
    let name = lesson.program();
    let root = context.course.root().to_owned();
    let build = cargo::build_command(&root, [name.as_str()]);
    move |run| {
        let check = |program: &Path| check::command(&root, program);
        build_and_check(run, build, &name, check).unwrap_or_else(cannot_run)
    }
}

/// The grid, made by a runner of its own, so that this one can go on listening. It has room for
/// `rows`.
pub(super) fn grid(
    context: &Context,
    rows: usize,
) -> io::Result<impl FnOnce(&Run) -> Option<Ended> + Send + 'static> {
    let mut all = Command::new(std::env::current_exe()?);
    if context.style.plain {
        all.arg("--plain");
    }
    let root = context.course.root();
    all.arg("--root").arg(root).args(["check", "--all"]);
    all.args(["--within", &rows.to_string()]);
    all.args(["--width", &context.style.width().to_string()]);
    let all = coloured(all, has_colour());
    Ok(move |run: &Run| match run.process(all, text_of) {
        Ok(ended) => ended.map(|Process { output, errors }| Ended::Printed { errors, output }),
        Err(error) => cannot_run(error),
    })
}

fn cannot_run(error: io::Error) -> Option<Ended> {
    Some(Ended::Failed(format!("it cannot be run: {error}")))
}

fn build_and_check(
    run: &Run,
    build: Command,
    program: &str,
    check: impl FnOnce(&Path) -> Command,
) -> io::Result<Option<Ended>> {
    let Some(built) = run.process(build, |messages| cargo::messages(messages, || {}))? else {
        return Ok(None);
    };
    let (mut build, complaints) = (built.output, built.errors);
    if !build.finished {
        let text = format!("{complaints}\n{}\n", cargo::NO_BUILD);
        return Ok(Some(Ended::Failed(text)));
    }
    let Some(path) = build.programs.remove(program) else {
        return Ok(Some(Ended::DoesNotCompile(build.diagnostics)));
    };
    run.tell(|run| Event::Compiled {
        run,
        warnings: build.diagnostics,
    });
    let checked = run.process(check(&path), |records| {
        for record in Records::of(BufReader::new(records)) {
            run.tell(|run| Event::Reported { run, record });
        }
    })?;
    Ok(checked.map(|Process { errors, .. }| Ended::Graded { errors }))
}
