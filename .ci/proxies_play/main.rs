//! What `.ci/proxies` plays: tonic clients and servers through real proxies, over loopback TCP and the real
//! clock. The tables hold orders, codes and texts, which every run has; they hold no times.

mod client;
mod plays;
mod proxies;
mod server;
mod stage;
mod tables;

use std::env;
use std::error::Error;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use futures::future::join_all;
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use tonic::transport::Server;
use tonic::transport::server::TcpIncoming;
use workbook::proto::stocks::quote_service_server::QuoteServiceServer;
use workbook::proto::stocks::stock_service_server::StockServiceServer;

use client::{Call, Client};
use plays::{CUTS, ENDS};
use proxies::{Ports, Proxies, listens, version};
use server::{Market, PACE};
use stage::Stage;
use tables::Table;

type Failure = Box<dyn Error>;

fn main() -> ExitCode {
    let words: Vec<String> = env::args().skip(1).collect();
    let accept = match words.as_slice() {
        [] => false,
        [word] if word == "--accept" => true,
        _ => {
            eprintln!("usage: .ci/proxies [--accept]");
            return ExitCode::from(2);
        }
    };
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    let played = runtime
        .map_err(Failure::from)
        .and_then(|runtime| runtime.block_on(until_a_signal(play())));
    match played.and_then(|tables| Ok(tables::settle(tables, accept)?)) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => {
            eprintln!("the book says something else: correct it, then .ci/proxies --accept");
            ExitCode::FAILURE
        }
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

/// Plays, unless a signal comes first. Either way the programs that have been started are ended.
async fn until_a_signal<T>(plays: impl Future<Output = Result<T, Failure>>) -> Result<T, Failure> {
    let mut terminate = signal(SignalKind::terminate())?;
    tokio::select! {
        biased;
        _ = terminate.recv() => Err("it was ended by a signal, or has taken too long".into()),
        _ = tokio::signal::ctrl_c() => Err("it was ended by Ctrl-C".into()),
        played = plays => played,
    }
}

async fn play() -> Result<Vec<Table>, Failure> {
    let market = Market::default();
    let server = serve(&market, None).await?;
    let pinging = serve(&market, Some(PACE)).await?;
    let ports = Ports::free(&[("server", server), ("server_pings", pinging)])?;
    let folder = PathBuf::from(env::var("PROXIES_MADE")?);
    let mut proxies = Proxies::start(&folder, &ports).await?;
    let names = [
        format!("nginx {}", version("nginx", "-v")?),
        format!("haproxy {}", version("haproxy", "-v")?),
        format!("tonic {}", tables::tonic()?),
    ];

    let stage = Stage { market, ports };
    let (cuts, keeps, ends, pings) = tokio::join!(
        stage.rows(CUTS, &names),
        stage.keeps(&names),
        stage.rows(ENDS, &names),
        too_many_pings(),
    );
    let reloads = stage.reloads(&mut proxies, &names).await?;
    let head = [
        "proxy",
        "setting, and what is quiet",
        "client sees",
        "frame to the client",
        "server sees",
    ];
    let what = [
        "proxy",
        "what happens",
        "client sees",
        "frame to the client",
        "server sees",
    ];
    Ok(vec![
        Table::new("cuts", &head, cuts?),
        keeps?,
        Table::new("ends", &what, ends?.into_iter().chain(reloads).collect()),
        pings?,
    ])
}

/// Serves on a free port of the loopback, with PINGs at such times, if any.
async fn serve(market: &Market, pings: Option<Duration>) -> Result<u16, Failure> {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
    let port = listener.local_addr()?.port();
    let serving = Server::builder()
        .http2_keepalive_interval(pings)
        .add_service(StockServiceServer::new(market.clone()))
        .add_service(QuoteServiceServer::new(market.clone()))
        .serve_with_incoming(TcpIncoming::from(listener).with_nodelay(Some(true)));
    // It ends with this process.
    tokio::spawn(serving);
    Ok(port)
}

/// A server in Python, and a client that sends PINGs.
async fn too_many_pings() -> Result<Table, Failure> {
    let (server, port, version) = tables::python_server()?;
    listens(port).await?;
    let rows = join_all([None, Some(PACE), Some(PACE / 2)].map(async |pings| {
        let client = Client::connect(port, pings).await?;
        let (seen, _) = client.sees(Call::Download, "", String::new).await;
        let words = match pings {
            None => "no PING".to_owned(),
            Some(interval) => format!("a PING after {} s without a frame", interval.as_secs_f64()),
        };
        Ok::<_, Failure>(vec![words, seen, client.frames()])
    }));
    let rows: Result<Vec<Vec<String>>, Failure> = rows.await.into_iter().collect();
    drop(server);
    let head = [
        format!("the client sends, to a grpcio {version} server"),
        "client sees".to_owned(),
        "frame to the client".to_owned(),
    ];
    Ok(Table::new("pings", &head, rows?))
}
