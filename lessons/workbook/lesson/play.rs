//! Playing scenes in the lab.

use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use futures::future::join_all;
use tokio::time::timeout;
use tracing::Instrument as _;

use super::reporter::{Format, Reporter};
use super::{Failure, Network, Outcome, Scene, live, panics};
use crate::lab::Lab;
use crate::run::{Event, Note, Run, SceneHead, View};

/// What the servers may still say after the clients have finished, in the scene's own time.
pub(super) const SETTLE: Duration = Duration::from_millis(100);

/// Plays the scenes in the lab, one after the other.
pub(super) fn play(scenes: &[&Scene], format: Format) -> Outcome {
    each(scenes, format, play_one)
}

/// Calls `play` for each scene, until one fails or what is printed is not read any more.
pub(super) fn each(
    scenes: &[&Scene],
    format: Format,
    play: impl Fn(&Scene, &Reporter) -> Outcome,
) -> Outcome {
    let reporter = Reporter::to_stdout(format);
    for scene in scenes {
        let played = play(scene, &reporter);
        panics::print_again();
        played?;
        match reporter.failure() {
            None => {}
            // `| head` has seen enough.
            Some(io::ErrorKind::BrokenPipe) => return Ok(()),
            Some(kind) => return Err(Failure::Other(format!("standard output: {kind}"))),
        }
    }
    Ok(())
}

impl Scene {
    /// Plays the scene in the lab, and returns all that happened.
    ///
    /// # Errors
    /// As its clients.
    pub fn record(&self) -> Result<Run, Failure> {
        recorded(|reporter| play_one(self, reporter))
    }

    /// Plays the scene over loopback TCP and the real clock, and returns all that happened.
    ///
    /// # Errors
    /// As its clients, and when there is no socket.
    pub fn record_live(&self) -> Result<Run, Failure> {
        recorded(|reporter| live::play_scene(self, reporter))
    }
}

fn recorded(play: impl FnOnce(&Reporter) -> Outcome) -> Result<Run, Failure> {
    let run = Arc::new(Mutex::new(Run::default()));
    let reporter = Reporter::to(Box::new(Recording(Arc::clone(&run))));
    let played = play(&reporter);
    panics::print_again();
    played?;
    let mut run = run.lock().unwrap_or_else(PoisonError::into_inner);
    Ok(std::mem::take(&mut *run))
}

/// A view that keeps what it is told.
struct Recording(Arc<Mutex<Run>>);

impl Recording {
    fn run(&self) -> MutexGuard<'_, Run> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl View for Recording {
    fn begin(&mut self, scene: &SceneHead) {
        self.run().begin(scene);
    }

    fn event(&mut self, event: &Event) {
        self.run().event(event);
    }

    fn end(&mut self) {}
}

fn play_one(scene: &Scene, reporter: &Reporter) -> Outcome {
    let told = reporter.clone();
    let lab = Lab::watched(move |event| told.event(event));
    let noted = lab.clone();
    panics::note(move |panic| noted.note(panic));
    lab.run(async |lab| {
        if let Some(protocol) = scene.speaks {
            lab.speaks(protocol);
        }
        reporter.begin(&scene.head);
        for host in &scene.head.hosts {
            let _ = lab.host(host.name.as_str());
        }
        for server in scene.servers() {
            let started = lab.start(&server.host, server.in_lab.clone());
            started.map_err(|error| Failure::Other(error.to_string()))?;
        }
        let outcome = match lab.until_silent(scene.silence, clients(scene, &lab)).await {
            Ok(outcome) => outcome,
            Err(stall) => {
                lab.note(Note::Stall(stall));
                reporter.end();
                return Ok(());
            }
        };
        reporter.stop_frames();
        let drained = join_all(scene.servers().map(|server| lab.drain(&server.host)));
        // Running out of time here is no error: some scenes are about servers that live on.
        let _ = timeout(SETTLE, drained).await;
        reporter.end();
        outcome
    })
}

/// All clients, at the same time; the first failure of any is the scene's.
async fn clients(scene: &Scene, lab: &Lab) -> Outcome {
    let first_server = scene.servers().next();
    let first_server = first_server.map_or("", |server| server.host.as_str());
    let plays = scene.clients().map(|client| {
        let host = lab.host(&client.host);
        let span = host.span();
        (client.play)(Network::of_lab(host, first_server)).instrument(span)
    });
    join_all(plays).await.into_iter().collect()
}
