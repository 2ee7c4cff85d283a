//! Lesson 12, cancel by drop: what ends on the server when a client lets go, and what does not.

mod broken;
mod check;
mod client;
mod exchange;
mod exercise;
mod fixed;
mod ticker;

use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use tonic::transport::Server;
use tonic::transport::server::Router;
use workbook::proto::stocks::stock_service_server::{SERVICE_NAME, StockServiceServer};
use workbook::{Lesson, Live, Scene};

use exchange::{Exchange, Pace};
use ticker::{Follow, Ticker};

/// A price each half second, after an opening of 50 ms.
const PACE: Pace = Pace {
    opening: Duration::from_millis(50),
    tick: Duration::from_millis(500),
    prices: None,
};

const CLOSE: &str = "two clocks run close together, and over TCP that is a race";

fn main() -> ExitCode {
    Lesson::new(
        "12_cancel_by_drop",
        "cancel by drop",
        &[SERVICE_NAME],
        fixed,
        check::check,
    )
    .mine(mine)
    .grpcurl(&[
        r#"-max-time 2 -d '{"symbol":"ACME"}' ADDR stocks.v1.StockService/GetRealTimePrices"#,
        r#"-d '{"symbol":"NONE"}' ADDR stocks.v1.StockService/GetRealTimePrices"#,
    ])
    .scene(Scene::new(
        "broken",
        "a task that ignores whether anybody listens",
        broken,
        client::leave,
    ))
    .scene(Scene::new(
        "late",
        "a task that learns of it at its next send",
        late,
        client::leave,
    ))
    .scene(
        Scene::new(
            "fixed",
            "a task that waits for the client to leave, too",
            fixed,
            client::leave,
        )
        .for_any_server(),
    )
    .scene(Scene::new(
        "inline",
        "a stream without a task",
        inline,
        client::leave,
    ))
    .scene(
        Scene::new(
            "early",
            "the client leaves before it is answered",
            inline,
            client::leave_early,
        )
        .live(Live::LabOnly(CLOSE)),
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
    let exchange = Arc::new(Exchange::new(PACE));
    Server::builder().add_service(StockServiceServer::new(exercise::Ticker { exchange }))
}
