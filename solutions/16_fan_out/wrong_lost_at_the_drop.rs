//! Exercise 16, wrong: a stream that is woken looks first whether the hub is gone, and loses what was published just before.

use std::collections::{BTreeMap, VecDeque};
use std::ops::Bound::{Excluded, Unbounded};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use futures::StreamExt as _;
use futures::stream::{self, BoxStream};
use tokio::sync::Notify;
use tonic::Status;
use workbook::proto::stocks::{StockPrice, Trade};

/// A hub. Shared by the producer and by the handlers of all subscribers.
pub struct Hub {
    shared: Arc<Shared>,
}

/// What the hub and its subscribers share.
#[derive(Default)]
struct Shared {
    state: Mutex<State>,
    changed: Notify,
}

#[derive(Default)]
struct State {
    kept: usize,
    /// The newest trades; the last one has the position `published - 1`.
    trades: VecDeque<Trade>,
    /// How many trades there have been.
    published: usize,
    /// The newest price of each symbol, and how many prices it has had.
    prices: BTreeMap<String, (u64, StockPrice)>,
    subscribers: usize,
    is_closed: bool,
}

/// What a subscriber finds when it looks.
enum Next<T> {
    Found(Result<T, Missing>),
    Nothing,
    End,
}

/// So many trades are no longer kept.
struct Missing(usize);

impl Hub {
    /// A hub that keeps that many trades.
    pub fn new(kept: usize) -> Self {
        let shared = Arc::new(Shared::default());
        shared.lock().kept = kept;
        Self { shared }
    }

    /// Publishes a price.
    pub async fn publish_price(&self, price: StockPrice) {
        self.shared.change(|state| {
            let symbol = price.symbol.clone();
            let count = state.prices.get(&symbol).map_or(0, |(count, _)| *count);
            state.prices.insert(symbol, (count + 1, price));
        });
    }

    /// Publishes a trade.
    pub async fn publish_trade(&self, trade: Trade) {
        self.shared.change(|state| {
            state.trades.push_back(trade);
            state.published += 1;
            if state.trades.len() > state.kept {
                state.trades.pop_front();
            }
        });
    }

    /// The newest price of each symbol.
    pub fn prices(&self) -> BoxStream<'static, Result<StockPrice, Status>> {
        let mut given = Given::default();
        self.subscribe(move |state| state.next_price(&mut given))
    }

    /// Every trade from now on.
    pub fn trades(&self) -> BoxStream<'static, Result<Trade, Status>> {
        let mut position = self.shared.lock().published;
        self.subscribe(move |state| state.next_trade(&mut position))
    }

    /// How many subscribers there are, of both kinds.
    pub fn subscribers(&self) -> usize {
        self.shared.lock().subscribers
    }

    /// A stream without a task and without a queue: it looks at what the hub keeps when it is polled.
    fn subscribe<T: Send + 'static>(
        &self,
        next: impl FnMut(&State) -> Next<T> + Send + 'static,
    ) -> BoxStream<'static, Result<T, Status>> {
        let subscriber = Subscriber::new(&self.shared);
        let shared = Arc::clone(&self.shared);
        stream::unfold(Some((shared, next)), async |state| {
            let (shared, mut next) = state?;
            match shared.found(&mut next).await? {
                Ok(item) => Some((Ok(item), Some((shared, next)))),
                Err(Missing(missing)) => {
                    let status = Status::data_loss(format!("{missing} trades are missing"));
                    Some((Err(status), None))
                }
            }
        })
        .inspect(move |_| {
            // The stream owns the closure even after its end, when `unfold` has dropped its state.
            let _counted = &subscriber;
        })
        .boxed()
    }
}

impl Drop for Hub {
    fn drop(&mut self) {
        self.shared.change(|state| state.is_closed = true);
    }
}

impl Shared {
    fn change(&self, change: impl FnOnce(&mut State)) {
        change(&mut self.lock());
        self.changed.notify_waiters();
    }

    /// Waits until `look` has found something. `None` at the end.
    async fn found<T>(
        &self,
        look: &mut impl FnMut(&State) -> Next<T>,
    ) -> Option<Result<T, Missing>> {
        loop {
            // It hears of changes from here on, so none between the look and the wait is lost.
            let changed = self.changed.notified();
            let next = look(&self.lock());
            match next {
                Next::Found(found) => return Some(found),
                Next::Nothing => {
                    changed.await;
                    if self.lock().is_closed {
                        return None;
                    }
                }
                Next::End => return None,
            }
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        // Nothing that holds the lock can leave the state half-changed.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What a subscriber of prices has been given: of which symbol last, and how many prices each symbol
/// had had when its price was given.
#[derive(Default)]
struct Given {
    last: String,
    counts: BTreeMap<String, u64>,
}

impl State {
    fn next_trade(&self, position: &mut usize) -> Next<Trade> {
        let oldest = self.published - self.trades.len();
        if *position < oldest {
            return Next::Found(Err(Missing(oldest - *position)));
        }
        match self.trades.get(*position - oldest) {
            Some(trade) => {
                *position += 1;
                Next::Found(Ok(trade.clone()))
            }
            None => self.nothing(),
        }
    }

    /// The symbols take turns, so that one that changes all the time keeps no other waiting.
    fn next_price(&self, given: &mut Given) -> Next<StockPrice> {
        let after = (Excluded(given.last.clone()), Unbounded);
        let turns = self.prices.range(after).chain(&self.prices);
        for (symbol, (count, price)) in turns {
            if given.counts.get(symbol) != Some(count) {
                given.last.clone_from(symbol);
                given.counts.insert(symbol.clone(), *count);
                return Next::Found(Ok(price.clone()));
            }
        }
        self.nothing()
    }

    fn nothing<T>(&self) -> Next<T> {
        if self.is_closed {
            Next::End
        } else {
            Next::Nothing
        }
    }
}

/// A subscriber, counted until it is dropped with its stream.
struct Subscriber(Arc<Shared>);

impl Subscriber {
    fn new(shared: &Arc<Shared>) -> Self {
        shared.lock().subscribers += 1;
        Self(Arc::clone(shared))
    }
}

impl Drop for Subscriber {
    fn drop(&mut self) {
        self.0.lock().subscribers -= 1;
    }
}
