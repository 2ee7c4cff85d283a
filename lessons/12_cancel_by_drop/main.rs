//! Lesson 12, cancel by drop: what ends on the server when a client drops its call, and what does not.

mod broken;
mod check;
mod client;
mod exchange;
mod exercise;
mod fixed;
mod price;
mod subject;
mod ticker;

use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use tonic::transport::Server;
use tonic::transport::server::Router;
use workbook::proto::stocks::stock_service_server::{SERVICE_NAME, StockServiceServer};
use workbook::{Lesson, Live, Scene};

use exchange::{Exchange, Pace};
use subject::SUBJECT;
use ticker::{Follow, Ticker};

/// A price every half second, after an opening of 50 ms.
const PACE: Pace = Pace {
    opening: Duration::from_millis(50),
    tick: Duration::from_millis(500),
    prices: None,
};

const RACE: &str = "two timers fire close together, and over TCP their order is a race";

fn main() -> ExitCode {
    Lesson::new(
        "12_cancel_by_drop",
        "cancel by drop",
        &[SERVICE_NAME],
        fixed,
        || check::check(SUBJECT),
    )
    .mine(mine)
    .grpcurl(&[
        r#"-max-time 2 -d '{"symbol":"ACME"}' ADDR stocks.v1.StockService/GetRealTimePrices"#,
        r#"-d '{"symbol":"NONE"}' ADDR stocks.v1.StockService/GetRealTimePrices"#,
    ])
    .scene(Scene::new(
        "broken",
        "a task that ignores failed sends",
        broken,
        client::drop_response,
    ))
    .scene(Scene::new(
        "late",
        "a task that notices the disconnect at its next send",
        late,
        client::drop_response,
    ))
    .scene(
        Scene::new(
            "fixed",
            "a task that also waits for the disconnect",
            fixed,
            client::drop_response,
        )
        .for_any_server(),
    )
    .scene(Scene::new(
        "inline",
        "a stream without a task",
        inline,
        client::drop_response,
    ))
    .scene(
        Scene::new(
            "early",
            "the client drops the call before it is answered",
            inline,
            client::drop_call,
        )
        .live(Live::LabOnly(RACE)),
    )
    .run()
}

fn broken() -> Router {
    serve(Follow::IgnoringSends)
}

fn late() -> Router {
    serve(Follow::UntilASendFails)
}

fn fixed() -> Router {
    serve(Follow::UntilClosed)
}

fn inline() -> Router {
    serve(Follow::Inline)
}

fn serve(follow: Follow) -> Router {
    let exchange = Arc::new(Exchange::new(PACE));
    Server::builder().add_service(StockServiceServer::new(Ticker { exchange, follow }))
}

fn mine() -> Router {
    Server::builder().add_routes(SUBJECT(Arc::new(Exchange::new(PACE))))
}
