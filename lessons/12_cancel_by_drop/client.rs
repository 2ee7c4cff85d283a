//! The clients of this lesson's scenes: they drop the response, or the call.

use std::time::Duration;

use tokio::time::{sleep, timeout};
use tonic::transport::Channel;
use tracing::info;
use workbook::proto::stocks::StockRequest;
use workbook::proto::stocks::stock_service_client::StockServiceClient;
use workbook::{Failure, Network, Outcome};

/// From the second price to the drop: half of the time to the third.
const DROPS_AFTER: Duration = Duration::from_millis(250);

/// The client drops the call while the server is still opening the feed.
const CALL_TIMEOUT: Duration = Duration::from_millis(20);

/// How long the scene watches what the server still does.
const WATCHED_FOR: Duration = Duration::from_secs(2);

// ANCHOR: leave
pub async fn drop_response(network: Network) -> Outcome {
    let mut client = connected(&network).await?;
    let mut prices = client.get_real_time_prices(acme()).await?.into_inner();
    for number in 1..=2 {
        if prices.message().await?.is_some() {
            info!(price = number, "got price {number}");
        }
    }
    sleep(DROPS_AFTER).await;
    info!(step = "drops", "drops the response");
    drop(prices);
    sleep(WATCHED_FOR).await;
    info!("two seconds later");
    Ok(())
}
// ANCHOR_END: leave

// ANCHOR: early
pub async fn drop_call(network: Network) -> Outcome {
    let mut client = connected(&network).await?;
    // `timeout` drops the call's future, and the server has not answered it yet.
    if timeout(CALL_TIMEOUT, client.get_real_time_prices(acme()))
        .await
        .is_err()
    {
        info!(step = "drops", "drops the call");
    }
    sleep(WATCHED_FOR).await;
    info!("two seconds later");
    Ok(())
}
// ANCHOR_END: early

fn acme() -> StockRequest {
    let symbol = "ACME".to_owned();
    StockRequest { symbol }
}

async fn connected(network: &Network) -> Result<StockServiceClient<Channel>, Failure> {
    Ok(StockServiceClient::new(network.channel().await?))
}
