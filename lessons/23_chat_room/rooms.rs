//! The rooms of a server.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use tonic::Status;

use super::limits::{Limits, is_name};
use super::room::Room;

/// All rooms. In a scene they outlive a server that crashes, as messages on a disk do.
#[derive(Clone)]
pub struct Rooms {
    limits: Limits,
    by_name: Arc<Mutex<BTreeMap<String, Arc<Room>>>>,
}

impl Rooms {
    pub fn new(limits: Limits) -> Self {
        Self {
            limits,
            by_name: Arc::default(),
        }
    }

    /// The room of that name; a new one, if there is none.
    pub fn room(&self, name: &str) -> Result<Arc<Room>, Status> {
        if !is_name(name) {
            let rule = "a room's name has 1 to 32 letters, digits, - and _";
            return Err(Status::invalid_argument(rule));
        }
        // Nothing that holds the lock can leave the map half-changed.
        let mut rooms = self.by_name.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(room) = rooms.get(name) {
            return Ok(Arc::clone(room));
        }
        if rooms.len() >= self.limits.rooms {
            let empty = rooms.iter().find(|(_, room)| room.is_empty());
            let empty = empty.map(|(name, _)| name.clone()).ok_or_else(|| {
                Status::resource_exhausted(format!("there are {} rooms already", self.limits.rooms))
            })?;
            rooms.remove(&empty);
        }
        let room = Arc::new(Room::new(self.limits));
        rooms.insert(name.to_owned(), Arc::clone(&room));
        Ok(room)
    }
}
