//! A directory that follows a script, and records what it was asked for.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use workbook::grade::{Verdict, ensure};
use workbook::proto::users::User;

use super::super::directory::{Directory, Problem};

/// More users than any stream of this check holds. The panic ends a loop that reads on for ever.
const TOO_MANY: usize = 10_000;

/// A directory. Clones are the same one.
#[derive(Clone, Default)]
pub struct Registry {
    problems: BTreeMap<usize, Problem>,
    every: Option<Problem>,
    asked: Arc<Mutex<Vec<i32>>>,
}

impl Registry {
    /// One that creates every user.
    pub fn sound() -> Self {
        Self::default()
    }

    /// One in which every user meets this problem.
    pub fn refusing(problem: Problem) -> Self {
        let every = Some(problem);
        Self {
            every,
            ..Self::default()
        }
    }

    /// The user that is asked for at this place, counted from 1, meets this problem.
    pub fn at(mut self, place: usize, problem: Problem) -> Self {
        self.problems.insert(place, problem);
        self
    }

    /// How many users it was asked for.
    pub fn asked(&self) -> usize {
        self.ids().len()
    }

    /// Expects it to have been asked for these users.
    pub fn was_asked_for(&self, ids: impl IntoIterator<Item = i32>) -> Verdict {
        let (asked, sent) = (self.ids(), ids.into_iter().collect::<Vec<_>>());
        ensure(*asked == sent, || match (asked.len(), sent.len()) {
            (asked, sent) if asked == sent => {
                "the directory was asked for other users than were sent".to_owned()
            }
            (asked, sent) => format!("sent {sent} users, asked the directory for {asked}"),
        })
    }

    fn ids(&self) -> MutexGuard<'_, Vec<i32>> {
        self.asked.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Directory for Registry {
    fn create(&self, user: User) -> Result<(), Problem> {
        let mut asked = self.ids();
        asked.push(user.id);
        assert!(
            asked.len() < TOO_MANY,
            "the directory was asked for {TOO_MANY} users; far fewer were sent"
        );
        let problem = self.problems.get(&asked.len()).or(self.every.as_ref());
        problem.map_or(Ok(()), |problem| Err(problem.clone()))
    }
}
