//! Who is there, for `/who`.

use std::collections::BTreeSet;
use std::sync::{Mutex, PoisonError};

use crate::session::Heard;

/// The names that the room has told, and how many members there are.
#[derive(Debug, Default)]
pub struct People {
    names: BTreeSet<String>,
    members: usize,
}

impl People {
    /// One line.
    pub fn shown(&self) -> String {
        let names: Vec<&str> = self.names.iter().map(String::as_str).collect();
        let others = self.members.saturating_sub(names.len());
        match others {
            0 => format!("here: {}", names.join(", ")),
            _ => format!("here: {} and {others} more", names.join(", ")),
        }
    }
}

/// Takes note of what a member hears of others.
pub fn heard(people: &Mutex<People>, heard: &Heard) {
    // Nothing that holds the lock can leave the names half-changed.
    let mut people = people.lock().unwrap_or_else(PoisonError::into_inner);
    match heard {
        Heard::Here(here) => {
            people.names = here.names.iter().cloned().collect();
            people.members = here.members as usize;
        }
        Heard::Moved(moved) => {
            people.names.extend(moved.joined.iter().cloned());
            people.names.retain(|name| !moved.left.contains(name));
            people.members = moved.members as usize;
        }
        Heard::Said(_) | Heard::Refused(_) | Heard::Lost(..) | Heard::Missed => {}
    }
}
