//! A load balancer, which has to know where it can send calls.

use std::time::Duration;

use tokio::time::timeout;
use tonic_health::pb::HealthCheckRequest;
use tonic_health::pb::health_check_response::ServingStatus;
use tonic_health::pb::health_client::HealthClient;
use tracing::info;
use workbook::{Network, Outcome};

const HOUR: Duration = Duration::from_secs(60 * 60);

/// Watches the health of the prices, and disconnects when they are not served any more.
pub async fn balancer(network: Network) -> Outcome {
    watches(network, ServingStatus::NotServing).await
}

/// Watches the health of the prices, whatever it is, for an hour.
pub async fn watcher(network: Network) -> Outcome {
    let watching = watches(network, ServingStatus::Unknown);
    if let Ok(ended) = timeout(HOUR, watching).await {
        return ended;
    }
    info!(step = "disconnects", "disconnects");
    Ok(())
}

async fn watches(network: Network, until: ServingStatus) -> Outcome {
    let mut client = HealthClient::new(network.channel().await?);
    let service = "stocks.v1.StockService".to_owned();
    let mut health = client
        .watch(HealthCheckRequest { service })
        .await?
        .into_inner();
    while let Some(reply) = health.message().await? {
        let status = reply.status();
        info!(health = status.as_str_name(), "{}", status.as_str_name());
        if status == until {
            info!(
                step = "leaves",
                "sends its calls elsewhere, and disconnects"
            );
            return Ok(());
        }
    }
    info!(step = "watch_ends", "the watch ends with OK");
    Ok(())
}
