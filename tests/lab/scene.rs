//! A scene with several hosts, seen in all its views: transcript, JSON and picture.
//!
//! Ada follows two servers, a connection each with a stream #1. What `west` sends her disappears after
//! half a second, and her keepalive finds out; `east` is restarted, and she follows it again.

use std::time::Duration;

use futures::StreamExt as _;
use futures::stream::{self, BoxStream};
use run_views::picture::Picture;
use run_views::run_from_json;
use tokio::time::{sleep, timeout};
use tonic::transport::{Endpoint, Server};
use tonic::{Request, Response, Status};
use tracing::info;
use workbook::proto::stocks::stock_service_client::StockServiceClient;
use workbook::proto::stocks::stock_service_server::{StockService, StockServiceServer};
use workbook::proto::stocks::{StockPrice, StockRequest};
use workbook::run::{Run, text};
use workbook::{HostRouter, Network, Outcome, Scene};

use super::json::json;
use crate::support::snapshot;

const TICK: Duration = Duration::from_millis(200);
/// The client asks for a sign of life after this much silence, and waits as long for it.
const KEEPALIVE: Duration = Duration::from_secs(1);
/// Ada looks at her servers for so long.
const WATCHED_FOR: Duration = Duration::from_millis(3300);

struct Ticker;

#[tonic::async_trait]
impl StockService for Ticker {
    type GetRealTimePricesStream = BoxStream<'static, Result<StockPrice, Status>>;

    async fn get_real_time_prices(
        &self,
        request: Request<StockRequest>,
    ) -> Result<Response<Self::GetRealTimePricesStream>, Status> {
        let symbol = request.into_inner().symbol;
        info!("is asked for {symbol}");
        let prices = stream::iter(1_u32..=20).then(move |number| {
            let symbol = symbol.clone();
            async move {
                sleep(TICK).await;
                Ok(StockPrice {
                    symbol,
                    price: f64::from(number),
                    ..StockPrice::default()
                })
            }
        });
        Ok(Response::new(prices.boxed()))
    }
}

fn ticker(network: &Network) -> HostRouter {
    Server::builder()
        .layer(network.layer())
        .add_service(StockServiceServer::new(Ticker))
}

async fn follow(network: Network, server: &'static str) -> Outcome {
    let alive = |endpoint: Endpoint| {
        endpoint
            .http2_keep_alive_interval(KEEPALIVE)
            .keep_alive_timeout(KEEPALIVE)
    };
    let channel = network.channel_to(server, alive).await?;
    let symbol = "ACME".to_owned();
    // Held until the stream has ended: a connection without a channel sends no keepalive.
    let mut client = StockServiceClient::new(channel);
    let asked = client.get_real_time_prices(StockRequest { symbol });
    let mut prices = asked.await?.into_inner();
    loop {
        match prices.message().await {
            Ok(Some(price)) => info!(price = price.price, "{server}: {}", price.price),
            Ok(None) => return Ok(()),
            Err(status) => {
                info!("{server}: {:?}", status.code());
                return Ok(());
            }
        }
    }
}

async fn ada(network: Network) -> Outcome {
    let followed = async {
        follow(network.clone(), "east").await?;
        follow(network.clone(), "east").await
    };
    let faults = async {
        network.sleep(TICK * 5 / 2).await;
        if let Some(lab) = network.in_lab() {
            info!("what west sends disappears");
            lab.link("ada", "west").partition_oneway("west");
            network.sleep(TICK).await;
            info!("east is restarted");
            if let Err(error) = lab.bounce("east") {
                info!("{error}");
            }
        }
    };
    let all = async { tokio::join!(followed, follow(network.clone(), "west"), faults) };
    let _cut = timeout(WATCHED_FOR, all).await;
    info!("has seen enough");
    Ok(())
}

fn scene() -> Scene {
    Scene::with_cast("many", "two servers, a restart and a one-way black hole")
        .server_at("east", ticker)
        .client("ada", ada)
        .server_at("west", ticker)
}

fn recorded() -> Run {
    scene().record().expect("the scene plays")
}

#[test]
fn several_hosts_and_connections_are_told_apart_in_every_view() {
    let run = recorded();
    let [scene] = run.scenes.as_slice() else {
        panic!("one scene is played")
    };
    snapshot("lab.many", &text(scene, false).0);
    snapshot("lab.many.wire", &text(scene, true).0);
    let picture = Picture::of(scene, true);
    assert_eq!(picture.faults(), Vec::<String>::new());
    snapshot("lab.many.wire.svg", &picture.svg());
    snapshot("lab.many.json", &json(&run));
}

#[test]
fn a_run_is_the_same_every_time_and_comes_back_from_its_json() {
    let first = recorded();
    let written = json(&first);
    for _ in 0..5 {
        assert_eq!(json(&recorded()), written);
    }
    let read = run_from_json(&written).expect("it was written by Json");
    assert_eq!(json(&read), written);
    let broken = run_from_json("{\"type\":\"scene\"}\n").expect_err("a name is missing");
    assert!(broken.starts_with("line 1: "), "{broken}");
}
