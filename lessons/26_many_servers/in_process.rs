//! Rooms of one process: enough for one server, and wrong for two.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use tonic::{Status, async_trait};

use super::log::{Log, listen};
use super::rooms::{Ears, Rooms, is_a_room};

/// How many rooms there can be: each keeps up to [`super::log::KEPT`] messages.
const MOST_ROOMS: usize = 1_000;

// ANCHOR: in_process
/// Rooms in the memory of one process. A clone is the same rooms.
#[derive(Debug, Default, Clone)]
pub struct InProcess(Arc<Mutex<BTreeMap<String, Arc<Log>>>>);

#[async_trait]
impl Rooms for InProcess {
    async fn say(&self, room: &str, id: &str, text: &str) -> Result<u64, Status> {
        Ok(self.room(room)?.say(id, text))
    }

    async fn listen(&self, room: &str, after: Option<u64>) -> Result<Ears, Status> {
        listen(self.room(room)?, after)
    }
}
// ANCHOR_END: in_process

impl InProcess {
    /// The log of that room, which is made if there is none.
    pub fn room(&self, name: &str) -> Result<Arc<Log>, Status> {
        is_a_room(name)?;
        let mut rooms = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if !rooms.contains_key(name) && rooms.len() == MOST_ROOMS {
            return Err(Status::resource_exhausted("there are too many rooms"));
        }
        Ok(Arc::clone(rooms.entry(name.to_owned()).or_default()))
    }
}
