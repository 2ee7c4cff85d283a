//! Looks into the store in the instant in which the handler answers. When the answer has reached the client,
//! a task that was to tidy up has had its turn.

use std::future::poll_fn;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, ready};

use tonic::body::Body;
use tonic::codegen::http::{Request, Response};
use tower::{Layer, Service};

use super::super::store::Store;

/// The names that were in the store when the last handler answered.
#[derive(Clone)]
pub struct Answered {
    store: Arc<Store>,
    names: Arc<Mutex<Option<Vec<String>>>>,
}

impl Answered {
    pub fn of(store: &Arc<Store>) -> Self {
        Self {
            store: Arc::clone(store),
            names: Arc::default(),
        }
    }

    /// The names, once; None if no handler has answered since.
    pub fn take(&self) -> Option<Vec<String>> {
        self.lock().take()
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Option<Vec<String>>> {
        self.names.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<S> Layer<S> for Answered {
    type Service = Looks<S>;

    fn layer(&self, inner: S) -> Looks<S> {
        Looks {
            inner,
            answered: self.clone(),
        }
    }
}

/// The handlers, watched.
#[derive(Clone)]
pub struct Looks<S> {
    inner: S,
    answered: Answered,
}

impl<S> Service<Request<Body>> for Looks<S>
where
    S: Service<Request<Body>, Response = Response<Body>>,
    S::Future: Send + 'static,
{
    type Response = Response<Body>;
    type Error = S::Error;
    type Future = Pin<Box<dyn Future<Output = Result<Response<Body>, S::Error>> + Send>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, request: Request<Body>) -> Self::Future {
        let answered = self.answered.clone();
        let mut answer = Box::pin(self.inner.call(request));
        Box::pin(poll_fn(move |context| {
            let answer = ready!(answer.as_mut().poll(context));
            *answered.lock() = Some(answered.store.names());
            Poll::Ready(answer)
        }))
    }
}
