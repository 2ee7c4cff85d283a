//! The clients of this lesson's scenes.

use std::time::Duration;

use futures::future::join;
use tokio::time::{sleep, timeout};
use tonic::transport::{Channel, Endpoint};
use tonic::{Code, Status, Streaming};
use tracing::info;
use workbook::proto::greeter::SayHiRequest;
use workbook::proto::greeter::greeter_service_client::GreeterServiceClient;
use workbook::proto::stocks::stock_service_client::StockServiceClient;
use workbook::proto::stocks::{StockPrice, StockRequest};
use workbook::{Failure, Network, Outcome};

const HOUR: Duration = Duration::from_secs(60 * 60);
/// When the greeting is asked for: shortly before the server is asked to end.
const ASKS: Duration = Duration::from_millis(900);
/// Until a client has heard of the other server.
const LONG_ENOUGH: Duration = Duration::from_millis(2_500);
/// Room for two prices and a part of the third, in bytes.
const WINDOW: u32 = 50;

/// Follows the prices, and asks for a greeting meanwhile.
pub async fn two_calls(network: Network) -> Outcome {
    let channel = network.channel().await?;
    let prices = subscribe(channel.clone()).await?;
    let greeting = async {
        sleep(ASKS).await;
        greet(channel).await;
    };
    join(follow(prices), greeting).await;
    Ok(())
}

/// Follows the prices for an hour, and disconnects.
pub async fn an_hour(network: Network) -> Outcome {
    follows_for(network, HOUR).await
}

/// Follows the prices for ten seconds, and disconnects.
pub async fn ten_seconds(network: Network) -> Outcome {
    follows_for(network, Duration::from_secs(10)).await
}

async fn follows_for(network: Network, limit: Duration) -> Outcome {
    let prices = subscribe(network.channel().await?).await?;
    if timeout(limit, follow(prices)).await.is_err() {
        info!(step = "disconnects", "disconnects");
    }
    // Until the connection's own task has said so.
    network.sleep(Duration::from_millis(10)).await;
    Ok(())
}

/// Does not read for an hour.
pub async fn away(network: Network) -> Outcome {
    let narrow = |endpoint: Endpoint| endpoint.initial_stream_window_size(WINDOW);
    let prices = subscribe(network.channel_with(narrow).await?).await?;
    network.sleep(HOUR).await;
    info!(step = "reads", "reads");
    follow(prices).await;
    Ok(())
}

/// Reads three prices, and disconnects.
pub async fn three_prices(network: Network) -> Outcome {
    let mut prices = subscribe(network.channel().await?).await?;
    // Not the exchange's numbers: how many it has counted when the client comes is a matter of time.
    for got in 1..=3 {
        if prices.message().await?.is_none() {
            break;
        }
        info!(got, "price {got} of three");
    }
    Ok(())
}

/// Opens a connection and sends nothing over it for an hour.
pub async fn silent(network: Network) -> Outcome {
    let connection = network.connect("exchange").await;
    let connection = connection.map_err(|error| Failure::Other(error.to_string()))?;
    network.sleep(HOUR).await;
    info!(step = "disconnects", "disconnects");
    drop(connection);
    network.sleep(Duration::from_millis(10)).await;
    Ok(())
}

// ANCHOR: elsewhere
/// Follows the prices at one server, and goes to the other when it is told to.
pub async fn elsewhere(network: Network) -> Outcome {
    let following = async {
        for server in ["one", "two"] {
            info!(server, "subscribes at {server}");
            let channel = network.channel_to(server, |endpoint| endpoint).await?;
            let prices = subscribe(channel).await?;
            if follow(prices).await != Some(Code::Unavailable) {
                // Another end is not for another server to repair.
                break;
            }
        }
        Ok(())
    };
    // The prices at the other server do not end.
    timeout(LONG_ENOUGH, following).await.unwrap_or(Ok(()))
}
// ANCHOR_END: elsewhere

/// Follows the prices while its connection becomes old, and calls again at these times.
pub async fn while_it_ages(network: Network) -> Outcome {
    let channel = network.channel().await?;
    let prices = subscribe(channel.clone()).await?;
    let calls = async {
        sleep(Duration::from_millis(5_900)).await;
        for _ in 0..2 {
            greet(channel.clone()).await;
        }
    };
    // A stream that is still open then goes on for ever.
    let (_, ()) = join(timeout(Duration::from_secs(10), follow(prices)), calls).await;
    Ok(())
}

async fn subscribe(channel: Channel) -> Result<Streaming<StockPrice>, Status> {
    let mut client = StockServiceClient::new(channel);
    let symbol = "ACME".to_owned();
    let prices = client.get_real_time_prices(StockRequest { symbol }).await?;
    Ok(prices.into_inner())
}

/// Reads to the end; the code with which it ended, or `None` for OK.
async fn follow(mut prices: Streaming<StockPrice>) -> Option<Code> {
    loop {
        match prices.message().await {
            Ok(Some(StockPrice { timestamp, .. })) => info!(price = timestamp, "price {timestamp}"),
            Ok(None) => {
                info!(step = "end", "the prices end with OK");
                return None;
            }
            Err(status) => {
                log_end(&status);
                return Some(status.code());
            }
        }
    }
}

async fn greet(channel: Channel) {
    let name = "Ada".to_owned();
    info!(step = "asks", "asks for a greeting");
    match GreeterServiceClient::new(channel)
        .say_hi(SayHiRequest { name })
        .await
    {
        Ok(reply) => info!(greeting = "OK", "{}", reply.into_inner().message),
        Err(status) => info!(
            greeting = ?status.code(),
            "no greeting: {:?}: {}",
            status.code(),
            status.message()
        ),
    }
}

fn log_end(status: &Status) {
    info!(code = ?status.code(), "{:?}: {}", status.code(), status.message());
}
