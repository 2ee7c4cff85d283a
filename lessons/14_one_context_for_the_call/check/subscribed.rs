//! A subscription of the exercise, and what it takes from its source.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use futures::stream::{BoxStream, Stream, StreamExt as _};
use tokio::time::Instant;
use workbook::grade::{Finding, Verdict, after, sequence, within};
use workbook::proto::chat::ChatMessage;

use super::peers::at_once;
use super::{Call, DAY};

/// The exercise's subscription.
pub struct Subscribed {
    pub call: Box<dyn Call>,
    pub since: Instant,
}

impl Subscribed {
    /// The next reply.
    pub async fn next(&mut self) -> Result<Option<ChatMessage>, Finding> {
        Ok(within(DAY, "`next` had not returned", self.call.next()).await??)
    }

    /// All replies to the end.
    pub async fn rest(&mut self) -> Result<Vec<ChatMessage>, Finding> {
        let mut replies = Vec::new();
        while let Some(reply) = self.next().await? {
            replies.push(reply);
        }
        Ok(replies)
    }

    /// Expects the replies to a source that yields `steadily`.
    pub async fn replies_every(&mut self, pause: Duration, number: usize) -> Verdict {
        let mut replies = Vec::new();
        let mut due = Duration::ZERO;
        for number in 1..=number {
            due += pause;
            replies.extend(self.next().await?);
            after(self.since.elapsed(), &format!("reply {number} came")).is(due)?;
        }
        sequence(&replies, "reply").is(&at_once(number))
    }
}

/// Counts what is taken from a stream.
#[derive(Clone, Default)]
pub struct Counted(Arc<AtomicUsize>);

impl Counted {
    pub fn now(&self) -> usize {
        self.0.load(Ordering::Relaxed)
    }

    pub fn counts<M: 'static>(
        &self,
        stream: impl Stream<Item = M> + Send + 'static,
    ) -> BoxStream<'static, M> {
        let taken = Arc::clone(&self.0);
        let count = move |_: &M| {
            taken.fetch_add(1, Ordering::Relaxed);
        };
        stream.inspect(count).boxed()
    }
}
