//! The clients that send much metadata, are sent long texts, or drop what they are sent.

use std::time::Duration;

use futures::future::{Either, select};
use tonic::metadata::{Ascii, MetadataValue};
use tonic::transport::{Channel, Endpoint};
use tonic::{Request, Status, Streaming};
use tracing::info;
use workbook::lab::{CLIENT, SERVER};
use workbook::proto::stocks::stock_service_client::StockServiceClient;
use workbook::proto::stocks::{StockPrice, StockRequest};
use workbook::{Failure, Network, Outcome};

/// How long a client waits for a price that comes tomorrow.
const TIMEOUT: Duration = Duration::from_secs(5);
/// What a client puts into metadata that has a token, a trace and some baggage, in bytes.
const BAGGAGE: usize = 20_000;
/// Streams that are opened and dropped, how many bytes one may bring unread, and how long a frame travels.
const DROPS: u32 = 110;
const WINDOW: u32 = 1000;
const LATENCY: Duration = Duration::from_millis(20);
/// Longer than any run, also on a computer that is busy with other things.
const REMEMBERED: Duration = Duration::from_secs(60 * 60);
/// A longer text is cut, for the log.
const SHOWN: usize = 60;

// ANCHOR: texts
/// Asks for symbols that the server refuses at length, beside a stream that has nothing to do with them.
pub async fn texts(network: Network) -> Outcome {
    let channel = network.channel().await?;
    metadata(&channel).await?;
    let mut neighbour = prices_of(&channel, "ACME").await?;
    log_price("neighbour", &neighbour.message().await);
    for symbol in ["NONE", "HALT", "BOOK"] {
        info!("asks for {symbol}");
        match prices_of(&channel, symbol).await {
            Ok(mut prices) => while !log_price("in_stream", &prices.message().await) {},
            Err(status) => log_status("refused", &status),
        }
    }
    info!("reads on in ACME");
    let next = select(
        Box::pin(neighbour.message()),
        Box::pin(network.sleep(TIMEOUT)),
    );
    match next.await {
        Either::Left((Err(status), _)) => log_status("neighbour", &status),
        Either::Left((Ok(_), _)) => info!(step = "price", "ACME brings a price"),
        Either::Right(_) => info!(step = "lives", "ACME is still open"),
    }
    Ok(())
}
// ANCHOR_END: texts

/// A call with more metadata than a server reads by default.
async fn metadata(channel: &Channel) -> Result<(), Failure> {
    let baggage = MetadataValue::<Ascii>::try_from("x".repeat(BAGGAGE))
        .map_err(|error| Failure::Other(error.to_string()))?;
    let symbol = "ACME".to_owned();
    let mut request = Request::new(StockRequest { symbol });
    request.metadata_mut().insert("baggage", baggage);
    info!("asks for ACME, with {BAGGAGE} bytes of metadata");
    let mut client = StockServiceClient::new(channel.clone());
    match client.get_real_time_prices(request).await {
        Ok(answer) => {
            info!(step = "answered", "the call is answered");
            log_price("metadata", &answer.into_inner().message().await);
        }
        Err(status) => log_status("metadata", &status),
    }
    Ok(())
}

// ANCHOR: drops
/// Opens streams and drops each one at once, while its prices are on their way.
pub async fn drops(network: Network) -> Outcome {
    drops_with(&network, narrow).await
}

/// The same, and this client's h2 does not count frames of streams that it has forgotten. Right where the
/// client trusts its server: the count is a protection against a server that sends such frames on purpose.
pub async fn drops_uncounted(network: Network) -> Outcome {
    drops_with(&network, |endpoint| {
        narrow(endpoint).http2_max_local_error_reset_streams(None)
    })
    .await
}
// ANCHOR_END: drops

/// A stream that is not read brings at most so many bytes, so the neighbour waits. And h2 forgets dropped
/// streams by their number alone: it measures their age, a second by default, with the real clock.
fn narrow(endpoint: Endpoint) -> Endpoint {
    endpoint
        .initial_stream_window_size(WINDOW)
        .http2_reset_stream_duration(REMEMBERED)
}

async fn drops_with(network: &Network, configure: fn(Endpoint) -> Endpoint) -> Outcome {
    let channel = network.channel_with(configure).await?;
    let mut neighbour = prices_of(&channel, "ACME").await?;
    if let Some(lab) = network.in_lab() {
        lab.link(CLIENT, SERVER).set_latency(LATENCY);
    }
    info!("opens up to {DROPS} streams, and drops each one at once");
    for number in 1..=DROPS {
        match prices_of(&channel, "ACME").await {
            Ok(prices) => drop(prices),
            Err(status) => {
                info!(failed = number, "call {number} fails");
                log_status("dropping", &status);
                break;
            }
        }
    }
    info!(step = "reads", "reads on in the stream beside them");
    loop {
        match neighbour.message().await {
            Ok(Some(_)) => {}
            Ok(None) => break info!(step = "end", "the end, OK"),
            Err(status) => break log_status("neighbour", &status),
        }
    }
    Ok(())
}

async fn prices_of(channel: &Channel, symbol: &str) -> Result<Streaming<StockPrice>, Status> {
    let symbol = symbol.to_owned();
    let mut client = StockServiceClient::new(channel.clone());
    let prices = client.get_real_time_prices(StockRequest { symbol }).await?;
    Ok(prices.into_inner())
}

/// Logs the next item; the flag says whether it was the last one.
fn log_price(place: &'static str, item: &Result<Option<StockPrice>, Status>) -> bool {
    match item {
        Ok(Some(price)) => {
            info!("got a price of {}", price.symbol);
            return false;
        }
        Ok(None) => info!(step = "end", "the end, OK"),
        Err(status) => log_status(place, status),
    }
    true
}

fn log_status(place: &'static str, status: &Status) {
    let (code, text) = (status.code(), status.message());
    let bytes = text.len();
    let shown: String = text.chars().take(SHOWN / 3).collect();
    match bytes {
        0 => info!(place, ?code, bytes, "{code:?}, without a text"),
        1..=SHOWN => info!(place, ?code, bytes, text, "{code:?}: {text}"),
        _ => info!(
            place,
            ?code,
            bytes,
            text = shown,
            "{code:?}, {bytes} bytes: {shown}…"
        ),
    }
}
