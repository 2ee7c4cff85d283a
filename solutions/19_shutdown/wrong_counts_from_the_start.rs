//! Wrong: the deadline is counted from the start of the server.

use std::time::Duration;

use futures::stream::{self, BoxStream, StreamExt as _};
use tokio::time::{sleep, timeout};
use tokio_util::sync::CancellationToken;
use tonic::Status;
use tonic::transport::Error;
use workbook::lab::Listener;
use workbook::proto::stocks::StockPrice;
use workbook::{HostRouter, Signal};

/// How long calls may go on on.
const DEADLINE: Duration = Duration::from_secs(5);
/// The connections send GOAWAY first, and then the streams end. In one instant their order is chance.
const GOAWAY_FIRST: Duration = Duration::from_millis(1);

/// The response stream of a subscriber.
pub type Prices = BoxStream<'static, Result<StockPrice, Status>>;

/// The same prices, until `ends` is cancelled.
pub fn told(prices: Prices, ends: CancellationToken) -> Prices {
    stream::unfold(Some((prices, ends)), async |state| {
        let (mut prices, ends) = state?;
        tokio::select! {
            // The token first: a stream that always has a price would never be told.
            biased;
            () = ends.cancelled() => {
                let status = Status::unavailable("the server is shutting down");
                Some((Err(status), None))
            }
            price = prices.next() => Some((price?, Some((prices, ends)))),
        }
    })
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
        std::future::pending::<()>().await;
    };
    let serving = async {
        tokio::select! {
            biased;
            served = serving => served,
            () = steps => Ok(()),
        }
    };
    timeout(DEADLINE, serving).await.unwrap_or(Ok(()))
}
