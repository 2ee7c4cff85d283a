//! The word for things in their order.

use std::fmt::Debug;

use super::{Verdict, ensure};

/// Things in their order: `sequence(&received, "line").is(&sent)?`.
#[must_use = "a subject without a verb asserts nothing"]
pub struct Sequence<'a, T> {
    things: &'a [T],
    what: &'a str,
}

/// Things in their order. `what` is the name of one of them.
pub fn sequence<'a, T>(things: &'a [T], what: &'a str) -> Sequence<'a, T> {
    Sequence { things, what }
}

impl<T: PartialEq + Debug> Sequence<'_, T> {
    /// # Errors
    /// When one is missing, changed, out of order or too many. The finding names the first.
    pub fn is(self, expected: &[T]) -> Verdict {
        let Self { things, what } = self;
        let both = things.iter().zip(expected);
        let same = both.take_while(|(one, other)| one == other).count();
        let number = same + 1;
        ensure(things == expected, || {
            match (things.get(same), expected.get(same)) {
                (Some(one), Some(due)) => {
                    format!(
                        "{what} {number} is {} instead of {}",
                        brief(one),
                        brief(due)
                    )
                }
                (Some(one), None) => format!("{what} {number} is one too many: {}", brief(one)),
                (None, _) => format!("{what} {number} of {} is missing", expected.len()),
            }
        })
    }

    /// The same, but a finding names a thing by this key: it makes the shorter finding. Only where the
    /// keys agree, the finding shows whole things.
    ///
    /// # Errors
    /// When one is missing, changed, out of order or too many. The finding names the first.
    pub fn is_by<K: PartialEq + Debug>(self, expected: &[T], key: impl Fn(&T) -> K) -> Verdict {
        let keys = |things: &[T]| -> Vec<K> { things.iter().map(&key).collect() };
        sequence(&keys(self.things), self.what).is(&keys(expected))?;
        self.is(expected)
    }
}

/// A value as a finding shows it: a long one is cut.
fn brief(value: &impl Debug) -> String {
    /// As many characters as a line of the report holds.
    const SHOWN: usize = 60;
    let shown = format!("{value:?}");
    match shown.char_indices().nth(SHOWN) {
        None => shown,
        Some((end, _)) => format!("{} …", &shown[..end]),
    }
}
