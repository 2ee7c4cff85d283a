//! Right, too: credit is a number in a `watch`, bytes wait in a channel, and `read` gives credit back before
//! it returns the bytes.

use std::io;
use std::sync::atomic::{AtomicUsize, Ordering};

use tokio::sync::{Mutex, mpsc, watch};
use tokio_util::bytes::Bytes;

use super::frame::{Body, Code, Frame, refused};

/// Small frames are allowed.
const PART: usize = 1_000;

pub struct Writer {
    call: u32,
    frames: mpsc::Sender<Frame>,
    credit: watch::Sender<u64>,
}

impl Writer {
    pub fn new(call: u32, window: u32, frames: mpsc::Sender<Frame>) -> Self {
        let credit = watch::Sender::new(u64::from(window));
        Self {
            call,
            frames,
            credit,
        }
    }

    pub async fn write(&self, mut bytes: Bytes) -> io::Result<()> {
        let mut credit = self.credit.subscribe();
        while !bytes.is_empty() {
            tokio::select! {
                some = credit.wait_for(|credit| *credit > 0) => drop(some.map_err(io::Error::other)?),
                () = self.frames.closed() => return Err(io::Error::other("the connection is over")),
            }
            let place = self.frames.reserve().await.map_err(io::Error::other)?;
            let mut length = 0;
            self.credit.send_modify(|credit| {
                let there = usize::try_from(*credit).unwrap_or(usize::MAX);
                length = bytes.len().min(PART).min(there);
                *credit -= length as u64;
            });
            place.send(Frame {
                call: self.call,
                body: Body::Item(bytes.split_to(length)),
            });
        }
        Ok(())
    }

    pub async fn end(&self, code: Code) -> io::Result<()> {
        let place = self.frames.reserve().await.map_err(io::Error::other)?;
        place.send(Frame {
            call: self.call,
            body: Body::End(code),
        });
        Ok(())
    }

    pub fn credit(&self, bytes: u32) {
        self.credit
            .send_modify(|credit| *credit = credit.saturating_add(u64::from(bytes)));
    }
}

pub struct Reader {
    call: u32,
    frames: mpsc::Sender<Frame>,
    room: AtomicUsize,
    items: std::sync::Mutex<Option<mpsc::UnboundedSender<Bytes>>>,
    waiting: Mutex<(Option<Bytes>, mpsc::UnboundedReceiver<Bytes>)>,
}

impl Reader {
    pub fn new(call: u32, window: u32, frames: mpsc::Sender<Frame>) -> Self {
        // Bounded by the window: no item is empty.
        let (items, waiting) = mpsc::unbounded_channel();
        Self {
            call,
            frames,
            room: AtomicUsize::new(usize::try_from(window).unwrap_or(usize::MAX)),
            items: std::sync::Mutex::new(Some(items)),
            waiting: Mutex::new((None, waiting)),
        }
    }

    pub fn received(&self, bytes: Bytes) -> io::Result<()> {
        let room = self.room.load(Ordering::Relaxed);
        if bytes.is_empty() || bytes.len() > room {
            return Err(refused("no such item"));
        }
        self.room.fetch_sub(bytes.len(), Ordering::Relaxed);
        let items = self.items.lock().map_err(|_| refused("poisoned"))?;
        if let Some(items) = &*items {
            let _ = items.send(bytes);
        }
        Ok(())
    }

    pub fn ended(&self) {
        if let Ok(mut items) = self.items.lock() {
            *items = None;
        }
    }

    pub async fn read(&self) -> Option<Bytes> {
        let mut waiting = self.waiting.lock().await;
        let (kept, items) = &mut *waiting;
        if kept.is_none() {
            *kept = Some(items.recv().await?);
        }
        // Kept until there is a place for its credit.
        if let Ok(place) = self.frames.reserve().await {
            let credit = kept.as_ref().map_or(0, Bytes::len);
            self.room.fetch_add(credit, Ordering::Relaxed);
            place.send(Frame {
                call: self.call,
                body: Body::Credit(u32::try_from(credit).unwrap_or(u32::MAX)),
            });
        }
        kept.take()
    }
}
