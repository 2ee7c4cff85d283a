//! What a client sends.

use std::io;

use tonic::Status;

/// A file at the client. Every call may block for as long as a disk takes: the client has nothing else
/// to do meanwhile.
pub trait Source: Send + Sync {
    /// What the file is now. When this changes, it is another file.
    fn version(&self) -> io::Result<Version>;

    /// Reads at this place, up to so many bytes; fewer at the end of the file.
    fn read(&self, offset: u64, most: usize) -> io::Result<Vec<u8>>;
}

/// Tells a file from a changed one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Version {
    /// How many bytes it has.
    pub size: u64,
    /// When it was written last, by the file system's clock.
    pub modified: Option<std::time::SystemTime>,
}

/// Is told how far a transfer is.
pub trait Progress: Send + Sync {
    /// The whole file has so many bytes. A client that sends it knows that already.
    fn size(&self, _bytes: u64) {}

    /// So many bytes are held by the other side, in a partial file.
    fn held(&self, bytes: u64);

    /// The file is complete, and stored.
    fn stored(&self, bytes: u64);

    /// A call has failed with this, and the next one is made in a moment.
    fn again(&self, _failed: &Status) {}
}
