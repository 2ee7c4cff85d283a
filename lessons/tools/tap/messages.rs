//! The content of messages, put together from the DATA of one stream and direction.

/// The prefix of a message: a flag, and the length in four bytes.
const PREFIX: usize = 5;

/// The longest message that is kept until it is whole; a longer one is printed by its size alone.
const LONGEST: usize = 64 * 1024;

/// Follows one direction of one call.
#[derive(Debug, Default)]
pub(super) struct Contents {
    kept: Vec<u8>,
    /// How many bytes of a message that is too long are still to come.
    skipped: usize,
}

impl Contents {
    /// Takes the bytes of messages that a DATA frame carries, and hands over each message that they
    /// complete. What is compressed or too long is left out.
    pub(super) fn push(&mut self, mut bytes: &[u8], mut whole: impl FnMut(&[u8])) {
        loop {
            let passed = self.skipped.min(bytes.len());
            self.skipped -= passed;
            bytes = &bytes[passed..];
            let wanted = match self.kept[..] {
                [_, a, b, c, d, ..] => {
                    let length = u32::from_be_bytes([a, b, c, d]);
                    PREFIX.saturating_add(usize::try_from(length).unwrap_or(usize::MAX))
                }
                _ => PREFIX,
            };
            if wanted > PREFIX + LONGEST {
                self.kept.clear();
                self.skipped = wanted - PREFIX;
                continue;
            }
            let (taken, rest) = bytes.split_at((wanted - self.kept.len()).min(bytes.len()));
            self.kept.extend_from_slice(taken);
            bytes = rest;
            if self.kept.len() < wanted {
                return;
            }
            // With the prefix alone it is not yet known how long the message is.
            let is_empty = self.kept[1..] == [0; PREFIX - 1];
            if wanted > PREFIX || is_empty {
                if let [0, _, _, _, _, message @ ..] = &self.kept[..] {
                    whole(message);
                }
                self.kept = Vec::new();
            }
        }
    }
}
