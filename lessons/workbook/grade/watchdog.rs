//! Watches a graded process, passes on what it reports, and ends it when it does not end by itself.

use std::io::{self, BufReader, Write};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, sync_channel};
use std::thread;
use std::time::{Duration, Instant};

use progress::{Layout, Record, Records, Report};

/// How long a grading may report nothing, in real time. Every expectation takes far less, also where other
/// programs keep the processor busy.
pub const PATIENCE: Duration = Duration::from_secs(10);

/// Records that may wait between the graded process and its watcher.
const RECORDS: usize = 64;

/// How many lines of the student's own output are passed on. A loop that prints would push every
/// finding off the screen.
const PRINTED: usize = 100;

/// How a grading ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[must_use]
pub enum Graded {
    /// Every expectation holds.
    Passed,
    /// At least one does not.
    Findings,
}

/// Runs `command`, which must call [`super::here`], and writes its findings to `out`. When it has reported
/// nothing for `patience` of real time, the process is ended.
///
/// `shown` may change a record before it is written: where an answer is graded that is not the
/// student's, its place is not the one that a student sees.
///
/// # Errors
/// When the process cannot be started, or `out` cannot be written to.
pub fn watch(
    command: Command,
    patience: Duration,
    stem: &str,
    shown: impl Fn(Record) -> Record,
    out: &mut dyn Write,
) -> io::Result<Graded> {
    let mut report = Report::new();
    let graded = follow(command, patience, |record| {
        let record = shown(record);
        out.write_all(record.text(Layout::DEFAULT).as_bytes())?;
        report.take(record);
        Ok(())
    })?;
    let summary = report.summary();
    let number = stem.split_once('_').map_or(stem, |(number, _)| number);
    match graded {
        Graded::Passed => writeln!(
            out,
            "\n{summary} Compare yours with solutions/{stem}/solution.rs."
        )?,
        Graded::Findings => writeln!(
            out,
            "\n{summary} Change lessons/{stem}/exercise.rs, then again:\n\
             cargo run --bin lesson{number} -- check"
        )?,
    }
    Ok(graded)
}

/// Runs `command`, which must call [`super::here`], and passes on each record as it comes. The last
/// one is always [`Record::Done`], also when the process is ended or ends too early.
pub(super) fn follow(
    mut command: Command,
    patience: Duration,
    pass_on: impl FnMut(Record) -> io::Result<()>,
) -> io::Result<Graded> {
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()?;
    let records = records_of(&mut child)?;
    let outcome = Watch::new(pass_on).until_the_end(&records, patience);
    // It may have ended already, and then there is nothing to kill.
    let _ = child.kill();
    child.wait()?;
    outcome
}

fn records_of(child: &mut Child) -> io::Result<Receiver<Record>> {
    let stdout = child.stdout.take().ok_or(io::ErrorKind::BrokenPipe)?;
    let (sender, receiver) = sync_channel(RECORDS);
    // Ends when the process does, or when the watcher has stopped receiving.
    thread::spawn(move || {
        for record in Records::of(BufReader::new(stdout)) {
            if sender.send(record).is_err() {
                return;
            }
        }
    });
    Ok(receiver)
}

struct Watch<F> {
    pass_on: F,
    /// Expectations that have not been tried yet, the next one last.
    left: Vec<String>,
    /// The expectation that is being tried, from its first record to its last.
    trying: Option<String>,
    has_finding: bool,
    held: usize,
    all: usize,
    printed: usize,
}

impl<F: FnMut(Record) -> io::Result<()>> Watch<F> {
    fn new(pass_on: F) -> Self {
        Self {
            pass_on,
            left: Vec::new(),
            trying: None,
            has_finding: false,
            held: 0,
            all: 0,
            printed: 0,
        }
    }

    fn until_the_end(
        &mut self,
        records: &Receiver<Record>,
        patience: Duration,
    ) -> io::Result<Graded> {
        let mut deadline = Instant::now() + patience;
        loop {
            let left = deadline.saturating_duration_since(Instant::now());
            match records.recv_timeout(left) {
                Ok(Record::Done) => return self.close(),
                // A loop that prints for ever comes no further.
                Ok(record @ Record::Printed { .. }) => self.take(record)?,
                Ok(record) => {
                    deadline = Instant::now() + patience;
                    self.take(record)?;
                }
                Err(RecvTimeoutError::Timeout) => {
                    let seconds = patience.as_secs();
                    return self.give_up(
                        &format!("it did not come to rest in {seconds} s of real time"),
                        "Is there a loop that never ends, or a lock that is never released? While \
                         your code runs without an `.await` that waits, no other task can run.",
                    );
                }
                Err(RecvTimeoutError::Disconnected) => {
                    return self.give_up(
                        "the process ended in the middle of it",
                        "Did your code end the process?",
                    );
                }
            }
        }
    }

    fn take(&mut self, record: Record) -> io::Result<()> {
        match &record {
            Record::Begun { expectations } => {
                self.all = expectations.len();
                self.left = expectations.iter().rev().cloned().collect();
            }
            Record::Trying { expectation } => {
                self.left.pop();
                self.trying = Some(expectation.clone());
            }
            Record::Holds { .. } => {
                self.held += 1;
                self.trying = None;
            }
            Record::Finding { .. } | Record::Todo { .. } => {
                self.has_finding = true;
                self.trying = None;
            }
            Record::Printed { .. } => {
                self.printed += 1;
                if self.printed > PRINTED {
                    return Ok(());
                }
            }
            Record::Untried { .. } => {
                self.left.pop();
            }
            Record::PrintedMore { .. } | Record::Done => {}
        }
        (self.pass_on)(record)
    }

    /// The process will report nothing more: says why, and which expectations were not tried.
    fn give_up(&mut self, seen: &str, hint: &str) -> io::Result<Graded> {
        let between = || "the check goes on to its end".to_owned();
        self.has_finding = true;
        (self.pass_on)(Record::Finding {
            expectation: self.trying.take().unwrap_or_else(between),
            seen: seen.to_owned(),
            hint: hint.to_owned(),
        })?;
        while let Some(expectation) = self.left.pop() {
            (self.pass_on)(Record::Untried { expectation })?;
        }
        self.close()
    }

    fn close(&mut self) -> io::Result<Graded> {
        if let lines @ 1.. = self.printed.saturating_sub(PRINTED) {
            (self.pass_on)(Record::PrintedMore { lines })?;
        }
        (self.pass_on)(Record::Done)?;
        Ok(
            if !self.has_finding && self.held == self.all && self.all > 0 {
                Graded::Passed
            } else {
                Graded::Findings
            },
        )
    }
}
