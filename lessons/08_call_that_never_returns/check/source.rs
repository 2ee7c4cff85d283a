//! A source of messages without an end, which counts how far it is ahead of the server.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use futures::stream::{self, BoxStream, StreamExt as _};
use tokio::time::sleep;
use workbook::grade::{Drops, Peer};
use workbook::proto::chat::ChatMessage;

/// A client that is so far ahead has no bound, and would take messages for ever.
const FAR_TOO_MANY: usize = 5000;

/// How a source gives its messages "0", "1" and so on, of 1 KiB each.
#[derive(Debug, Clone, Copy)]
pub struct Gives {
    /// How many. After them it is silent, and does not end.
    pub most: usize,
    /// How long each takes.
    pub pace: Duration,
}

impl Gives {
    /// As many as it is asked for, without a pause.
    pub const ALL: Self = Self {
        most: usize::MAX,
        pace: Duration::ZERO,
    };

    /// As many as it is asked for, one every so often.
    pub const fn every(pace: Duration) -> Self {
        Self { pace, ..Self::ALL }
    }

    /// So many, without a pause.
    pub const fn only(most: usize) -> Self {
        Self { most, ..Self::ALL }
    }
}

/// What was taken from the source, and how far ahead of the server it ever was.
#[derive(Debug, Clone, Default)]
pub struct Taken {
    taken: Arc<AtomicUsize>,
    most_ahead: Arc<AtomicUsize>,
    pub sources: Drops,
}

impl Taken {
    /// The most by which the source was ever ahead of the server.
    pub fn most_ahead(&self) -> usize {
        self.most_ahead.load(Ordering::Relaxed)
    }

    /// A source for a client of this server.
    pub fn source(&self, gives: Gives, server: Peer) -> BoxStream<'static, ChatMessage> {
        let counts = self.clone();
        let source = stream::unfold(counts, move |counts| {
            let server = server.clone();
            async move {
                if !gives.pace.is_zero() {
                    sleep(gives.pace).await;
                }
                let number = counts.take(gives.most, &server);
                if number.is_none() {
                    // Falls silent. A client without a bound stops here, and the test can end.
                    std::future::pending::<()>().await;
                }
                number.map(|number| (message(number), counts))
            }
        });
        self.sources.guards(source.boxed()).boxed()
    }

    fn take(&self, most: usize, server: &Peer) -> Option<usize> {
        let taken = self.taken.load(Ordering::Relaxed);
        let ahead = (taken + 1).saturating_sub(server.read());
        if ahead > FAR_TOO_MANY || taken == most {
            return None;
        }
        self.taken.store(taken + 1, Ordering::Relaxed);
        self.most_ahead.fetch_max(ahead, Ordering::Relaxed);
        Some(taken)
    }
}

/// Message `number` of every source.
pub fn message(number: usize) -> ChatMessage {
    ChatMessage {
        user_id: number.to_string(),
        content: "x".repeat(1024),
        ..ChatMessage::default()
    }
}
