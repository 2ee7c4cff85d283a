//! The fix: a name for a file whose bytes are on the disk.

use std::io;

use super::disk::Disk;

// ANCHOR: commit
/// Gives a complete file its name, in an order that survives a loss of power.
pub fn commit(disk: &dyn Disk, part: &str, name: &str) -> io::Result<()> {
    // The bytes first. Otherwise the name can be on the disk and the bytes not.
    disk.sync(part)?;
    disk.rename(part, name)?;
    // The name is stored in the folder. Without this the client could have an answer for a file that
    // has lost its name.
    disk.sync_folder()
}
// ANCHOR_END: commit
