//! Long scenes are shortened by a rule: lines of one shape are shown a few times, then counted.

use std::collections::HashMap;

use super::Lane;

/// Counts lines by shape: their text with every number replaced.
#[derive(Default)]
pub(super) struct Fold {
    after: Option<usize>,
    seen: HashMap<(Lane, String), usize>,
    hidden: usize,
}

/// What becomes of a line.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Folded {
    /// It is printed, after word of the lines that were hidden since the last one.
    Show { hidden: usize },
    /// It is counted.
    Hide,
}

impl Fold {
    pub(super) fn new(after: Option<usize>) -> Self {
        Self {
            after,
            ..Self::default()
        }
    }

    pub(super) fn next(&mut self, lane: Lane, text: &str) -> Folded {
        let Some(after) = self.after else {
            return Folded::Show { hidden: 0 };
        };
        let seen = self.seen.entry((lane, shape(text))).or_default();
        *seen += 1;
        if *seen > after {
            self.hidden += 1;
            return Folded::Hide;
        }
        Folded::Show {
            hidden: self.take_hidden(),
        }
    }

    pub(super) fn take_hidden(&mut self) -> usize {
        std::mem::take(&mut self.hidden)
    }
}

fn shape(text: &str) -> String {
    let mut shape = String::with_capacity(text.len());
    for character in text.chars() {
        let is_number = character.is_ascii_digit() || (character == ',' && shape.ends_with('#'));
        if !is_number {
            shape.push(character);
        } else if !shape.ends_with('#') {
            shape.push('#');
        }
    }
    shape
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_that_differ_only_in_numbers_have_one_shape() {
        assert_eq!(shape("got 7"), shape("got 1,234"));
        assert_ne!(shape("got 7"), shape("sends 7"));
    }

    #[test]
    fn after_the_limit_lines_are_counted_until_another_shape_comes() {
        let mut fold = Fold::new(Some(1));
        assert_eq!(fold.next(Lane::Client, "got 1"), Folded::Show { hidden: 0 });
        assert_eq!(fold.next(Lane::Client, "got 2"), Folded::Hide);
        assert_eq!(fold.next(Lane::Server, "got 3"), Folded::Show { hidden: 1 });
        assert_eq!(fold.next(Lane::Client, "got 4"), Folded::Hide);
        assert_eq!(fold.next(Lane::Client, "end"), Folded::Show { hidden: 1 });
        assert_eq!(fold.take_hidden(), 0);
    }
}
