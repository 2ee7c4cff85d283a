//! Files on disk: what is being received, and what is complete.
//!
//! A file gets its name when it is complete, by a rename. Until then it is a partial file, which its
//! owner has to commit or to discard.

use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

use tonic::Status;

/// The longest name, in bytes. File systems in use accept at least 255.
const MAX_NAME: usize = 200;

/// A folder of files. Nothing is ever written outside of it.
#[derive(Debug)]
pub struct Store {
    folder: PathBuf,
    partials: AtomicUsize,
}

/// A file that is not complete yet.
#[derive(Debug)]
pub struct Partial {
    file: File,
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
            partials: AtomicUsize::new(0),
        }
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
    /// Internal when the file cannot be written.
    pub fn append(&mut self, data: &[u8]) -> Result<(), Status> {
        self.file.write_all(data).map_err(cannot_write)
    }

    /// Gives the complete file its name. It replaces an older file of that name.
    ///
    /// # Errors
    /// Internal when the file cannot be written. The partial file is still there then.
    pub fn commit(&self) -> Result<(), Status> {
        // The data must be on the disk before the rename. Otherwise a power failure could leave a file
        // that has its final name and not all of its data.
        self.file
            .sync_all()
            .and_then(|()| fs::rename(&self.path, &self.target))
            .map_err(cannot_write)
    }

    /// Removes the partial file. Nothing happens once it is committed.
    pub fn discard(&self) {
        // After a commit there is no file at this path any more, so this fails, as it should.
        let _ = fs::remove_file(&self.path);
    }
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
