//! Watches a graded process, prints what it reports, and ends it when it does not end by itself.

use std::io::{self, BufRead as _, BufReader, Write};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, sync_channel};
use std::thread;
use std::time::{Duration, Instant};

use anstyle::{AnsiColor, Style};

use super::record::Record;
use crate::run::wrap;

/// How long a grading may take, in real time. All its faults together take far less.
pub const PATIENCE: Duration = Duration::from_secs(10);

/// Lines that may wait between the graded process and its watcher.
const LINES: usize = 64;

/// How many lines of the student's own output are passed on. A loop that prints would push every
/// finding off the screen.
const PRINTED: usize = 100;

const GOOD: Style = AnsiColor::Green.on_default();
const BAD: Style = AnsiColor::Red.on_default();

/// How a grading ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[must_use]
pub enum Graded {
    /// Every expectation holds.
    Passed,
    /// At least one does not.
    Findings,
}

/// Runs `command`, which must call [`super::here`], and writes its findings to `out`. After
/// `patience` of real time the process is ended.
///
/// # Errors
/// When the process cannot be started, or `out` cannot be written to.
pub fn watch(
    mut command: Command,
    patience: Duration,
    stem: &str,
    out: &mut dyn Write,
) -> io::Result<Graded> {
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()?;
    let lines = lines_of(&mut child)?;
    let outcome = Report::new(stem, out).follow(&lines, patience);
    // It may have ended already, and then there is nothing to kill.
    let _ = child.kill();
    child.wait()?;
    outcome
}

fn lines_of(child: &mut Child) -> io::Result<Receiver<String>> {
    let stdout = child.stdout.take().ok_or(io::ErrorKind::BrokenPipe)?;
    let (sender, receiver) = sync_channel(LINES);
    // Ends when the process does, or when nobody receives any more.
    thread::spawn(move || {
        let mut reader = BufReader::new(stdout);
        let mut line = Vec::new();
        while reader
            .read_until(b'\n', &mut line)
            .is_ok_and(|length| length > 0)
        {
            let text = String::from_utf8_lossy(&line).trim_end().to_owned();
            line.clear();
            if sender.send(text).is_err() {
                return;
            }
        }
    });
    Ok(receiver)
}

struct Report<'a> {
    stem: &'a str,
    out: &'a mut dyn Write,
    trying: String,
    all: usize,
    held: usize,
    printed: usize,
}

impl<'a> Report<'a> {
    fn new(stem: &'a str, out: &'a mut dyn Write) -> Self {
        Self {
            stem,
            out,
            trying: String::new(),
            all: 0,
            held: 0,
            printed: 0,
        }
    }

    fn follow(&mut self, lines: &Receiver<String>, patience: Duration) -> io::Result<Graded> {
        let deadline = Instant::now() + patience;
        loop {
            let left = deadline.saturating_duration_since(Instant::now());
            match lines.recv_timeout(left) {
                Ok(line) => match Record::parse(&line) {
                    Some(Record::Done) => return self.close(),
                    Some(record) => self.take(record)?,
                    None => self.print(&line)?,
                },
                Err(RecvTimeoutError::Timeout) => {
                    let seen = format!(
                        "it did not come to rest in {} s of real time",
                        patience.as_secs()
                    );
                    self.bad(
                        &seen,
                        "Is there a loop that goes on for ever, or a lock that nobody gives back? \
                         Whoever never comes to rest keeps everybody else waiting.",
                    )?;
                    return self.close();
                }
                Err(RecvTimeoutError::Disconnected) => {
                    self.bad(
                        "the process ended in the middle of it",
                        "Did your code end the process?",
                    )?;
                    return self.close();
                }
            }
        }
    }

    fn take(&mut self, record: Record) -> io::Result<()> {
        match record {
            Record::Begun(all) => self.all = all,
            Record::Trying(expected) => self.trying = expected,
            Record::Holds => {
                self.held += 1;
                self.item(GOOD, '✔', &self.trying.clone())?;
            }
            Record::Finding { seen, hint } => self.bad(&seen, &hint)?,
            Record::Todo { task, place } => {
                self.bad(&format!("todo!() at {place}"), &format!("To do: {task}"))?;
            }
            Record::Untried(expected) => self.item(Style::new(), '·', &expected)?,
            Record::Done => {}
        }
        Ok(())
    }

    /// Passes on a line that the exercise has printed.
    fn print(&mut self, line: &str) -> io::Result<()> {
        self.printed += 1;
        if self.printed <= PRINTED {
            writeln!(self.out, "  │ {line}")?;
        }
        Ok(())
    }

    fn bad(&mut self, seen: &str, hint: &str) -> io::Result<()> {
        let text = format!("{} — {}. {hint}", self.trying, seen.trim_end_matches('.'));
        self.item(BAD, '✘', &text)
    }

    fn item(&mut self, style: Style, sign: char, text: &str) -> io::Result<()> {
        // Two for the margin, two for the sign and its space.
        for (number, line) in wrap(text, 76, 0).iter().enumerate() {
            let head = if number == 0 { sign } else { ' ' };
            writeln!(self.out, "  {style}{head}{style:#} {line}")?;
        }
        Ok(())
    }

    fn close(&mut self) -> io::Result<Graded> {
        let Self {
            stem, held, all, ..
        } = *self;
        if self.printed > PRINTED {
            let more = self.printed - PRINTED;
            writeln!(self.out, "  │ … and {more} lines more of what it printed")?;
        }
        let number = stem.split_once('_').map_or(stem, |(number, _)| number);
        if held == all && all > 0 {
            writeln!(
                self.out,
                "\nAll {all} hold. Compare yours with solutions/{stem}/solution.rs."
            )?;
            return Ok(Graded::Passed);
        }
        writeln!(
            self.out,
            "\n{held} of {all} hold. Change lessons/{stem}/exercise.rs, then again:\n\
             cargo run --bin lesson{number} -- check"
        )?;
        Ok(Graded::Findings)
    }
}
