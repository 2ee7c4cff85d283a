//! What a lesson prints: time, lane, words; one scene after the other, 80 columns wide.
//!
//! Both sides narrate through [`tracing`] events, as production code does. The event's *target* is
//! its lane, and [`Narrator`] is the layer that turns events into lines.

mod fold;
mod layout;
mod narrator;

use std::fmt;
use std::io::{self, Write};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::time::Instant;

pub use narrator::{Narrator, OnLine};

use fold::{Fold, Folded};

/// The target of what a client says: `info!(target: CLIENT, "…")`.
pub const CLIENT: &str = "client";
/// The target of what a server says: `info!(target: SERVER, "…")`.
pub const SERVER: &str = "server";
/// The target of what the tap reads off the connection.
pub const WIRE: &str = "wire";

/// Who a line is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Lane {
    /// The client.
    Client,
    /// The server.
    Server,
    /// The connection between them.
    Wire,
}

impl Lane {
    /// The lane of an event's target; `None` for targets that a transcript drops.
    #[must_use]
    pub fn of_target(target: &str) -> Option<Self> {
        match target {
            CLIENT => Some(Self::Client),
            SERVER => Some(Self::Server),
            WIRE => Some(Self::Wire),
            _ => None,
        }
    }
}

impl fmt::Display for Lane {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Client => CLIENT,
            Self::Server => SERVER,
            Self::Wire => WIRE,
        })
    }
}

/// A transcript under way. Clones write to the same page.
///
/// Colour codes are always written; give it a stream that strips them where they are not wanted.
#[derive(Clone)]
pub struct Transcript {
    page: Arc<Mutex<Page>>,
}

struct Page {
    out: Box<dyn Write + Send>,
    /// Virtual or real time of the scene's beginning.
    began: Option<Instant>,
    /// Time is printed once for all lines of one instant.
    last_time: String,
    fold: Fold,
    open: bool,
    /// A lane that is not heard any more, although the scene goes on.
    closed_lane: Option<Lane>,
    failed: Option<io::Error>,
}

impl Transcript {
    /// A transcript that is written to `out`.
    pub fn new(out: impl Write + Send + 'static) -> Self {
        Self {
            page: Arc::new(Mutex::new(Page {
                out: Box::new(out),
                began: None,
                last_time: String::new(),
                fold: Fold::default(),
                open: false,
                closed_lane: None,
                failed: None,
            })),
        }
    }

    /// Begins a scene; its clock starts now. With `fold_after`, lines of one shape (alike but for
    /// their numbers) are printed that many times and then counted.
    pub fn begin(&self, name: &str, title: &str, fold_after: Option<usize>) {
        let mut page = self.page();
        page.fold = Fold::new(fold_after);
        page.last_time.clear();
        page.began = Some(Instant::now());
        page.open = true;
        page.closed_lane = None;
        page.write(&layout::heading(name, title));
    }

    /// From now until the scene ends, nothing in `lane` is printed.
    pub fn close_lane(&self, lane: Lane) {
        self.page().closed_lane = Some(lane);
    }

    /// A blank line between two scenes.
    pub fn gap(&self) {
        self.page().write("\n");
    }

    /// Ends the scene: nothing more is printed until the next one begins.
    pub fn end(&self) {
        let mut page = self.page();
        page.flush_fold();
        page.open = false;
    }

    /// Prints what one side says, at the present time.
    pub fn line(&self, lane: Lane, text: &str) {
        let mut page = self.page();
        if !page.open || page.closed_lane == Some(lane) {
            return;
        }
        match page.fold.next(lane, text) {
            Folded::Hide => return,
            Folded::Show { hidden } => page.write_hidden(hidden),
        }
        let now = page
            .began
            .map_or_else(String::new, |began| layout::time(began.elapsed()));
        let time = if now == page.last_time {
            ""
        } else {
            now.as_str()
        };
        let lines = layout::line(time, lane, text);
        page.write(&lines);
        page.last_time = now;
    }

    /// Prints something about the scene itself, in no lane.
    pub fn note(&self, text: &str) {
        let mut page = self.page();
        page.flush_fold();
        page.write(&layout::note(text));
    }

    /// Why nothing more can be written, if so; a closed pipe is the usual reason.
    #[must_use]
    pub fn failure(&self) -> Option<io::ErrorKind> {
        self.page().failed.as_ref().map(io::Error::kind)
    }

    fn page(&self) -> MutexGuard<'_, Page> {
        // A panic elsewhere leaves a page that can still be written to.
        self.page.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Page {
    fn write(&mut self, text: &str) {
        if self.failed.is_none()
            && let Err(error) = self
                .out
                .write_all(text.as_bytes())
                .and_then(|()| self.out.flush())
        {
            self.failed = Some(error);
        }
    }

    fn flush_fold(&mut self) {
        let hidden = self.fold.take_hidden();
        self.write_hidden(hidden);
    }

    fn write_hidden(&mut self, hidden: usize) {
        if hidden > 0 {
            self.write(&layout::hidden(hidden));
        }
    }
}
