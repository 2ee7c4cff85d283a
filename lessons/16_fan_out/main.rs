//! Lesson 16, fan out: one producer, many subscribers, and one of them does not read.

mod broken;
mod check;
mod client;
mod days;
mod exchange;
mod exercise;
mod fixed;
mod service;
mod subject;
mod trade;

use std::process::ExitCode;
use std::sync::Arc;

use tonic::transport::Server;
use tonic::transport::server::Router;
use workbook::proto::stocks::trade_service_server::{SERVICE_NAME, TradeServiceServer};
use workbook::{Lesson, Live, Scene};

use days::{AGE, DAY, KEEPALIVE, LONG, SHORT};
use exchange::{Day, Exchange, FanOut};
use subject::SUBJECT;

const HOUR: &str = "the client does not read for an hour, which only the lab's clock can skip";
const RACE: &str = "over TCP the kernel's buffers hold trades, too, and timers race";

fn main() -> ExitCode {
    Lesson::new("16_fan_out", "fan out", &[SERVICE_NAME], open, || {
        check::check(SUBJECT)
    })
    .grpcurl(&[
        r#"-d '{"symbol":"ACME"}' ADDR stocks.v1.TradeService/GetTrades"#,
        r#"-d '{"symbol":"NONE"}' ADDR stocks.v1.TradeService/GetTrades"#,
    ])
    .scene(of_two(
        "broken",
        "a lag that ends the stream with OK",
        || {
            serve(DAY, || {
                Arc::new(fixed::Broadcast::new(broken::while_let_ok))
            })
        },
    ))
    .scene(of_two("hole", "a lag that is ignored", || {
        serve(DAY, || {
            Arc::new(fixed::Broadcast::new(broken::ignoring_lag))
        })
    }))
    .scene(of_two(
        "gap",
        "the next trade says how many are missing",
        || serve(DAY, || Arc::new(fixed::Broadcast::new(fixed::with_gap))),
    ))
    .scene(of_two("error", "all trades, or an error", || {
        serve(DAY, || Arc::new(fixed::Broadcast::new(fixed::all_or_error)))
    }))
    .scene(
        Scene::with_cast("newest", "only the newest trade is kept")
            .client("slow", client::slow)
            .server("exchange", || {
                serve(DAY, || Arc::new(fixed::Newest::default()))
            })
            .elide_after(ELIDED)
            .live(Live::LabOnly(RACE)),
    )
    .scene(of_two(
        "disconnect",
        "a subscriber whose queue is full is given up",
        || serve(DAY, || Arc::new(fixed::Disconnect::default())),
    ))
    .scene(of_away(
        "unread",
        "the same, and the client does not read for an hour",
        || {
            let (interval, patience) = KEEPALIVE;
            Server::builder()
                .http2_keepalive_interval(Some(interval))
                .http2_keepalive_timeout(Some(patience))
                .add_service(service(DAY, || Arc::new(fixed::Disconnect::default())))
        },
    ))
    .scene(of_away(
        "cut",
        "only the end of the connection ends the stream",
        || {
            let (age, grace) = AGE;
            Server::builder()
                .max_connection_age(age)
                .max_connection_age_grace(grace)
                .add_service(service(DAY, || Arc::new(fixed::Disconnect::default())))
        },
    ))
    .scene(of_two(
        "gives_up",
        "an error that the task gives up on",
        || serve(DAY, || Arc::new(fixed::Broadcast::new(broken::giving_up))),
    ))
    .scene(of_two(
        "in_turn",
        "a loop that awaits each subscriber in turn",
        || serve(DAY, || Arc::new(broken::InTurn::default())),
    ))
    .scene(of_two(
        "unbounded",
        "an unbounded queue for each subscriber",
        || serve(DAY, || Arc::new(broken::Unbounded::default())),
    ))
    .scene(
        Scene::with_cast(
            "windows",
            "HTTP/2 holds two thousand trades before there is a lag",
        )
        .client("slow", client::slow_with_defaults)
        .server("exchange", || {
            serve(LONG, || Arc::new(fixed::Broadcast::new(fixed::with_gap)))
        })
        .elide_after(ELIDED)
        .live(Live::LabOnly(RACE)),
    )
    .scene(
        Scene::new(
            "keeps_up",
            "a subscriber that reads at once misses nothing",
            open,
            client::fast,
        )
        .for_any_server(),
    )
    .run()
}

/// Frames and lines that differ only in numbers are shown this often.
const ELIDED: usize = 2;

/// A scene with a fast and a slow subscriber.
fn of_two(name: &'static str, title: &'static str, exchange: fn() -> Router) -> Scene {
    Scene::with_cast(name, title)
        .client("fast", client::fast)
        .client("slow", client::slow)
        .server("exchange", exchange)
        .elide_after(ELIDED)
        .live(Live::LabOnly(RACE))
}

/// A scene with a subscriber that does not read for an hour.
fn of_away(name: &'static str, title: &'static str, exchange: fn() -> Router) -> Scene {
    Scene::with_cast(name, title)
        .client("away", client::away)
        .server("exchange", exchange)
        .elide_after(ELIDED)
        .live(Live::LabOnly(HOUR))
}

fn open() -> Router {
    serve(SHORT, || {
        Arc::new(fixed::Broadcast::new(fixed::all_or_error))
    })
}

fn serve(day: Day, fan_out: fn() -> Arc<dyn FanOut>) -> Router {
    Server::builder().add_service(service(day, fan_out))
}

fn service(day: Day, fan_out: fn() -> Arc<dyn FanOut>) -> TradeServiceServer<Exchange> {
    TradeServiceServer::new(Exchange::new(day, fan_out))
}
