//! Playing a lesson's client against somebody else's server.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use tokio::time::sleep;
use tonic::codegen::http::Uri;
use tracing::Instrument as _;

use super::live::on_real_clock;
use super::play::{WireLane, each};
use super::tcp::Dialer;
use super::{Failure, Network, Outcome, Scene};
use crate::transcript::{Narrator, client_span};

/// No lesson's server is silent for longer, so a server that is says nothing at all.
const PATIENCE: Duration = Duration::from_secs(10);

/// Plays the scenes' clients against the server at `url`.
pub(super) fn play(scenes: &[&Scene], url: &Uri, wire: bool) -> Outcome {
    each(scenes, |scene, transcript| {
        let signs_of_life = Arc::new(AtomicU64::new(0));
        let frames = WireLane::new(scene, wire);
        let seen = Arc::clone(&signs_of_life);
        let tap = Arc::new(move |frame: &_| {
            seen.fetch_add(1, Ordering::Relaxed);
            frames.show(frame);
        });
        let page = transcript.clone();
        let said = Arc::clone(&signs_of_life);
        let narrator = Narrator::new(move |lane, text| {
            said.fetch_add(1, Ordering::Relaxed);
            page.line(lane, text);
        });
        narrator.during(|| {
            on_real_clock(async {
                transcript.begin(scene.name, scene.title, scene.elide_after);
                let client = (scene.client)(Network::tcp(Dialer::new(url.clone(), Some(tap))))
                    .instrument(client_span());
                let outcome = tokio::select! {
                    biased;
                    outcome = client => outcome,
                    () = silence(&signs_of_life) => Err(Failure::Other(format!(
                        "{url} has been silent for {} s. Is this a gRPC server of this lesson?",
                        PATIENCE.as_secs()
                    ))),
                };
                transcript.end();
                outcome
            })
        })
    })
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
