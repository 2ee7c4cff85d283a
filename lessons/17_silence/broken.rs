//! What goes wrong: a stream that waits for ever, and a limit that ends a quiet stream.

use tokio::time::timeout;
use tonic::transport::Channel;
use tonic::{Status, Streaming};
use tracing::info;
use workbook::proto::stocks::stock_service_client::StockServiceClient;
use workbook::proto::stocks::{StockPrice, StockRequest};

use super::price_log::log_price;
use super::times::LIMIT;

// ANCHOR: waits
/// Wrong: a stream that is open is not proof that the server is there.
pub async fn read(mut client: StockServiceClient<Channel>) -> Result<(), Status> {
    let mut prices = subscribe(&mut client).await?;
    while let Some(price) = prices.message().await? {
        log_price(&price);
    }
    Ok(())
}
// ANCHOR_END: waits

// ANCHOR: last_channel
/// Wrong: `client` has the last `Channel` of its connection, which is dropped here. The stream goes on, but
/// hyper now takes the connection for idle, and the keepalive sends no PINGs.
pub async fn subscribed(
    mut client: StockServiceClient<Channel>,
) -> Result<Streaming<StockPrice>, Status> {
    subscribe(&mut client).await
}
// ANCHOR_END: last_channel

// ANCHOR: idle
/// Wrong for prices: a server that has nothing to say looks like one that is dead.
pub async fn read_with_limit(mut client: StockServiceClient<Channel>) -> Result<(), Status> {
    let mut prices = subscribe(&mut client).await?;
    loop {
        match timeout(LIMIT, prices.message()).await {
            Err(_) => return Err(Status::unavailable("no price for 30 s")),
            Ok(price) => match price? {
                Some(price) => log_price(&price),
                None => return Ok(()),
            },
        }
    }
}
// ANCHOR_END: idle

/// The prices of the only symbol.
async fn subscribe(
    client: &mut StockServiceClient<Channel>,
) -> Result<Streaming<StockPrice>, Status> {
    info!(step = "subscribes", "GetRealTimePrices");
    let symbol = "ACME".to_owned();
    let prices = client.get_real_time_prices(StockRequest { symbol }).await?;
    Ok(prices.into_inner())
}
