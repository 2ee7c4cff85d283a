//! What the server says, in a script.

use workbook::proto::stocks::{Heartbeat, StockPrice, WatchResponse, watch_response};

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

/// The price in such a message.
pub fn priced(number: i64) -> StockPrice {
    StockPrice {
        symbol: "ACME".to_owned(),
        price: 100.0,
        timestamp: number,
    }
}
