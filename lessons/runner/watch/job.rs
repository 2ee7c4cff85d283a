//! A build and a grading, or another program, that a key or a save may end before its time.

use std::io::{self, Read};
use std::process::{ChildStdout, Command, Stdio};
use std::sync::mpsc::Sender;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;

#[cfg(windows)]
use process_wrap::std::JobObject;
#[cfg(unix)]
use process_wrap::std::ProcessGroup;
use process_wrap::std::{ChildWrapper, CommandWrap};

use super::Event;

/// How a run ended.
#[derive(Debug)]
pub(super) enum Ended {
    /// It does not compile: the compiler's errors.
    DoesNotCompile(String),
    /// The check's records have all been sent; what the student's code wrote to standard error.
    Graded { errors: String },
    /// What another program printed.
    Printed { errors: String, output: String },
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

/// A process that ended by itself: what was made of its standard output, and its standard error.
pub(super) struct Process<T> {
    pub output: T,
    pub errors: String,
}

/// The processes of one run.
pub(super) struct Run {
    number: u64,
    current: Arc<Current>,
    events: Sender<Event>,
}

impl Jobs {
    pub fn new(events: Sender<Event>) -> Self {
        Self {
            events,
            current: Arc::default(),
        }
    }

    /// Starts a run, and says its number. What it reports and how it ends arrive as events; a run
    /// that is ended sends no end.
    pub fn start(&self, work: impl FnOnce(&Run) -> Option<Ended> + Send + 'static) -> u64 {
        let number = self.stop();
        let run = Run {
            number,
            current: Arc::clone(&self.current),
            events: self.events.clone(),
        };
        // It ends with its processes, and those with the next `stop`.
        thread::spawn(move || {
            if let Some(ended) = work(&run) {
                run.tell(|run| Event::Ran { run, ended });
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
    /// Sends an event of this run.
    pub fn tell(&self, event: impl FnOnce(u64) -> Event) {
        // The session has gone when the program is about to end.
        let _ = self.events.send(event(self.number));
    }

    /// Runs a process to its end, while `read` reads its standard output. `None` when it was ended
    /// before.
    pub fn process<T>(
        &self,
        mut command: Command,
        read: impl FnOnce(ChildStdout) -> T,
    ) -> io::Result<Option<Process<T>>> {
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
        let (Some(stdout), Some(stderr)) = (stdout, stderr) else {
            return Err(io::Error::other("its output cannot be read"));
        };
        // Both at once: a process that fills one pipe waits for its reader.
        let errors = thread::spawn(move || text_of(stderr));
        let output = read(stdout);
        let errors = errors.join().unwrap_or_default();

        let mut running = self.current.lock();
        if running.run != self.number {
            return Ok(None);
        }
        let Some(mut child) = running.child.take() else {
            return Ok(None);
        };
        drop(running);
        child.wait()?;
        Ok(Some(Process { output, errors }))
    }
}

/// All that can be read of a pipe.
pub(super) fn text_of(mut pipe: impl Read) -> String {
    let mut bytes = Vec::new();
    // What could be read up to an error is better than nothing.
    let _ = pipe.read_to_end(&mut bytes);
    String::from_utf8_lossy(&bytes).into_owned()
}
