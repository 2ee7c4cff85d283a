//! Serving a lesson's services for grpcurl.

use std::io::{self, ErrorKind, Write as _};
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use tokio::sync::oneshot;
use tokio::time::timeout;
use tonic::transport::server::Router;
use tonic_health::ServingStatus;

use super::live::on_real_clock;
use super::signals::Requests;
use super::tcp::{Connections, Listener};
use super::{Failure, Lesson, Outcome};
use crate::proto::DESCRIPTORS;
use crate::transcript::{Narrator, Transcript, WIRE};
use crate::wire::{Frame, describe};

/// How long open calls may go on after Ctrl-C. tonic itself would wait for ever
/// (grpc/grpc-rust#1820).
const DRAIN: Duration = Duration::from_secs(5);

/// Serves until Ctrl-C.
pub(super) fn serve(
    lesson: &Lesson,
    server: fn() -> Router,
    addr: SocketAddr,
    wire: bool,
) -> Outcome {
    let transcript = Transcript::new(anstream::stdout());
    let page = transcript.clone();
    Narrator::new(move |lane, text| page.line(lane, text))
        .during(|| on_real_clock(run(lesson, server, addr, wire, &transcript)))
}

async fn run(
    lesson: &Lesson,
    server: fn() -> Router,
    addr: SocketAddr,
    wire: bool,
    transcript: &Transcript,
) -> Outcome {
    let listener = Listener::bind(addr).map_err(|error| cannot_listen(addr, &error))?;
    let bound = listener
        .local_addr()
        .map_err(|error| cannot_listen(addr, &error))?;
    let connections = listener.connections();
    let page = transcript.clone();
    let last = AtomicUsize::new(0);
    let show = Arc::new(move |connection, frame: &Frame| {
        if !wire {
            return;
        }
        // A class has many connections: say which one it is whenever that changes.
        if last.swap(connection, Ordering::Relaxed) != connection {
            page.note(&format!("connection {connection}"));
        }
        tracing::info!(target: WIRE, "{}", describe(frame));
    });
    let incoming = listener.tapped(move |connection, frame| show(connection, frame));

    let router = with_reflection_and_health(lesson, server()).await?;
    let (shutdown, signalled) = oneshot::channel::<()>();
    let mut serving = tokio::spawn(router.serve_with_incoming_shutdown(incoming, async {
        // Dropped or sent: either way it is time to end.
        let _ = signalled.await;
    }));

    // Before anything is said: whoever reads the address may ask for the end at once.
    let mut requests = Requests::listen()
        .map_err(|error| Failure::Other(format!("cannot wait for Ctrl-C: {error}")))?;

    // Clients can connect from here on, so what follows may be read by a script. A closed
    // standard output is no reason to stop serving.
    let _ = say(&introduction(lesson, bound));
    transcript.begin("serve", "what the clients do; Ctrl-C ends", None);
    requests.next().await;
    transcript.end();

    let _ = say(&draining(&connections));
    drop(shutdown);
    tokio::select! {
        biased;
        // A second Ctrl-C ends at once, and so does a server that cannot go on.
        () = requests.next() => {}
        _ = timeout(DRAIN, &mut serving) => {}
    }
    Ok(())
}

/// Adds what grpcurl and load balancers ask for: which services there are, and whether they serve.
async fn with_reflection_and_health(lesson: &Lesson, router: Router) -> Result<Router, Failure> {
    let (health, health_service) = tonic_health::server::health_reporter();
    for service in lesson.services {
        health
            .set_service_status(*service, ServingStatus::Serving)
            .await;
    }
    let reflection = |own_name| {
        let offered = lesson
            .services
            .iter()
            .copied()
            .chain(["grpc.health.v1.Health", own_name]);
        offered.fold(
            tonic_reflection::server::Builder::configure()
                .register_encoded_file_descriptor_set(DESCRIPTORS)
                .register_encoded_file_descriptor_set(tonic_health::pb::FILE_DESCRIPTOR_SET),
            tonic_reflection::server::Builder::with_service_name,
        )
    };
    let broken = |error| Failure::Other(format!("the descriptors cannot be served: {error}"));
    // grpcurl asks v1; Postman, grpcui and others still ask v1alpha (grpc/grpc-rust#1701).
    let v1 = reflection("grpc.reflection.v1.ServerReflection").build_v1();
    let v1alpha = reflection("grpc.reflection.v1alpha.ServerReflection").build_v1alpha();
    Ok(router
        .add_service(health_service)
        .add_service(v1.map_err(broken)?)
        .add_service(v1alpha.map_err(broken)?))
}

/// Prints what to type, for a server that runs elsewhere or later.
pub(super) fn lines_only(lesson: &Lesson, addr: SocketAddr) -> Outcome {
    let text: String = lines(lesson, addr).map(|line| line + "\n").collect();
    // A closed standard output is nobody to tell.
    let _ = say(&text);
    Ok(())
}

/// The bound address on a line of its own, then lines to try.
fn introduction(lesson: &Lesson, bound: SocketAddr) -> String {
    let mut reachable = bound;
    if bound.ip().is_unspecified() {
        reachable.set_ip(Ipv4Addr::LOCALHOST.into());
    }
    let mut text = format!(
        "{bound}\nlesson {} serves. In another terminal:\n\n",
        lesson.number()
    );
    for line in lines(lesson, reachable) {
        text.push_str(&format!("  {line}\n"));
    }
    text.push('\n');
    text
}

fn lines(lesson: &Lesson, addr: SocketAddr) -> impl Iterator<Item = String> {
    let lines = ["ADDR list"]
        .into_iter()
        .chain(lesson.grpcurl.iter().copied());
    lines.map(move |line| {
        format!(
            "grpcurl -plaintext {}",
            line.replace("ADDR", &addr.to_string())
        )
    })
}

fn draining(connections: &Connections) -> String {
    let seconds = DRAIN.as_secs();
    let open = match connections.open_calls() {
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
