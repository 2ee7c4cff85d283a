//! The server that the exercise is subscribed to, and what is expected of both sides.

use std::time::Duration;

use tokio::time::Instant;
use tonic::transport::Channel;
use tonic::{Code, Status};
use workbook::grade::{
    AN_INSTANT, Baseline, Finding, Verdict, after, baseline, count, ended, ensure, within,
};
use workbook::lab::Lab;

use super::subscribed::Subscribed;
use super::ticker::Ticker;
use super::{HOUR, LIMIT, Opened, SECOND, Subject};

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
