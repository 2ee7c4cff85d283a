//! The points of a check: when they come, and what the exercise does with their stream.

use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;

use futures::stream::{BoxStream, Stream, StreamExt as _};
use tokio::time::Instant;
use workbook::grade::{Drops, Guard, Script};
use workbook::proto::stream::StreamPoint;

/// How the points come.
#[derive(Debug, Clone, Default)]
pub struct Points {
    script: Script<StreamPoint>,
    all: Vec<StreamPoint>,
}

impl Points {
    /// No points; the stream ends at once.
    pub fn none() -> Self {
        Self::default()
    }

    /// So many small ones at once.
    pub fn at_once(self, number: usize) -> Self {
        self.sized(number, 1)
    }

    /// So many, each of so many bytes encoded.
    pub fn sized(mut self, number: usize, bytes: usize) -> Self {
        for _ in 0..number {
            let point = self.make(bytes);
            self.script = self.script.send(point);
        }
        self
    }

    /// So many small ones, with this pause before each.
    pub fn every(mut self, pause: Duration, number: usize) -> Self {
        for _ in 0..number {
            self = self.wait(pause).at_once(1);
        }
        self
    }

    pub fn wait(self, pause: Duration) -> Self {
        let script = self.script.wait(pause);
        Self { script, ..self }
    }

    /// Neither more points nor the end.
    pub fn then_silence(self) -> Self {
        let script = self.script.hold();
        Self { script, ..self }
    }

    /// All points of the script.
    pub fn all(&self) -> &[StreamPoint] {
        &self.all
    }

    pub fn open(&self, watch: &Watch) -> BoxStream<'static, StreamPoint> {
        Watched {
            points: self.script.clone().requests(),
            watch: watch.clone(),
            _guard: watch.open.guard(),
        }
        .boxed()
    }

    /// A point with a number of its own, of so many bytes encoded, or as few as there can be.
    fn make(&mut self, bytes: usize) -> StreamPoint {
        let value = i32::try_from(self.all.len() + 1).unwrap_or(i32::MAX);
        let mut point = StreamPoint {
            name: String::new(),
            value,
        };
        let encoded = |point: &StreamPoint| prost::Message::encoded_len(point);
        while encoded(&point) < bytes {
            let missing = bytes - encoded(&point);
            // The name's own tag and length take up to four bytes.
            point
                .name
                .push_str(&"x".repeat(missing.saturating_sub(4).max(1)));
        }
        self.all.push(point.clone());
        point
    }
}

/// What the exercise has done with the points' stream.
#[derive(Debug, Clone, Default)]
pub struct Watch {
    taken: Arc<Mutex<Taken>>,
    /// The stream, while it is held.
    pub open: Drops,
}

#[derive(Debug, Default)]
struct Taken {
    when: Vec<Instant>,
    polls: usize,
}

impl Watch {
    /// When each point was taken, in order.
    pub fn taken(&self) -> Vec<Instant> {
        self.lock().when.clone()
    }

    /// How often the stream has been polled.
    pub fn polls(&self) -> usize {
        self.lock().polls
    }

    fn lock(&self) -> MutexGuard<'_, Taken> {
        // Nothing that holds the lock can leave it half-changed.
        self.taken.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

struct Watched {
    points: BoxStream<'static, StreamPoint>,
    watch: Watch,
    _guard: Guard,
}

impl Stream for Watched {
    type Item = StreamPoint;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<StreamPoint>> {
        let polled = self.points.poll_next_unpin(cx);
        let mut taken = self.watch.lock();
        taken.polls += 1;
        if let Poll::Ready(Some(_)) = polled {
            taken.when.push(Instant::now());
        }
        drop(taken);
        polled
    }
}
