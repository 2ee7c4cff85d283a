//! What goes wrong: a lag that nothing reports, a reader that sets the pace of all, an error that is lost.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use futures::stream::{self, StreamExt as _};
use tokio::sync::broadcast::error::RecvError;
use tokio::sync::{broadcast, mpsc};
use tokio::time::timeout;
use tokio_stream::wrappers::ReceiverStream;
use tonic::{Status, async_trait};
use tracing::{Instrument as _, Span, info};
use workbook::proto::stocks::Trade;

use super::exchange::FanOut;
use super::trade::{KEPT, Trades};

// ANCHOR: while_let
/// Wrong: `Err` is not always the end. `RecvError::Closed` is, `RecvError::Lagged` is not, and here both
/// end the stream with OK.
pub fn while_let_ok(trades: broadcast::Receiver<Trade>) -> Trades {
    stream::unfold(trades, async |mut trades| {
        let trade = trades.recv().await.ok()?;
        Some((Ok(trade), trades))
    })
    .boxed()
}
// ANCHOR_END: while_let

// ANCHOR: ignoring
/// Wrong for trades: goes on after a lag, and the client cannot see that trades are missing.
pub fn ignoring_lag(trades: broadcast::Receiver<Trade>) -> Trades {
    stream::unfold(trades, async |mut trades| {
        loop {
            match trades.recv().await {
                Ok(trade) => return Some((Ok(trade), trades)),
                Err(RecvError::Lagged(_)) => {}
                Err(RecvError::Closed) => return None,
            }
        }
    })
    .boxed()
}
// ANCHOR_END: ignoring

// ANCHOR: in_turn
/// Wrong: awaits each subscriber's `send` in turn, so the slowest one sets the pace of all.
#[derive(Default)]
pub struct InTurn(Mutex<Vec<mpsc::Sender<Trade>>>);

#[async_trait]
impl FanOut for InTurn {
    fn subscribe(&self) -> Trades {
        let (trades, taken) = mpsc::channel(KEPT);
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(trades);
        ReceiverStream::new(taken).map(Ok).boxed()
    }

    async fn publish(&self, trade: Trade) {
        let subscribers = self
            .0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone();
        for subscriber in subscribers {
            // Fails when the client has disconnected.
            let _ = subscriber.send(trade.clone()).await;
        }
    }
}
// ANCHOR_END: in_turn

// ANCHOR: unbounded
/// Wrong: an unbounded queue for each subscriber holds whatever its client does not read.
#[derive(Default)]
pub struct Unbounded(Mutex<Vec<mpsc::UnboundedSender<Trade>>>);

#[async_trait]
impl FanOut for Unbounded {
    fn subscribe(&self) -> Trades {
        let (trades, taken) = mpsc::unbounded_channel();
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(trades);
        let read = async |(mut taken, logged): (mpsc::UnboundedReceiver<Trade>, bool)| {
            let trade = taken.recv().await?;
            // This one has been held, too.
            let logged = logged || log_held(taken.len() + 1);
            Some((Ok(trade), (taken, logged)))
        };
        stream::unfold((taken, false), read).boxed()
    }

    async fn publish(&self, trade: Trade) {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .retain(|subscriber| subscriber.send(trade.clone()).is_ok());
    }
}
// ANCHOR_END: unbounded

/// Logs how many trades wait in a queue if they are more than a bounded one may hold, and whether it did.
fn log_held(held: usize) -> bool {
    if held > KEPT {
        info!(held, "{held} trades are held for a subscriber");
    }
    held > KEPT
}

/// How long a send may take.
const PATIENCE: Duration = Duration::from_secs(1);

// ANCHOR: gives_up
/// Wrong: the error has to wait behind the data, the task gives up on it, and the stream ends with OK.
pub fn giving_up(mut trades: broadcast::Receiver<Trade>) -> Trades {
    let (sender, taken) = mpsc::channel(1);
    let send = async move {
        while let Ok(trade) = trades.recv().await {
            if timeout(PATIENCE, sender.send(Ok(trade))).await.is_err() {
                info!(step = "too_slow", "a subscriber is too slow");
                let status = Status::resource_exhausted("too slow");
                if timeout(PATIENCE, sender.send(Err(status))).await.is_err() {
                    info!(step = "gives_up", "cannot send the error in time, gives up");
                }
                return;
            }
        }
    };
    tokio::spawn(send.instrument(Span::current()));
    ReceiverStream::new(taken).boxed()
}
// ANCHOR_END: gives_up
