//! From tracing events to lines.

use std::fmt::{self, Write as _};
use std::sync::Arc;

use tracing::field::{Field, Visit};
use tracing::{Event, Metadata, Subscriber, subscriber::Interest};
use tracing_subscriber::layer::{Context, Layer, SubscriberExt as _};

use super::Lane;

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

impl<S: Subscriber> Layer<S> for Narrator {
    fn register_callsite(&self, metadata: &'static Metadata<'static>) -> Interest {
        if metadata.is_event() && Lane::of_target(metadata.target()).is_some() {
            Interest::always()
        } else {
            Interest::never()
        }
    }

    fn enabled(&self, metadata: &Metadata<'_>, _: Context<'_, S>) -> bool {
        metadata.is_event() && Lane::of_target(metadata.target()).is_some()
    }

    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        if let Some(lane) = Lane::of_target(event.metadata().target()) {
            let mut words = Words::default();
            event.record(&mut words);
            (self.listener)(lane, &(words.message + &words.fields));
        }
    }
}

/// An event's message, followed by its fields as `name=value`.
#[derive(Default)]
struct Words {
    message: String,
    fields: String,
}

impl Visit for Words {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        // Writing to a String cannot fail.
        let _ = match field.name() {
            "message" => write!(self.message, "{value:?}"),
            name => write!(self.fields, " {name}={value:?}"),
        };
    }
}
