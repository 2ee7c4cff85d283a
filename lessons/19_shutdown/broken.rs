//! Four ways to end a server, and what each of them does not end.

use std::time::Duration;

use tokio::time::{sleep, timeout};
use tonic::transport::Error;
use tracing::info;
use workbook::graceful::Shutdown;
use workbook::lesson::Listener;
use workbook::{HostRouter, Signal};

/// Longer than any scene waits.
const A_DAY: Duration = Duration::from_secs(24 * 60 * 60);
/// How long a server that gives up on its calls waits for them.
const DRAIN: Duration = Duration::from_secs(5);

// ANCHOR: at_once
/// Ends in the instant of the signal. Every call breaks, those included that were about to be answered.
pub async fn at_once(router: HostRouter, incoming: Listener, signal: Signal) -> Result<(), Error> {
    tokio::select! {
        biased;
        () = signal => Ok(()),
        served = router.serve_with_incoming(incoming) => served,
    }
}
// ANCHOR_END: at_once

// ANCHOR: for_ever
/// Ends when the last call does, and a stream of prices has no end.
pub async fn for_ever(router: HostRouter, incoming: Listener, signal: Signal) -> Result<(), Error> {
    router.serve_with_incoming_shutdown(incoming, signal).await
}
// ANCHOR_END: for_ever

// ANCHOR: tells_only
/// Tells the streams and has no deadline. A client that does not read is not told, and keeps it alive.
pub async fn tells_only(
    router: HostRouter,
    incoming: Listener,
    signal: Signal,
    shutdown: Shutdown,
) -> Result<(), Error> {
    let closed = shutdown.closed();
    let steps = async {
        signal.await;
        shutdown.close();
        sleep(Duration::from_millis(1)).await;
        info!(step = "told", "tells the streams");
        shutdown.tell();
    };
    let serving = router.serve_with_incoming_shutdown(incoming, closed);
    let (served, ()) = futures::join!(serving, steps);
    served
}
// ANCHOR_END: tells_only

// ANCHOR: drops
/// Has a deadline at which it drops the future that serves. tonic's connections are tasks of their own,
/// and go on as long as the process does.
pub async fn drops(router: HostRouter, incoming: Listener, signal: Signal) -> Result<(), Error> {
    let shutdown = Shutdown::default();
    let mut serving = Box::pin(router.serve_with_incoming_shutdown(incoming, shutdown.closed()));
    tokio::select! {
        biased;
        () = signal => shutdown.close(),
        served = &mut serving => return served,
    }
    if timeout(DRAIN, serving).await.is_err() {
        info!(step = "dropped", "drops the future that serves");
    }
    // The program has other things to do.
    sleep(A_DAY).await;
    Ok(())
}
// ANCHOR_END: drops
