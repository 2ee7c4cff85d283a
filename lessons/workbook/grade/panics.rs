//! A `todo!()` or a panic is shown as what it is, not as the error that it causes elsewhere.

use std::any::Any;
use std::panic::PanicHookInfo;
use std::sync::{Mutex, PoisonError};

use progress::Record;

/// A panic that happened in this process.
#[derive(Debug, Clone)]
pub(super) struct Panic {
    message: String,
    place: String,
}

/// What `todo!()` puts before its own message.
const TODO: &str = "not yet implemented";

static FIRST: Mutex<Option<Panic>> = Mutex::new(None);

/// Panics are kept from now on, and not printed.
pub(super) fn record_instead_of_print() {
    std::panic::set_hook(Box::new(|info| {
        let mut first = FIRST.lock().unwrap_or_else(PoisonError::into_inner);
        first.get_or_insert_with(|| Panic::from_hook(info));
    }));
}

/// The first panic since the last call; those that follow are usually its consequences.
pub(super) fn take_first() -> Option<Panic> {
    FIRST.lock().unwrap_or_else(PoisonError::into_inner).take()
}

/// A source path without `..`, as a reader would type it: a module that is mounted from another
/// folder has a path such as `tests/../solutions/01_unary/starter.rs`.
fn plain(path: &str) -> String {
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split(['/', '\\']) {
        match (part, parts.last()) {
            ("..", Some(last)) if *last != ".." => {
                parts.pop();
            }
            _ => parts.push(part),
        }
    }
    parts.join("/")
}

impl Panic {
    fn from_hook(info: &PanicHookInfo<'_>) -> Self {
        let place = info.location().map_or_else(String::new, |location| {
            format!("{}:{}", plain(location.file()), location.line())
        });
        Self {
            message: panic_message(info.payload()).to_owned(),
            place,
        }
    }

    pub(super) fn is_todo(&self) -> bool {
        self.message.starts_with(TODO)
    }

    pub(super) fn record(&self, expectation: &str) -> Record {
        let Self { message, place } = self;
        let expectation = expectation.to_owned();
        if let Some(task) = message.strip_prefix(TODO) {
            let task = task.trim_start_matches(": ").to_owned();
            return Record::Todo {
                expectation,
                task,
                place: place.clone(),
            };
        }
        Record::Finding {
            expectation,
            seen: format!("it panicked at {place}: {message}"),
            hint: "What a peer sends must never make a program panic.".to_owned(),
        }
    }
}

/// What a panic says.
pub(crate) fn panic_message(payload: &(dyn Any + Send)) -> &str {
    payload
        .downcast_ref::<&str>()
        .copied()
        .or_else(|| payload.downcast_ref::<String>().map(String::as_str))
        .unwrap_or("without a message")
}
