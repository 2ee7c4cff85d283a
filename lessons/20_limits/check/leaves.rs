//! The ways in which a stream is over.

use std::time::Duration;

use futures::future::join_all;
use tokio::time::timeout;
use workbook::grade::{AN_INSTANT, Verdict};
use workbook::lab::{CLIENT, Lab, SERVER};

use super::answers::{admitted, answered, is_no_refusal};
use super::clients::Exchange;
use super::feeds::Plan;
use super::{ALLOWED, SECOND};

/// As the exercise's server has it: 10 s until it asks, 5 s until it has had no answer.
const KEEPALIVE: Duration = Duration::from_secs(15);

/// How a stream is over.
#[derive(Debug, Clone, Copy)]
pub enum Leaves {
    /// The feed brings it about, and the client reads to the end.
    ByTheFeed(Plan),
    /// The client drops its stream, read or not.
    Drops(Plan),
    /// The client drops the call before it is answered.
    DropsTheCall,
    /// The call has a limit, and is not answered by then.
    TimesOut,
    /// The connection breaks in a stream.
    Breaks,
    /// The connection breaks before the call is answered.
    BreaksBefore,
    /// Packets are lost, and only the server's keepalive detects it.
    Vanishes(Lost),
    /// The same, before the call is answered.
    VanishesBefore(Lost),
}

/// Whose packets do not arrive any more.
#[derive(Debug, Clone, Copy)]
pub enum Lost {
    All,
    OfTheClient,
    OfTheServer,
}

impl Lost {
    fn are_lost(self, lab: &Lab) {
        let link = lab.link(CLIENT, SERVER);
        match self {
            Self::All => link.partition(),
            Self::OfTheClient => link.partition_oneway(CLIENT),
            Self::OfTheServer => link.partition_oneway(SERVER),
        }
    }
}

impl Leaves {
    pub const TABLE: [(&'static str, Self); 18] = [
        ("the feed ends", Self::ByTheFeed(Plan::Ends)),
        ("the feed fails", Self::ByTheFeed(Plan::Fails)),
        (
            "the feed panics in the stream",
            Self::ByTheFeed(Plan::PanicsLater),
        ),
        ("the feed refuses", Self::ByTheFeed(Plan::Refuses)),
        (
            "the feed panics before there is a stream",
            Self::ByTheFeed(Plan::Panics),
        ),
        (
            "the feed panics in `open` itself",
            Self::ByTheFeed(Plan::PanicsAtOnce),
        ),
        ("the client drops its stream", Self::Drops(Plan::Endless)),
        (
            "the client drops a stream that it does not read",
            Self::Drops(Plan::Flood),
        ),
        (
            "the client drops the call before it is answered",
            Self::DropsTheCall,
        ),
        (
            "the call's limit is over before it is answered",
            Self::TimesOut,
        ),
        ("the connection breaks", Self::Breaks),
        (
            "the connection breaks before the call is answered",
            Self::BreaksBefore,
        ),
        ("the client vanishes", Self::Vanishes(Lost::All)),
        (
            "nothing arrives from the client",
            Self::Vanishes(Lost::OfTheClient),
        ),
        (
            "nothing arrives at the client",
            Self::Vanishes(Lost::OfTheServer),
        ),
        (
            "the client vanishes before the call is answered",
            Self::VanishesBefore(Lost::All),
        ),
        (
            "nothing arrives from the client before that",
            Self::VanishesBefore(Lost::OfTheClient),
        ),
        (
            "nothing arrives at the client before that",
            Self::VanishesBefore(Lost::OfTheServer),
        ),
    ];

    /// What the feed does meanwhile.
    pub fn plan(self) -> Plan {
        match self {
            Self::ByTheFeed(plan) | Self::Drops(plan) => plan,
            Self::Breaks | Self::Vanishes(_) => Plan::Endless,
            // Longer than the keepalive takes.
            _ => Plan::OpensIn(SECOND * 60),
        }
    }

    /// Fills all places of one client, and lets each of these streams be over.
    pub async fn once(self, lab: &Lab, exchange: &Exchange) -> Verdict {
        let [ada] = exchange.clients(["ada"]).await?;
        let places = ALLOWED.per_client;
        match self {
            Self::ByTheFeed(_) => {
                for _ in 0..places {
                    if let Some(mut prices) = is_no_refusal(ada.opens().await?)? {
                        while let Ok(Some(_)) = prices.message().await {}
                    }
                }
            }
            Self::Drops(_) => drop(admitted(&ada, places).await?),
            Self::DropsTheCall => {
                let calls = (0..places).map(|_| timeout(SECOND, ada.call(true, None)));
                answered(join_all(calls).await.into_iter().flatten())?;
            }
            Self::TimesOut => {
                let calls = (0..places).map(|_| ada.call(true, Some(SECOND)));
                answered(join_all(calls).await)?;
            }
            Self::Breaks => {
                let _streams = admitted(&ada, places).await?;
                lab.cut();
            }
            Self::Vanishes(lost) => {
                let _streams = admitted(&ada, places).await?;
                lost.are_lost(lab);
                lab.sleep(KEEPALIVE + SECOND).await;
            }
            Self::BreaksBefore | Self::VanishesBefore(_) => {
                let calls = (0..places).map(|_| ada.call(true, None));
                let calls = join_all(calls);
                let fault = async {
                    lab.sleep(SECOND).await;
                    if let Self::VanishesBefore(lost) = self {
                        lost.are_lost(lab);
                        lab.sleep(KEEPALIVE + SECOND).await;
                    } else {
                        lab.cut();
                        lab.sleep(AN_INSTANT).await;
                    }
                };
                // The calls of a client that has vanished have no answer.
                let (calls, ()) = futures::join!(timeout(KEEPALIVE * 2, calls), fault);
                answered(calls.into_iter().flatten())?;
            }
        }
        lab.repair();
        lab.sleep(AN_INSTANT).await;
        Ok(())
    }
}
