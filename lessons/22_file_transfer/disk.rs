//! What a store needs of a disk: a folder of files, by their names.
//!
//! `folder.rs` is a real one. `memory.rs` is the lab's: it can be full, and it loses its power.

use std::io;

/// A folder of files. Every call may block.
pub trait Disk: Send + Sync + 'static {
    /// How many bytes a file has; `None` if there is no such file.
    fn length(&self, name: &str) -> io::Result<Option<u64>>;

    /// Writes at this place, which is the end of the file; an absent file is made. A write that fails
    /// leaves the file as long as it was.
    fn append(&self, name: &str, offset: u64, data: &[u8]) -> io::Result<()>;

    /// Opens a file as it is now. It stays that, also when another one takes its name.
    fn open(&self, name: &str) -> io::Result<Box<dyn Reading>>;

    /// Returns when the file's bytes would survive a loss of power.
    fn sync(&self, name: &str) -> io::Result<()>;

    /// Gives a file another name. A file that had that name is gone.
    fn rename(&self, from: &str, to: &str) -> io::Result<()>;

    /// Returns when the names would survive a loss of power.
    fn sync_folder(&self) -> io::Result<()>;

    /// Removes a file; an absent one is removed already.
    fn remove(&self, name: &str) -> io::Result<()>;

    /// Whether a call can take so long that it belongs on a thread of its own.
    fn is_slow(&self) -> bool;
}

/// An open file.
pub trait Reading: Send + Sync {
    /// How many bytes it has.
    fn length(&self) -> io::Result<u64>;

    /// Reads at this place, up to so many bytes; fewer at the end of the file.
    fn read(&self, offset: u64, most: usize) -> io::Result<Vec<u8>>;
}
