//! The assertions of a check, as words that can be read out.
//!
//! Each is a subject and a verb: `count(made, "prices made").at_most(100)?`. The finding says what was
//! seen in the same words: *prices made: 412; the limit is 100*.

use std::time::Duration;

use tonic::metadata::KeyAndValueRef;
use tonic::{Code, Status};

use super::finding::shown;
use super::{Finding, Verdict, ensure};
use crate::lab::Lab;
use crate::run::Census;

/// What counts as the same instant, in virtual time: more than tasks need for their turns, which take
/// no virtual time at all, and less than any timer of a check.
pub const AN_INSTANT: Duration = Duration::from_millis(5);

/// A number of things: `count(open, "feeds still open").is(0)?`.
#[must_use = "a subject without a verb asserts nothing"]
pub struct Count<'a> {
    number: usize,
    what: &'a str,
}

/// Counts. `what` goes before a colon and the number: "feeds still open".
pub fn count(number: usize, what: &str) -> Count<'_> {
    Count { number, what }
}

impl Count<'_> {
    /// # Errors
    /// When it is another number.
    pub fn is(self, expected: usize) -> Verdict {
        let Self { number, what } = self;
        ensure(number == expected, || match expected {
            0 => format!("{what}: {number}"),
            _ => format!("{what}: {number} instead of {expected}"),
        })
    }

    /// # Errors
    /// When it is more.
    pub fn at_most(self, limit: usize) -> Verdict {
        let Self { number, what } = self;
        ensure(number <= limit, || {
            format!("{what}: {number}; the limit is {limit}")
        })
    }

    /// # Errors
    /// When it is less.
    pub fn at_least(self, limit: usize) -> Verdict {
        let Self { number, what } = self;
        ensure(number >= limit, || {
            format!("{what}: {number}; at least {limit} are expected")
        })
    }
}

/// How a call ended: `ended(&result).with(Code::NotFound)?`.
#[must_use = "a subject without a verb asserts nothing"]
pub struct Ended<'a>(Result<(), &'a Status>);

/// The end of a call, or of a stream.
pub fn ended<T>(result: &Result<T, Status>) -> Ended<'_> {
    Ended(result.as_ref().map(|_| ()))
}

impl Ended<'_> {
    /// # Errors
    /// When it did not end with OK.
    pub fn well(self) -> Verdict {
        self.0.map_err(|status| Finding::from(status.clone()))
    }

    /// # Errors
    /// When it ended with OK, or with another code.
    pub fn with(self, code: Code) -> Verdict {
        ensure(self.code() == code, || {
            format!("the call ended with {} instead of {code:?}", self.shown())
        })
    }

    /// # Errors
    /// When code, message, details or metadata are not those of `sent`.
    pub fn as_sent(self, sent: &Status) -> Verdict {
        if sent.code() == Code::Ok {
            return self.well();
        }
        let is_same = self.0.is_err_and(|status| {
            status.code() == sent.code()
                && status.message() == sent.message()
                && status.details() == sent.details()
                && sent
                    .metadata()
                    .keys()
                    .all(|key| has_same_values(status, sent, key))
        });
        ensure(is_same, || {
            let (sent, got) = (shown(sent), self.shown());
            if sent == got {
                format!("the details or the metadata of {sent} were lost or changed")
            } else {
                format!("{sent} came back as {got}")
            }
        })
    }

    /// # Errors
    /// When the client can read one of these words in the message, the details or the metadata. The
    /// finding says where: a message without it may be harmless, and tells nothing.
    pub fn says_nothing_of(self, words: &[&str]) -> Verdict {
        let Err(status) = self.0 else {
            return Ok(());
        };
        words
            .iter()
            .try_for_each(|word| match place_of(status, word) {
                None => Ok(()),
                Some(place) => Err(Finding::seen(format!(
                    "the client can read {word:?} in {place}"
                ))),
            })
    }

    fn code(&self) -> Code {
        self.0.map_or_else(Status::code, |()| Code::Ok)
    }

    fn shown(&self) -> String {
        self.0.map_or_else(shown, |()| "OK".to_owned())
    }
}

fn has_same_values(one: &Status, other: &Status, key: tonic::metadata::KeyRef<'_>) -> bool {
    match key {
        tonic::metadata::KeyRef::Ascii(key) => {
            one.metadata().get_all(key) == other.metadata().get_all(key)
        }
        tonic::metadata::KeyRef::Binary(key) => {
            one.metadata().get_all_bin(key) == other.metadata().get_all_bin(key)
        }
    }
}

/// When something happened: `after(start.elapsed(), "the call was answered").is(SECOND)?`.
#[must_use = "a subject without a verb asserts nothing"]
pub struct After<'a> {
    took: Duration,
    what: &'a str,
}

/// Something that happened after so long, in virtual time. `what` is a sentence.
pub fn after(took: Duration, what: &str) -> After<'_> {
    After { took, what }
}

impl After<'_> {
    /// # Errors
    /// When it was not in this instant ([`AN_INSTANT`] more or less).
    pub fn is(self, due: Duration) -> Verdict {
        let Self { took, what } = self;
        ensure(took.abs_diff(due) <= AN_INSTANT, || {
            format!("{what} after {} instead of {}", seconds(took), seconds(due))
        })
    }

    /// # Errors
    /// When it was later than this ([`AN_INSTANT`] is granted).
    pub fn at_most(self, limit: Duration) -> Verdict {
        let Self { took, what } = self;
        ensure(took <= limit + AN_INSTANT, || {
            format!(
                "{what} after {}; the limit is {}",
                seconds(took),
                seconds(limit)
            )
        })
    }
}

/// A duration as findings show it: "0.25 s".
#[must_use]
pub fn seconds(duration: Duration) -> String {
    format!("{} s", duration.as_secs_f64())
}

/// Waits for `what`, a sentence, for so long in virtual time.
///
/// # Errors
/// When it has not happened by then: *after 60 s the call was not answered*.
pub async fn within<T>(
    limit: Duration,
    what: &str,
    happens: impl Future<Output = T>,
) -> Result<T, Finding> {
    let happened = tokio::time::timeout(limit, happens).await;
    happened.map_err(|_| Finding::seen(format!("after {} {what}", seconds(limit))))
}

/// What was alive at some moment, to compare with later.
#[derive(Debug, Clone, Copy)]
pub struct Baseline(Census);

/// Takes the baseline. Call it after a first call on the connection, which starts tasks of its own.
#[must_use]
pub fn baseline(lab: &Lab) -> Baseline {
    Baseline(lab.meter().census())
}

impl Baseline {
    /// Waits an instant, then counts what is alive now and was not at the baseline.
    ///
    /// # Errors
    /// When a task, a handler or a response stream is left.
    pub async fn nothing_is_left(self, lab: &Lab) -> Verdict {
        tokio::time::sleep(AN_INSTANT).await;
        let left = lab.meter().census().since(self.0);
        let counts = [
            (left.tasks, "task", "tasks"),
            (left.handlers, "handler", "handlers"),
            (left.streams, "response stream", "response streams"),
        ];
        let left: Vec<String> = counts
            .into_iter()
            .filter(|(number, ..)| *number > 0)
            .map(|(number, one, many)| format!("{number} {}", if number == 1 { one } else { many }))
            .collect();
        ensure(left.is_empty(), || {
            format!("still alive: {}", left.join(", "))
        })
    }
}

/// Where in a status a word is.
fn place_of(status: &Status, word: &str) -> Option<String> {
    let holds = |bytes: &[u8]| String::from_utf8_lossy(bytes).contains(word);
    if holds(status.message().as_bytes()) {
        return Some("the message of the status".to_owned());
    }
    if holds(status.details()) {
        return Some("the details of the status".to_owned());
    }
    status.metadata().iter().find_map(|entry| {
        let (key, found) = match entry {
            KeyAndValueRef::Ascii(key, value) => (key.as_str(), holds(value.as_encoded_bytes())),
            KeyAndValueRef::Binary(key, value) => {
                let found = value.to_bytes().is_ok_and(|bytes| holds(&bytes));
                (key.as_str(), found)
            }
        };
        found.then(|| format!("the metadata {key:?} of the status"))
    })
}
