//! Grading an exercise by what it does.
//!
//! A [`Check`] is a list of expectations, each played in a lab of its own. It is run in a process
//! of its own ([`in_own_process`] starts it, [`here`] is what it runs), so that a watchdog can end
//! code that never comes to rest.

mod panics;
mod watchdog;

use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::process::Command;
use std::time::Duration;

use progress::Record;

use crate::lab::{Lab, SILENCE};

pub(crate) use panics::panic_message;
pub use watchdog::{Graded, PATIENCE, watch};

/// What an expectation comes to.
pub type Verdict = Result<(), Finding>;

type Play = Box<dyn Fn(Lab) -> Pin<Box<dyn Future<Output = Verdict>>>>;

/// An expectation that was not met: what happened instead, and a hint that does not spoil.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    seen: String,
    hint: Option<String>,
}

impl Finding {
    /// What happened, as the end of "expected … — ".
    pub fn seen(what: impl Into<String>) -> Self {
        Self {
            seen: what.into(),
            hint: None,
        }
    }

    /// A hint for just this finding, instead of the expectation's own.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }
}

/// A finding unless `holds`: `ensure(n == 3, || format!("{n} came"))?`.
///
/// # Errors
/// The finding, when it does not hold.
pub fn ensure<S: Into<String>>(holds: bool, seen: impl FnOnce() -> S) -> Verdict {
    if holds {
        Ok(())
    } else {
        Err(Finding::seen(seen()))
    }
}

struct Expectation {
    expected: &'static str,
    hint: &'static str,
    play: Play,
    /// How long nothing has to happen in its play before it stalls.
    silence: Duration,
}

/// All that is expected of an exercise.
#[derive(Default)]
pub struct Check {
    expectations: Vec<Expectation>,
}

impl Check {
    /// A check that expects nothing yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds an expectation. `hint` is shown when it is not met, also when its play stalls.
    #[must_use]
    pub fn expects<F>(
        mut self,
        expected: &'static str,
        hint: &'static str,
        play: fn(Lab) -> F,
    ) -> Self
    where
        F: Future<Output = Verdict> + 'static,
    {
        self.expectations.push(Expectation {
            expected,
            hint,
            play: Box::new(move |lab| Box::pin(play(lab))),
            silence: SILENCE,
        });
        self
    }

    /// How long nothing has to happen before the expectation that was added last stalls; an hour
    /// unless it says so. A [`Lab::sleep`] of its play is no silence.
    #[must_use]
    pub fn silence(mut self, silence: Duration) -> Self {
        if let Some(last) = self.expectations.last_mut() {
            last.silence = silence;
        }
        self
    }
}

/// Runs the check in this process, and reports to the process that watches it.
pub fn here(check: &Check) -> Graded {
    panics::record_instead_of_print();
    let names = check.expectations.iter();
    send(&Record::Begun {
        expectations: names.map(|one| one.expected.to_owned()).collect(),
    });
    let mut passed = true;
    let mut expectations = check.expectations.iter();
    for expectation in expectations.by_ref() {
        send(&Record::Trying {
            expectation: expectation.expected.to_owned(),
        });
        let (record, goes_on) = meet(expectation);
        passed &= matches!(record, Record::Holds { .. });
        send(&record);
        if !goes_on {
            break;
        }
    }
    for untried in expectations {
        send(&Record::Untried {
            expectation: untried.expected.to_owned(),
        });
    }
    send(&Record::Done);
    if passed {
        Graded::Passed
    } else {
        Graded::Findings
    }
}

/// Writes a record to standard output.
fn send(record: &Record) {
    // A watcher that has gone ends this process soon, so there is no use for the error.
    let _ = record.write_to(&mut io::stdout());
}

/// Plays one expectation; the flag says whether the next ones are worth trying.
fn meet(expectation: &Expectation) -> (Record, bool) {
    let played = catch_unwind(AssertUnwindSafe(|| {
        Lab::new().run(async |lab| {
            lab.until_silent(expectation.silence, (expectation.play)(lab.clone()))
                .await
        })
    }));
    // A panic on one side looks like a transport error on the other. The panic is the news.
    if let Some(panic) = panics::take_first() {
        return (panic.record(expectation.expected), !panic.is_todo());
    }
    let finding = match played {
        Ok(Ok(Ok(()))) => {
            let expectation = expectation.expected.to_owned();
            return (Record::Holds { expectation }, true);
        }
        Ok(Ok(Err(finding))) => finding,
        Ok(Err(silence)) => Finding::seen(silence.to_string()),
        Err(_) => Finding::seen("it panicked"),
    };
    let hint = finding.hint.unwrap_or_else(|| expectation.hint.to_owned());
    (
        Record::Finding {
            expectation: expectation.expected.to_owned(),
            seen: finding.seen,
            hint,
        },
        true,
    )
}

/// Grades the exercise of the running lesson in a process of its own, and prints what it finds.
///
/// # Errors
/// When the process cannot be started, or standard output cannot be written to.
pub fn in_own_process(stem: &str) -> io::Result<Graded> {
    watch(graded_process()?, PATIENCE, stem, &mut anstream::stdout())
}

/// The same for a program that reads the findings: they are written as [`Record`]s.
///
/// # Errors
/// When the process cannot be started, or standard output cannot be written to.
pub fn in_own_process_as_records() -> io::Result<Graded> {
    let mut out = io::stdout();
    watchdog::follow(graded_process()?, PATIENCE, |record| {
        record.write_to(&mut out)
    })
}

fn graded_process() -> io::Result<Command> {
    let mut command = Command::new(std::env::current_exe()?);
    command.args(["check", "--here"]);
    Ok(command)
}
