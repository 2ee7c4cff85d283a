//! Playing scenes in the lab.

use std::io;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use tokio::time::timeout;
use tracing::Instrument as _;

use super::{Failure, Network, Outcome, Scene, panics};
use crate::lab::{Lab, SILENCE};
use crate::transcript::{Lane, Transcript, WIRE, client_span};
use crate::wire::{Body, Frame, describe};

/// What the server may still say after the client has finished, in the scene's own time.
pub(super) const SETTLE: Duration = Duration::from_millis(100);

/// Plays the scenes in the lab, one after the other.
pub(super) fn play(scenes: &[&Scene], wire: bool) -> Outcome {
    each(scenes, |scene, transcript| {
        play_one(scene, transcript, wire)
    })
}

/// Calls `play` for each scene, with a blank line between them, until one fails or nobody reads.
pub(super) fn each(scenes: &[&Scene], play: impl Fn(&Scene, &Transcript) -> Outcome) -> Outcome {
    let transcript = Transcript::new(anstream::stdout());
    for (number, scene) in scenes.iter().enumerate() {
        if number > 0 {
            transcript.gap();
        }
        panics::note_in(&transcript);
        let played = play(scene, &transcript);
        panics::print_again();
        played?;
        match transcript.failure() {
            None => {}
            // `| head` has seen enough.
            Some(io::ErrorKind::BrokenPipe) => return Ok(()),
            Some(kind) => return Err(Failure::Other(format!("standard output: {kind}"))),
        }
    }
    Ok(())
}

fn play_one(scene: &Scene, transcript: &Transcript, wire: bool) -> Outcome {
    let frames = WireLane::new(scene, wire);
    let page = transcript.clone();
    let lab = Lab::watched(
        move |frame| frames.show(frame),
        move |lane, text| page.line(lane, text),
    );
    lab.run(async |lab| {
        transcript.begin(scene.name, scene.title, scene.elide_after);
        let server = lab.serve((scene.server)());
        let client = (scene.client)(Network::lab(lab.clone())).instrument(client_span());
        let outcome = match lab.until_silent(SILENCE, client).await {
            Ok(outcome) => outcome,
            Err(silence) => {
                transcript.note(&format!("bell: {silence}"));
                transcript.end();
                return Ok(());
            }
        };
        transcript.close_lane(Lane::Wire);
        // Running out of time here is no error: some scenes are about servers that live on.
        let _ = timeout(SETTLE, server.drain()).await;
        transcript.end();
        outcome
    })
}

/// Which frames of a scene are shown.
pub(super) struct WireLane {
    wanted: bool,
    shows_opening: bool,
    opened: AtomicBool,
}

impl WireLane {
    pub(super) fn new(scene: &Scene, wanted: bool) -> Self {
        Self {
            wanted,
            shows_opening: scene.shows_opening,
            opened: AtomicBool::new(false),
        }
    }

    /// Narrates the frame in its lane, unless it belongs to the opening of the connection, which
    /// is the same in every scene.
    pub(super) fn show(&self, frame: &Frame) {
        let is_opening = match &frame.body {
            Body::Preface => {
                self.opened.store(false, Ordering::Relaxed);
                true
            }
            Body::Settings(_) | Body::SettingsAck => true,
            Body::WindowUpdate(_) => frame.stream == 0 && !self.opened.load(Ordering::Relaxed),
            Body::Headers(_) => {
                self.opened.store(true, Ordering::Relaxed);
                false
            }
            _ => false,
        };
        if self.wanted && (self.shows_opening || !is_opening) {
            tracing::info!(target: WIRE, "{}", describe(frame));
        }
    }
}
