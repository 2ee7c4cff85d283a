//! Lesson 17, silence: a peer that says nothing is quiet, or gone.

mod broken;
mod check;
mod client;
mod exercise;
mod fixed;
mod market;
mod price_log;
mod proxy;
mod quotes;
mod subject;
mod times;

use std::process::ExitCode;

use tonic::transport::Server;
use tonic::transport::server::Router;
use workbook::proto::stocks::quote_service_server::{self, QuoteServiceServer};
use workbook::proto::stocks::stock_service_server::{self, StockServiceServer};
use workbook::{Lesson, Live, Network, Outcome, Scene};

use market::Market;
use subject::SUBJECT;
use times::{OFTEN, PROXY_INTERVAL, RARELY, TIMEOUT};

const FAULT: &str = "only the lab can lose what crosses a link";
const LONG: &str = "it takes minutes, which only the lab's clock can skip";
/// Frames and lines that differ only in numbers are shown this often.
const ELIDED: usize = 2;

fn main() -> ExitCode {
    Lesson::new(
        "17_silence",
        "silence",
        &[
            quote_service_server::SERVICE_NAME,
            stock_service_server::SERVICE_NAME,
        ],
        quiet,
        || check::check(SUBJECT),
    )
    .grpcurl(&[
        r#"-d '{"subscribe":{"symbol":"ACME"}}' ADDR stocks.v1.QuoteService/Watch"#,
        r#"-d '{"subscribe":{"symbol":"NONE"}}' ADDR stocks.v1.QuoteService/Watch"#,
    ])
    .scene(lost(
        "broken",
        "a black hole, and no keepalive",
        quiet,
        client::without_keepalive,
    ))
    .scene(lost(
        "client_keepalive",
        "the client has a keepalive, the server has none",
        quiet,
        client::with_keepalive_alone,
    ))
    .scene(lost(
        "no_headers",
        "the same, before the call is answered",
        || serve(Server::builder(), Market::Stuck),
        client::with_keepalive,
    ))
    .scene(lost(
        "last_channel",
        "a keepalive, and the last Channel is dropped",
        quiet,
        client::without_channel,
    ))
    .scene(lost(
        "server_keepalive",
        "the server has a keepalive, the client has none",
        || serve(fixed::server_keepalive(), Market::Quiet),
        client::without_keepalive,
    ))
    .scene(lost(
        "upload",
        "an upload, and a keepalive on both sides",
        || serve(fixed::server_keepalive(), Market::Quiet),
        client::uploads,
    ))
    .scene(lost(
        "one_way",
        "only what the client sends is lost",
        || serve(Server::builder(), Market::Every(OFTEN)),
        client::one_way,
    ))
    .scene(long(
        "stuck",
        "the connection is well, the handler is stuck",
        || serve(Server::builder(), Market::Stuck),
        client::stuck,
    ))
    .scene(long(
        "idle_limit",
        "a limit of 30 s, and a price a minute",
        || serve(Server::builder(), Market::Every(RARELY)),
        client::with_limit,
    ))
    .scene(lost(
        "heartbeats",
        "heartbeats in both directions, and a black hole",
        quiet,
        client::watches,
    ))
    .scene(long(
        "stuck_heartbeats",
        "the same, and a client that expects heartbeats",
        || serve(Server::builder(), Market::Stuck),
        client::watches_stuck,
    ))
    .scene(proxied(
        "proxy",
        "PINGs of both sides, and a proxy between them",
        || {
            let server = Server::builder()
                .http2_keepalive_interval(Some(PROXY_INTERVAL))
                .http2_keepalive_timeout(Some(TIMEOUT));
            serve(server, Market::Quiet)
        },
        client::through_proxy,
    ))
    .scene(proxied(
        "proxy_heartbeats",
        "heartbeats through the same proxy",
        quiet,
        client::watches_through_proxy,
    ))
    .scene(Scene::new("leaves", "a subscriber that leaves", quiet, client::leaves).for_any_server())
    .run()
}

/// A scene in which the link loses what is sent.
fn lost<F>(
    name: &'static str,
    title: &'static str,
    server: fn() -> Router,
    client: fn(Network) -> F,
) -> Scene
where
    F: Future<Output = Outcome> + 'static,
{
    Scene::new(name, title, server, client)
        .elide_after(ELIDED)
        .live(Live::LabOnly(FAULT))
}

/// A scene in which the link is sound, and much time passes.
fn long<F>(
    name: &'static str,
    title: &'static str,
    server: fn() -> Router,
    client: fn(Network) -> F,
) -> Scene
where
    F: Future<Output = Outcome> + 'static,
{
    lost(name, title, server, client).live(Live::LabOnly(LONG))
}

/// A scene with a proxy.
fn proxied<F>(
    name: &'static str,
    title: &'static str,
    server: fn() -> Router,
    client: fn(Network) -> F,
) -> Scene
where
    F: Future<Output = Outcome> + 'static,
{
    Scene::with_cast(name, title)
        .client("client", client)
        .relay("proxy", proxy::proxy)
        .server("server", server)
        .elide_after(ELIDED)
        .live(Live::LabOnly(LONG))
}

fn quiet() -> Router {
    serve(Server::builder(), Market::Quiet)
}

fn serve(mut server: Server, market: Market) -> Router {
    server
        .add_service(QuoteServiceServer::new(market))
        .add_service(StockServiceServer::new(market))
}
