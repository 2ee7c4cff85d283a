//! Playing scenes over loopback TCP and the real clock.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;

use tokio::runtime::Builder;
use tokio::sync::oneshot;
use tokio::time::timeout;
use tonic::codegen::http::Uri;
use tracing::Instrument as _;

use super::play::{SETTLE, WireLane, each};
use super::tcp::{Dialer, Listener};
use super::{Failure, Live, Network, Outcome, Scene};
use crate::transcript::{Lane, Narrator, Transcript, client_span};

/// Plays the scenes over TCP; each says for itself what that means for it.
pub(super) fn play(scenes: &[&Scene], wire: bool) -> Outcome {
    each(scenes, |scene, transcript| {
        if let Live::LabOnly(reason) = scene.live {
            transcript.begin(scene.name, scene.title, None);
            transcript.note(&format!("in the lab only: {reason}"));
            transcript.end();
            return Ok(());
        }
        let page = transcript.clone();
        Narrator::new(move |lane, text| page.line(lane, text))
            .during(|| on_real_clock(play_one(scene, transcript, wire)))
    })
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

async fn play_one(scene: &Scene, transcript: &Transcript, wire: bool) -> Outcome {
    let loopback = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
    let listener = Listener::bind(loopback).map_err(no_socket)?;
    let addr = listener.local_addr().map_err(no_socket)?;
    let url: Uri = format!("http://{addr}")
        .parse()
        .map_err(|error| Failure::Other(format!("{addr}: {error}")))?;

    let frames = Arc::new(WireLane::new(scene, wire));
    let incoming = listener.tapped(move |_, frame| frames.show(frame));
    let (shutdown, signalled) = oneshot::channel::<()>();
    let serving = (scene.server)().serve_with_incoming_shutdown(incoming, async {
        // Dropped or sent: either way the scene is over.
        let _ = signalled.await;
    });
    let server = tokio::spawn(serving);

    transcript.begin(scene.name, scene.title, scene.elide_after);
    let client = (scene.client)(Network::tcp(Dialer::new(url, None))).instrument(client_span());
    let outcome = match scene.live {
        Live::CutAfter(limit) => match timeout(limit, client).await {
            Ok(outcome) => outcome,
            Err(_) => {
                let seconds = limit.as_secs_f64();
                transcript.note(&format!("cut here, after {seconds} s of real time"));
                transcript.end();
                return Ok(());
            }
        },
        _ => client.await,
    };
    transcript.close_lane(Lane::Wire);
    drop(shutdown);
    // Running out of time here is no error: some scenes are about servers that live on.
    let _ = timeout(SETTLE, server).await;
    transcript.end();
    outcome
}

fn no_socket(error: std::io::Error) -> Failure {
    Failure::Other(format!("no loopback socket: {error}"))
}
