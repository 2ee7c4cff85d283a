//! Producers that end in different ways.

use std::ops::RangeInclusive;
use std::sync::atomic::{AtomicI32, Ordering};
use std::sync::{Arc, OnceLock};
use std::thread::{self, ThreadId};
use std::time::Duration;

use futures::stream::StreamExt as _;
use tokio::sync::mpsc;
use tokio::task;
use tokio::time::sleep;
use tonic::{Code, Status};
use workbook::grade::{Drops, Script, status_with_details};
use workbook::proto::stream::{StreamPoint, StreamResponse};

use super::Reply;

/// What the panics of all producers say.
pub const PANIC: &str = "/srv/numbers.db: page 4711 is torn";

/// A channel that takes more without waiting has room for everything, as far as this check can see.
const MOST_QUEUED: i32 = 10_000;

/// What a producer does.
#[derive(Clone)]
pub struct Producer {
    script: Script<i32>,
    fills: bool,
    lets_go: Option<Duration>,
    panics: bool,
}

impl Producer {
    /// A producer that returns at once.
    pub fn new() -> Self {
        Self {
            script: Script::new(),
            fills: false,
            lets_go: None,
            panics: false,
        }
    }

    /// Sends these values. It does not check the result of `send`.
    pub fn sends(self, values: RangeInclusive<i32>) -> Self {
        self.every(Duration::ZERO, values)
    }

    /// Sends these values, with this pause before each.
    pub fn every(self, pause: Duration, values: RangeInclusive<i32>) -> Self {
        self.then(|script| script.every(pause, values))
    }

    /// Sends this status.
    pub fn fails(self, status: Status) -> Self {
        self.then(|script| script.fail(status))
    }

    /// Works for so long.
    pub fn works(self, long: Duration) -> Self {
        self.then(|script| script.wait(long))
    }

    /// Neither sends nor returns any more.
    pub fn holds(self) -> Self {
        self.then(Script::hold)
    }

    fn then(mut self, act: impl FnOnce(Script<i32>) -> Script<i32>) -> Self {
        self.script = act(self.script);
        self
    }

    /// After all that sends without waiting, until the queue is full.
    pub fn fills(mut self) -> Self {
        self.fills = true;
        self
    }

    /// After all that drops its sender, and works for so long.
    pub fn lets_go(mut self, works: Duration) -> Self {
        self.lets_go = Some(works);
        self
    }

    /// Panics in the end.
    pub fn panics(mut self) -> Self {
        self.panics = true;
        self
    }

    /// Does all that.
    pub async fn run(self, replies: mpsc::Sender<Reply>, seen: Seen) {
        let _running = seen.running.guard();
        let _ = seen.thread.set(thread::current().id());
        let _ = seen.task.set(task::try_id());
        let mut script = self.script.responses();
        while let Some(item) = script.next().await {
            let _ = replies.send(item.map(number)).await;
        }
        if self.fills {
            let fits = |value: &i32| replies.try_send(Ok(number(*value))).is_ok();
            let filled = (1..=MOST_QUEUED).take_while(fits).last().unwrap_or(0);
            seen.filled.store(filled, Ordering::Relaxed);
        }
        if let Some(works) = self.lets_go {
            drop(replies);
            sleep(works).await;
        }
        if self.panics {
            // Without the panic hook, which would report it as the exercise's.
            std::panic::resume_unwind(Box::new(PANIC));
        }
    }
}

/// What is known of the producer of a call from outside.
#[derive(Clone, Default)]
pub struct Seen {
    pub running: Drops,
    pub thread: Arc<OnceLock<ThreadId>>,
    /// The task that has polled it first; None outside of one.
    pub task: Arc<OnceLock<Option<task::Id>>>,
    /// The task of the handler that streams its replies.
    pub handler: Arc<OnceLock<Option<task::Id>>>,
    pub filled: Arc<AtomicI32>,
}

/// What a producer ends its stream with that cannot go on, and knows it.
pub fn torn(code: Code) -> Status {
    status_with_details(code, "the rest cannot be read")
}

pub fn number(value: i32) -> StreamResponse {
    // So long that the window of a client that does not read is soon used up.
    let name = "x".repeat(100);
    StreamResponse {
        pt: Some(StreamPoint { name, value }),
    }
}
