//! Who is in a room, and who has come and gone lately.

use std::collections::{BTreeMap, VecDeque};

use tokio_util::sync::CancellationToken;

use super::limits::NAMES;

// ANCHOR: presence
/// The members of a room, by name. A name has one stay: a newer one takes its place.
#[derive(Default)]
pub struct Presence {
    members: BTreeMap<String, (u64, CancellationToken)>,
    /// Counts the stays, to tell one from the next of the same name.
    stays: u64,
    /// The newest changes: a name, and whether it came.
    newest: VecDeque<(String, bool)>,
    /// How many changes there have been.
    changes: u64,
}

impl Presence {
    /// A name joins; the number is what it leaves with.
    pub fn joins(&mut self, name: &str, replaced: CancellationToken) -> u64 {
        self.stays += 1;
        let stay = (self.stays, replaced);
        match self.members.insert(name.to_owned(), stay) {
            // The older stay is one whose connection is gone and whose server does not know it yet.
            Some((_, older)) => older.cancel(),
            None => self.changed(name, true),
        }
        self.stays
    }

    /// A stay ends; whether the name is gone with it.
    pub fn leaves(&mut self, name: &str, stay: u64) -> bool {
        let is_current = self.members.get(name).is_some_and(|(now, _)| *now == stay);
        if is_current {
            self.members.remove(name);
            self.changed(name, false);
        }
        is_current
    }
    // ANCHOR_END: presence

    fn changed(&mut self, name: &str, came: bool) {
        self.changes += 1;
        self.newest.push_back((name.to_owned(), came));
        if self.newest.len() > NAMES {
            self.newest.pop_front();
        }
    }

    // ANCHOR: since
    /// Who has come and gone since then, if there is a change. The names are empty when there were too many.
    pub fn since(&self, told: u64) -> Option<(Vec<String>, Vec<String>)> {
        let behind = usize::try_from(self.changes - told).unwrap_or(usize::MAX);
        if behind == 0 {
            return None;
        }
        let Some(first) = self.newest.len().checked_sub(behind) else {
            return Some((Vec::new(), Vec::new()));
        };
        let mut net = BTreeMap::new();
        for (name, came) in self.newest.range(first..) {
            // A name that comes and goes in between has not changed.
            if net.remove(name).is_none() {
                net.insert(name.clone(), *came);
            }
        }
        let (joined, left): (Vec<_>, Vec<_>) = net.into_iter().partition(|(_, came)| *came);
        let names = |list: Vec<(String, bool)>| list.into_iter().map(|(name, _)| name).collect();
        Some((names(joined), names(left)))
    }
    // ANCHOR_END: since

    pub fn has(&self, name: &str) -> bool {
        self.members.contains_key(name)
    }

    pub fn members(&self) -> usize {
        self.members.len()
    }

    pub fn changes(&self) -> u64 {
        self.changes
    }

    /// The first names, in alphabetical order.
    pub fn names(&self, most: usize) -> Vec<String> {
        self.members.keys().take(most).cloned().collect()
    }
}
