//! A check: what is expected, the hint when it does not hold, and the play that shows it, together.
//!
//! ```
//! use workbook::grade::{Check, count};
//!
//! fn check(double: fn(usize) -> usize) -> Check {
//!     Check::new()
//!         .expects("doubles every number")
//!         .hint("What is twice as much?")
//!         .each([("zero", 0), ("seven", 7)], async move |_lab, number| {
//!             count(double(number), "came back as").is(2 * number)
//!         })
//! }
//! # drop(check);
//! ```

use std::pin::Pin;
use std::rc::Rc;
use std::time::Duration;

use super::{Finding, Verdict};
use crate::lab::{Lab, SILENCE};

/// One play in a lab of its own.
type Play = Box<dyn Fn(Lab) -> Pin<Box<dyn Future<Output = Verdict>>>>;

/// A play, and the name of its case if there are several.
pub(super) struct Case {
    pub(super) name: Option<String>,
    pub(super) play: Play,
}

pub(super) struct Expectation {
    pub(super) expected: &'static str,
    pub(super) hint: &'static str,
    pub(super) cases: Vec<Case>,
    /// How long nothing has to happen in a play before it stalls.
    pub(super) silence: Duration,
}

/// All that is expected of an exercise.
#[derive(Default)]
pub struct Check {
    pub(super) expectations: Vec<Expectation>,
}

/// An expectation that has no play yet.
#[must_use = "an expectation without a play expects nothing"]
pub struct Expecting {
    check: Check,
    expected: &'static str,
    hint: &'static str,
    silence: Duration,
}

impl Check {
    /// A check that expects nothing yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The expectation with this sentence alone. It is how a test asks for one finding, without the
    /// time that the others take.
    #[must_use]
    pub fn only(mut self, expected: &str) -> Self {
        self.expectations.retain(|one| one.expected == expected);
        self
    }

    /// Begins an expectation; the sentence continues "Your exercise …".
    pub fn expects(self, expected: &'static str) -> Expecting {
        Expecting {
            check: self,
            expected,
            hint: "",
            silence: SILENCE,
        }
    }
}

impl Expecting {
    /// What is shown when the expectation does not hold, also when its play stalls. A finding may
    /// have a hint of its own ([`Finding::hint`]).
    pub fn hint(self, hint: &'static str) -> Self {
        Self { hint, ..self }
    }

    /// How long nothing has to happen before a play stalls; an hour of virtual time unless set. A
    /// [`Lab::sleep`] of the play is not silence.
    pub fn silence(self, silence: Duration) -> Self {
        Self { silence, ..self }
    }

    /// The play that shows whether it holds.
    #[must_use]
    pub fn plays<P>(self, play: P) -> Check
    where
        P: AsyncFn(Lab) -> Verdict + 'static,
    {
        let play = Rc::new(play);
        let case = Case {
            name: None,
            play: Box::new(move |lab| {
                let play = Rc::clone(&play);
                Box::pin(async move { play(lab).await })
            }),
        };
        self.ends_with(vec![case])
    }

    /// A table of cases, each played in a lab of its own. A finding begins with the name of its
    /// case; the cases after it are not played.
    #[must_use]
    pub fn each<N, C, P>(self, cases: impl IntoIterator<Item = (N, C)>, play: P) -> Check
    where
        N: Into<String>,
        C: Clone + 'static,
        P: AsyncFn(Lab, C) -> Verdict + 'static,
    {
        let play = Rc::new(play);
        let case = |(name, case): (N, C)| {
            let play = Rc::clone(&play);
            Case {
                name: Some(name.into()),
                play: Box::new(move |lab| {
                    let (play, case) = (Rc::clone(&play), case.clone());
                    Box::pin(async move { play(lab, case).await })
                }),
            }
        };
        let cases = cases.into_iter().map(case).collect();
        self.ends_with(cases)
    }

    fn ends_with(self, cases: Vec<Case>) -> Check {
        let Self {
            mut check,
            expected,
            hint,
            silence,
        } = self;
        check.expectations.push(Expectation {
            expected,
            hint,
            cases,
            silence,
        });
        check
    }
}

impl Case {
    /// The finding, as one of this case.
    pub(super) fn named(&self, finding: Finding) -> Finding {
        match &self.name {
            Some(name) => finding.of(name),
            None => finding,
        }
    }
}
