//! Grading an exercise by what it does.
//!
//! A [`Check`] is a list of expectations, each played in a lab of its own. It is run in a process
//! of its own ([`in_own_process`] starts it, [`here`] is what it runs), so that a watchdog can end
//! code that never comes to rest.

mod check;
mod drops;
mod finding;
mod panics;
mod peer;
mod script;
mod sequence;
mod watchdog;
mod words;

use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process::Command;

use progress::Record;

use crate::lab::Lab;

use check::{Case, Expectation};
pub use check::{Check, Expecting};
pub use drops::{Drops, Guard, Guarded};
pub use finding::{Finding, Verdict, ensure, shown};
pub(crate) use panics::panic_message;
pub use peer::Peer;
pub use script::{Script, status_with_details};
pub use sequence::{Sequence, sequence};
pub use watchdog::{Graded, PATIENCE, watch};
pub use words::{
    AN_INSTANT, After, Baseline, Count, Ended, after, baseline, count, ended, seconds, within,
};

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

/// Plays the cases of one expectation until one has a finding; the flag says whether the next
/// expectations are worth trying.
fn meet(expectation: &Expectation) -> (Record, bool) {
    let expected = expectation.expected.to_owned();
    for case in &expectation.cases {
        let played = play(expectation, case);
        // A panic on one side looks like a transport error on the other. The panic is the news.
        if let Some(panic) = panics::take_first() {
            return (panic.record(&expected), !panic.is_todo());
        }
        if let Err(finding) = played {
            let Finding { seen, hint } = case.named(finding);
            let record = Record::Finding {
                expectation: expected,
                seen,
                hint: hint.unwrap_or_else(|| expectation.hint.to_owned()),
            };
            return (record, true);
        }
    }
    let record = Record::Holds {
        expectation: expected,
    };
    (record, true)
}

/// Plays one case in a lab of its own.
fn play(expectation: &Expectation, case: &Case) -> Verdict {
    let played = catch_unwind(AssertUnwindSafe(|| {
        Lab::new().run(async |lab| {
            lab.until_silent(expectation.silence, (case.play)(lab.clone()))
                .await
        })
    }));
    match played {
        Ok(Ok(verdict)) => verdict,
        Ok(Err(silence)) => Err(Finding::seen(silence.to_string())),
        Err(_) => Err(Finding::seen("it panicked")),
    }
}

/// Grades the exercise of the running lesson in a process of its own, and prints what it finds.
///
/// # Errors
/// When the process cannot be started, or standard output cannot be written to.
pub fn in_own_process(stem: &str) -> io::Result<Graded> {
    let as_it_is = std::convert::identity;
    watch(
        graded_process()?,
        PATIENCE,
        stem,
        as_it_is,
        &mut anstream::stdout(),
    )
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
