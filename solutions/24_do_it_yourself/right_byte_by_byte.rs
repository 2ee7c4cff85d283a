//! Right, too, and slow: each byte has a frame of its own, and `read` returns one at a time.

use std::collections::VecDeque;
use std::io;
use std::sync::{Mutex, MutexGuard, PoisonError};

use tokio::sync::{Notify, mpsc};
use tokio_util::bytes::Bytes;

use super::frame::{Body, Code, Frame, refused};

pub struct Writer {
    call: u32,
    frames: mpsc::Sender<Frame>,
    credit: Mutex<u64>,
    more: Notify,
}

impl Writer {
    pub fn new(call: u32, window: u32, frames: mpsc::Sender<Frame>) -> Self {
        Self {
            call,
            frames,
            credit: Mutex::new(u64::from(window)),
            more: Notify::new(),
        }
    }

    pub async fn write(&self, mut bytes: Bytes) -> io::Result<()> {
        while !bytes.is_empty() {
            while *locked(&self.credit) == 0 {
                tokio::select! {
                    () = self.more.notified() => {}
                    () = self.frames.closed() => return Err(io::ErrorKind::BrokenPipe.into()),
                }
            }
            let place = self.frames.reserve().await.map_err(io::Error::other)?;
            *locked(&self.credit) -= 1;
            place.send(Frame {
                call: self.call,
                body: Body::Item(bytes.split_to(1)),
            });
        }
        Ok(())
    }

    pub async fn end(&self, code: Code) -> io::Result<()> {
        let frame = Frame {
            call: self.call,
            body: Body::End(code),
        };
        self.frames.send(frame).await.map_err(io::Error::other)
    }

    pub fn credit(&self, bytes: u32) {
        *locked(&self.credit) += u64::from(bytes);
        self.more.notify_one();
    }
}

pub struct Reader {
    call: u32,
    frames: mpsc::Sender<Frame>,
    state: Mutex<State>,
    more: Notify,
}

struct State {
    room: usize,
    bytes: VecDeque<u8>,
    ended: bool,
}

impl Reader {
    pub fn new(call: u32, window: u32, frames: mpsc::Sender<Frame>) -> Self {
        let state = State {
            room: usize::try_from(window).unwrap_or(usize::MAX),
            bytes: VecDeque::new(),
            ended: false,
        };
        Self {
            call,
            frames,
            state: Mutex::new(state),
            more: Notify::new(),
        }
    }

    pub fn received(&self, bytes: Bytes) -> io::Result<()> {
        let mut state = locked(&self.state);
        if bytes.is_empty() || bytes.len() > state.room {
            return Err(refused("no such item"));
        }
        state.room -= bytes.len();
        state.bytes.extend(bytes);
        self.more.notify_one();
        Ok(())
    }

    pub fn ended(&self) {
        locked(&self.state).ended = true;
        self.more.notify_one();
    }

    pub async fn read(&self) -> Option<Bytes> {
        loop {
            let (is_empty, ended) = {
                let state = locked(&self.state);
                (state.bytes.is_empty(), state.ended)
            };
            match (is_empty, ended) {
                (true, true) => return None,
                (true, false) => self.more.notified().await,
                (false, _) => break,
            }
        }
        let place = self.frames.reserve().await;
        let mut state = locked(&self.state);
        let byte = state.bytes.pop_front()?;
        if let Ok(place) = place {
            state.room += 1;
            place.send(Frame {
                call: self.call,
                body: Body::Credit(1),
            });
        }
        Some(Bytes::copy_from_slice(&[byte]))
    }
}

fn locked<T>(value: &Mutex<T>) -> MutexGuard<'_, T> {
    value.lock().unwrap_or_else(PoisonError::into_inner)
}
