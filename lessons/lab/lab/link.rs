//! The link between two hosts, and what can be wrong with it.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::Notify;

use super::pipe::{CAPACITY, Direction, Pipe};
use crate::run::HostName;

/// The link between two hosts: every connection between them, whichever of the two opened it.
///
/// The words are turmoil's where they fit. A fault is of the present connections, and of those that
/// are opened until [`Link::repair`].
#[derive(Clone)]
pub struct Link {
    hosts: [HostName; 2],
    state: Arc<Mutex<Condition>>,
    repaired: Arc<Notify>,
}

struct Condition {
    latency: Duration,
    capacity: usize,
    /// For each of the two hosts: what it sends disappears.
    black_hole: [bool; 2],
    held: bool,
    refuses: bool,
    connections: Vec<Connection>,
}

impl Default for Condition {
    fn default() -> Self {
        Self {
            latency: Duration::ZERO,
            capacity: CAPACITY,
            black_hole: [false, false],
            held: false,
            refuses: false,
            connections: Vec::new(),
        }
    }
}

/// A connection's directions: what each of the link's hosts sends.
struct Connection([Arc<Direction>; 2]);

/// What becomes of a connect.
pub(super) enum Connect {
    /// Connected, after a round trip of that length.
    After(Duration),
    /// Refused at once.
    Refused,
    /// No answer until the link is repaired.
    Waits,
}

impl Link {
    pub(super) fn new(one: &HostName, other: &HostName) -> Self {
        Self {
            hosts: [one.clone(), other.clone()],
            state: Arc::default(),
            repaired: Arc::default(),
        }
    }

    /// Black hole: what either host sends disappears, and neither is told. A connect gets no answer
    /// until the link is repaired; a connection that is open now stays dead for good, because the
    /// bytes that were lost are never sent again.
    ///
    /// ```
    /// use streaming_lab::lab::Lab;
    /// use tonic_health::pb::HealthCheckRequest;
    /// use tonic_health::pb::health_client::HealthClient;
    /// # let (_reporter, health) = tonic_health::server::health_reporter();
    /// # let router = tonic::transport::Server::builder().add_service(health);
    ///
    /// Lab::new().run(async |lab| {
    ///     lab.serve(router);
    ///     let mut client = HealthClient::new(lab.channel().await?);
    ///     let watch = client.watch(HealthCheckRequest::default()).await?;
    ///     let mut statuses = watch.into_inner();
    ///     assert!(statuses.message().await?.is_some());
    ///
    ///     lab.partition();
    ///     // The client is told nothing: it waits, until its own limit ends the wait.
    ///     let limit = std::time::Duration::from_secs(60);
    ///     let next = tokio::time::timeout(limit, statuses.message()).await;
    ///     assert!(next.is_err());
    ///     Ok::<_, Box<dyn std::error::Error>>(())
    /// })?;
    /// # Ok::<_, Box<dyn std::error::Error>>(())
    /// ```
    pub fn partition(&self) {
        self.black_hole([true, true]);
    }

    /// Black hole one way: what `from` sends disappears; what it is sent still arrives.
    ///
    /// ```
    /// use streaming_lab::lab::Lab;
    /// use tonic_health::pb::HealthCheckRequest;
    /// use tonic_health::pb::health_client::HealthClient;
    /// # let (_reporter, health) = tonic_health::server::health_reporter();
    /// # let router = tonic::transport::Server::builder().add_service(health);
    ///
    /// Lab::new().run(async |lab| {
    ///     lab.serve(router);
    ///     let mut client = HealthClient::new(lab.channel().await?);
    ///     let link = lab.link("client", "server");
    ///     link.partition_oneway("server");
    ///     // The call reaches the server, and its answer does not come back.
    ///     let limit = std::time::Duration::from_secs(60);
    ///     let check = client.check(HealthCheckRequest::default());
    ///     assert!(tokio::time::timeout(limit, check).await.is_err());
    ///     assert_eq!(lab.calls().len(), 1);
    ///     Ok::<_, Box<dyn std::error::Error>>(())
    /// })?;
    /// # Ok::<_, Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Panics
    /// When `from` is not one of the link's hosts.
    pub fn partition_oneway(&self, from: &str) {
        let of = self.index(from);
        self.black_hole([of == 0, of == 1]);
    }

    /// Nothing arrives any more, until [`Link::release`]; what was sent arrives then.
    ///
    /// ```
    /// use streaming_lab::lab::Lab;
    /// use tonic_health::pb::HealthCheckRequest;
    /// use tonic_health::pb::health_client::HealthClient;
    /// # let (_reporter, health) = tonic_health::server::health_reporter();
    /// # let router = tonic::transport::Server::builder().add_service(health);
    ///
    /// Lab::new().run(async |lab| {
    ///     lab.serve(router);
    ///     let mut client = HealthClient::new(lab.channel().await?);
    ///     let link = lab.link("client", "server");
    ///     link.hold();
    ///     let check = tokio::spawn(async move { client.check(HealthCheckRequest::default()).await });
    ///     lab.sleep(std::time::Duration::from_secs(60)).await;
    ///     assert!(!check.is_finished());
    ///     // Nothing was lost, so the call goes on where it was.
    ///     link.release();
    ///     check.await??;
    ///     Ok::<_, Box<dyn std::error::Error>>(())
    /// })?;
    /// # Ok::<_, Box<dyn std::error::Error>>(())
    /// ```
    pub fn hold(&self) {
        self.set_held(true);
    }

    /// The end of [`Link::hold`], whose example shows both.
    pub fn release(&self) {
        self.set_held(false);
    }

    /// Every present connection breaks: both ends get an error (`ConnectionReset`) at their next read
    /// or write. Connections made from now on are sound.
    ///
    /// ```
    /// use streaming_lab::lab::Lab;
    /// use tonic_health::pb::HealthCheckRequest;
    /// use tonic_health::pb::health_client::HealthClient;
    /// # let (_reporter, health) = tonic_health::server::health_reporter();
    /// # let router = tonic::transport::Server::builder().add_service(health);
    ///
    /// Lab::new().run(async |lab| {
    ///     lab.serve(router);
    ///     let mut client = HealthClient::new(lab.channel().await?);
    ///     let watch = client.watch(HealthCheckRequest::default()).await?;
    ///     let mut statuses = watch.into_inner();
    ///     assert!(statuses.message().await?.is_some());
    ///
    ///     lab.cut();
    ///     assert!(statuses.message().await.is_err());
    ///     // tonic connects again for the next call.
    ///     client.check(HealthCheckRequest::default()).await?;
    ///     Ok::<_, Box<dyn std::error::Error>>(())
    /// })?;
    /// # Ok::<_, Box<dyn std::error::Error>>(())
    /// ```
    pub fn cut(&self) {
        let connections = std::mem::take(&mut self.lock().connections);
        for direction in connections.iter().flat_map(|connection| &connection.0) {
            direction.cut();
        }
    }

    /// What is sent from now on arrives that much later, in either direction; a connect takes twice
    /// as long.
    ///
    /// ```
    /// use streaming_lab::lab::Lab;
    /// use tonic_health::pb::HealthCheckRequest;
    /// use tonic_health::pb::health_client::HealthClient;
    /// # let (_reporter, health) = tonic_health::server::health_reporter();
    /// # let router = tonic::transport::Server::builder().add_service(health);
    ///
    /// Lab::new().run(async |lab| {
    ///     lab.serve(router);
    ///     let mut client = HealthClient::new(lab.channel().await?);
    ///     let latency = std::time::Duration::from_millis(30);
    ///     lab.link("client", "server").set_latency(latency);
    ///     let began = tokio::time::Instant::now();
    ///     client.check(HealthCheckRequest::default()).await?;
    ///     // There and back.
    ///     assert!(began.elapsed() >= 2 * latency);
    ///     Ok::<_, Box<dyn std::error::Error>>(())
    /// })?;
    /// # Ok::<_, Box<dyn std::error::Error>>(())
    /// ```
    pub fn set_latency(&self, latency: Duration) {
        let mut state = self.lock();
        state.latency = latency;
        for direction in state
            .connections
            .iter()
            .flat_map(|connection| &connection.0)
        {
            direction.set_latency(latency);
        }
    }

    /// Each direction of a connection holds so many bytes from now on, 64 KiB otherwise: what is on its
    /// way and what has arrived and is not read. A writer waits when that is full, so on a link with
    /// latency no more than this arrives in one latency.
    ///
    /// ```
    /// use streaming_lab::lab::Lab;
    /// use tokio::io::AsyncWriteExt as _;
    ///
    /// Lab::new().run(async |lab| {
    ///     let _listener = lab.host("server").listen()?;
    ///     lab.link("client", "server").set_capacity(1_024);
    ///     let mut pipe = lab.host("client").connect("server").await?;
    ///     // The reader does not read, so there is room for so much and no more.
    ///     assert_eq!(pipe.write(&[0; 4_096]).await?, 1_024);
    ///     Ok::<_, Box<dyn std::error::Error>>(())
    /// })?;
    /// # Ok::<_, Box<dyn std::error::Error>>(())
    /// ```
    pub fn set_capacity(&self, bytes: usize) {
        let mut state = self.lock();
        state.capacity = bytes;
        for direction in state
            .connections
            .iter()
            .flat_map(|connection| &connection.0)
        {
            direction.set_capacity(bytes);
        }
    }

    /// Connects are refused from now on; open connections are not affected.
    ///
    /// ```
    /// use streaming_lab::lab::Lab;
    /// use tonic_health::pb::HealthCheckRequest;
    /// use tonic_health::pb::health_client::HealthClient;
    /// # let (_reporter, health) = tonic_health::server::health_reporter();
    /// # let router = tonic::transport::Server::builder().add_service(health);
    ///
    /// Lab::new().run(async |lab| {
    ///     lab.serve(router);
    ///     let mut client = HealthClient::new(lab.channel().await?);
    ///     let link = lab.link("client", "server");
    ///     link.refuse();
    ///     // The open connection goes on; a new one is refused.
    ///     client.check(HealthCheckRequest::default()).await?;
    ///     assert!(lab.channel().await.is_err());
    ///     link.repair();
    ///     assert!(lab.channel().await.is_ok());
    ///     Ok::<_, Box<dyn std::error::Error>>(())
    /// })?;
    /// # Ok::<_, Box<dyn std::error::Error>>(())
    /// ```
    pub fn refuse(&self) {
        self.lock().refuses = true;
    }

    /// Connections made from now on are sound, and connects that wait are made. Latency stays. The
    /// example is at [`Link::refuse`].
    pub fn repair(&self) {
        let mut state = self.lock();
        (state.black_hole, state.refuses) = ([false, false], false);
        drop(state);
        self.release();
        self.repaired.notify_waiters();
    }

    pub(super) fn connect(&self) -> Connect {
        let state = self.lock();
        if state.black_hole != [false, false] || state.held {
            return Connect::Waits;
        }
        if state.refuses {
            return Connect::Refused;
        }
        Connect::After(state.latency * 2)
    }

    /// Resolves when the link is repaired the next time.
    pub(super) async fn repaired(&self) {
        self.repaired.notified().await;
    }

    /// The two ends of a connection that `client` opens.
    pub(super) fn connection(&self, client: &HostName) -> (Pipe, Pipe) {
        let directions = [Arc::default(), Arc::default()];
        let mut state = self.lock();
        for direction in &directions {
            Direction::set_latency(direction, state.latency);
            direction.set_capacity(state.capacity);
        }
        let of_client = self.index(client.as_str());
        let pair = Pipe::pair(&directions[of_client], &directions[1 - of_client]);
        let is_open = |connection: &Connection| !connection.0.iter().all(|way| way.is_over());
        state.connections.retain(is_open);
        state.connections.push(Connection(directions));
        pair
    }

    fn black_hole(&self, senders: [bool; 2]) {
        let mut state = self.lock();
        for (index, _) in senders.iter().enumerate().filter(|(_, of)| **of) {
            state.black_hole[index] = true;
            for connection in &state.connections {
                connection.0[index].black_hole();
            }
        }
    }

    fn set_held(&self, held: bool) {
        let mut state = self.lock();
        state.held = held;
        for direction in state
            .connections
            .iter()
            .flat_map(|connection| &connection.0)
        {
            direction.hold(held);
        }
    }

    fn index(&self, host: &str) -> usize {
        let index = self.hosts.iter().position(|name| name.as_str() == host);
        index.unwrap_or_else(|| {
            let [one, other] = &self.hosts;
            panic!("{host} is not on the link between {one} and {other}")
        })
    }

    fn lock(&self) -> MutexGuard<'_, Condition> {
        // Nothing that holds the lock can leave the state half-changed.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
