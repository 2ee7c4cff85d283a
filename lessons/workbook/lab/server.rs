//! A server in the lab, and the ways to end it.

use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use tonic::body::Body;
use tonic::codegen::http::{Request, Response};
use tonic::codegen::{Body as HttpBody, Bytes, Service, StdError};
use tonic::service::Routes;
use tonic::transport::server::Router;
use tower::Layer;

use super::Lab;

/// A server that runs in the lab. Dropping this leaves it running until the lab ends.
pub struct Serving {
    shutdown: oneshot::Sender<()>,
    task: JoinHandle<Result<(), tonic::transport::Error>>,
}

impl Serving {
    /// Takes no new connections (they are refused), tells the clients, and waits for the calls
    /// that are open. As in production, that may be for ever.
    pub async fn drain(self) {
        // The server may have ended by itself, and then nobody needs the signal.
        let _ = self.shutdown.send(());
        let _ = self.task.await;
    }

    /// Takes no new connections from now on, and does not wait. tonic serves each connection in
    /// a task of its own, so those that are open live on.
    pub fn abort(self) {
        self.task.abort();
    }
}

impl Lab {
    /// Runs a server at the lab's address. Call it inside [`Lab::run`].
    pub fn serve<L, B>(&self, router: Router<L>) -> Serving
    where
        L: Layer<Routes> + Clone + Send + 'static,
        L::Service: Service<Request<Body>, Response = Response<B>, Error: Into<StdError> + Send>
            + Clone
            + Send
            + 'static,
        <L::Service as Service<Request<Body>>>::Future: Send,
        B: HttpBody<Data = Bytes, Error: Into<StdError>> + Send + 'static,
    {
        let (shutdown, signalled) = oneshot::channel::<()>();
        let incoming = self.network.listen();
        let signal = async {
            // An Err means that the handle was dropped: the server runs on.
            if signalled.await.is_err() {
                std::future::pending::<()>().await;
            }
        };
        let task = tokio::spawn(router.serve_with_incoming_shutdown(incoming, signal));
        Serving { shutdown, task }
    }
}
