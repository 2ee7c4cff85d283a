//! How fast a member may talk.

use std::time::Duration;

use tokio::time::Instant;

/// A second in which so many messages are taken, and then the next one.
pub struct Rate {
    a_second: u32,
    began: Instant,
    taken: u32,
}

impl Rate {
    pub fn new(a_second: u32) -> Self {
        Self {
            a_second,
            began: Instant::now(),
            taken: 0,
        }
    }

    /// Whether one more may be taken; counts it if so.
    pub fn has_room(&mut self) -> bool {
        if self.began.elapsed() >= Duration::from_secs(1) {
            self.began = Instant::now();
            self.taken = 0;
        }
        let has_room = self.taken < self.a_second;
        self.taken += u32::from(has_room);
        has_room
    }
}
