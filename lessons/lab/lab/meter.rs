//! The leak meter: what is alive.

use std::collections::BTreeMap;
use std::pin::Pin;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};

use tokio::runtime::Handle;
use tonic::codegen::http::{Request, Response};
use tonic::codegen::{Body as HttpBody, Bytes, Service};
use tower::Layer;
use tracing::{Instrument as _, Span};

use crate::run::{Census, HostName, host_span};

/// Counts what is alive: tasks by the runtime's own account, handlers and response streams by a
/// layer around the services of each server.
///
/// ```
/// use streaming_lab::lab::Lab;
/// use tonic_health::pb::HealthCheckRequest;
/// use tonic_health::pb::health_client::HealthClient;
/// # let (_reporter, health) = tonic_health::server::health_reporter();
///
/// Lab::new().run(async |lab| {
///     let mut counted = tonic::transport::Server::builder().layer(lab.meter().layer());
///     lab.serve(counted.add_service(health));
///     let mut client = HealthClient::new(lab.channel().await?);
///     // The first call on a connection starts tasks of the connection's own, so count after it.
///     client.check(HealthCheckRequest::default()).await?;
///     let before = lab.meter().census();
///
///     let watch = client.watch(HealthCheckRequest::default()).await?;
///     assert_eq!(lab.meter().census().since(before).streams, 1);
///
///     drop(watch);
///     // Let the server hear of it: the clock moves when no task can run any more.
///     lab.sleep(std::time::Duration::from_millis(5)).await;
///     assert_eq!(lab.meter().census().since(before), Default::default());
///     Ok::<_, Box<dyn std::error::Error>>(())
/// })?;
/// # Ok::<_, Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Default)]
pub struct LeakMeter {
    all: Arc<Counts>,
    hosts: Arc<Mutex<BTreeMap<HostName, Arc<Counts>>>>,
}

#[derive(Default)]
struct Counts {
    handlers: AtomicUsize,
    streams: AtomicUsize,
}

impl Counts {
    fn census(&self) -> Census {
        Census {
            tasks: Handle::current().metrics().num_alive_tasks(),
            handlers: self.handlers.load(Ordering::Relaxed),
            streams: self.streams.load(Ordering::Relaxed),
        }
    }
}

impl LeakMeter {
    /// Counts now, over all hosts. Call it inside the runtime.
    #[must_use]
    pub fn census(&self) -> Census {
        self.all.census()
    }

    /// Counts one host's handlers and streams. Tasks are those of all hosts: the runtime does not
    /// know whose they are.
    #[must_use]
    pub fn census_of(&self, host: &HostName) -> Census {
        self.of(host).census()
    }

    /// A layer for `Server::builder().layer(…)` that counts handlers and response streams.
    #[must_use]
    pub fn layer(&self) -> MeterLayer {
        MeterLayer {
            counts: vec![Arc::clone(&self.all)],
            span: Span::none(),
        }
    }

    /// The same for a server among several: counted for that host, too, and what the handlers and
    /// streams say is said by it.
    #[must_use]
    pub fn layer_of(&self, host: &HostName) -> MeterLayer {
        MeterLayer {
            counts: vec![Arc::clone(&self.all), self.of(host)],
            span: host_span(host),
        }
    }

    fn of(&self, host: &HostName) -> Arc<Counts> {
        // Nothing that holds the lock can leave the map half-changed.
        let mut hosts = self.hosts.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(hosts.entry(host.clone()).or_default())
    }
}

/// Made by [`LeakMeter::layer`] and [`LeakMeter::layer_of`].
#[derive(Clone)]
pub struct MeterLayer {
    counts: Vec<Arc<Counts>>,
    span: Span,
}

impl<S> Layer<S> for MeterLayer {
    type Service = Metered<S>;

    fn layer(&self, inner: S) -> Metered<S> {
        Metered {
            inner,
            layer: self.clone(),
        }
    }
}

/// A service whose handlers and response streams are counted.
#[derive(Clone)]
pub struct Metered<S> {
    inner: S,
    layer: MeterLayer,
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
        let MeterLayer { counts, span } = self.layer.clone();
        let handler = Alive::new(&counts, |counts| &counts.handlers);
        let response = self.inner.call(request).instrument(span.clone());
        Box::pin(async move {
            let response = response.await?;
            drop(handler);
            Ok(response.map(|inner| MeteredBody {
                inner: Some(Box::pin(inner)),
                span,
                _alive: Alive::new(&counts, |counts| &counts.streams),
            }))
        })
    }
}

/// A response body that is counted while it lives.
pub struct MeteredBody<R> {
    /// Taken when this is dropped, so that it is dropped in the host's span.
    inner: Option<Pin<Box<R>>>,
    span: Span,
    _alive: Alive,
}

impl<R: HttpBody<Data = Bytes>> HttpBody for MeteredBody<R> {
    type Data = Bytes;
    type Error = R::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<http_body::Frame<Bytes>, R::Error>>> {
        let span = self.span.clone();
        span.in_scope(|| match &mut self.inner {
            Some(inner) => inner.as_mut().poll_frame(cx),
            None => Poll::Ready(None),
        })
    }

    fn is_end_stream(&self) -> bool {
        self.inner
            .as_ref()
            .is_none_or(|inner| inner.is_end_stream())
    }
}

impl<R> Drop for MeteredBody<R> {
    fn drop(&mut self) {
        let inner = self.inner.take();
        self.span.in_scope(|| drop(inner));
    }
}

/// Adds one to each count for as long as it lives.
struct Alive {
    counts: Vec<Arc<Counts>>,
    which: fn(&Counts) -> &AtomicUsize,
}

impl Alive {
    fn new(counts: &[Arc<Counts>], which: fn(&Counts) -> &AtomicUsize) -> Self {
        for count in counts {
            which(count).fetch_add(1, Ordering::Relaxed);
        }
        Self {
            counts: counts.to_vec(),
            which,
        }
    }
}

impl Drop for Alive {
    fn drop(&mut self) {
        for count in &self.counts {
            (self.which)(count).fetch_sub(1, Ordering::Relaxed);
        }
    }
}
