//! What an expectation comes to.

use std::io;

use tonic::{Code, Status};

/// What an expectation comes to.
pub type Verdict = Result<(), Finding>;

/// An expectation that does not hold: what happened instead, and a hint that does not spoil.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    pub(super) seen: String,
    pub(super) hint: Option<String>,
}

impl Finding {
    /// What happened, as the end of "✘ what is expected — ".
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

    /// The finding with the name of the case, or of the input, that shows it.
    #[must_use]
    pub fn of(self, case: &str) -> Self {
        Self {
            seen: format!("{case}: {}", self.seen),
            ..self
        }
    }
}

/// A call that fails where it should not: `let response = client.list(request).await?`.
impl From<Status> for Finding {
    fn from(status: Status) -> Self {
        Self::seen(format!("the call failed with {}", shown(&status)))
    }
}

impl From<tonic::transport::Error> for Finding {
    fn from(error: tonic::transport::Error) -> Self {
        Self::seen(format!("there was no connection: {error}"))
    }
}

impl From<io::Error> for Finding {
    fn from(error: io::Error) -> Self {
        Self::seen(format!("input or output failed: {error}"))
    }
}

/// A finding unless `holds`: `ensure(reply == line, || format!("{reply:?} came"))?`.
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

/// A status in a finding: its code, and its message if there is one.
#[must_use]
pub fn shown(status: &Status) -> String {
    match (status.code(), status.message()) {
        (Code::Ok, "") => "OK".to_owned(),
        (code, "") => format!("{code:?}"),
        (code, message) => format!("{code:?} {message:?}"),
    }
}
