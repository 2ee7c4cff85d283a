//! A subscription of the exercise, and the server that it is subscribed to.

use std::time::Duration;

use futures::future::FutureExt as _;
use tokio::time::{Instant, timeout};
use tonic::Status;
use tonic::transport::Channel;
use workbook::grade::{
    AN_INSTANT, Baseline, Finding, Verdict, after, baseline, count, ended, ensure, sequence, within,
};
use workbook::lab::Lab;
use workbook::proto::stocks::{Heartbeat, StockPrice, WatchResponse, watch_response};

use super::ticker::Ticker;
use super::{HOUR, LIMIT, Opened, Prices, SECOND, Subject};
use tonic::Code;

/// What the server says, in a script.
pub fn price(number: i64) -> WatchResponse {
    WatchResponse {
        kind: Some(watch_response::Kind::Price(priced(number))),
    }
}

pub fn prices(count: i64) -> Vec<WatchResponse> {
    (1..=count).map(price).collect()
}

pub fn heartbeats(count: usize) -> Vec<WatchResponse> {
    let kind = Some(watch_response::Kind::Heartbeat(Heartbeat {}));
    vec![WatchResponse { kind }; count]
}

/// What a newer server says, and this client does not know.
pub fn unknown(count: usize) -> Vec<WatchResponse> {
    vec![WatchResponse { kind: None }; count]
}

fn priced(number: i64) -> StockPrice {
    StockPrice {
        symbol: "ACME".to_owned(),
        price: 100.0,
        timestamp: number,
    }
}

/// A server, and a channel to it.
pub struct Floor {
    lab: Lab,
    ticker: Ticker,
    open: Subject,
    channel: Channel,
    began: Instant,
    before: Baseline,
}

impl Floor {
    pub async fn open(lab: &Lab, open: Subject, ticker: Ticker) -> Result<Self, Finding> {
        let channel = ticker.meet(lab).await?;
        lab.sleep(AN_INSTANT).await;
        Ok(Self {
            lab: lab.clone(),
            ticker,
            open,
            channel,
            began: Instant::now(),
            before: baseline(lab),
        })
    }

    pub fn ticker(&self) -> &Ticker {
        &self.ticker
    }

    /// The exercise opens a subscription, however that ends.
    pub async fn opens(&self) -> Opened {
        (self.open)(self.channel.clone(), "ACME").await
    }

    /// The status with which `open` fails.
    pub async fn refused(&self) -> Result<Status, Finding> {
        match self.opens().await {
            Err(status) => Ok(status),
            Ok(_) => Err(Finding::seen(
                "`open` returned a subscription, and the server had not answered",
            )),
        }
    }

    /// A subscription that is open, within the time in which it may give up.
    pub async fn subscribe(&self) -> Result<Subscribed, Finding> {
        let opened = within(LIMIT + SECOND, "`open` had not returned", self.opens()).await?;
        Ok(Subscribed(opened?))
    }

    /// Expects the subscription to end with Unavailable, 30 s after this at the latest.
    pub async fn notices(
        &self,
        last_sign: Instant,
        ends: impl Future<Output = Result<Status, Finding>>,
    ) -> Verdict {
        let status = within(HOUR, "the subscription still waited", ends).await??;
        after(last_sign.elapsed(), "the end came").at_most(LIMIT)?;
        ended(&Err::<(), _>(status)).with(Code::Unavailable)
    }

    /// When the server's clock showed this.
    pub fn at(&self, time: Duration) -> Instant {
        self.began + time
    }

    /// Expects no pause of more than 30 s between the client's messages, up to now.
    pub fn is_never_silent(&self) -> Verdict {
        let mut arrivals = self.ticker.arrivals();
        arrivals.push(Instant::now());
        let pauses = arrivals.windows(2).map(|pair| pair[1] - pair[0]);
        let longest = pauses.max().unwrap_or_default();
        after(longest, "the next message of the client came").at_most(LIMIT)
    }

    /// Expects every heartbeat to come 20 s behind the one before it.
    pub fn is_never_hasty(&self) -> Verdict {
        let heartbeats = self.ticker.heartbeats();
        let mut pauses = heartbeats.windows(2).map(|pair| pair[1] - pair[0]);
        let hasty = pauses.find(|pause| *pause + AN_INSTANT < SECOND * 20);
        ensure(hasty.is_none(), || {
            let pause = hasty.unwrap_or_default().as_secs_f64();
            format!("a heartbeat came {pause} s after another one")
        })
    }

    /// Expects nothing to be left of the subscription, at either side.
    pub async fn nothing_is_left(&self) -> Verdict {
        self.lab.sleep(AN_INSTANT).await;
        let sent = self.ticker.heartbeats().len();
        count(self.ticker.calls().alive(), "calls alive at the server").is(0)?;
        count(self.lab.open_calls().len(), "calls open on the wire").is(0)?;
        self.before.nothing_is_left(&self.lab).await?;
        self.lab.sleep(SECOND * 60).await;
        count(
            self.ticker.heartbeats().len() - sent,
            "heartbeats sent later",
        )
        .is(0)
    }
}

/// A subscription that is open.
pub struct Subscribed(Box<dyn Prices>);

impl Subscribed {
    /// Expects these prices next, however long they take.
    pub async fn brings(&mut self, count: i64) -> Verdict {
        let mut brought = Vec::new();
        for _ in 0..count {
            match self.0.next().await? {
                Some(price) => brought.push(price),
                None => break,
            }
        }
        let due: Vec<StockPrice> = (1..=count).map(priced).collect();
        sequence(&brought, "price").is(&due)
    }

    /// The same for a reader that drops the future of `next` after each pause.
    pub async fn brings_between(&mut self, pause: Duration, count: i64) -> Verdict {
        let mut brought = Vec::new();
        while let Some(price) = loop {
            if let Ok(next) = timeout(pause, self.0.next()).await {
                break next?;
            }
        } {
            brought.push(price);
        }
        let due: Vec<StockPrice> = (1..=count).map(priced).collect();
        sequence(&brought, "price").is(&due)
    }

    /// Expects the end.
    pub async fn ends(&mut self) -> Verdict {
        match self.0.next().await? {
            None => Ok(()),
            Some(price) => Err(Finding::seen(format!("{price:?} came instead of the end"))),
        }
    }

    /// Expects nothing for so long.
    pub async fn is_quiet(&mut self, duration: Duration) -> Verdict {
        match timeout(duration, self.0.next()).await {
            Err(_) => Ok(()),
            Ok(next) => {
                next?;
                Err(Finding::seen(
                    "`next` returned, and nothing had been sent for the reader",
                ))
            }
        }
    }

    /// The status with which it ends.
    pub async fn fails(&mut self) -> Result<Status, Finding> {
        failure(self.0.next().await)
    }

    /// The same for a reader that drops the future of `next` after each pause.
    pub async fn fails_between(&mut self, pause: Duration) -> Result<Status, Finding> {
        loop {
            if let Ok(next) = timeout(pause, self.0.next()).await {
                return failure(next);
            }
        }
    }

    /// The same for a reader that looks every second whether there is something.
    pub async fn fails_at_a_look(&mut self, lab: &Lab) -> Result<Status, Finding> {
        loop {
            if let Some(next) = self.0.next().now_or_never() {
                return failure(next);
            }
            lab.sleep(SECOND).await;
        }
    }
}

/// The status of a subscription that has to fail.
fn failure(next: Result<Option<StockPrice>, Status>) -> Result<Status, Finding> {
    match next {
        Err(status) => Ok(status),
        Ok(None) => Err(Finding::seen(
            "the stream ended as if the server had ended it",
        )),
        Ok(Some(price)) => Err(Finding::seen(format!("{price:?} came, and no error"))),
    }
}
