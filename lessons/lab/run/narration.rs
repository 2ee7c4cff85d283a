//! From tracing events to lines, each with the host whose task said it.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tracing::span::{Attributes, Id};
use tracing::{Event, Instrument as _, Level, Metadata, Span, Subscriber, subscriber::Interest};
use tracing_subscriber::layer::{Context, Layer, SubscriberExt as _};
use tracing_subscriber::registry::LookupSpan;

use super::event::HostName;
use super::values::{Fields, Read};

/// The target of the spans that say whose code runs.
const HOST: &str = "streaming_lab::host";

/// The crates of the stack under test: what they log is not narration.
const STACK: [&str; 7] = [
    "h2",
    "hyper",
    "hyper_util",
    "loona_hpack",
    "tokio_util",
    "tonic",
    "tower",
];

/// Called with each line: the host, if the code that said it runs in a host's span; the message; the
/// fields.
pub type OnLine = Arc<dyn Fn(Option<&HostName>, &str, Fields) + Send + Sync>;

/// What runs in this span is said by the host of that name. A task that is spawned takes it along with
/// [`tracing::Instrument::in_current_span`].
#[must_use]
pub fn host_span(name: &HostName) -> Span {
    tracing::info_span!(target: HOST, "host", name = name.as_str())
}

/// An executor that spawns in the span in which it was made.
///
/// A channel's connection tasks poll the request streams of its calls: with this executor
/// (`Endpoint::executor`) they do so as the host that opened the connection.
#[derive(Clone)]
pub struct InSpan(Span);

impl InSpan {
    /// The executor for the present span.
    #[must_use]
    pub fn current() -> Self {
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

/// A layer that hands on what programs say at level INFO and above, and drops what the stack logs.
pub struct Narration {
    on_line: OnLine,
    /// The hosts whose spans are entered, the innermost last. Looking them up for each line would cost
    /// more than the line.
    entered: Mutex<Vec<HostName>>,
}

impl Narration {
    /// A layer that calls `on_line` with each line.
    #[must_use]
    pub fn new(on_line: OnLine) -> Self {
        Self {
            on_line,
            entered: Mutex::default(),
        }
    }

    fn entered(&self) -> MutexGuard<'_, Vec<HostName>> {
        // Nothing that holds the lock can leave the list half-changed.
        self.entered.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Runs `play` with this layer as the thread's subscriber.
    pub fn during<T>(self, play: impl FnOnce() -> T) -> T {
        let subscriber = tracing_subscriber::registry().with(self);
        tracing::subscriber::with_default(subscriber, play)
    }
}

fn is_line(metadata: &Metadata<'_>) -> bool {
    let of = metadata.target().split("::").next().unwrap_or_default();
    metadata.is_event() && *metadata.level() <= Level::INFO && !STACK.contains(&of)
}

fn is_host(metadata: &Metadata<'_>) -> bool {
    metadata.is_span() && metadata.target() == HOST
}

impl<S: Subscriber + for<'a> LookupSpan<'a>> Layer<S> for Narration {
    fn register_callsite(&self, metadata: &'static Metadata<'static>) -> Interest {
        if is_line(metadata) || is_host(metadata) {
            Interest::always()
        } else {
            Interest::never()
        }
    }

    fn enabled(&self, metadata: &Metadata<'_>, _: Context<'_, S>) -> bool {
        is_line(metadata) || is_host(metadata)
    }

    fn on_new_span(&self, attributes: &Attributes<'_>, id: &Id, context: Context<'_, S>) {
        let mut read = Read::default();
        attributes.record(&mut read);
        if let (Some(name), Some(span)) = (read.fields.text("name"), context.span(id)) {
            span.extensions_mut().insert(HostName::from(name));
        }
    }

    fn on_enter(&self, id: &Id, context: Context<'_, S>) {
        if let Some(host) = host_of(id, &context) {
            self.entered().push(host);
        }
    }

    fn on_exit(&self, id: &Id, context: Context<'_, S>) {
        if host_of(id, &context).is_some() {
            self.entered().pop();
        }
    }

    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        let host = self.entered().last().cloned();
        let mut read = Read::default();
        event.record(&mut read);
        (self.on_line)(host.as_ref(), &read.message, read.fields);
    }
}

fn host_of<S: Subscriber + for<'a> LookupSpan<'a>>(
    id: &Id,
    context: &Context<'_, S>,
) -> Option<HostName> {
    context.span(id)?.extensions().get::<HostName>().cloned()
}
