//! What goes wrong: an unbounded queue, so the producer never learns that the client does not read.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use futures::StreamExt as _;
use tokio::sync::mpsc;
use tokio::time::sleep;
use tokio_stream::wrappers::UnboundedReceiverStream;
use tracing::info;
use workbook::proto::files::FileChunk;

use super::chunks::{CHUNK, Chunks, READER_STALLED_AFTER};

// ANCHOR: without_a_bound
/// Wrong: `send` on an unbounded channel always succeeds at once, so the producer never waits.
pub fn without_a_bound(file: impl Iterator<Item = FileChunk> + Send + 'static) -> Chunks {
    let (chunks, queue) = mpsc::unbounded_channel();
    let taken = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&taken);
    tokio::spawn(async move {
        let mut made = 0;
        for chunk in file {
            made += 1;
            if chunks.send(Ok(chunk)).is_err() {
                return;
            }
        }
        sleep(READER_STALLED_AFTER).await;
        let queued = made - taken.load(Ordering::Relaxed);
        info!(
            made,
            queued,
            "made {made}: never waited, {queued} in the queue, {} KiB",
            queued * CHUNK / 1024
        );
    });
    let sent = UnboundedReceiverStream::new(queue).inspect(move |_| {
        counter.fetch_add(1, Ordering::Relaxed);
    });
    sent.boxed()
}
// ANCHOR_END: without_a_bound
