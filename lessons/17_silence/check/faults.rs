//! How, and when, a server is gone.

use std::time::Duration;

use workbook::grade::Script;
use workbook::lab::Lab;

use super::messages::{heartbeats, prices};
use super::ticker::Ticker;
use super::{HOUR, SECOND};

/// How a server is gone.
#[derive(Debug, Clone, Copy)]
pub enum Fault {
    /// Its handler is stuck: the connection answers PINGs.
    Stuck,
    /// Nothing crosses the link in either direction.
    BlackHole,
    /// What the server sends is lost.
    OneWay,
}

impl Fault {
    pub fn happens(self, lab: &Lab) {
        match self {
            Self::Stuck => {}
            Self::BlackHole => lab.partition(),
            Self::OneWay => lab.link("client", "server").partition_oneway("server"),
        }
    }
}

/// When a server is gone.
#[derive(Debug, Clone, Copy)]
pub enum Point {
    BeforeTheAnswer,
    BehindTheAnswer,
    BehindAPrice,
    BehindHeartbeats,
}

impl Point {
    /// A server that falls silent there, when its last message comes, and how many prices there are.
    pub fn ticker(self) -> (Ticker, Duration, i64) {
        let says = Script::new;
        match self {
            Self::BeforeTheAnswer => (Ticker::new(says()).answers_after(HOUR), Duration::ZERO, 0),
            Self::BehindTheAnswer => (Ticker::new(says().hold()), Duration::ZERO, 0),
            Self::BehindAPrice => (
                Ticker::new(says().every(SECOND * 25, prices(1)).hold()),
                SECOND * 25,
                1,
            ),
            Self::BehindHeartbeats => {
                let says = says().every(SECOND * 20, heartbeats(15)).hold();
                (Ticker::new(says), SECOND * 300, 0)
            }
        }
    }
}

/// Every fault at every point.
pub fn faults() -> Vec<(String, (Fault, Point))> {
    let points = [
        ("before the answer", Point::BeforeTheAnswer),
        ("behind the answer", Point::BehindTheAnswer),
        ("behind a price", Point::BehindAPrice),
        ("behind heartbeats", Point::BehindHeartbeats),
    ];
    let faults = [
        ("a handler that is stuck", Fault::Stuck),
        ("a black hole", Fault::BlackHole),
        ("a black hole one way", Fault::OneWay),
    ];
    let all = points.into_iter().flat_map(|(when, point)| {
        faults.map(|(what, fault)| (format!("{what} {when}"), (fault, point)))
    });
    all.collect()
}
