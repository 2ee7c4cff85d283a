//! The server of the toy protocol, as a program.

use std::time::Duration;

use tokio::task::JoinSet;
use tokio::time::sleep;
use tracing::{Instrument as _, info};
use workbook::lesson::{Listener, Stream};
use workbook::{Network, Signal};

use super::sizes::TICK;
use super::{broken, fixed};

/// When a server that crashes does: in the second day of trades, half a tick behind its third trade.
const CRASH: Duration = Duration::from_millis(7 * 100 + 3 * 100 + 50);
const _: () = assert!(TICK.as_millis() == 100);

pub async fn faulty(_: Network, listener: Listener, asked: Signal) {
    accept(listener, asked, broken::server::serve).await;
}

pub async fn mended(_: Network, listener: Listener, asked: Signal) {
    accept(listener, asked, fixed::server::serve).await;
}

pub async fn faulty_crashes(_: Network, listener: Listener, asked: Signal) {
    accept(listener, crash(asked), broken::server::serve).await;
}

pub async fn mended_crashes(_: Network, listener: Listener, asked: Signal) {
    accept(listener, crash(asked), fixed::server::serve).await;
}

/// Serves until the signal. The connections end with this future.
async fn accept<F>(mut listener: Listener, asked: Signal, serve: fn(Stream) -> F)
where
    F: Future<Output = ()> + Send + 'static,
{
    let mut connections = JoinSet::new();
    tokio::pin!(asked);
    loop {
        tokio::select! {
            biased;
            () = &mut asked => return,
            Some(_) = connections.join_next() => {}
            accepted = listener.accept() => match accepted {
                Some(stream) => drop(connections.spawn(serve(stream).in_current_span())),
                None => return,
            },
        }
    }
}

/// The scene's signal, or the moment of the crash if that comes first.
fn crash(asked: Signal) -> Signal {
    Box::pin(async {
        tokio::select! {
            biased;
            () = asked => {}
            () = sleep(CRASH) => info!(step = "crashes", "crashes: its process is gone"),
        }
    })
}
