//! Lesson 19, shutdown: what a signal ends, and what it does not.

mod balancer;
mod broken;
mod check;
mod client;
mod exchange;
mod exercise;
mod fixed;
mod programs;
mod subject;

use std::process::ExitCode;
use std::time::Duration;

use tonic::transport::Server;
use tonic::transport::server::Router;
use workbook::graceful::Shutdown;
use workbook::proto::stocks::stock_service_server::{SERVICE_NAME, StockServiceServer};
use workbook::{Lesson, Live, Scene};

use exchange::Exchange;
use programs::PAUSE;
use subject::SUBJECT;

/// Lines and frames that differ only in numbers are shown this often.
const ELIDED: usize = 6;

const HOUR: Live = Live::LabOnly("it lasts an hour, which only the lab's clock can skip");
const ONE_PROCESS: Live =
    Live::LabOnly("live, one process plays all hosts, so the server's cannot end alone");
const RACE: Live =
    Live::LabOnly("on a busy machine the client's timer and the server's answers race");
const BEFORE_THE_AGE: Live = Live::CutAfter(Duration::from_secs(2));

fn main() -> ExitCode {
    Lesson::new("19_shutdown", "shutdown", &[SERVICE_NAME], plain, || {
        check::check(SUBJECT)
    })
    .served_by(|network| prices(network.shutdown().clone()))
    .grpcurl(&[
        r#"-max-time 2 -d '{"symbol":"ACME"}' ADDR stocks.v1.StockService/GetRealTimePrices"#,
        r#"-d '{"service":"stocks.v1.StockService"}' ADDR grpc.health.v1.Health/Check"#,
    ])
    .scene(
        cast(
            "hang",
            "a graceful shutdown waits for a stream that has no end",
        )
        .client("client", client::an_hour)
        .program("exchange", programs::for_ever)
        .live(HOUR),
    )
    .scene(
        cast("abort", "an end in the instant of the signal")
            .client("client", client::two_calls)
            .program("exchange", programs::at_once)
            .live(ONE_PROCESS),
    )
    .scene(
        cast("in_order", "health, GOAWAY, streams, and the last call")
            .client("client", client::two_calls)
            .client("balancer", balancer::balancer)
            .program("exchange", programs::in_order)
            .live(RACE),
    )
    .scene(
        cast("unread", "a client that does not read is not told")
            .client("client", client::away)
            .program("exchange", programs::tells_only)
            .live(HOUR),
    )
    .scene(
        cast("dropped", "a deadline that drops the future that serves")
            .client("client", client::ten_seconds)
            .program("exchange", programs::drops)
            .live(RACE),
    )
    .scene(
        cast("deadline", "a deadline that ends the process")
            .client("client", client::away)
            .program("exchange", programs::in_order)
            .live(HOUR),
    )
    .scene(
        cast("silent", "a connection that never sent a byte")
            .client("client", client::silent)
            .program("exchange", programs::for_ever)
            .live(HOUR),
    )
    .scene(
        cast("silent_deadline", "the same, and a deadline")
            .client("client", client::silent)
            .program("exchange", programs::in_order)
            .live(HOUR),
    )
    .scene(
        cast("watched", "a load balancer that watches the health")
            .client("balancer", balancer::watcher)
            .program("exchange", programs::with_health)
            .live(HOUR),
    )
    .scene(
        cast("watch_ends", "the same, and the statuses are removed")
            .client("balancer", balancer::watcher)
            .program("exchange", programs::in_order)
            .live(HOUR),
    )
    .scene(
        cast("elsewhere", "the client goes on at another server")
            .client("client", client::elsewhere)
            .program("one", programs::one)
            .server_at("two", programs::two),
    )
    .scene(
        cast("age", "an age that ends no stream")
            .client("client", client::while_it_ages)
            .server_at("exchange", programs::with_age)
            .live(BEFORE_THE_AGE),
    )
    .scene(
        cast("grace", "an age with a grace, which gives no notice")
            .client("client", client::while_it_ages)
            .server_at("exchange", programs::with_grace)
            .live(BEFORE_THE_AGE),
    )
    .scene(Scene::new("prices", "three prices", plain, client::three_prices).for_any_server())
    .run()
}

fn cast(name: &'static str, title: &'static str) -> Scene {
    Scene::with_cast(name, title).elide_after(ELIDED)
}

fn plain() -> Router {
    prices(Shutdown::default())
}

fn prices(shutdown: Shutdown) -> Router {
    let exchange = Exchange::opens(PAUSE, shutdown);
    Server::builder().add_service(StockServiceServer::new(exchange))
}
