//! Playing scenes over loopback TCP and the real clock.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;

use futures::future::join_all;
use tokio::runtime::Builder;
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::timeout;
use tracing::Instrument as _;

use super::play::{SETTLE, each};
use super::reporter::{Format, Reporter};
use super::tcp::{Dialer, Listener, signal};
use super::{Failure, Live, Network, Outcome, Scene, panics};
use crate::run::{Note, host_span};

/// Plays the scenes over TCP; each says for itself what that means for it.
pub(super) fn play(scenes: &[&Scene], format: Format) -> Outcome {
    each(scenes, format, play_scene)
}

/// Plays one scene over TCP, or says why it is not played.
pub(super) fn play_scene(scene: &Scene, reporter: &Reporter) -> Outcome {
    if let Live::LabOnly(reason) = scene.live {
        return on_real_clock(async {
            reporter.begin(&scene.head);
            reporter.note(Note::LabOnly(reason.to_owned()));
            reporter.end();
            Ok(())
        });
    }
    let noted = reporter.clone();
    panics::note(move |panic| noted.note(panic));
    reporter.during(|| on_real_clock(play_one(scene, reporter)))
}

/// One thread, as in the lab, so that each side's events keep their order.
pub(super) fn on_real_clock<T>(
    work: impl Future<Output = Result<T, Failure>>,
) -> Result<T, Failure> {
    let runtime = Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| Failure::Other(format!("no runtime: {error}")))?;
    runtime.block_on(work)
}

async fn play_one(scene: &Scene, reporter: &Reporter) -> Outcome {
    let loopback = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
    let mut dialer = Dialer::new(None, None);
    let mut listeners = Vec::new();
    for server in scene.servers() {
        let listener = Listener::bind(loopback, &server.host).map_err(no_socket)?;
        dialer.reaches(&server.host, listener.local_addr().map_err(no_socket)?)?;
        listeners.push((server, listener));
    }
    let first_server = scene.servers().next();
    let first_server = first_server.map_or("", |server| server.host.as_str());
    let (shutdown, signalled) = watch::channel(());
    let mut servers = JoinSet::new();
    for (server, listener) in listeners {
        let told = reporter.clone();
        let incoming = listener.tapped(
            dialer.dialled(),
            scene.speaks,
            Arc::new(move |connection, frame| told.frame(connection, frame)),
        );
        let network = Network::of_tcp(&server.host, dialer.clone(), first_server);
        let serving = (server.over_tcp)(network, incoming, signal(signalled.clone()), &[]);
        servers.spawn(serving.instrument(host_span(&server.host.as_str().into())));
    }

    reporter.begin(&scene.head);
    let clients = join_all(scene.clients().map(|client| {
        let network = Network::of_tcp(&client.host, dialer.clone(), first_server);
        (client.play)(network).instrument(host_span(&client.host.as_str().into()))
    }));
    let outcome: Vec<Outcome> = match scene.live {
        Live::CutAfter(limit) => match timeout(limit, clients).await {
            Ok(outcome) => outcome,
            Err(_) => {
                reporter.note(Note::Cut(limit.as_secs_f64()));
                reporter.end();
                return Ok(());
            }
        },
        _ => clients.await,
    };
    reporter.stop_frames();
    drop(shutdown);
    // Running out of time here is no error: some scenes are about servers that live on.
    let _ = timeout(SETTLE, servers.join_all()).await;
    reporter.end();
    outcome.into_iter().collect()
}

fn no_socket(error: std::io::Error) -> Failure {
    Failure::Other(format!("no loopback socket: {error}"))
}
