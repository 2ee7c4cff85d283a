//! A build and a grading, or another program, that a key or a save may end before its time.

use std::io::{self, Read};
use std::process::{Command, Stdio};
use std::sync::mpsc::Sender;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;

#[cfg(windows)]
use process_wrap::std::JobObject;
#[cfg(unix)]
use process_wrap::std::ProcessGroup;
use process_wrap::std::{ChildWrapper, CommandWrap};

use super::Event;

/// What a run came to.
#[derive(Debug)]
pub(super) enum Report {
    /// It does not compile: what cargo says.
    Broken(String),
    /// The check's report, with the compiler's warnings above it.
    Graded { passed: bool, text: String },
    /// What another program printed.
    Printed(String),
    /// It could not be run.
    Failed(String),
}

/// Runs at most one thing at a time. Starting another ends the one before, with every process that
/// it has started.
pub(super) struct Jobs {
    events: Sender<Event>,
    current: Arc<Current>,
}

#[derive(Default)]
struct Current(Mutex<Running>);

#[derive(Default)]
struct Running {
    run: u64,
    child: Option<Box<dyn ChildWrapper>>,
}

impl Current {
    fn lock(&self) -> MutexGuard<'_, Running> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What one process printed, and whether it ended well; `None` when it was ended.
type Ended = Option<(bool, Vec<u8>, Vec<u8>)>;

/// The processes of one run.
pub(super) struct Run {
    number: u64,
    current: Arc<Current>,
}

impl Jobs {
    pub fn new(events: Sender<Event>) -> Self {
        Self {
            events,
            current: Arc::default(),
        }
    }

    /// Starts a run, and says its number. What it comes to arrives as an event.
    pub fn start(&self, work: impl FnOnce(&Run) -> Option<Report> + Send + 'static) -> u64 {
        let number = self.stop();
        let run = Run {
            number,
            current: Arc::clone(&self.current),
        };
        let events = self.events.clone();
        // It ends with its processes, and those with the next `stop`.
        thread::spawn(move || {
            if let Some(report) = work(&run) {
                // Nobody listens when the program is about to end.
                let _ = events.send(Event::Ran {
                    run: number,
                    report,
                });
            }
        });
        number
    }

    /// Ends what runs, with every process that it has started. Returns the next run's number.
    pub fn stop(&self) -> u64 {
        let mut running = self.current.lock();
        running.run += 1;
        if let Some(mut child) = running.child.take() {
            // It may have ended already; either way it is collected.
            let _ = child.kill();
        }
        running.run
    }
}

impl Drop for Jobs {
    fn drop(&mut self) {
        self.stop();
    }
}

impl Run {
    /// Runs a process to its end.
    pub fn process(&self, mut command: Command) -> io::Result<Ended> {
        command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let mut command = CommandWrap::from(command);
        #[cfg(unix)]
        command.wrap(ProcessGroup::leader());
        #[cfg(windows)]
        command.wrap(JobObject);

        let (stdout, stderr) = {
            let mut running = self.current.lock();
            if running.run != self.number {
                return Ok(None);
            }
            let mut child = command.spawn()?;
            let pipes = (child.stdout().take(), child.stderr().take());
            running.child = Some(child);
            pipes
        };
        // Both at once: a process that fills one pipe waits for its reader.
        let errors = thread::spawn(move || all_of(stderr));
        let output = all_of(stdout)?;
        let errors = errors
            .join()
            .map_err(|_| io::Error::other("standard error could not be read"))??;

        let mut running = self.current.lock();
        if running.run != self.number {
            return Ok(None);
        }
        let Some(mut child) = running.child.take() else {
            return Ok(None);
        };
        drop(running);
        let status = child.wait()?;
        Ok(Some((status.success(), output, errors)))
    }
}

fn all_of(pipe: Option<impl Read>) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    if let Some(mut pipe) = pipe {
        pipe.read_to_end(&mut bytes)?;
    }
    Ok(bytes)
}
