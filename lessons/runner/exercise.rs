//! Hints, the difference to the solution, and the way back to the starter.

use std::fs::{self, OpenOptions};
use std::io::{self, BufRead as _, ErrorKind, Write as _};

use progress::{Entry, ExerciseState};
use similar::{ChangeTag, TextDiff};

use crate::context::{Context, Done, FAILURE, Failure, SUCCESS};
use crate::course::Lesson;
use crate::style::{BAD, BOLD, GOOD, HERE};

/// What the hints of a lesson are called, each nearer to the answer.
pub(crate) const TIERS: [&str; 3] = ["Nudge", "Pointer", "Nearly there"];

/// Lines of context around each change.
const CONTEXT: usize = 3;

/// Shows one hint of a lesson.
pub(crate) fn hint(context: &Context, name: Option<&str>, tier: usize) -> Done {
    let lesson = context.chosen(name)?;
    let number = lesson.number();
    let style = context.style;
    let more = if tier < TIERS.len() {
        style.with_command(
            "A stronger hint:",
            &format!("cargo run -- hint {number} --tier {}", tier + 1),
        )
    } else {
        after_the_last_hint(context, &lesson)
    };
    let hint = hint_text(context, &lesson, tier)?;
    context.say(&format!("{hint}\n{more}"))?;
    Ok(SUCCESS)
}

/// What there is when the strongest hint is not enough.
pub(crate) fn after_the_last_hint(context: &Context, lesson: &Lesson) -> String {
    context.style.with_command(
        "There is no further hint. To compare your answer with the solution:",
        &format!("cargo run -- diff {} --spoil", lesson.number()),
    )
}

/// One hint.
pub(crate) fn hint_text(
    context: &Context,
    lesson: &Lesson,
    tier: usize,
) -> Result<String, Failure> {
    let name = lesson.beside_solution("hints.md");
    let title = TIERS[tier - 1];
    let text = context.text(&name)?;
    let hint = section(&text, title)
        .ok_or_else(|| Failure::because(format!("{name} has no section \"## {title}\".")))?;
    let mut shown = format!("{BOLD}{}: {title}{BOLD:#}\n", lesson.title);
    for paragraph in hint.split("\n\n") {
        shown.push('\n');
        let words: Vec<&str> = paragraph.split_whitespace().collect();
        shown.push_str(&context.style.wrapped(&words.join(" "), "  "));
    }
    Ok(shown)
}

/// The text below a heading, up to the next heading.
fn section(text: &str, title: &str) -> Option<String> {
    let mut lines = text.lines().skip_while(|line| {
        line.strip_prefix("## ")
            .is_none_or(|heading| heading.trim() != title)
    });
    lines.next()?;
    let body: Vec<&str> = lines.take_while(|line| !line.starts_with('#')).collect();
    let body = body.join("\n").trim().to_owned();
    (!body.is_empty()).then_some(body)
}

/// Shows the way from my answer to the solution.
pub(crate) fn diff(context: &Context, name: Option<&str>, spoil: bool) -> Done {
    let lesson = context.chosen(name)?;
    if !spoil && context.progress()?.state(&lesson.stem) != ExerciseState::Passed {
        return Err(Failure::because(format!(
            "{} does not pass. To see its solution anyway: cargo run -- diff {} --spoil",
            lesson.title,
            lesson.number()
        )));
    }
    let (mine, solution) = (lesson.exercise(), lesson.beside_solution("solution.rs"));
    let (old, new) = (context.text(&mine)?, context.text(&solution)?);
    let diff = TextDiff::from_lines(&old, &new);
    let mut text = format!("{BOLD}--- {mine}\n+++ {solution}{BOLD:#}\n");
    let hunks = diff.grouped_ops(CONTEXT);
    if hunks.is_empty() {
        text = "Your answer is the solution, letter for letter.\n".to_owned();
    }
    for hunk in hunks {
        if let (Some(first), Some(last)) = (hunk.first(), hunk.last()) {
            let old = first.old_range().start + 1..last.old_range().end;
            let new = first.new_range().start + 1..last.new_range().end;
            text.push_str(&format!(
                "{HERE}@@ lines {}-{} of mine, {}-{} of the solution @@{HERE:#}\n",
                old.start, old.end, new.start, new.end
            ));
        }
        for change in hunk.iter().flat_map(|op| diff.iter_changes(op)) {
            let line = change.value().trim_end_matches(['\r', '\n']);
            text.push_str(&match change.tag() {
                ChangeTag::Equal => format!(" {line}\n"),
                ChangeTag::Delete => format!("{BAD}-{line}{BAD:#}\n"),
                ChangeTag::Insert => format!("{GOOD}+{line}{GOOD:#}\n"),
            });
        }
    }
    context.say(&text)?;
    Ok(SUCCESS)
}

/// Puts the starter back, and keeps my version beside it.
pub(crate) fn reset(context: &Context, name: &str, yes: bool) -> Done {
    let lesson = context.course.named(name)?.clone();
    let exercise = lesson.exercise();
    if context.is_untouched(&lesson) {
        let state = context.progress()?.state(&lesson.stem);
        if matches!(state, ExerciseState::Passed | ExerciseState::Broken) {
            context.note(&lesson, Entry::Reset)?;
        }
        context.say(&format!("{exercise} is its starter already.\n"))?;
        return Ok(SUCCESS);
    }
    let starter = context.text(&lesson.beside_solution("starter.rs"))?;
    let mine = mine(context, &lesson)?;
    if !yes && mine.is_some() {
        context.say(&format!(
            "Put {exercise} back to its starter? Your version is kept. [y/N] "
        ))?;
        if !agreed(context)? {
            context.say("Nothing is changed.\n")?;
            return Ok(FAILURE);
        }
    }
    let kept = match &mine {
        Some(mine) => format!("Your version: {}", put_aside(context, &lesson, mine)?),
        None => "There was no version of yours.".to_owned(),
    };
    fs::write(context.path(&exercise), starter).map_err(|error| {
        Failure::because(format!("{exercise} cannot be written: {error}. {kept}"))
    })?;
    context.note(&lesson, Entry::Reset)?;
    context.say(&format!("{exercise} is its starter again. {kept}\n"))?;
    Ok(SUCCESS)
}

fn agreed(context: &Context) -> Result<bool, Failure> {
    let mut answer = String::new();
    io::stdin()
        .lock()
        .read_line(&mut answer)
        .map_err(|error| Failure::because(format!("your answer cannot be read: {error}")))?;
    if !answer.ends_with('\n') {
        context.say("\n")?;
    }
    let answer = answer.trim().to_lowercase();
    Ok(answer == "y" || answer == "yes")
}

/// The exercise as it is; `None` when there is none.
fn mine(context: &Context, lesson: &Lesson) -> Result<Option<Vec<u8>>, Failure> {
    let name = lesson.exercise();
    match fs::read(context.path(&name)) {
        Ok(mine) => Ok(Some(mine)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(Failure::because(format!("{name} cannot be read: {error}"))),
    }
}

/// Copies the exercise to the first name that is free, and returns the name.
fn put_aside(context: &Context, lesson: &Lesson, mine: &[u8]) -> Result<String, Failure> {
    let mut number = 1;
    loop {
        let name = format!("lessons/{}/exercise.mine-{number}.rs", lesson.stem);
        let mut options = OpenOptions::new();
        let created = options
            .write(true)
            .create_new(true)
            .open(context.path(&name));
        match created.and_then(|mut file| file.write_all(mine)) {
            Ok(()) => return Ok(name),
            Err(error) if error.kind() == ErrorKind::AlreadyExists => number += 1,
            Err(error) => {
                return Err(Failure::because(format!(
                    "{name} cannot be written: {error}. Your exercise is as it was."
                )));
            }
        }
    }
}
