//! When a transfer goes on by itself.

use std::time::Duration;

use tokio::time::sleep;
use tonic::{Code, Status};

use super::source::Progress;

/// The wait before each retry. One client and one server need no jitter; many clients do, as in
/// lesson 18.
const PAUSE: Duration = Duration::from_secs(1);

/// So many calls in a row may bring nothing new.
const FRUITLESS: u32 = 10;

/// How many calls have brought nothing.
#[derive(Default)]
pub struct Retries {
    best: u64,
    fruitless: u32,
}

impl Retries {
    // ANCHOR: retry
    /// Waits before the next call, or returns the status that ends the transfer. `held` is how far
    /// the transfer has come.
    pub async fn wait(
        &mut self,
        failed: Status,
        held: u64,
        progress: &dyn Progress,
    ) -> Result<(), Status> {
        let code = failed.code();
        let is_worth_it = matches!(
            code,
            // What tonic makes of broken connections and of servers that are not there …
            Code::Unknown | Code::Unavailable | Code::Cancelled | Code::Internal
            | Code::DeadlineExceeded
            // … and what the other side has discarded: the next call begins at 0. Aborted is not
            // among them, because two uploads of one name would take it from each other for ever.
            | Code::DataLoss
        );
        self.fruitless += 1;
        if held > self.best {
            (self.best, self.fruitless) = (held, 0);
        }
        if !is_worth_it || self.fruitless >= FRUITLESS {
            return Err(failed);
        }
        progress.again(&failed);
        sleep(PAUSE).await;
        Ok(())
    }
    // ANCHOR_END: retry
}
