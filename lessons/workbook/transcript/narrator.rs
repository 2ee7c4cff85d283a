//! From tracing events to lines.

use std::fmt::{self, Write as _};
use std::sync::Arc;

use tracing::field::{Field, Visit};
use tracing::{Event, Instrument as _, Level, Metadata, Span, Subscriber, subscriber::Interest};
use tracing_subscriber::layer::{Context, Layer, SubscriberExt as _};
use tracing_subscriber::registry::LookupSpan;

use super::{Lane, WIRE};

/// The target of the spans that say whose code runs.
const HOST: &str = "workbook::host";

/// The crates below a lesson's own code: what they log is not part of a lesson.
const STACK: [&str; 7] = [
    "h2",
    "hyper",
    "hyper_util",
    "loona_hpack",
    "tokio_util",
    "tonic",
    "tower",
];

/// What runs in this span is the client's; what runs in none is the server's.
#[must_use]
pub fn client_span() -> Span {
    tracing::info_span!(target: HOST, "client")
}

/// Spawns a connection's tasks in the span of the host that opened it: they poll its request streams.
#[derive(Clone)]
pub(crate) struct InSpan(Span);

impl InSpan {
    pub(crate) fn current() -> Self {
        Self(Span::current())
    }
}

impl<F> hyper::rt::Executor<F> for InSpan
where
    F: Future<Output = ()> + Send + 'static,
{
    fn execute(&self, work: F) {
        tokio::spawn(work.instrument(self.0.clone()));
    }
}

fn is_narration(metadata: &Metadata<'_>) -> bool {
    let of = metadata.target().split("::").next().unwrap_or_default();
    metadata.is_event() && *metadata.level() <= Level::INFO && !STACK.contains(&of)
}

fn is_wanted(metadata: &Metadata<'_>) -> bool {
    is_narration(metadata) || (metadata.is_span() && metadata.target() == HOST)
}

/// Called with each line that is narrated.
pub type OnLine = Arc<dyn Fn(Lane, &str) + Send + Sync>;

/// A layer that hands every event of a lane to a listener, and drops all others.
pub struct Narrator {
    listener: OnLine,
}

impl Narrator {
    /// A layer that calls `listener` with each line.
    pub fn new(listener: impl Fn(Lane, &str) + Send + Sync + 'static) -> Self {
        Self {
            listener: Arc::new(listener),
        }
    }

    /// Runs `play` with this layer as the thread's subscriber.
    pub fn during<T>(self, play: impl FnOnce() -> T) -> T {
        let subscriber = tracing_subscriber::registry().with(self);
        tracing::subscriber::with_default(subscriber, play)
    }
}

impl<S: Subscriber + for<'a> LookupSpan<'a>> Layer<S> for Narrator {
    fn register_callsite(&self, metadata: &'static Metadata<'static>) -> Interest {
        if is_wanted(metadata) {
            Interest::always()
        } else {
            Interest::never()
        }
    }

    fn enabled(&self, metadata: &Metadata<'_>, _: Context<'_, S>) -> bool {
        is_wanted(metadata)
    }

    fn on_event(&self, event: &Event<'_>, context: Context<'_, S>) {
        if !is_narration(event.metadata()) {
            return;
        }
        let lane = if event.metadata().target() == WIRE {
            Lane::Wire
        } else if context.event_scope(event).is_some() {
            Lane::Client
        } else {
            Lane::Server
        };
        let mut message = Message::default();
        event.record(&mut message);
        (self.listener)(lane, &message.0);
    }
}

/// An event's message. Its fields are data for programs, and are not part of the text.
#[derive(Default)]
struct Message(String);

impl Visit for Message {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        if field.name() == "message" {
            // Writing to a String cannot fail.
            let _ = write!(self.0, "{value:?}");
        }
    }
}
