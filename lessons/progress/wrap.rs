//! Text in a given width.

/// Breaks `text` between words into lines of at most `width` characters; a word that is longer is
/// broken where the line ends.
///
/// Control characters, which a student or a peer may send, are made visible, so that they cannot
/// move the cursor.
#[must_use]
pub fn wrap(text: &str, width: usize) -> Vec<String> {
    let width = width.max(1);
    let text = visible(text);
    let mut lines = Vec::new();
    let mut rest = text.as_str();
    loop {
        let Some((limit, next)) = rest.char_indices().nth(width) else {
            lines.push(rest.to_owned());
            return lines;
        };
        // A space right behind the last column still ends a line that fits.
        let end = rest[..limit + next.len_utf8()]
            .rfind(' ')
            .filter(|&at| !rest[..at].trim().is_empty());
        let (head, tail) = rest.split_at(end.unwrap_or(limit));
        lines.push(head.trim_end().to_owned());
        rest = tail.trim_start();
    }
}

fn visible(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\t' => shown.push_str("    "),
            _ if c.is_control() => shown.extend(c.escape_default()),
            _ => shown.push(c),
        }
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::wrap;

    #[test]
    fn text_breaks_between_words() {
        assert_eq!(wrap("one two three", 7), ["one two", "three"]);
        assert_eq!(wrap("é é é", 3), ["é é", "é"]);
        assert_eq!(wrap("one two—three", 7), ["one", "two—thr", "ee"]);
        assert_eq!(wrap("", 3), [""]);
    }

    #[test]
    fn a_word_that_is_longer_than_a_line_is_broken() {
        assert_eq!(wrap("unbreakable", 4), ["unbr", "eaka", "ble"]);
    }

    #[test]
    fn what_is_printed_cannot_move_the_cursor() {
        assert_eq!(wrap("a\u{1b}[2Jb\tc", 40), ["a\\u{1b}[2Jb    c"]);
    }
}
