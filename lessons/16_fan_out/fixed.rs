//! The policies: what a subscriber gets that is too slow.

use std::sync::{Mutex, PoisonError};

use futures::stream::{self, StreamExt as _};
use tokio::sync::broadcast::error::RecvError;
use tokio::sync::mpsc::error::TrySendError;
use tokio::sync::{broadcast, mpsc, watch};
use tokio_stream::wrappers::WatchStream;
use tokio_util::sync::CancellationToken;
use tonic::{Status, async_trait};
use tracing::info;
use workbook::proto::stocks::Trade;

use super::exchange::FanOut;
use super::trade::{KEPT, Trades};

// ANCHOR: broadcast
/// One ring buffer for all subscribers; `follow` decides what a lag means.
pub struct Broadcast {
    trades: broadcast::Sender<Trade>,
    follow: fn(broadcast::Receiver<Trade>) -> Trades,
}

impl Broadcast {
    pub fn new(follow: fn(broadcast::Receiver<Trade>) -> Trades) -> Self {
        let (trades, _) = broadcast::channel(KEPT);
        Self { trades, follow }
    }
}

#[async_trait]
impl FanOut for Broadcast {
    fn subscribe(&self) -> Trades {
        (self.follow)(self.trades.subscribe())
    }

    async fn publish(&self, trade: Trade) {
        // Never waits. Fails when there is no subscriber, which is no error here.
        let _ = self.trades.send(trade);
    }
}
// ANCHOR_END: broadcast

// ANCHOR: gap
/// The oldest trades are dropped, and the next one says how many they were.
///
/// Costs a field in the message, and every client has to read it. The gap is told when the client reads
/// again, not before. It is the wrong fix for data of which a client needs every item, such as orders.
pub fn with_gap(trades: broadcast::Receiver<Trade>) -> Trades {
    stream::unfold((trades, 0), async |(mut trades, mut missing)| {
        loop {
            match trades.recv().await {
                Ok(trade) => return Some((Ok(Trade { missing, ..trade }), (trades, 0))),
                Err(RecvError::Lagged(lost)) => {
                    info!(lost, "a subscriber is {lost} trades behind what is kept");
                    missing += lost;
                }
                Err(RecvError::Closed) => return None,
            }
        }
    })
    .boxed()
}
// ANCHOR_END: gap

// ANCHOR: error
/// All trades or an error, which is the last item.
///
/// Costs the client a new subscription, and a way to get what it has missed. This does not end the stream
/// of a client that does not read: the error is the next item, and it is polled when the client reads
/// again. It is the wrong fix for data that are out of date when the next item comes.
pub fn all_or_error(trades: broadcast::Receiver<Trade>) -> Trades {
    stream::unfold(Some(trades), async |trades| {
        let mut trades = trades?;
        match trades.recv().await {
            Ok(trade) => Some((Ok(trade), Some(trades))),
            Err(RecvError::Lagged(lost)) => {
                info!(lost, "a subscriber is {lost} trades behind what is kept");
                let status = Status::data_loss(format!("{lost} trades are missing"));
                Some((Err(status), None))
            }
            Err(RecvError::Closed) => None,
        }
    })
    .boxed()
}
// ANCHOR_END: error

// ANCHOR: newest
/// Only the newest trade is kept: a slow subscriber skips what is out of date.
///
/// Costs a subscriber no memory. It is the wrong fix for data of which the client needs more than the
/// newest item. One `watch` channel is for one symbol.
#[derive(Default)]
pub struct Newest(watch::Sender<Option<Trade>>);

#[async_trait]
impl FanOut for Newest {
    fn subscribe(&self) -> Trades {
        let newest = WatchStream::new(self.0.subscribe());
        // None until the first trade.
        newest.filter_map(async |trade| trade.map(Ok)).boxed()
    }

    async fn publish(&self, trade: Trade) {
        // Stores the trade also while there is no subscriber.
        self.0.send_replace(Some(trade));
    }
}
// ANCHOR_END: newest

// ANCHOR: disconnect
/// A queue for each subscriber. The hub gives up a subscriber whose queue is full; its stream ends with an error.
///
/// Costs a queue for each subscriber. The stream ends only when it is polled next, which is when the client
/// reads again: this does not end the stream of a client that does not read.
#[derive(Default)]
pub struct Disconnect(Mutex<Vec<Subscriber>>);

struct Subscriber {
    queue: mpsc::Sender<Trade>,
    too_slow: CancellationToken,
}

#[async_trait]
impl FanOut for Disconnect {
    fn subscribe(&self) -> Trades {
        let (queue, taken) = mpsc::channel(KEPT);
        let too_slow = CancellationToken::new();
        let subscriber = Subscriber {
            queue,
            too_slow: too_slow.clone(),
        };
        self.lock().push(subscriber);
        stream::unfold(Some((taken, too_slow)), async |state| {
            let (mut taken, too_slow) = state?;
            tokio::select! {
                biased;
                // Not through the queue, which is full.
                () = too_slow.cancelled() => {
                    let status = Status::resource_exhausted("the client reads too slowly");
                    Some((Err(status), None))
                }
                trade = taken.recv() => Some((Ok(trade?), Some((taken, too_slow)))),
            }
        })
        .boxed()
    }

    async fn publish(&self, trade: Trade) {
        let number = trade.number;
        self.lock().retain(
            |subscriber| match subscriber.queue.try_send(trade.clone()) {
                Ok(()) => true,
                Err(TrySendError::Closed(_)) => false,
                Err(TrySendError::Full(_)) => {
                    info!(full_at = number, "trade {number}: a queue is full");
                    subscriber.too_slow.cancel();
                    false
                }
            },
        );
    }
}
// ANCHOR_END: disconnect

impl Disconnect {
    fn lock(&self) -> std::sync::MutexGuard<'_, Vec<Subscriber>> {
        // Nothing that holds the lock can leave the list half-changed.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
