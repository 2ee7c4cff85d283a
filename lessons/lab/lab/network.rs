//! The lab's network: hosts, the links between them, and who listens.

use std::collections::BTreeMap;
use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::mpsc::{self, error::TrySendError};
use tokio::time::sleep;

use super::link::{Connect, Link};
use super::listener::{Accepted, Listener};
use super::pipe::Pipe;
use crate::run::{Connection, HostName};
use crate::wire::{
    Connection as Wire, Direction, Frame, Keeps, SharedWitness, Side, Speaks, Tap, Witness,
};

/// Connections that wait to be accepted; beyond that a connect waits for its turn, as it does when a
/// real listener's backlog is full.
const BACKLOG: usize = 128;

/// Called with each frame, the connection that it travels on, and whether it is lost on its way.
pub(super) type OnFrame = Arc<dyn Fn(&Connection, &Frame, bool) + Send + Sync>;

/// Everything that hosts can reach.
#[derive(Clone)]
pub(super) struct Network {
    state: Arc<Mutex<Registry>>,
    on_frame: OnFrame,
}

#[derive(Default)]
struct Registry {
    /// Who listens; the number tells a listener from the one that took its place.
    listeners: BTreeMap<HostName, (u64, mpsc::Sender<Accepted>)>,
    listened: u64,
    links: BTreeMap<(HostName, HostName), Link>,
    /// How many connections there have been between a client and a server.
    opened: BTreeMap<(HostName, HostName), u32>,
    /// Every connection so far, oldest first: a lab's run ends by itself, so they are all kept.
    witnesses: Vec<(Connection, SharedWitness)>,
    /// What connections speak, if it is not HTTP/2.
    speaks: Option<Speaks>,
}

impl Network {
    pub(super) fn new(on_frame: OnFrame) -> Self {
        Self {
            state: Arc::default(),
            on_frame,
        }
    }

    /// The link between two hosts.
    pub(super) fn link(&self, one: &HostName, other: &HostName) -> Link {
        let mut ends = (one.clone(), other.clone());
        if ends.0 > ends.1 {
            ends = (ends.1, ends.0);
        }
        let link = Link::new(&ends.0, &ends.1);
        self.lock().links.entry(ends).or_insert(link).clone()
    }

    /// Every link of a host.
    pub(super) fn links_of(&self, host: &HostName) -> Vec<Link> {
        let state = self.lock();
        let of_host =
            |((one, other), _): &(&(HostName, HostName), &Link)| one == host || other == host;
        let links = state.links.iter().filter(of_host);
        links.map(|(_, link)| link.clone()).collect()
    }

    /// Listens at a host.
    ///
    /// # Errors
    /// `AddrInUse` when something listens there already, unless this one `takes_over`: then new
    /// connections come here, and the listener before it gets no more, but is not closed either.
    pub(super) fn listen(&self, host: &HostName, takes_over: bool) -> io::Result<Listener> {
        let mut state = self.lock();
        if !takes_over
            && let Some((_, before)) = state.listeners.get(host)
            && !before.is_closed()
        {
            return Err(io::Error::new(
                io::ErrorKind::AddrInUse,
                format!("something listens at {host} already: drain, abort or restart it first"),
            ));
        }
        let (sender, accepted) = mpsc::channel(BACKLOG);
        state.listened += 1;
        let number = state.listened;
        // The listener before it holds on to its own sender, so that its queue does not end.
        let before = state.listeners.insert(host.clone(), (number, sender));
        drop(state);
        Ok(Listener::new(
            accepted,
            self.clone(),
            host.clone(),
            number,
            before.map(|(_, sender)| sender),
        ))
    }

    /// Nothing listens at that host any more, if it was that listener.
    pub(super) fn close(&self, host: &HostName, number: u64) {
        let mut state = self.lock();
        if state
            .listeners
            .get(host)
            .is_some_and(|(now, _)| *now == number)
        {
            state.listeners.remove(host);
        }
    }

    /// Nothing listens at that host any more.
    pub(super) fn stop_listening(&self, host: &HostName) {
        self.lock().listeners.remove(host);
    }

    /// Connects.
    ///
    /// # Errors
    /// `ConnectionRefused` when nothing listens there, or the link refuses.
    pub(super) async fn connect(&self, from: &HostName, to: &HostName) -> io::Result<Pipe> {
        let link = self.link(from, to);
        loop {
            match link.connect() {
                Connect::Refused => return Err(io::ErrorKind::ConnectionRefused.into()),
                Connect::Waits => link.repaired().await,
                Connect::After(round_trip) => {
                    if !round_trip.is_zero() {
                        sleep(round_trip).await;
                    }
                    break;
                }
            }
        }
        let refused = || io::Error::from(io::ErrorKind::ConnectionRefused);
        let listener = self
            .lock()
            .listeners
            .get(to)
            .map(|(_, queue)| queue.clone());
        let listener = listener.ok_or_else(refused)?;
        // Waiting costs a unit of tokio's budget for the task, and so can move the point at which it
        // yields: only a backlog that is full is waited for.
        let place = match listener.try_reserve() {
            Ok(place) => place,
            Err(TrySendError::Full(())) => listener.reserve().await.map_err(|_| refused())?,
            Err(TrySendError::Closed(())) => return Err(refused()),
        };
        let (ours, theirs) = link.connection(from);
        place.send(Accepted {
            pipe: theirs,
            client: from.clone(),
        });
        Ok(ours)
    }

    /// The accepting end, with a tap on it. The tap sits there so that what the client sends is seen
    /// before the server acts on it, and what the server sends before the client does.
    pub(super) fn tapped(&self, accepted: Accepted, server: &HostName) -> Tap<Pipe> {
        let Accepted { pipe, client } = accepted;
        let mut state = self.lock();
        let ends = (client.clone(), server.clone());
        let opened = state.opened.entry(ends).or_default();
        *opened += 1;
        let connection = Connection {
            client,
            server: server.clone(),
            number: *opened,
        };
        let witness = Witness::speaking(state.speaks, Keeps::default());
        let witness = Arc::new(Mutex::new(witness));
        state
            .witnesses
            .push((connection.clone(), Arc::clone(&witness)));
        let on_frame = Arc::clone(&self.on_frame);
        let to_client = pipe.outgoing();
        Tap::new(
            pipe,
            Side::Server,
            witness,
            Arc::new(move |frame| {
                let lost = frame.direction == Direction::ToClient && to_client.is_black_hole();
                on_frame(&connection, frame, lost);
            }),
        )
    }

    /// Connections that are accepted from now on speak this.
    pub(super) fn speaks(&self, protocol: Speaks) {
        self.lock().speaks = Some(protocol);
    }

    /// Looks at every connection so far, oldest first.
    pub(super) fn each_connection<T>(&self, look: impl Fn(&Connection, &Wire) -> Vec<T>) -> Vec<T> {
        let witnesses = self.lock().witnesses.clone();
        let looked = witnesses.iter().map(|(connection, witness)| {
            let witness = witness.lock().unwrap_or_else(PoisonError::into_inner);
            look(connection, witness.connection())
        });
        looked.flatten().collect()
    }

    fn lock(&self) -> MutexGuard<'_, Registry> {
        // Nothing that holds the lock can leave the state half-changed.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
