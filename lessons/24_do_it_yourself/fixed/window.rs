//! The credit of a call, as its sender counts it.

use std::io;

use tokio::sync::Semaphore;

use super::super::frame::refused;

/// Bytes that a call may send before its reader has read any. HTTP/2 begins with one byte less.
pub const WINDOW: usize = 64 * 1024;
/// A peer that gives more than this counts wrong.
const MOST: usize = 1 << 30;

// ANCHOR: window
/// What may still be sent: a permit for each byte.
pub struct Window(Semaphore);

impl Window {
    pub fn new() -> Self {
        Self(Semaphore::new(WINDOW))
    }

    /// Waits until so many bytes may be sent, at most [`WINDOW`]. Then they count as sent.
    pub async fn take(&self, bytes: usize) -> io::Result<()> {
        let bytes = u32::try_from(bytes).map_err(io::Error::other)?;
        let permits = self.0.acquire_many(bytes).await;
        permits.map_err(io::Error::other)?.forget();
        Ok(())
    }

    /// The reader has taken so many bytes.
    pub fn give(&self, bytes: u32) -> io::Result<()> {
        let bytes = usize::try_from(bytes).unwrap_or(usize::MAX);
        if bytes > MOST - self.0.available_permits().min(MOST) {
            return Err(refused("more credit than a window can hold"));
        }
        self.0.add_permits(bytes);
        Ok(())
    }
}
// ANCHOR_END: window
