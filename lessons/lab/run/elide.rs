//! Long scenes are shortened by a rule: lines of one shape are shown a few times, then counted.

use std::collections::HashMap;

/// Counts lines by lane and shape: their text with every number replaced.
#[derive(Default)]
pub(super) struct Elide {
    after: Option<usize>,
    /// For each lane, how often each shape has been seen.
    seen: HashMap<String, HashMap<String, usize>>,
    hidden: usize,
}

impl Elide {
    pub(super) fn new(after: Option<usize>) -> Self {
        Self {
            after,
            ..Self::default()
        }
    }

    /// How many lines were hidden since the last one that is shown; `None` when this one is hidden,
    /// too.
    pub(super) fn next(&mut self, lane: &str, text: &str) -> Option<usize> {
        let Some(after) = self.after else {
            return Some(0);
        };
        let shape = shape(text);
        let seen = match self
            .seen
            .get_mut(lane)
            .and_then(|of_lane| of_lane.get_mut(&shape))
        {
            Some(seen) => seen,
            None => self
                .seen
                .entry(lane.to_owned())
                .or_default()
                .entry(shape)
                .or_default(),
        };
        *seen += 1;
        if *seen > after {
            self.hidden += 1;
            return None;
        }
        Some(self.take_hidden())
    }

    pub(super) fn take_hidden(&mut self) -> usize {
        std::mem::take(&mut self.hidden)
    }
}

fn shape(text: &str) -> String {
    let mut shape = String::with_capacity(text.len());
    let mut last = None;
    for character in text.chars() {
        let is_number = character.is_ascii_digit() || (character == ',' && last == Some('#'));
        let character = if is_number { '#' } else { character };
        if !is_number || last != Some('#') {
            shape.push(character);
        }
        last = Some(character);
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
        let mut elide = Elide::new(Some(1));
        assert_eq!(elide.next("client", "got 1"), Some(0));
        assert_eq!(elide.next("client", "got 2"), None);
        assert_eq!(elide.next("server", "got 3"), Some(1));
        assert_eq!(elide.next("client", "got 4"), None);
        assert_eq!(elide.next("client", "end"), Some(1));
        assert_eq!(elide.take_hidden(), 0);
    }
}
