//! What a scene's events are told to, whichever way it is played.

use std::io;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::time::Instant;

use crate::lab::SERVER;
use crate::run::{
    Connection, Event, Fields, HostName, Json, Narration, Note, SceneHead, Transcript, View, What,
};
use crate::wire::Frame;

/// How a run is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Format {
    /// Time, lane, words; with `wire`, frames between the lines.
    Text {
        /// Whether frames are shown.
        wire: bool,
    },
    /// One JSON object a line.
    Json,
}

/// Hands events to a view. Clones hand to the same one.
#[derive(Clone)]
pub(super) struct Reporter {
    view: Arc<Mutex<Box<dyn View>>>,
    began: Arc<Mutex<Option<Instant>>>,
    /// Whose line it is that is said outside of every host's span.
    lane_without_span: Arc<Mutex<Option<HostName>>>,
    /// Frames are told only while a scene's clients play: what a server says while it is ended is
    /// the same in every scene.
    frames: Arc<AtomicBool>,
}

impl Reporter {
    /// Shows a run on standard output.
    pub(super) fn to_stdout(format: Format) -> Self {
        Self::to(match format {
            Format::Text { wire } => Box::new(Transcript::new(anstream::stdout(), wire)),
            Format::Json => Box::new(Json::new(io::stdout())),
        })
    }

    /// Shows a run in any other way.
    pub(super) fn to(view: Box<dyn View>) -> Self {
        Self {
            view: Arc::new(Mutex::new(view)),
            began: Arc::default(),
            lane_without_span: Arc::default(),
            frames: Arc::default(),
        }
    }

    /// A scene begins; on a real clock, its time begins now.
    pub(super) fn begin(&self, scene: &SceneHead) {
        *self.clock() = Some(Instant::now());
        self.frames.store(true, Ordering::Relaxed);
        *self.lane() = Some(scene.lane_without_span());
        self.view().begin(scene);
    }

    /// From now until the next scene, frames are not told.
    pub(super) fn stop_frames(&self) {
        self.frames.store(false, Ordering::Relaxed);
    }

    /// The scene is over: nothing more is told until the next one begins.
    pub(super) fn end(&self) {
        *self.clock() = None;
        self.view().end();
    }

    /// Tells an event that the lab has timed.
    pub(super) fn event(&self, event: &Event) {
        let is_frame = matches!(event.what, What::Frame { .. });
        let is_open = self.clock().is_some();
        if is_open && (!is_frame || self.frames.load(Ordering::Relaxed)) {
            self.view().event(event);
        }
    }

    /// Tells a frame, now.
    pub(super) fn frame(&self, connection: &Connection, frame: &Frame) {
        self.now(What::Frame {
            connection: connection.clone(),
            frame: frame.clone(),
            lost: false,
        });
    }

    /// Tells what a host says, now.
    pub(super) fn said(&self, host: &HostName, text: &str, fields: Fields) {
        self.now(What::Said {
            host: host.clone(),
            text: text.to_owned(),
            fields,
        });
    }

    /// Tells something about the scene, now.
    pub(super) fn note(&self, note: Note) {
        self.now(What::Note(note));
    }

    /// Tells what `play` narrates on the real clock.
    pub(super) fn during<T>(&self, play: impl FnOnce() -> T) -> T {
        let reporter = self.clone();
        let narration = Narration::new(Arc::new(move |host, text, fields| {
            let host = host.cloned().or_else(|| reporter.lane().clone());
            reporter.said(&host.unwrap_or_else(|| SERVER.into()), text, fields);
        }));
        narration.during(play)
    }

    /// Why nothing more can be shown, if so.
    pub(super) fn failure(&self) -> Option<io::ErrorKind> {
        self.view().failure()
    }

    fn now(&self, what: What) {
        let Some(at) = self.clock().map(|began| began.elapsed()) else {
            return;
        };
        self.event(&Event { at, what });
    }

    fn clock(&self) -> MutexGuard<'_, Option<Instant>> {
        self.began.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn lane(&self) -> MutexGuard<'_, Option<HostName>> {
        self.lane_without_span
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    fn view(&self) -> MutexGuard<'_, Box<dyn View>> {
        // A panic elsewhere leaves a view that can still be written to.
        self.view.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
