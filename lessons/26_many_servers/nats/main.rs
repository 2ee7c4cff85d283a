//! The rooms of lesson 26 with NATS JetStream behind them.
//!
//! ```text
//! rooms nats://127.0.0.1:4222     two servers, a and b, over a nats-server that runs
//! rooms serve NATS NAME ADDR      one of them; with NAME core-… over core NATS, which keeps nothing
//! rooms many FOLDER [KILLS]       what `.ci/many` plays: it starts and kills nats-server, servers and haproxy
//! ```

macro_rules! of_the_lesson {
    ($($module:ident $path:literal),*) => {
        $(
            #[path = $path]
            #[allow(dead_code, reason = "the lesson uses all of it")]
            mod $module;
        )*
    };
}

of_the_lesson! {
    broken "../broken.rs",
    broker "../broker.rs",
    hub "../hub.rs",
    in_process "../in_process.rs",
    jitter "../jitter.rs",
    log "../log.rs",
    member "../member.rs",
    received "../received.rs",
    retry "../retry.rs",
    rooms "../rooms.rs",
    service "../service.rs",
    suite "../suite.rs"
}

mod core;
mod jetstream;
mod kills;
mod many;
mod outage;
mod processes;
mod proxy;

use std::error::Error;
use std::net::SocketAddr;
use std::path::Path;
use std::process::ExitCode;

use tonic::transport::Server;
use tonic::transport::server::TcpIncoming;
use workbook::proto::forum::forum_service_server::ForumServiceServer;

use self::core::Core;
use hub::Hub;
use jetstream::JetStream;
use service::Service;

const USAGE: &str =
    "usage: rooms nats://HOST:PORT, with a nats-server that runs there: nats-server -js";

#[tokio::main]
async fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let done = match words[..] {
        ["serve", nats, name, addr] => serve(nats, name, addr).await,
        ["many", folder] => many::plays(Path::new(folder), 6).await,
        ["many", folder, kills] => match kills.parse() {
            Ok(kills) => many::plays(Path::new(folder), kills).await,
            Err(_) => Err(format!("{kills} is no number of kills").into()),
        },
        [nats] if nats.starts_with("nats://") => two(nats).await,
        _ => {
            eprintln!("{USAGE}");
            return ExitCode::from(2);
        }
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

/// Two servers, until Ctrl-C.
async fn two(nats: &str) -> Result<(), Box<dyn Error>> {
    tokio::try_join!(
        serve(nats, "a", "127.0.0.1:50051"),
        serve(nats, "b", "127.0.0.1:50052")
    )?;
    Ok(())
}

/// One server, until Ctrl-C. Its first line is its address.
async fn serve(nats: &str, name: &str, addr: &str) -> Result<(), Box<dyn Error>> {
    let no_nats = |error| format!("there is no nats-server at {nats} ({error}): nats-server -js");
    let service = if name.starts_with("core") {
        let core = Core::connect(nats).await.map_err(no_nats)?;
        Service::new(name, core)
    } else {
        let hub = Hub::new(JetStream::connect(nats).await.map_err(no_nats)?);
        Service::new(name, hub)
    };
    let addr: SocketAddr = addr.parse()?;
    // Without TCP_NODELAY a new stream's first message waits for an ACK: about 40 ms a move.
    let incoming = TcpIncoming::bind(addr)?.with_nodelay(Some(true));
    println!("{name} http://{}", incoming.local_addr()?);
    let ctrl_c = async {
        // Without a handler for the signal the process would end at once, which is as good.
        let _ = tokio::signal::ctrl_c().await;
    };
    Server::builder()
        .add_service(ForumServiceServer::new(service))
        .serve_with_incoming_shutdown(incoming, ctrl_c)
        .await?;
    Ok(())
}
