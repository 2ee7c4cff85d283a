//! `list`: all lessons with a mark each, or the files of one.

use progress::{ExerciseState, Progress};

use crate::context::{Context, Done, SUCCESS};
use crate::course::{Lesson, Part};
use crate::style::{BOLD, columns, word};

/// All lessons; with a name, that lesson's files, as links where the terminal makes them.
pub(crate) fn list(context: &Context, name: Option<&str>) -> Done {
    let text = match name {
        Some(name) => files(context, context.course.named(name)?),
        None => all(context, &context.progress()?),
    };
    context.say(&text)?;
    Ok(SUCCESS)
}

fn all(context: &Context, progress: &Progress) -> String {
    let mut text = title(context, progress);
    for part in context.course.parts() {
        text.push_str(&format!("\n{BOLD}{}{BOLD:#}\n", part.title));
        text.push_str(&rows(context, part, progress));
    }
    text + &legend(context) + "\nThe files of one: cargo run -- list 4\n"
}

fn files(context: &Context, lesson: &Lesson) -> String {
    let root = context.course.root();
    let mut text = format!("{BOLD}{}{BOLD:#}\n", lesson.title);
    let files = [
        ("chapter", lesson.chapter()),
        ("scenes", format!("lessons/{}/main.rs", lesson.stem)),
        ("exercise", lesson.exercise()),
    ];
    for (what, name) in files {
        text.push_str(&format!(
            "  {what:<10}{}\n",
            context.style.path(root, &name)
        ));
    }
    let program = lesson.program();
    text + &format!("  {:<10}cargo run --bin {program}\n", "program")
}

/// The course's name and how many exercises have passed.
pub(crate) fn title(context: &Context, progress: &Progress) -> String {
    let lessons: Vec<&Lesson> = context.course.lessons().collect();
    let passed = lessons
        .iter()
        .filter(|lesson| progress.state(&lesson.stem).passes())
        .count();
    let title = "The Streaming Workbook";
    let count = format!("{passed} of {} passed", lessons.len());
    if context.style.plain {
        return format!("{title}: {count}\n");
    }
    let space = context.style.width().saturating_sub(title.len());
    format!("{BOLD}{title}{BOLD:#}{count:>space$}\n")
}

/// The lessons of a part with a mark each.
pub(crate) fn rows(context: &Context, part: &Part, progress: &Progress) -> String {
    let place = context.place(progress);
    let lessons = context.course.lessons();
    let widest = lessons.map(|lesson| lesson.title.chars().count());
    let column = widest.max().unwrap_or_default() + 2;
    let row = |lesson: &Lesson| {
        let state = progress.state(&lesson.stem);
        row(context, lesson, state, place == lesson, column)
    };
    part.lessons.iter().map(row).collect()
}

fn row(
    context: &Context,
    lesson: &Lesson,
    state: ExerciseState,
    here: bool,
    column: usize,
) -> String {
    let title = &lesson.title;
    if context.style.plain {
        let here = if here { "; you are here" } else { "" };
        return format!("  {title}: {}{here}\n", word(state));
    }
    let row = format!("  {} {title}", context.style.mark(state));
    if !here {
        return format!("{row}\n");
    }
    let space = column.saturating_sub(title.chars().count());
    let whole = format!("{row}{:space$}← you are here", "");
    if columns(&whole) <= context.style.width() {
        format!("{whole}\n")
    } else {
        format!("{row}  ←\n")
    }
}

/// What the marks mean; a plain list has no marks.
pub(crate) fn legend(context: &Context) -> String {
    if context.style.plain {
        return String::new();
    }
    let states = [
        ExerciseState::NotStarted,
        ExerciseState::Open,
        ExerciseState::Passed,
        ExerciseState::Broken,
    ];
    let marks = states.map(|state| format!("{} {}", context.style.mark(state), word(state)));
    format!("\n{}", context.style.beside(marks))
}
