//! The clients that send much, and that are sent much.

use std::time::Duration;

use futures::future::{Either, join_all, select};
use futures::stream;
use tonic::metadata::{Ascii, MetadataValue};
use tonic::transport::Channel;
use tonic::{Request, Status, Streaming};
use tracing::info;
use workbook::proto::files::FileChunk;
use workbook::proto::files::file_service_client::FileServiceClient;
use workbook::proto::stocks::stock_service_client::StockServiceClient;
use workbook::proto::stocks::{StockPrice, StockRequest};
use workbook::{Failure, Network, Outcome};

use super::client::say_hi;

/// An upload: so many chunks of so many bytes.
const CHUNKS: usize = 16;
const CHUNK: usize = 100_000;
/// How long a greeting may take.
const TIMEOUT: Duration = Duration::from_secs(5);
/// What a client puts into metadata that has a token, a trace and some baggage, in bytes.
const BAGGAGE: usize = 20_000;
/// So much of a text is shown.
const SHOWN: usize = 40;

// ANCHOR: upload
/// One upload, and a greeting beside it.
pub async fn upload(network: Network) -> Outcome {
    beside_uploads(&network.channel().await?, 1).await;
    Ok(())
}
// ANCHOR_END: upload

/// As many uploads as there are permits, and one more.
pub async fn five_uploads(network: Network) -> Outcome {
    beside_uploads(&network.channel().await?, 5).await;
    Ok(())
}

async fn beside_uploads(channel: &Channel, uploads: usize) {
    let uploads = join_all((1..=uploads).map(|number| upload_file(channel, number)));
    let greeting = async {
        // One turn for the uploads to begin.
        tokio::time::sleep(Duration::from_millis(100)).await;
        say_hi(channel, Some(TIMEOUT)).await;
    };
    // The uploads go on meanwhile.
    match select(Box::pin(uploads), Box::pin(greeting)).await {
        Either::Left((_, greeting)) => greeting.await,
        Either::Right(((), uploads)) => {
            uploads.await;
        }
    }
}

async fn upload_file(channel: &Channel, number: usize) {
    let chunk = FileChunk {
        data: vec![0; CHUNK],
        ..FileChunk::default()
    };
    let chunks = stream::iter(std::iter::repeat_n(chunk, CHUNKS));
    info!("upload {number}: {CHUNKS} chunks of {CHUNK} bytes");
    let mut client = FileServiceClient::new(channel.clone());
    match client.upload_file(chunks).await {
        Ok(done) => {
            let bytes = done.into_inner().total_size;
            info!(
                uploaded = bytes,
                "upload {number}: {bytes} bytes are stored"
            );
        }
        Err(status) => {
            let (code, text) = (status.code(), status.message());
            info!(upload_code = ?code, text, "upload {number}: {code:?}: {text}");
        }
    }
}

// ANCHOR: texts
/// Asks for symbols that the server refuses at length, beside a stream that has nothing to do with them.
pub async fn texts(network: Network) -> Outcome {
    let channel = network.channel().await?;
    metadata(&channel).await?;
    let mut neighbour = prices_of(&channel, "ACME").await?;
    log_price(&neighbour.message().await);
    for symbol in ["NONE", "HALT", "BOOK"] {
        info!("asks for {symbol}");
        match prices_of(&channel, symbol).await {
            Ok(mut prices) => while !log_price(&prices.message().await) {},
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
        Ok(_) => info!(step = "metadata", "the call is answered"),
        Err(status) => log_status("metadata", &status),
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
fn log_price(item: &Result<Option<StockPrice>, Status>) -> bool {
    match item {
        Ok(Some(price)) => {
            info!("got a price of {}", price.symbol);
            return false;
        }
        Ok(None) => info!(step = "end", "the end, OK"),
        Err(status) => log_status("in_stream", status),
    }
    true
}

fn log_status(place: &'static str, status: &Status) {
    let (code, text) = (status.code(), status.message());
    let bytes = text.len();
    let shown: String = text.chars().take(SHOWN).collect();
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
