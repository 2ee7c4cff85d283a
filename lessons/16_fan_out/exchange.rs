//! The exchange: one producer of trades for all subscribers.

use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::Duration;

use tokio::time::sleep;
use tokio_util::task::AbortOnDropHandle;
use tonic::async_trait;
use tracing::{Instrument as _, Span, info};
use workbook::proto::stocks::Trade;

use super::trade::{Trades, trade};

/// How trades reach the subscribers. Dropping it ends their streams.
#[async_trait]
pub trait FanOut: Send + Sync {
    /// The trades from now on.
    fn subscribe(&self) -> Trades;
    /// Hands a trade to every subscriber.
    async fn publish(&self, trade: Trade);
}

/// What an exchange trades in a day.
#[derive(Debug, Clone, Copy)]
pub struct Day {
    pub trades: u64,
    /// From one trade to the next.
    pub pause: Duration,
    /// The bytes of each trade's order book.
    pub book: usize,
}

/// An exchange. It opens with its first subscriber, and closes after the day's last trade.
pub struct Exchange {
    day: Day,
    fan_out: fn() -> Arc<dyn FanOut>,
    open: Mutex<Weak<Session>>,
}

/// An open exchange. The streams of its subscribers own it, so its task ends with the last of them.
pub struct Session {
    fan_out: Weak<dyn FanOut>,
    _trading: AbortOnDropHandle<()>,
}

impl Exchange {
    pub fn new(day: Day, fan_out: fn() -> Arc<dyn FanOut>) -> Self {
        Self {
            day,
            fan_out,
            open: Mutex::default(),
        }
    }

    /// The trades from now on, and the session, to be held with them. `None` if the exchange has closed
    /// and earlier subscribers are still reading.
    pub fn subscribe(&self) -> Option<(Trades, Arc<Session>)> {
        let session = self.session();
        let trades = session.fan_out.upgrade()?.subscribe();
        Some((trades, session))
    }

    fn session(&self) -> Arc<Session> {
        // Nothing that holds the lock can leave the value half-changed.
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(session) = open.upgrade() {
            return session;
        }
        let fan_out = (self.fan_out)();
        let weak = Arc::downgrade(&fan_out);
        // In the handler's span, so that its lines are the server's.
        let trading = tokio::spawn(trading(self.day, fan_out).instrument(Span::current()));
        let session = Arc::new(Session {
            fan_out: weak,
            _trading: AbortOnDropHandle::new(trading),
        });
        *open = Arc::downgrade(&session);
        session
    }
}

/// Owns the fan-out, so that the streams end after the last trade.
async fn trading(day: Day, fan_out: Arc<dyn FanOut>) {
    for number in 1..=day.trades {
        sleep(day.pause).await;
        fan_out.publish(trade(number, day.book)).await;
    }
    info!(published = day.trades, "published {}, closes", day.trades);
}
