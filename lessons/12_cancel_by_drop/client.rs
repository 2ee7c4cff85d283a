//! The clients of this lesson's scenes: they leave.

use std::time::Duration;

use tokio::time::{sleep, timeout};
use tonic::transport::Channel;
use tracing::info;
use workbook::proto::stocks::StockRequest;
use workbook::proto::stocks::stock_service_client::StockServiceClient;
use workbook::{Failure, Network, Outcome};

/// Between two prices.
const A_QUARTER: Duration = Duration::from_millis(250);

/// While the server is still opening the feed.
const EARLY: Duration = Duration::from_millis(20);

/// Time to see what goes on.
const AFTERWARDS: Duration = Duration::from_secs(2);

// ANCHOR: leave
pub async fn leave(network: Network) -> Outcome {
    let mut client = connected(&network).await?;
    let mut prices = client.get_real_time_prices(acme()).await?.into_inner();
    for number in 1..=2 {
        if prices.message().await?.is_some() {
            info!("got price {number}");
        }
    }
    sleep(A_QUARTER).await;
    info!("leaves");
    drop(prices);
    sleep(AFTERWARDS).await;
    info!("two seconds later");
    Ok(())
}
// ANCHOR_END: leave

// ANCHOR: early
pub async fn leave_early(network: Network) -> Outcome {
    let mut client = connected(&network).await?;
    // When the time is up, `timeout` drops the call's future. Nobody has answered it yet.
    if timeout(EARLY, client.get_real_time_prices(acme()))
        .await
        .is_err()
    {
        info!("leaves");
    }
    sleep(AFTERWARDS).await;
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
