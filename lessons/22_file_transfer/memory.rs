//! The lab's disk: in memory, with an end, and with what a loss of power takes away.
//!
//! A write changes the cache of the kernel, `sync` brings a file's bytes to the disk, and `sync_folder`
//! brings the names. Until then the kernel may write either of the two, in any order.

use std::collections::BTreeMap;
use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::disk::{Disk, Reading};

/// What the kernel has written by itself before the power was lost.
#[derive(Debug, Clone, Copy)]
pub enum Wrote {
    /// The names, as a journal does that writes the folder before the bytes.
    Names,
    /// Nothing.
    Nothing,
}

/// A disk. A clone is the same one.
#[derive(Clone, Default)]
pub struct Memory(Arc<Mutex<State>>);

#[derive(Default)]
struct State {
    files: Vec<File>,
    names: BTreeMap<String, usize>,
    names_on_disk: BTreeMap<String, usize>,
    room: Option<usize>,
}

#[derive(Default)]
struct File {
    cached: Vec<u8>,
    on_disk: Vec<u8>,
}

impl Memory {
    /// Makes it empty, with room for so many bytes.
    pub fn format(&self, room: Option<usize>) {
        *self.state() = State {
            room,
            ..State::default()
        };
    }

    /// Gives it so much room, and leaves the files.
    pub fn set_room(&self, room: usize) {
        self.state().room = Some(room);
    }

    /// What is there after a loss of power.
    pub fn lose_power(&self, wrote: Wrote) {
        let mut state = self.state();
        match wrote {
            Wrote::Names => state.names_on_disk = state.names.clone(),
            Wrote::Nothing => state.names = state.names_on_disk.clone(),
        }
        for file in &mut state.files {
            file.cached.clone_from(&file.on_disk);
        }
    }

    /// The names and the lengths of all files.
    pub fn files(&self) -> Vec<(String, usize)> {
        let state = self.state();
        let of_file =
            |(name, file): (&String, &usize)| (name.clone(), state.files[*file].cached.len());
        state.names.iter().map(of_file).collect()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // Nothing that holds the lock can leave the state half-changed.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn file(&self, name: &str) -> io::Result<usize> {
        let file = self.names.get(name).copied();
        file.ok_or_else(|| io::ErrorKind::NotFound.into())
    }

    fn used(&self) -> usize {
        let named = self.names.values();
        named.map(|file| self.files[*file].cached.len()).sum()
    }
}

impl Disk for Memory {
    fn length(&self, name: &str) -> io::Result<Option<u64>> {
        let state = self.state();
        let length = |file: &usize| u64::try_from(state.files[*file].cached.len());
        let length = state.names.get(name).map(length).transpose();
        length.map_err(io::Error::other)
    }

    fn append(&self, name: &str, offset: u64, data: &[u8]) -> io::Result<()> {
        let mut state = self.state();
        if state
            .room
            .is_some_and(|room| state.used() + data.len() > room)
        {
            return Err(io::ErrorKind::StorageFull.into());
        }
        let next = state.files.len();
        let file = *state.names.entry(name.to_owned()).or_insert(next);
        if file == next {
            state.files.push(File::default());
        }
        let bytes = &mut state.files[file].cached;
        bytes.truncate(usize::try_from(offset).map_err(io::Error::other)?);
        bytes.extend_from_slice(data);
        Ok(())
    }

    fn open(&self, name: &str) -> io::Result<Box<dyn Reading>> {
        let state = self.state();
        let file = state.file(name)?;
        Ok(Box::new(Snapshot(state.files[file].cached.clone())))
    }

    fn sync(&self, name: &str) -> io::Result<()> {
        let mut state = self.state();
        let file = state.file(name)?;
        let File { cached, on_disk } = &mut state.files[file];
        on_disk.clone_from(cached);
        Ok(())
    }

    fn rename(&self, from: &str, to: &str) -> io::Result<()> {
        let mut state = self.state();
        let file = state.file(from)?;
        state.names.remove(from);
        state.names.insert(to.to_owned(), file);
        Ok(())
    }

    fn sync_folder(&self) -> io::Result<()> {
        let mut state = self.state();
        state.names_on_disk = state.names.clone();
        Ok(())
    }

    fn remove(&self, name: &str) -> io::Result<()> {
        self.state().names.remove(name);
        Ok(())
    }

    fn is_slow(&self) -> bool {
        false
    }
}

struct Snapshot(Vec<u8>);

impl Reading for Snapshot {
    fn length(&self) -> io::Result<u64> {
        u64::try_from(self.0.len()).map_err(io::Error::other)
    }

    fn read(&self, offset: u64, most: usize) -> io::Result<Vec<u8>> {
        let from = usize::try_from(offset).map_err(io::Error::other)?;
        let from = from.min(self.0.len());
        let to = from.saturating_add(most).min(self.0.len());
        Ok(self.0[from..to].to_vec())
    }
}
