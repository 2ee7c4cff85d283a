//! A folder on a real disk.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read as _, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use super::disk::{Disk, Reading};

/// A folder. The names have been checked: they stay inside of it.
pub struct Folder {
    path: PathBuf,
    /// Whether the folder is for temporary files, and goes with this value.
    temporary: bool,
}

impl Folder {
    /// The folder at this path; it is made if it is not there.
    pub fn at(path: &Path) -> io::Result<Self> {
        fs::create_dir_all(path)?;
        Ok(Self {
            path: path.to_owned(),
            temporary: false,
        })
    }

    /// A folder for temporary files, made with its first file and removed at the end.
    pub fn temporary(path: PathBuf) -> Self {
        Self {
            path,
            temporary: true,
        }
    }

    fn of(&self, name: &str) -> PathBuf {
        self.path.join(name)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        if self.temporary {
            // What cannot be removed now, the system removes with its other temporary files.
            let _ = fs::remove_dir_all(&self.path);
        }
    }
}

impl Disk for Folder {
    fn length(&self, name: &str) -> io::Result<Option<u64>> {
        match fs::metadata(self.of(name)) {
            Ok(of_file) => Ok(Some(of_file.len())),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    fn append(&self, name: &str, offset: u64, data: &[u8]) -> io::Result<()> {
        if self.temporary {
            fs::create_dir_all(&self.path)?;
        }
        let mut options = OpenOptions::new();
        options.write(true).create(true).truncate(false);
        let mut file = options.open(self.of(name))?;
        file.seek(SeekFrom::Start(offset))?;
        file.write_all(data).inspect_err(|_| {
            // A full disk may have taken a part of it. What is held must be what was counted.
            let _ = file.set_len(offset);
        })
    }

    fn open(&self, name: &str) -> io::Result<Box<dyn Reading>> {
        Ok(Box::new(OpenFile(Mutex::new(File::open(self.of(name))?))))
    }

    fn sync(&self, name: &str) -> io::Result<()> {
        // Windows syncs only a file that is open for writing.
        OpenOptions::new()
            .write(true)
            .open(self.of(name))?
            .sync_all()
    }

    fn rename(&self, from: &str, to: &str) -> io::Result<()> {
        fs::rename(self.of(from), self.of(to))
    }

    #[cfg(unix)]
    fn sync_folder(&self) -> io::Result<()> {
        File::open(&self.path)?.sync_all()
    }

    /// Windows does not open a folder as a file, and offers no other call for this.
    #[cfg(not(unix))]
    fn sync_folder(&self) -> io::Result<()> {
        Ok(())
    }

    fn remove(&self, name: &str) -> io::Result<()> {
        match fs::remove_file(self.of(name)) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            _ => Ok(()),
        }
    }

    fn is_slow(&self) -> bool {
        true
    }
}

/// The handle, not the path: a rename over the path does not change what it reads.
struct OpenFile(Mutex<File>);

impl Reading for OpenFile {
    fn length(&self) -> io::Result<u64> {
        let file = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        Ok(file.metadata()?.len())
    }

    fn read(&self, offset: u64, most: usize) -> io::Result<Vec<u8>> {
        let mut file = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        read(&mut file, offset, most)
    }
}

/// Reads at a place in the file at this path, up to so many bytes.
pub fn read_at(path: &Path, offset: u64, most: usize) -> io::Result<Vec<u8>> {
    read(&mut File::open(path)?, offset, most)
}

fn read(file: &mut File, offset: u64, most: usize) -> io::Result<Vec<u8>> {
    file.seek(SeekFrom::Start(offset))?;
    let mut data = Vec::with_capacity(most);
    let most = u64::try_from(most).unwrap_or(u64::MAX);
    file.take(most).read_to_end(&mut data)?;
    Ok(data)
}
