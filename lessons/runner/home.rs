//! Home, and `next`: where I am, and the one next command.

use progress::{ExerciseState, Progress};

use crate::context::{Context, Done, Failure, SUCCESS};
use crate::course::{Lesson, Part};
use crate::list;
use crate::style::{BOLD, columns, word};

/// The parts with a mark each, the lessons of the current part, and what to type next.
pub(crate) fn home(context: &Context) -> Done {
    let progress = context.progress()?;
    let mut text = overview(context, &progress);
    if progress.strange() > 0 {
        let name = context.log.path().map(|path| path.display().to_string());
        let name = name.unwrap_or_default();
        let lines = match progress.strange() {
            1 => "1 line".to_owned(),
            many => format!("{many} lines"),
        };
        let warning = format!("{lines} of {name} cannot be understood.");
        text.push_str(&format!("\n{}", context.style.wrapped(&warning, "")));
    }
    text.push_str("\nAll lessons: cargo run -- list\n");
    text.push_str(next_command(context, &progress).trim_start_matches('\n'));
    context.say(&text)?;
    Ok(SUCCESS)
}

/// The parts with a mark and a count each, and the lessons of the part where the student is. It
/// fits on a screen of 24 rows.
pub(crate) fn overview(context: &Context, progress: &Progress) -> String {
    let place = context.place(progress);
    let parts = context.course.parts();
    let widest = parts.iter().map(|part| part.title.chars().count());
    let column = widest.max().unwrap_or_default() + 2;
    let mut text = format!("{}\n", list::title(context, progress));
    for part in parts {
        if part.lessons.contains(place) {
            text.push_str(&format!("{BOLD}{}{BOLD:#}\n", part.title));
            text.push_str(&list::rows(context, part, progress));
        } else {
            text.push_str(&folded(context, part, progress, column));
        }
    }
    text + &list::legend(context)
}

/// A part on one line.
fn folded(context: &Context, part: &Part, progress: &Progress, column: usize) -> String {
    let states = part
        .lessons
        .iter()
        .map(|lesson| progress.state(&lesson.stem));
    let states: Vec<ExerciseState> = states.collect();
    let passed = states.iter().filter(|state| state.passes()).count();
    let all = states.len();
    let title = &part.title;
    // One that fails again is what a student wants to know of a part that they have left.
    let state = if states.contains(&ExerciseState::Broken) {
        ExerciseState::Broken
    } else if passed == all {
        ExerciseState::Passed
    } else if states
        .iter()
        .all(|&state| state == ExerciseState::NotStarted)
    {
        ExerciseState::NotStarted
    } else {
        ExerciseState::Open
    };
    if context.style.plain {
        return format!("{title}: {passed} of {all} passed\n");
    }
    let column = column.min(
        context
            .style
            .width()
            .saturating_sub("9 of 9 ✔".chars().count()),
    );
    format!(
        "{title:<column$}{passed} of {all} {}\n",
        context.style.mark(state)
    )
}

/// What to type next, from where the student is.
pub(crate) fn next_command(context: &Context, progress: &Progress) -> String {
    let command = match context.next(progress) {
        None => "cargo run -- check --all     # all passed; do they still?",
        Some(lesson) if lesson == context.place(progress) => match progress.state(&lesson.stem) {
            ExerciseState::NotStarted => "cargo run -- next",
            _ => "cargo run -- watch",
        },
        Some(_) => "cargo run -- next",
    };
    format!("\nNext: {BOLD}{command}{BOLD:#}\n")
}

/// Turns to the next lesson, or the named one, and says what there is to do.
pub(crate) fn next(context: &Context, name: Option<&str>) -> Done {
    let lesson = if let Some(name) = name {
        context.course.named(name)?.clone()
    } else {
        let progress = context.progress()?;
        let Some(lesson) = context.next(&progress) else {
            let style = context.style;
            context.say(&style.with_command(
                "All exercises have passed. To check them again:",
                "cargo run -- check --all",
            ))?;
            return Ok(SUCCESS);
        };
        lesson.clone()
    };
    let before = context.progress()?.state(&lesson.stem);
    context.turn_to(&lesson)?;
    context.say(&steps(context, &lesson, before)?)?;
    Ok(SUCCESS)
}

/// Columns in front of what a step says.
const STEP: usize = 10;

/// What to do in a lesson, in order. `before` is how far it was when the student asked.
fn steps(context: &Context, lesson: &Lesson, before: ExerciseState) -> Result<String, Failure> {
    let state = context.progress()?.state(&lesson.stem);
    let number = lesson.number();
    let program = lesson.program();
    let root = context.course.root();
    let chapter = context.style.path(root, &lesson.chapter());
    let exercise = context.style.path(root, &lesson.exercise());
    let mut text = format!("{BOLD}{}{BOLD:#} ({})\n\n", lesson.title, word(state));
    let steps = [
        ("Read", chapter),
        (
            "",
            "cargo run -- book      (the same in the browser)".to_owned(),
        ),
        ("Play", format!("cargo run --bin {program} -- --wire")),
        ("Change", exercise),
        ("Check", "cargo run -- check".to_owned()),
        (
            "",
            "cargo run -- watch     (checks whenever you save)".to_owned(),
        ),
        ("Stuck?", "cargo run -- hint".to_owned()),
    ];
    for (what, how) in steps {
        // Where a line is too long, the remark goes and the command stays: it is there to be copied.
        let fits = STEP + columns(&how) <= context.style.width();
        let how = match how.split_once("  (") {
            Some((command, _)) if !fits => command.trim_end(),
            _ => how.as_str(),
        };
        text.push_str(&format!("{:<STEP$}{how}\n", format!("  {what}")));
    }
    let other = context.course.after(lesson).next();
    if before == ExerciseState::Open
        && let Some(other) = other
    {
        let leave = format!("To leave {number} open and go on:");
        let command = format!("cargo run -- next {}", other.number());
        text.push_str(&format!(
            "\n{}",
            context.style.with_command(&leave, &command)
        ));
    }
    Ok(text)
}
