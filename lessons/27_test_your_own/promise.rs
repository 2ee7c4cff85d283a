//! What the service promises, and what a test of a promise is.

use std::collections::BTreeMap;
use std::error::Error;
use std::fmt;
use std::pin::Pin;
use std::rc::Rc;

use workbook::lab::Lab;

use super::servers::UnderTest;

/// What a test comes to. `?` takes a `Status`, a transport error, a `Stall`, or a sentence: `Err("…")?`.
pub type TestResult = Result<(), Box<dyn Error>>;

/// What the service promises to its clients.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Promise {
    /// Record stores an upload when its last message has come, and in no other case.
    Stored,
    /// List ends with the code of its source's error, behind the points that came before it.
    Broken,
    /// A second after a client has disconnected, the server keeps nothing of its List.
    Freed,
    /// For a client that does not read, List makes at most 32 points more than its window has room for.
    Bounded,
    /// Route answers each point within a second, before the next one is sent.
    Answered,
    /// List ends with DeadlineExceeded within a second of the deadline that its client has set.
    Deadline,
    /// A subscriber gets an upload within a second, though another one does not read.
    Neighbours,
    /// A minute after a client has vanished, the server keeps nothing of its List.
    Vanished,
}

impl Promise {
    pub const ALL: [Self; 8] = [
        Self::Stored,
        Self::Broken,
        Self::Freed,
        Self::Bounded,
        Self::Answered,
        Self::Deadline,
        Self::Neighbours,
        Self::Vanished,
    ];
}

impl fmt::Display for Promise {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Promise::{self:?}")
    }
}

/// A test of one promise, which can be run again and again, each time in a lab of its own.
pub type Test = Rc<dyn Fn(Lab, UnderTest) -> Pin<Box<dyn Future<Output = TestResult>>>>;

/// A test for each promise.
#[derive(Default)]
pub struct Tests(BTreeMap<Promise, Test>);

impl Tests {
    /// No test yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds the test of a promise.
    pub fn test<T>(mut self, promise: Promise, test: T) -> Self
    where
        T: AsyncFn(Lab, UnderTest) -> TestResult + 'static,
    {
        let test = Rc::new(test);
        let test: Test = Rc::new(move |lab, server| {
            let test = Rc::clone(&test);
            Box::pin(async move { test(lab, server).await })
        });
        self.0.insert(promise, test);
        self
    }

    /// The test of a promise.
    pub fn of(&self, promise: Promise) -> Option<Test> {
        self.0.get(&promise).cloned()
    }
}
