//! Serving a lesson's services for grpcurl.

use std::io::{self, ErrorKind, Write as _};
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;

use tokio::sync::watch;
use tokio::task::JoinSet;
use tracing::Instrument as _;

use super::live::on_real_clock;
use super::reporter::{Format, Reporter};
use super::scene::{DRAIN, Server};
use super::tcp::{Connections, Dialer, Dialled, Listener, signal};
use super::{Failure, Lesson, Network, Outcome};
use crate::graceful::ShutdownSignals;
use crate::lab::CLIENT;
use crate::run::{Host, Role, SceneHead, host_span};

/// Serves until Ctrl-C.
pub(super) fn serve(lesson: &Lesson, servers: &[Server], addr: SocketAddr, wire: bool) -> Outcome {
    let reporter = Reporter::to_stdout(Format::Text { wire });
    reporter.during(|| on_real_clock(run(lesson, servers, addr, &reporter)))
}

async fn run(
    lesson: &Lesson,
    servers: &[Server],
    addr: SocketAddr,
    reporter: &Reporter,
) -> Outcome {
    let mut bound = Vec::new();
    let mut dialer = Dialer::new(None, None);
    for (listener, server) in listeners(servers, addr)?.into_iter().zip(servers) {
        let local = listener
            .local_addr()
            .map_err(|error| cannot_listen(addr, &error))?;
        dialer.reaches(&server.host, local)?;
        bound.push((server, local, listener));
    }
    let addresses: Vec<(&str, SocketAddr)> = bound
        .iter()
        .map(|(server, local, _)| (server.host.as_str(), *local))
        .collect();

    let (shutdown, signalled) = watch::channel(());
    let mut serving = JoinSet::new();
    let mut connections = Vec::new();
    for (server, _, listener) in bound {
        connections.push(listener.connections());
        let told = reporter.clone();
        let incoming = listener.tapped(
            Dialled::default(),
            lesson.speaks,
            Arc::new(move |connection, frame| told.frame(connection, frame)),
        );
        let network = Network::of_tcp(&server.host, dialer.clone(), &servers[0].host);
        let work = (server.over_tcp)(
            network,
            incoming,
            signal(signalled.clone()),
            lesson.services,
        );
        serving.spawn(work.instrument(host_span(&server.host.as_str().into())));
    }

    // Before anything is said: a script that reads the address may ask for the end at once.
    let mut signals = ShutdownSignals::listen()
        .map_err(|error| Failure::Other(format!("cannot wait for Ctrl-C: {error}")))?;

    // Clients can connect from here on, so what follows may be read by a script. A closed
    // standard output is no reason to stop serving.
    let _ = say(&introduction(lesson, &addresses));
    reporter.begin(&head(servers));
    signals.next().await;
    reporter.end();

    let _ = say(&draining(&connections));
    drop(shutdown);
    tokio::select! {
        biased;
        // A second Ctrl-C ends at once, and so does a server that cannot go on.
        () = signals.next() => {}
        _ = serving.join_all() => {}
    }
    Ok(())
}

/// One socket a server, at ports that follow each other; port 0 is any free one for each.
fn listeners(servers: &[Server], addr: SocketAddr) -> Result<Vec<Listener>, Failure> {
    let mut next = addr;
    let mut listeners = Vec::new();
    for server in servers {
        let bound = Listener::bind(next, &server.host);
        listeners.push(bound.map_err(|error| cannot_listen(next, &error))?);
        if next.port() != 0 {
            next.set_port(next.port().wrapping_add(1));
        }
    }
    Ok(listeners)
}

/// What the clients do, shown as a scene that goes on until Ctrl-C.
fn head(servers: &[Server]) -> SceneHead {
    let servers = servers.iter().map(|server| Host {
        name: server.host.as_str().into(),
        role: Role::Server,
    });
    let client = Host {
        name: CLIENT.into(),
        role: Role::Client,
    };
    SceneHead {
        name: "serve".to_owned(),
        title: "what the clients do; Ctrl-C ends".to_owned(),
        hosts: [client].into_iter().chain(servers).collect(),
        elide_after: None,
        shows_opening: true,
    }
}

/// Prints what to type, for a server that runs elsewhere or later.
pub(super) fn lines_only(lesson: &Lesson, addr: SocketAddr) -> Outcome {
    let lines = lines(lesson, addr).into_iter();
    let text: String = lines.map(|line| line + "\n").collect();
    // A closed standard output is no reason to fail.
    let _ = say(&text);
    Ok(())
}

/// Each bound address on a line of its own, with its host's name where there are several; then lines
/// to try.
fn introduction(lesson: &Lesson, bound: &[(&str, SocketAddr)]) -> String {
    let mut text = String::new();
    for (host, addr) in bound {
        text.push_str(&match bound.len() {
            1 => format!("{addr}\n"),
            _ => format!("{addr}  {host}\n"),
        });
    }
    let what = if lesson.services.is_empty() {
        ", and speaks no gRPC"
    } else {
        ""
    };
    text.push_str(&format!(
        "lesson {} serves{what}. In another terminal:\n\n",
        lesson.number()
    ));
    for (_, addr) in bound.iter().take(1) {
        let mut reachable = *addr;
        if addr.ip().is_unspecified() {
            reachable.set_ip(Ipv4Addr::LOCALHOST.into());
        }
        let programs = lesson.also_try.iter();
        let programs = programs.map(|line| line.replace("ADDR", &reachable.to_string()));
        for line in lines(lesson, reachable).into_iter().chain(programs) {
            text.push_str(&format!("  {line}\n"));
        }
    }
    text.push('\n');
    text
}

/// A lesson without gRPC suggests its own client, because grpcurl cannot call it.
fn lines(lesson: &Lesson, addr: SocketAddr) -> Vec<String> {
    if lesson.services.is_empty() {
        let number = lesson.number();
        return vec![format!(
            "cargo run --bin lesson{number} -- connect http://{addr} --wire"
        )];
    }
    let lines = ["ADDR list"]
        .into_iter()
        .chain(lesson.grpcurl.iter().copied());
    let lines = lines.map(|line| {
        let line = line.replace("ADDR", &addr.to_string());
        format!("grpcurl -plaintext {line}")
    });
    lines.collect()
}

fn draining(connections: &[Connections]) -> String {
    let seconds = DRAIN.as_secs();
    let open = match connections.iter().map(Connections::open_calls).sum() {
        0 => return "ends\n".to_owned(),
        1 => "1 call is open: ends with it".to_owned(),
        open => format!("{open} calls are open: ends with them"),
    };
    format!("{open}, or in {seconds} s, or with another Ctrl-C\n")
}

fn say(text: &str) -> io::Result<()> {
    let mut out = anstream::stdout();
    out.write_all(text.as_bytes())?;
    out.flush()
}

fn cannot_listen(addr: SocketAddr, error: &io::Error) -> Failure {
    let advice = match error.kind() {
        ErrorKind::AddrInUse => {
            "another program listens there. Stop it, or take any free port with --addr 127.0.0.1:0."
        }
        ErrorKind::PermissionDenied => "the system does not allow that port. Take one above 1023.",
        ErrorKind::AddrNotAvailable => {
            "this machine does not have that address. 127.0.0.1 always works."
        }
        _ => return Failure::Other(format!("cannot listen on {addr}: {error}")),
    };
    Failure::Other(format!("cannot listen on {addr}: {advice}"))
}
