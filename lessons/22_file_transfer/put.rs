//! The client of Put: calls until the file is stored.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use tonic::Status;
use tonic::transport::Channel;
use workbook::proto::files::End;
use workbook::proto::files::transfer_service_client::TransferServiceClient;

use super::attempt::attempt;
use super::retry::Retries;
use super::source::{Progress, Source};

// ANCHOR: put
/// Stores a file at the server. Dropping the future ends the call, and the next one goes on from
/// there, in this process or in another.
pub async fn put(
    mut client: TransferServiceClient<Channel>,
    name: &str,
    source: &Arc<dyn Source>,
    piece: usize,
    progress: &dyn Progress,
) -> Result<End, Status> {
    let mut retries = Retries::default();
    loop {
        let farthest = Farthest {
            held: AtomicU64::new(0),
            progress,
        };
        match attempt(&mut client, name, source, piece, &farthest).await {
            Ok(stored) => return Ok(stored),
            Err(failed) => {
                retries
                    .wait(failed, farthest.held.into_inner(), progress)
                    .await?
            }
        }
    }
}
// ANCHOR_END: put

/// Notes how far a call has come.
struct Farthest<'a> {
    held: AtomicU64,
    progress: &'a dyn Progress,
}

impl Progress for Farthest<'_> {
    fn held(&self, bytes: u64) {
        self.held.store(bytes, Ordering::Relaxed);
        self.progress.held(bytes);
    }

    fn stored(&self, bytes: u64) {
        self.progress.stored(bytes);
    }
}
