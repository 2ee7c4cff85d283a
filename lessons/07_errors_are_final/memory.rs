//! A directory in memory, with room for a few users and one name that it cannot store.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use workbook::proto::users::User;

use super::directory::{Directory, Problem};

/// How many users the directory holds.
pub const CAPACITY: usize = 8;

/// Where the ids of users come from.
#[derive(Debug, Clone, Copy)]
pub enum Numbers {
    /// The caller chooses them, so the directory recognises a user that is sent again.
    FromTheCaller,
    /// The directory assigns them, so every user that arrives is new.
    GivenHere,
}

/// A directory in memory.
#[derive(Debug)]
pub struct Memory {
    numbers: Numbers,
    users: Mutex<BTreeMap<i32, User>>,
}

impl Memory {
    pub fn new(numbers: Numbers) -> Self {
        Self {
            numbers,
            users: Mutex::default(),
        }
    }

    /// Every user, in the order of the ids.
    pub fn all(&self) -> Vec<User> {
        let users = self.users.lock().unwrap_or_else(PoisonError::into_inner);
        users.values().cloned().collect()
    }
}

impl Directory for Memory {
    /// Creates a user. One that is there already, the same in every field, counts as created.
    fn create(&self, mut user: User) -> Result<(), Problem> {
        let mut users = self.users.lock().unwrap_or_else(PoisonError::into_inner);
        if user.name.is_empty() {
            let (field, why) = ("name", "must not be empty");
            return Err(Problem::Invalid { field, why });
        }
        if !user.email.contains('@') {
            let (field, why) = ("email", "must hold an @");
            return Err(Problem::Invalid { field, why });
        }
        if user.name == DISK_FAILS_AT {
            return Err(Problem::Broken {
                cause: "/var/lib/users.db: I/O error 5".to_owned(),
            });
        }
        if let Numbers::GivenHere = self.numbers {
            user.id = i32::try_from(users.len())
                .unwrap_or(i32::MAX)
                .saturating_add(1);
        }
        match users.get(&user.id) {
            Some(present) if *present == user => return Ok(()),
            Some(_) => return Err(Problem::Taken),
            None => {}
        }
        if users.len() >= CAPACITY {
            return Err(Problem::Full { capacity: CAPACITY });
        }
        users.insert(user.id, user);
        Ok(())
    }
}

/// A user of this name cannot be stored: the disk reports an error.
pub const DISK_FAILS_AT: &str = "Unlucky";
