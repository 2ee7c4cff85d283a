//! Playing a lesson's clients against servers that run elsewhere.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use futures::future::join_all;
use tokio::time::sleep;
use tonic::codegen::http::Uri;
use tracing::Instrument as _;

use super::live::on_real_clock;
use super::play::each;
use super::reporter::{Format, Reporter};
use super::tcp::Dialer;
use super::{Failure, Network, Outcome, Scene};
use crate::run::{Narration, host_span};

/// No lesson's server is silent for longer, so a server that is says nothing at all.
const PATIENCE: Duration = Duration::from_secs(10);

/// Plays the scenes' clients against the servers at `urls`, in the order of the lesson's servers.
pub(super) fn play(scenes: &[&Scene], urls: &[Uri], format: Format) -> Outcome {
    each(scenes, format, |scene, reporter| {
        let signs_of_life = Arc::new(AtomicU64::new(0));
        let (said, sign) = (Arc::clone(&signs_of_life), reporter.clone());
        // Nothing here knows what the other side says: every line is a client's.
        let narration = Narration::new(Arc::new(move |host, text, fields| {
            said.fetch_add(1, Ordering::Relaxed);
            if let Some(host) = host {
                sign.said(host, text, fields);
            }
        }));
        narration.during(|| on_real_clock(play_one(scene, urls, reporter, &signs_of_life)))
    })
}

async fn play_one(
    scene: &Scene,
    urls: &[Uri],
    reporter: &Reporter,
    signs_of_life: &Arc<AtomicU64>,
) -> Outcome {
    let (seen, told) = (Arc::clone(signs_of_life), reporter.clone());
    let tap = Arc::new(move |connection: &_, frame: &_| {
        seen.fetch_add(1, Ordering::Relaxed);
        told.frame(connection, frame);
    });
    let mut dialer = Dialer::new(Some(tap), scene.speaks);
    let servers: Vec<&str> = scene.servers().map(|server| server.host.as_str()).collect();
    if urls.len() != servers.len() && urls.len() != 1 {
        let (name, hosts) = (scene.name(), servers.join(", "));
        return Err(Failure::Usage(match servers.len() {
            1 => format!("scene \"{name}\" has one server: give one URL."),
            many => {
                format!(
                    "scene \"{name}\" has {many} servers ({hosts}): give a URL for each, in that order."
                )
            }
        }));
    }
    // One server may play all of them.
    for (server, url) in servers.iter().zip(urls.iter().cycle()) {
        dialer.reaches_url(server, url.clone());
    }
    let first_server = servers.first().copied().unwrap_or_default();
    reporter.begin(&scene.head);
    let clients = join_all(scene.clients().map(|client| {
        let network = Network::of_tcp(&client.host, dialer.clone(), first_server);
        (client.play)(network).instrument(host_span(&client.host.as_str().into()))
    }));
    let outcome = tokio::select! {
        biased;
        outcomes = clients => outcomes.into_iter().collect(),
        () = silence(signs_of_life) => Err(Failure::Other(format!(
            "{} has been silent for {} s. Is this a gRPC server of this lesson?",
            urls.iter().map(Uri::to_string).collect::<Vec<_>>().join(" and "),
            PATIENCE.as_secs()
        ))),
    };
    reporter.end();
    outcome
}

/// Returns when nothing has been said or seen for [`PATIENCE`].
async fn silence(signs_of_life: &AtomicU64) {
    loop {
        let before = signs_of_life.load(Ordering::Relaxed);
        sleep(PATIENCE).await;
        if signs_of_life.load(Ordering::Relaxed) == before {
            return;
        }
    }
}
