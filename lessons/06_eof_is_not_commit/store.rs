//! Files on disk: what is being received, and what is complete.
//!
//! A file gets its name when it is complete, by a rename. Until then it is a partial file, which its
//! owner has to commit or to discard.
//!
//! All of it blocks the calling thread. `append` copies a chunk into the kernel's page cache, which is
//! shorter than handing it to another thread. `commit` waits for the disk. A server with many calls at
//! a time puts it into `tokio::task::spawn_blocking`, so that the calls that share the thread do not
//! wait as well. This store does not, because the lessons promise the same order of events in every
//! run, and how long a thread of that pool takes differs from run to run.

use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

use tonic::Status;

/// The longest name, in bytes. File systems in use accept at least 255.
const MAX_NAME: usize = 200;

/// The longest file, in bytes. It bounds what one upload can take of the disk, also one that never
/// finishes. A server that strangers can reach needs a bound for each client as well.
const MAX_FILE: u64 = 64 * 1024 * 1024;

/// A folder of files. Nothing is ever written outside of it.
#[derive(Debug)]
pub struct Store {
    folder: PathBuf,
    limit: u64,
    partials: AtomicUsize,
}

/// A file that is not complete yet.
#[derive(Debug)]
pub struct Partial {
    file: File,
    /// How many bytes it may still take.
    room: u64,
    path: PathBuf,
    target: PathBuf,
}

impl Store {
    /// A store in a fresh folder for temporary files. The folder is made for the first file, and is
    /// removed when the store is dropped.
    pub fn temporary() -> Self {
        static STORES: AtomicUsize = AtomicUsize::new(0);
        let number = STORES.fetch_add(1, Ordering::Relaxed);
        // The time is part of the name, because systems reuse process numbers, and a process that was
        // killed has left its folder behind.
        let nanos = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .map_or(0, |since| since.as_nanos());
        let name = format!("streaming-workbook-{}-{nanos}-{number}", std::process::id());
        let folder = std::env::temp_dir().join(name);
        Self {
            folder,
            limit: MAX_FILE,
            partials: AtomicUsize::new(0),
        }
    }

    /// The same with another limit for the length of a file, in bytes.
    pub fn with_limit(mut self, limit: u64) -> Self {
        self.limit = limit;
        self
    }

    /// Begins a file that is to be called `name`.
    ///
    /// # Errors
    /// InvalidArgument for a name that could leave the folder, or that some system refuses.
    pub fn create(&self, name: &str) -> Result<Partial, Status> {
        check_name(name).map_err(|why| Status::invalid_argument(format!("file_name {why}")))?;
        let number = self.partials.fetch_add(1, Ordering::Relaxed);
        // No complete file has a name that begins with a dot.
        let path = self.folder.join(format!(".{number}.partial"));
        let file = fs::create_dir_all(&self.folder)
            .and_then(|()| File::create_new(&path))
            .map_err(cannot_write)?;
        Ok(Partial {
            file,
            room: self.limit,
            path,
            target: self.folder.join(name),
        })
    }

    /// Where the files are.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// The names of all that is in the folder, partial files included.
    pub fn names(&self) -> Vec<String> {
        let entries = fs::read_dir(&self.folder).into_iter().flatten().flatten();
        let mut names: Vec<String> = entries
            .map(|entry| entry.file_name().to_string_lossy().into_owned())
            .collect();
        names.sort();
        names
    }

    /// What a complete file holds.
    ///
    /// # Errors
    /// When there is no such file.
    pub fn read(&self, name: &str) -> io::Result<Vec<u8>> {
        fs::read(self.folder.join(name))
    }
}

impl Drop for Store {
    fn drop(&mut self) {
        // What cannot be removed now, the system removes with its other temporary files.
        let _ = fs::remove_dir_all(&self.folder);
    }
}

impl Partial {
    /// Adds to the end of the file.
    ///
    /// # Errors
    /// ResourceExhausted when the file becomes too long, Internal when it cannot be written.
    pub fn append(&mut self, data: &[u8]) -> Result<(), Status> {
        let length = u64::try_from(data.len()).unwrap_or(u64::MAX);
        let too_long = || Status::resource_exhausted("the file is longer than this store accepts");
        self.room = self.room.checked_sub(length).ok_or_else(too_long)?;
        self.file.write_all(data).map_err(cannot_write)
    }

    /// Gives the complete file its name. It replaces an older file of that name.
    ///
    /// # Errors
    /// Internal when the file cannot be written. Either the partial file is still there then, or the
    /// file has its name and could lose it in a power failure. The client is to send it again.
    pub fn commit(&self) -> Result<(), Status> {
        // The data must be on the disk before the rename. Otherwise a power failure could leave a file
        // that has its final name and not all of its data. The name is stored in the folder, so the
        // folder must be on the disk before the client gets its receipt.
        self.file
            .sync_all()
            .and_then(|()| fs::rename(&self.path, &self.target))
            .and_then(|()| self.target.parent().map_or(Ok(()), sync_folder))
            .map_err(cannot_write)
    }

    /// Removes the partial file. Nothing happens once it is committed.
    pub fn discard(&self) {
        // After a commit there is no file at this path any more, so this fails, as it should.
        let _ = fs::remove_file(&self.path);
    }
}

/// Writes the names in a folder to the disk.
#[cfg(unix)]
fn sync_folder(folder: &Path) -> io::Result<()> {
    File::open(folder)?.sync_all()
}

/// Windows does not open a folder as a file, and offers no other call for this.
#[cfg(not(unix))]
fn sync_folder(_: &Path) -> io::Result<()> {
    Ok(())
}

/// The cause stays inside the server. The client learns that its request was not at fault.
fn cannot_write(_: io::Error) -> Status {
    Status::internal("the file cannot be stored")
}

/// Accepts names that stay inside a folder on Linux, macOS and Windows.
fn check_name(name: &str) -> Result<(), &'static str> {
    const DEVICES: [&str; 4] = ["CON", "PRN", "AUX", "NUL"];
    const NUMBERED_DEVICES: [&str; 2] = ["COM", "LPT"];
    if name.is_empty() {
        return Err("must not be empty");
    }
    if name.len() > MAX_NAME {
        return Err("is longer than 200 bytes");
    }
    if name.starts_with('.') || name.ends_with(['.', ' ']) {
        return Err("must not begin with a dot, or end with a dot or a space");
    }
    if name
        .chars()
        .any(|c| c.is_control() || "/\\:<>\"|?*".contains(c))
    {
        return Err("must be a plain name, without / or \\ or other signs that systems reserve");
    }
    // Windows takes "con.txt" for the console, too.
    let stem = name
        .split('.')
        .next()
        .unwrap_or(name)
        .trim_end()
        .to_ascii_uppercase();
    let is_numbered = NUMBERED_DEVICES.iter().any(|device| {
        let number = stem.strip_prefix(device);
        number.is_some_and(|number| matches!(number.as_bytes(), [b'0'..=b'9']))
    });
    if DEVICES.contains(&stem.as_str()) || is_numbered {
        return Err("is the name of a device on Windows");
    }
    Ok(())
}
