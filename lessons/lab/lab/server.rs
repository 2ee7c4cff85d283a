//! Servers in the lab, and the ways to end them.

use std::collections::BTreeMap;
use std::io;
use std::sync::{Arc, Mutex, PoisonError};

use futures::future::{BoxFuture, FutureExt as _};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use tonic::transport::server::Router;
use tracing::Instrument as _;

use super::{Host, Lab, Listener, SERVER, ServerLayer};
use crate::run::HostName;

/// A server that runs in the lab. Dropping this leaves it running until the lab ends.
pub struct Serving {
    shutdown: oneshot::Sender<()>,
    task: JoinHandle<()>,
}

/// Starts a server at its host; called again for each restart.
pub type Start = Arc<dyn Fn(&Host) -> io::Result<Serving> + Send + Sync>;

/// The servers of a lab that can be ended and started by their names.
#[derive(Clone, Default)]
pub(super) struct Servers(Arc<Mutex<BTreeMap<HostName, Server>>>);

struct Server {
    start: Start,
    serving: Option<Serving>,
}

impl Serving {
    /// Takes no new connections (they are refused), tells the clients (GOAWAY), and waits for the
    /// calls that are open. As in production, that may be for ever.
    pub async fn drain(self) {
        // An Err means that the server has ended by itself.
        let _ = self.shutdown.send(());
        let _ = self.task.await;
    }

    /// Takes no new connections from now on, and does not wait. tonic serves each connection in
    /// a task of its own, so those that are open live on.
    pub fn abort(self) {
        self.task.abort();
    }
}

impl Host {
    /// Runs a tonic server at this host. Call it inside [`Lab::run`].
    ///
    /// # Errors
    /// `AddrInUse` when something listens at this host already.
    pub fn serve<L: ServerLayer>(&self, router: Router<L>) -> io::Result<Serving> {
        Ok(self.serve_at(self.listen()?, router))
    }

    /// Runs a host that speaks bytes; `work` is dropped when the host is drained or aborted.
    ///
    /// # Errors
    /// `AddrInUse` when something listens at this host already.
    pub fn run<F>(&self, work: impl FnOnce(Listener) -> F) -> io::Result<Serving>
    where
        F: Future<Output = ()> + Send + 'static,
    {
        let work = work(self.listen()?).instrument(self.span());
        let (shutdown, signalled) = oneshot::channel::<()>();
        let task = tokio::spawn(async move {
            tokio::select! {
                biased;
                () = asked_to_end(signalled) => {}
                () = work => {}
            }
        });
        Ok(Serving { shutdown, task })
    }

    /// Runs a program at this host, which serves as it likes and ends when it likes. When `work` ends,
    /// its process has ended: nothing listens here any more, and each of its connections breaks. The
    /// future that `work` is given resolves when the host is drained.
    ///
    /// # Errors
    /// `AddrInUse` when something listens at this host already.
    pub fn process<F>(
        &self,
        work: impl FnOnce(Listener, BoxFuture<'static, ()>) -> F,
    ) -> io::Result<Serving>
    where
        F: Future<Output = ()> + Send + 'static,
    {
        self.lab.is_server(self.name());
        let (shutdown, signalled) = oneshot::channel::<()>();
        let work = work(self.listen()?, asked_to_end(signalled).boxed());
        let host = self.clone();
        let process = async move {
            work.await;
            for link in host.lab.network.links_of(host.name()) {
                link.cut();
            }
        };
        let task = tokio::spawn(process.instrument(self.span()));
        Ok(Serving { shutdown, task })
    }

    fn serve_at<L: ServerLayer>(&self, listener: Listener, router: Router<L>) -> Serving {
        self.lab.is_server(self.name());
        let (shutdown, signalled) = oneshot::channel::<()>();
        let serving = router.serve_with_incoming_shutdown(listener, asked_to_end(signalled));
        let served = async {
            // tonic's accept loop fails for no in-memory connection; its end is what counts.
            let _ = serving.await;
        };
        let task = tokio::spawn(served.instrument(self.span()));
        Serving { shutdown, task }
    }
}

/// Resolves when the server is drained. Where its handle was dropped, it runs on.
async fn asked_to_end(signalled: oneshot::Receiver<()>) {
    if signalled.await.is_err() {
        std::future::pending::<()>().await;
    }
}

impl Lab {
    /// Runs a server at the host `server`, in a lab with one server. A server that ran there before
    /// keeps its connections and gets no new ones. Call it inside [`Lab::run`].
    ///
    /// # Panics
    /// Never: an address that is taken over cannot be in use.
    pub fn serve<L: ServerLayer>(&self, router: Router<L>) -> Serving {
        let host = self.host(SERVER);
        let listener = self.network.listen(host.name(), true);
        let listener = listener.expect("an address that is taken over cannot be in use");
        host.serve_at(listener, router)
    }

    /// Starts a server that the scene may end and start again by its host's name.
    ///
    /// # Errors
    /// `AddrInUse` when something listens at this host already.
    pub fn start(&self, host: &str, start: Start) -> io::Result<()> {
        let host = self.host(host);
        let serving = Some(start(&host)?);
        let server = Server { start, serving };
        self.servers.lock().insert(host.name().clone(), server);
        Ok(())
    }

    /// Drains the server at that host: new connections are refused, its clients are told (GOAWAY), and
    /// this waits until its calls have ended. That may be for ever.
    pub async fn drain(&self, host: &str) {
        if let Some(serving) = self.servers.take(host) {
            serving.drain().await;
        }
    }

    /// New connections to that host are refused from now on; those that are open live on.
    pub fn abort(&self, host: &str) {
        if let Some(serving) = self.servers.take(host) {
            serving.abort();
        }
        self.network.stop_listening(&host.into());
    }

    /// The server at that host is gone, as after `kill -9`: each of its connections breaks, and new
    /// ones are refused. Tasks that it has spawned go on: the lab cannot end a task that is not its
    /// own.
    ///
    /// ```
    /// use std::sync::Arc;
    /// use streaming_lab::lab::{Host, Lab};
    /// use tonic::transport::Server;
    /// use tonic_health::pb::HealthCheckRequest;
    /// use tonic_health::pb::health_client::HealthClient;
    ///
    /// Lab::new().run(async |lab| {
    ///     let start = |host: &Host| {
    ///         let (_reporter, health) = tonic_health::server::health_reporter();
    ///         host.serve(Server::builder().add_service(health))
    ///     };
    ///     lab.start("server", Arc::new(start))?;
    ///     let mut client = HealthClient::new(lab.host("client").channel("server").await?);
    ///     let watch = client.watch(HealthCheckRequest::default()).await?;
    ///     let mut statuses = watch.into_inner();
    ///     assert!(statuses.message().await?.is_some());
    ///
    ///     lab.crash("server");
    ///     assert!(statuses.message().await.is_err());
    ///     assert!(client.check(HealthCheckRequest::default()).await.is_err());
    ///     // The same server, with nothing that it had in memory.
    ///     lab.restart("server")?;
    ///     client.check(HealthCheckRequest::default()).await?;
    ///     Ok::<_, Box<dyn std::error::Error>>(())
    /// })?;
    /// # Ok::<_, Box<dyn std::error::Error>>(())
    /// ```
    pub fn crash(&self, host: &str) {
        self.abort(host);
        for link in self.network.links_of(&host.into()) {
            link.cut();
        }
    }

    /// Crashes the server at that host and starts it again, with nothing that it had in memory.
    ///
    /// # Errors
    /// `NotFound` when [`Lab::start`] has started none there; otherwise as that.
    pub fn bounce(&self, host: &str) -> io::Result<()> {
        self.crash(host);
        self.restart(host)
    }

    /// Starts the server at that host again, after a drain, an abort or a crash.
    ///
    /// # Errors
    /// As [`Lab::bounce`].
    pub fn restart(&self, host: &str) -> io::Result<()> {
        let start = self
            .servers
            .lock()
            .get(&host.into())
            .map(|server| Arc::clone(&server.start));
        let start = start.ok_or_else(|| {
            let why = format!("no server was started at {host}");
            io::Error::new(io::ErrorKind::NotFound, why)
        })?;
        self.start(host, start)
    }
}

impl Servers {
    /// The server's handle, for the code that ends it.
    fn take(&self, host: &str) -> Option<Serving> {
        self.lock().get_mut(&host.into())?.serving.take()
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, BTreeMap<HostName, Server>> {
        // Nothing that holds the lock can leave the map half-changed.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
