//! The file of the scenes, and what their clients say of it.

use std::io;
use std::sync::atomic::{AtomicU8, Ordering};

use tonic::Status;
use tracing::info;

use super::source::{Progress, Source, Version};

/// Of a scene's file. A message of this size is one DATA frame. The programs use [`super::program`]'s.
pub const PIECE: usize = 16_000;

/// A file of so many pieces. Its bytes differ from piece to piece, and from edition to edition.
pub struct Note {
    pub pieces: usize,
    edition: AtomicU8,
}

impl Note {
    pub fn of(pieces: usize) -> Self {
        Self::edition(pieces, 1)
    }

    pub fn edition(pieces: usize, edition: u8) -> Self {
        Self {
            pieces,
            edition: AtomicU8::new(edition),
        }
    }

    /// Writes the file anew, as long as before.
    pub fn change(&self) {
        self.edition.fetch_add(1, Ordering::Relaxed);
    }

    /// All of it.
    pub fn bytes(&self) -> Vec<u8> {
        self.part(0, self.size())
    }

    fn part(&self, from: usize, to: usize) -> Vec<u8> {
        let edition = self.edition.load(Ordering::Relaxed).wrapping_mul(31);
        let byte = |at: usize| edition.wrapping_add((at / 7).to_le_bytes()[0]);
        let piece_of = |at: usize| (at / PIECE).to_le_bytes()[0];
        (from..to).map(|at| byte(at) ^ piece_of(at)).collect()
    }

    fn size(&self) -> usize {
        self.pieces * PIECE
    }
}

impl Source for Note {
    fn version(&self) -> io::Result<Version> {
        let edition = u64::from(self.edition.load(Ordering::Relaxed));
        Ok(Version {
            size: u64::try_from(self.pieces * PIECE).map_err(io::Error::other)?,
            modified: std::time::SystemTime::UNIX_EPOCH
                .checked_add(std::time::Duration::from_secs(edition)),
        })
    }

    fn read(&self, offset: u64, most: usize) -> io::Result<Vec<u8>> {
        let from = usize::try_from(offset).map_err(io::Error::other)?;
        let from = from.min(self.size());
        let to = from.saturating_add(most).min(self.size());
        Ok(self.part(from, to))
    }
}

/// Says how far a transfer is, in a transcript.
pub struct Says;

impl Progress for Says {
    fn held(&self, bytes: u64) {
        info!(held = bytes, "held: {bytes} bytes");
    }

    fn stored(&self, bytes: u64) {
        info!(stored = bytes, "100 %: {bytes} bytes are stored");
    }

    fn again(&self, failed: &Status) {
        let code = failed.code();
        info!(?code, "{code:?}: calls again in a second");
    }
}
