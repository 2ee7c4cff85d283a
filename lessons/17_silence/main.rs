//! Lesson 17, silence: a peer that says nothing is quiet, or gone.

mod broken;
mod check;
mod client;
mod exercise;
mod fixed;
mod idle;
mod market;
mod price_log;
mod proxy;
mod quotes;
mod subject;
mod times;
mod watcher;

use std::process::ExitCode;

use tonic::transport::Server;
use tonic::transport::server::Router;
use workbook::proto::stocks::quote_service_server::{self, QuoteServiceServer};
use workbook::proto::stocks::stock_service_server::{self, StockServiceServer};
use workbook::{HostRouter, Lesson, Live, Network, Outcome, Scene};

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
        open,
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
        |network| counted(network, Server::builder(), Market::Stuck),
        client::with_keepalive,
    ))
    .scene(lost(
        "last_channel",
        "a keepalive, and the last Channel is dropped",
        quiet,
        client::without_channel,
    ))
    .scene(lost(
        "last_channel_idle",
        "the same, and a keepalive for idle connections",
        quiet,
        client::without_channel_idle,
    ))
    .scene(lost(
        "idle",
        "a connection that dies while no call is open",
        quiet,
        idle::with_keepalive,
    ))
    .scene(lost(
        "while_idle",
        "the same, and a keepalive for idle connections",
        quiet,
        idle::with_idle_keepalive,
    ))
    .scene(lost(
        "server_keepalive",
        "the server has a keepalive, the client has none",
        |network| counted(network, fixed::server_keepalive(), Market::Quiet),
        client::without_keepalive,
    ))
    .scene(lost(
        "upload",
        "an upload, and a keepalive on both sides",
        |network| counted(network, fixed::server_keepalive(), Market::Quiet),
        client::uploads,
    ))
    .scene(lost(
        "one_way",
        "only what the client sends is lost",
        |network| counted(network, Server::builder(), Market::Every(OFTEN)),
        client::one_way,
    ))
    .scene(long(
        "stuck",
        "the connection is well, the handler is stuck",
        |network| counted(network, Server::builder(), Market::Stuck),
        client::stuck,
    ))
    .scene(long(
        "idle_limit",
        "a limit of 30 s, and a price a minute",
        |network| counted(network, Server::builder(), Market::Every(RARELY)),
        client::with_limit,
    ))
    .scene(lost(
        "heartbeats",
        "heartbeats in both directions, and a black hole",
        quiet,
        watcher::watches,
    ))
    .scene(long(
        "stuck_heartbeats",
        "the same, and a client that expects heartbeats",
        |network| counted(network, Server::builder(), Market::Stuck),
        watcher::watches_stuck,
    ))
    .scene(proxied(
        "proxy",
        "PINGs of both sides, and a proxy between them",
        |network| {
            let server = Server::builder()
                .http2_keepalive_interval(Some(PROXY_INTERVAL))
                .http2_keepalive_timeout(Some(TIMEOUT));
            counted(network, server, Market::Quiet)
        },
        client::through_proxy,
    ))
    .scene(proxied(
        "proxy_heartbeats",
        "heartbeats through the same proxy",
        quiet,
        watcher::watches_through_proxy,
    ))
    .scene(Scene::new("leaves", "a subscriber that leaves", open, watcher::leaves).for_any_server())
    .run()
}

/// A scene in which the link loses what is sent.
fn lost<F>(
    name: &'static str,
    title: &'static str,
    server: fn(&Network) -> HostRouter,
    client: fn(Network) -> F,
) -> Scene
where
    F: Future<Output = Outcome> + 'static,
{
    Scene::with_cast(name, title)
        .client("client", client)
        .server_at("server", server)
        .elide_after(ELIDED)
        .live(Live::LabOnly(FAULT))
}

/// A scene in which the link is sound, and much time passes.
fn long<F>(
    name: &'static str,
    title: &'static str,
    server: fn(&Network) -> HostRouter,
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
    server: fn(&Network) -> HostRouter,
    client: fn(Network) -> F,
) -> Scene
where
    F: Future<Output = Outcome> + 'static,
{
    Scene::with_cast(name, title)
        .client("client", client)
        .relay("proxy", proxy::proxy)
        .server_at("server", server)
        .elide_after(ELIDED)
        .live(Live::LabOnly(LONG))
}

fn open() -> Router {
    serve(Server::builder(), Market::Quiet)
}

fn quiet(network: &Network) -> HostRouter {
    counted(network, Server::builder(), Market::Quiet)
}

/// Its handlers and streams are counted, so that a client can log what is left of them.
fn counted(network: &Network, server: Server, market: Market) -> HostRouter {
    serve(server.layer(network.layer()), market)
}

fn serve<L: Clone>(mut server: Server<L>, market: Market) -> Router<L> {
    server
        .add_service(QuoteServiceServer::new(market))
        .add_service(StockServiceServer::new(market))
}
