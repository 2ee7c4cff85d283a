//! Wrong: prices that end by themselves end with Unavailable, too.

use std::time::Duration;

use futures::stream::{self, BoxStream, StreamExt as _};
use tokio::time::sleep;
use tokio_util::sync::CancellationToken;
use tonic::Status;
use tonic::transport::Error;
use workbook::lab::Listener;
use workbook::proto::stocks::StockPrice;
use workbook::{HostRouter, Signal};

/// How long calls may go on after the signal.
const DEADLINE: Duration = Duration::from_secs(5);
/// The connections send GOAWAY first, and then the streams end. In one instant their order is chance.
const GOAWAY_FIRST: Duration = Duration::from_millis(1);

/// The response stream of a subscriber.
pub type Prices = BoxStream<'static, Result<StockPrice, Status>>;

/// The same prices, until `ends` is cancelled.
pub fn told(prices: Prices, ends: CancellationToken) -> Prices {
    prices
        .take_until(ends.cancelled_owned())
        .chain(stream::once(async {
            Err(Status::unavailable("the server is shutting down"))
        }))
        .boxed()
}

/// Serves the connections that come in, until the signal and the end of what it has accepted.
pub async fn run(
    router: HostRouter,
    incoming: Listener,
    ends: CancellationToken,
    signal: Signal,
) -> Result<(), Error> {
    let closed = CancellationToken::new();
    let serving = router.serve_with_incoming_shutdown(incoming, closed.cancelled());
    let steps = async {
        signal.await;
        closed.cancel();
        sleep(GOAWAY_FIRST).await;
        ends.cancel();
        sleep(DEADLINE - GOAWAY_FIRST).await;
    };
    tokio::select! {
        biased;
        // Every call has ended.
        served = serving => served,
        // What is still open now breaks when the process ends.
        () = steps => Ok(()),
    }
}
