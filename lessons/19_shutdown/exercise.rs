//! Exercise 19: a server that ends.
//!
//! Write `run` and `told`: a server that serves until `signal` resolves, and then ends in order.
//! - From the signal on it accepts no connection, and no call on the connections that there are.
//! - Every response stream that is open ends with Unavailable within a second, and so does one whose
//!   handler answers later. The handlers pass their streams through `told`; `run` cancels `ends`.
//! - A subscriber that disconnects before that leaves nothing behind.
//! - Every other call that was accepted goes on to its end: a greeting that is being written, an upload.
//! - `run` returns within a second of the end of the last call, and within 5 s of the signal, whatever
//!   its clients do. Only a connection that has never sent a byte may hold it up for longer than that second,
//!   until the 5 s are over. The process ends when `run` returns.
//! - All times count from the signal or from the end of the call. What your own steps need, such as a
//!   millisecond between two of them, is granted up to 5 ms.
//!
//! Check it:     cargo run --bin lesson19 -- check

use futures::stream::BoxStream;
use tokio_util::sync::CancellationToken;
use tonic::Status;
use tonic::transport::Error;
use workbook::lab::Listener;
use workbook::proto::stocks::StockPrice;
use workbook::{HostRouter, Signal};

/// The response stream of a subscriber.
pub type Prices = BoxStream<'static, Result<StockPrice, Status>>;

/// The same prices, until `ends` is cancelled.
pub fn told(prices: Prices, ends: CancellationToken) -> Prices {
    drop((prices, ends));
    todo!("give the prices, and Unavailable when `ends` is cancelled")
}

/// Serves the connections that come in, until the signal and the end of what it has accepted.
pub async fn run(
    router: HostRouter,
    incoming: Listener,
    ends: CancellationToken,
    signal: Signal,
) -> Result<(), Error> {
    drop((router, incoming, ends, signal));
    todo!("serve until the signal, then end in order")
}
