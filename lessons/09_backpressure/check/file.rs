//! A file that counts its chunks, and the most that were ever made and not read.

use std::panic::resume_unwind;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use tokio::time::sleep;
use workbook::grade::{AN_INSTANT, Drops, Verdict, count};
use workbook::proto::files::{FileChunk, Finish};

use super::Source;

/// Longer than any client here reads, and still small enough for an unbounded queue.
pub const VERY_LONG: usize = 20_000;

/// A file that counts how many of its chunks were made and read.
#[derive(Clone, Default)]
pub struct CountedFile {
    length: usize,
    /// Whether it panics after its last chunk, instead of ending.
    panics: bool,
    /// Whether chunks have different sizes, and names.
    is_varied: bool,
    made: Arc<AtomicUsize>,
    read: Arc<AtomicUsize>,
    most: Arc<AtomicUsize>,
    held: Drops,
}

impl CountedFile {
    /// A file of so many chunks of 1 KiB.
    pub fn of(length: usize) -> Self {
        Self {
            length,
            ..Self::default()
        }
    }

    /// A file of so many chunks, no two alike.
    pub fn varied(length: usize) -> Self {
        Self {
            is_varied: true,
            ..Self::of(length)
        }
    }

    /// A file that panics after so many chunks.
    pub fn panics_after(length: usize) -> Self {
        Self {
            panics: true,
            ..Self::of(length)
        }
    }

    /// How many chunks were made so far.
    pub fn made(&self) -> usize {
        self.made.load(Ordering::Relaxed)
    }

    /// The most chunks that were ever made and not read.
    pub fn most_in_flight(&self) -> usize {
        self.most.load(Ordering::Relaxed)
    }

    /// How many chunks the client has read, or is about to read.
    pub fn read(&self) -> usize {
        self.read.load(Ordering::Relaxed)
    }

    /// The client is about to read a chunk.
    pub fn reads(&self) {
        self.read.fetch_add(1, Ordering::Relaxed);
    }

    /// Expects that the exercise has dropped the file an instant from now.
    pub async fn is_dropped(&self) -> Verdict {
        sleep(AN_INSTANT).await;
        count(self.held.alive(), "files still held after the disconnect").is(0)
    }

    /// The chunk at this place.
    pub fn chunk(&self, place: usize) -> FileChunk {
        let number = i32::try_from(place).unwrap_or(i32::MAX);
        if !self.is_varied {
            return FileChunk {
                data: vec![7; 1024],
                chunk_number: number,
                ..FileChunk::default()
            };
        }
        // Every seventh is empty, and every thirteenth has the field that ends an upload (lesson 06).
        FileChunk {
            file_name: format!("part {place}"),
            data: vec![7; place % 7 * 150],
            chunk_number: 1000 - number,
            finish: (place % 13 == 12).then(|| Finish {
                chunks: number,
                sha256: vec![1; 32],
            }),
        }
    }

    /// The chunks as they are made: the file is held for as long as this is.
    pub fn source(&self) -> Source {
        let (file, held) = (self.clone(), self.held.guard());
        let places = 0..self.length + usize::from(self.panics);
        let runtime = thread::current().id();
        Box::new(places.map(move |place| {
            let _held = &held;
            assert!(
                thread::current().id() == runtime,
                "`source` is read on another thread, and the check's clock does not wait for that"
            );
            if place == file.length {
                // Without the panic hook, which would report it as the exercise's.
                resume_unwind(Box::new("the file says so"));
            }
            let made = file.made.fetch_add(1, Ordering::Relaxed) + 1;
            let read = file.read.load(Ordering::Relaxed);
            file.most.fetch_max(made - read, Ordering::Relaxed);
            file.chunk(place)
        }))
    }
}
