//! What the toy's server offers. Both versions serve the same methods.

use std::future::pending;

use futures::stream::{self, BoxStream, StreamExt as _};
use tokio::time::sleep;
use tokio_util::bytes::Bytes;
use tracing::info;

use super::sizes::{MANY, PRICE, REPORT, TICK, TICKS, TRADES};

/// The items of a method's answer; none if there is no such method.
pub fn items(method: &[u8]) -> Option<BoxStream<'static, Bytes>> {
    Some(match method {
        b"report" => made("report", 1, |_| async { zeros(REPORT) }),
        b"price" => made("price", 1, |_| async { zeros(PRICE) }),
        b"prices" => made("prices", MANY, |_| async { zeros(PRICE) }),
        b"ticks" => made("ticks", TICKS, a_tick),
        b"feed" => made("feed", MANY, one_and_silence),
        b"trades" => made("trades", TRADES, a_tick),
        _ => return None,
    })
}

async fn a_tick(_: usize) -> Bytes {
    sleep(TICK).await;
    zeros(PRICE)
}

/// As a subscription to what does not change.
async fn one_and_silence(made: usize) -> Bytes {
    if made > 0 {
        pending::<()>().await;
    }
    zeros(PRICE)
}

fn zeros(length: usize) -> Bytes {
    Bytes::from(vec![0; length])
}

/// So many items, each of them made when it is asked for.
fn made<F>(method: &'static str, count: usize, item: fn(usize) -> F) -> BoxStream<'static, Bytes>
where
    F: Future<Output = Bytes> + Send + 'static,
{
    let produced = Produced { method, made: 0 };
    let items = stream::unfold(produced, move |mut produced| async move {
        if produced.made == count {
            return None;
        }
        let item = item(produced.made).await;
        produced.made += 1;
        Some((item, produced))
    });
    items.boxed()
}

/// Logs how many items were made, however the call ends.
struct Produced {
    method: &'static str,
    made: usize,
}

impl Drop for Produced {
    fn drop(&mut self) {
        let Self { method, made } = self;
        info!(made, "{method}: ends, {made} made");
    }
}
