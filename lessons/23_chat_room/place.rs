//! What a client knows of a room: where it is, and which of its own messages have come back.

use std::collections::VecDeque;

use tonic::Status;

// ANCHOR: place
/// The position in a room, and the messages that are on their way there.
#[derive(Debug, Default)]
pub struct Place {
    /// The sequence of the last message that was heard.
    last: Option<u64>,
    /// The end of the history that a call begins with.
    history: Option<u64>,
    /// Own messages that have not come back, oldest first.
    unconfirmed: VecDeque<String>,
    /// Whether these were sent in this call.
    sent: bool,
}

impl Place {
    /// A call begins.
    pub fn calls(&mut self) {
        self.history = None;
        self.sent = false;
    }

    /// The call is in the room; what comes up to `history` was said before.
    pub fn enters(&mut self, history: u64) {
        self.history = Some(history);
        if history == 0 {
            self.last = Some(0);
        }
    }

    /// A message; whether it is new. An own one has its text.
    pub fn hears(&mut self, sequence: u64, mine: Option<&String>) -> Result<bool, Status> {
        match self.last {
            Some(last) if sequence <= last => return Ok(false),
            Some(last) if sequence > last + 1 => {
                let missing = format!("message {} is missing: {sequence} came", last + 1);
                return Err(Status::data_loss(missing));
            }
            _ => self.last = Some(sequence),
        }
        let came_back = |own: &String| Some(own) == mine;
        let found = self.unconfirmed.iter().position(came_back);
        found.and_then(|found| self.unconfirmed.remove(found));
        Ok(true)
    }

    /// The messages to send again, once in each call: when the whole history has been heard, those that are
    /// not in it were never said.
    pub fn say_again(&mut self) -> Vec<String> {
        let has_all = self.history.is_some() && self.last >= self.history;
        if self.sent || !has_all {
            return Vec::new();
        }
        self.sent = true;
        self.unconfirmed.iter().cloned().collect()
    }
    // ANCHOR_END: place

    /// It is on its way.
    pub fn says(&mut self, text: &str) {
        self.unconfirmed.push_back(text.to_owned());
    }

    /// It is not on its way any more. The room shortens what was too long.
    pub fn is_refused(&mut self, text: &str) {
        let found = self
            .unconfirmed
            .iter()
            .position(|own| own.starts_with(text));
        found.and_then(|found| self.unconfirmed.remove(found));
    }

    /// Whether the history has been heard, and one more may be on its way.
    pub fn may_say(&self, most: usize) -> bool {
        self.sent && self.unconfirmed.len() < most
    }

    pub fn is_all_confirmed(&self) -> bool {
        self.unconfirmed.is_empty()
    }

    pub fn last(&self) -> Option<u64> {
        self.last
    }

    /// The room does not keep what comes next: begins anew. An own message that was said meanwhile and is
    /// not in the new history is said twice.
    pub fn forget(&mut self) {
        self.last = None;
    }
}
