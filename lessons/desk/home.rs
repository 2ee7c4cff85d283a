//! Home, and `next`: where I am, and the one next command.

use workbook::progress::{Progress, State};

use crate::course::Lesson;
use crate::desk::{Desk, Done, Failure, WELL};
use crate::look::{BOLD, WIDTH, word};

/// The parts and lessons with a mark each, and what to type next.
pub(crate) fn home(desk: &Desk) -> Done {
    let progress = desk.progress()?;
    let mut text = list(desk, &progress);
    if progress.strange() > 0 {
        let name = desk.log.path().map(|path| path.display().to_string());
        text.push_str(&format!(
            "\n{} says nothing that is understood in {} of its lines.\n",
            name.unwrap_or_default(),
            progress.strange()
        ));
    }
    text.push_str(&next_command(desk, &progress));
    desk.say(&text)?;
    Ok(WELL)
}

/// The parts and lessons with a mark each.
pub(crate) fn list(desk: &Desk, progress: &Progress) -> String {
    let place = desk.place(progress);
    let lessons: Vec<&Lesson> = desk.course.lessons().collect();
    let passed = lessons
        .iter()
        .filter(|lesson| progress.state(&lesson.stem) == State::Passed)
        .count();
    let title = "The Streaming Workbook";
    let count = format!("{passed} of {} passed", lessons.len());
    let space = WIDTH - title.len() - count.len();
    let mut text = if desk.look.plain {
        format!("{title}: {count}\n")
    } else {
        format!("{BOLD}{title}{BOLD:#}{:space$}{count}\n", "")
    };
    let widest = lessons.iter().map(|lesson| lesson.title.chars().count());
    let column = widest.max().unwrap_or_default() + 2;
    for part in desk.course.parts() {
        text.push_str(&format!("\n{BOLD}{}{BOLD:#}\n", part.title));
        for lesson in &part.lessons {
            let state = progress.state(&lesson.stem);
            let here = place == lesson;
            text.push_str(&row(desk, lesson, state, here, column));
        }
    }
    if !desk.look.plain {
        let states = [State::NotStarted, State::Open, State::Passed, State::Broken];
        let legend = states.map(|state| format!("{} {}", desk.look.mark(state), word(state)));
        text.push_str(&format!("\n{}\n", legend.join("   ")));
    }
    text
}

/// The same without what a screen of 24 rows has no room for.
pub(crate) fn short_list(desk: &Desk, progress: &Progress) -> String {
    let list = list(desk, progress);
    let lines = list.lines().filter(|line| !line.trim().is_empty());
    lines.map(|line| format!("{line}\n")).collect()
}

fn row(desk: &Desk, lesson: &Lesson, state: State, here: bool, column: usize) -> String {
    let title = &lesson.title;
    if desk.look.plain {
        let here = if here { "; you are here" } else { "" };
        return format!("  {title}: {}{here}\n", word(state));
    }
    let row = format!("  {} {title:<column$}", desk.look.mark(state));
    let here = if here { "← you are here" } else { "" };
    format!("{}\n", format!("{row}{here}").trim_end())
}

/// What to type next, from where the student is.
pub(crate) fn next_command(desk: &Desk, progress: &Progress) -> String {
    let command = match desk.next(progress) {
        None => "cargo run -- check --all     # all passed; do they still?",
        Some(lesson) if lesson == desk.place(progress) => match progress.state(&lesson.stem) {
            State::NotStarted => "cargo run -- next",
            _ => "cargo run -- watch",
        },
        Some(_) => "cargo run -- next",
    };
    format!("\nNext: {BOLD}{command}{BOLD:#}\n")
}

/// Turns to the next lesson, or the named one, and says what there is to do.
pub(crate) fn next(desk: &Desk, name: Option<&str>) -> Done {
    let lesson = if let Some(name) = name {
        desk.course.named(name)?.clone()
    } else {
        let progress = desk.progress()?;
        let Some(lesson) = desk.next(&progress) else {
            desk.say("All exercises have passed. `cargo run -- check --all` looks again.\n")?;
            return Ok(WELL);
        };
        lesson.clone()
    };
    let before = desk.progress()?.state(&lesson.stem);
    desk.turn_to(&lesson)?;
    desk.say(&steps(desk, &lesson, before)?)?;
    Ok(WELL)
}

/// What to do in a lesson, in order. `before` is how far it was when the student asked.
fn steps(desk: &Desk, lesson: &Lesson, before: State) -> Result<String, Failure> {
    let state = desk.progress()?.state(&lesson.stem);
    let number = lesson.number();
    let program = lesson.program();
    let root = desk.course.root();
    let chapter = desk.look.path(root, &lesson.chapter());
    let exercise = desk.look.path(root, &lesson.exercise());
    let mut text = format!("{BOLD}{}{BOLD:#} ({})\n\n", lesson.title, word(state));
    let steps = [
        ("Read", format!("{chapter}, or `cargo run -- book`")),
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
        text.push_str(&format!("  {what:<8}{how}\n"));
    }
    let other = desk.course.after(lesson).next();
    if before == State::Open
        && let Some(other) = other
    {
        text.push_str(&format!(
            "\nTo leave {number} open and go on: cargo run -- next {}\n",
            other.number()
        ));
    }
    Ok(text)
}
