//! The leak meter: what is alive.

use std::fmt;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll};

use tokio::runtime::Handle;
use tonic::codegen::http::{Request, Response};
use tonic::codegen::{Body as HttpBody, Bytes, Service};
use tower::Layer;

/// Counts what is alive: tasks by the runtime's own account, handlers and response streams by a
/// layer around the server's services.
#[derive(Clone, Default)]
pub struct LeakMeter {
    handlers: Arc<AtomicUsize>,
    streams: Arc<AtomicUsize>,
}

/// What was alive at one instant.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Census {
    /// Tasks of the runtime, those of tonic and hyper included.
    pub tasks: usize,
    /// Handler futures: calls that have no response yet.
    pub handlers: usize,
    /// Response bodies that are neither finished nor dropped.
    pub streams: usize,
}

impl LeakMeter {
    /// Counts now. Call it inside the runtime.
    #[must_use]
    pub fn census(&self) -> Census {
        Census {
            tasks: Handle::current().metrics().num_alive_tasks(),
            handlers: self.handlers.load(Ordering::Relaxed),
            streams: self.streams.load(Ordering::Relaxed),
        }
    }

    /// A layer for `Server::builder().layer(…)` that counts handlers and response streams.
    #[must_use]
    pub fn layer(&self) -> MeterLayer {
        MeterLayer {
            meter: self.clone(),
        }
    }
}

impl Census {
    /// What is alive now and was not at `baseline`.
    #[must_use]
    pub fn since(self, baseline: Self) -> Self {
        Self {
            tasks: self.tasks.saturating_sub(baseline.tasks),
            handlers: self.handlers.saturating_sub(baseline.handlers),
            streams: self.streams.saturating_sub(baseline.streams),
        }
    }
}

impl fmt::Display for Census {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            tasks,
            handlers,
            streams,
        } = self;
        write!(
            f,
            "{tasks} tasks, {handlers} handlers, {streams} streams alive"
        )
    }
}

/// Made by [`LeakMeter::layer`].
#[derive(Clone)]
pub struct MeterLayer {
    meter: LeakMeter,
}

impl<S> Layer<S> for MeterLayer {
    type Service = Metered<S>;

    fn layer(&self, inner: S) -> Metered<S> {
        Metered {
            inner,
            meter: self.meter.clone(),
        }
    }
}

/// A service whose handlers and response streams are counted.
#[derive(Clone)]
pub struct Metered<S> {
    inner: S,
    meter: LeakMeter,
}

impl<S, B, R> Service<Request<B>> for Metered<S>
where
    S: Service<Request<B>, Response = Response<R>>,
    S::Future: Send + 'static,
{
    type Response = Response<MeteredBody<R>>;
    type Error = S::Error;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, S::Error>> + Send>>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, request: Request<B>) -> Self::Future {
        let handler = Alive::new(&self.meter.handlers);
        let streams = Arc::clone(&self.meter.streams);
        let response = self.inner.call(request);
        Box::pin(async move {
            let response = response.await?;
            drop(handler);
            Ok(response.map(|inner| MeteredBody {
                inner: Box::pin(inner),
                _alive: Alive::new(&streams),
            }))
        })
    }
}

/// A response body that is counted while it lives.
pub struct MeteredBody<R> {
    inner: Pin<Box<R>>,
    _alive: Alive,
}

impl<R: HttpBody<Data = Bytes>> HttpBody for MeteredBody<R> {
    type Data = Bytes;
    type Error = R::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<http_body::Frame<Bytes>, R::Error>>> {
        self.inner.as_mut().poll_frame(cx)
    }

    fn is_end_stream(&self) -> bool {
        self.inner.is_end_stream()
    }
}

/// Adds one to a count for as long as it lives.
struct Alive(Arc<AtomicUsize>);

impl Alive {
    fn new(count: &Arc<AtomicUsize>) -> Self {
        count.fetch_add(1, Ordering::Relaxed);
        Self(Arc::clone(count))
    }
}

impl Drop for Alive {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}
