//! What can happen in a run.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use super::stall::Stall;
use super::values::Fields;
use crate::wire::{Direction, Frame};

/// The name of a host: its lane in a transcript, its lifeline in a picture, its address in
/// `http://NAME:50051`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct HostName(Arc<str>);

impl HostName {
    /// The name as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<&str> for HostName {
    fn from(name: &str) -> Self {
        Self(name.into())
    }
}

impl From<String> for HostName {
    fn from(name: String) -> Self {
        Self(name.into())
    }
}

impl fmt::Display for HostName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

/// The lane of a line that belongs to no host: there are several servers, and it was said outside of
/// every host's span.
pub const UNKNOWN: &str = "?";

/// What a host is in its scene.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// It opens calls.
    Client,
    /// It answers them.
    Server,
    /// It speaks bytes on both sides: a proxy, or a protocol that is no gRPC.
    Relay,
}

/// A member of a scene's cast.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Host {
    /// Its name.
    pub name: HostName,
    /// What it is.
    pub role: Role,
}

/// A connection: who opened it, to whom, and which one between the two it is.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Connection {
    /// The host that connected.
    pub client: HostName,
    /// The host that accepted.
    pub server: HostName,
    /// Counted from 1, for each pair of hosts.
    pub number: u32,
}

impl Connection {
    /// Where a frame comes from.
    #[must_use]
    pub fn sender(&self, direction: Direction) -> &HostName {
        match direction {
            Direction::ToServer => &self.client,
            Direction::ToClient => &self.server,
        }
    }

    /// Where it goes.
    #[must_use]
    pub fn receiver(&self, direction: Direction) -> &HostName {
        self.sender(direction.opposite())
    }

    /// A stream of it: `#1`, and `2#1` on the second connection between the same hosts.
    #[must_use]
    pub fn stream(&self, stream: u32) -> String {
        match self.number {
            0 | 1 => format!("#{stream}"),
            number => format!("{number}#{stream}"),
        }
    }
}

/// How a scene begins: its name, its cast, and how its views show it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SceneHead {
    /// Its name on the command line.
    pub name: String,
    /// What it shows, in a few words.
    pub title: String,
    /// The hosts, in the order of their lifelines.
    pub hosts: Vec<Host>,
    /// Lines that differ only in their numbers are shown this often, then counted.
    pub elide_after: Option<usize>,
    /// Whether the frames that open a connection are shown, too.
    pub shows_opening: bool,
}

impl SceneHead {
    /// One client and one server: the wire has one lane, and no name but theirs.
    #[must_use]
    pub fn is_pair(&self) -> bool {
        let of = |role| self.hosts.iter().filter(|host| host.role == role).count();
        self.hosts.len() <= 2 && of(Role::Client) <= 1 && of(Role::Server) <= 1
    }

    /// Whose line it is that was said outside of every host's span: tonic spawns a connection's task
    /// without one, so handlers run in none. It is the only server's, if there is one.
    #[must_use]
    pub fn lane_without_span(&self) -> HostName {
        let mut servers = self.hosts.iter().filter(|host| host.role == Role::Server);
        match (servers.next(), servers.next()) {
            (Some(only), None) => only.name.clone(),
            _ => UNKNOWN.into(),
        }
    }

    /// What a host is; unknown hosts are clients, such as those who call a served lesson.
    #[must_use]
    pub fn role(&self, name: &HostName) -> Role {
        let known = self.hosts.iter().find(|host| host.name == *name);
        known.map_or(Role::Client, |host| host.role)
    }
}

/// Something that happened, and when: virtual time since the scene began.
#[derive(Debug, Clone, PartialEq)]
pub struct Event {
    /// Since the scene began.
    pub at: Duration,
    /// What it was.
    pub what: What,
}

/// What happened.
#[derive(Debug, Clone, PartialEq)]
pub enum What {
    /// A host's task said something: a `tracing` event.
    Said {
        /// Whose task.
        host: HostName,
        /// The message.
        text: String,
        /// The event's fields: data, not shown in a transcript.
        fields: Fields,
    },
    /// A frame passed the tap at the server's end of a connection.
    Frame {
        /// Which connection.
        connection: Connection,
        /// The frame.
        frame: Frame,
        /// It was sent into a black hole: it does not arrive. (A frame that is lost on its way to the
        /// tap is not seen at all.)
        lost: bool,
    },
    /// Something about the scene itself.
    Note(Note),
}

/// Something about the scene itself: it belongs to no host.
#[derive(Debug, Clone, PartialEq)]
pub enum Note {
    /// Nothing happened any more, and nothing would.
    Stall(Stall),
    /// A task panicked, with this message.
    Panic(String),
    /// The scene was cut, after this many seconds of real time.
    Cut(f64),
    /// The scene was not played over TCP, for this reason.
    LabOnly(String),
}

impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Stall(stall) => write!(f, "stall: {stall}"),
            Self::Panic(message) => write!(f, "panic: {message}"),
            Self::Cut(seconds) => write!(f, "cut here, after {seconds} s of real time"),
            Self::LabOnly(reason) => write!(f, "in the lab only: {reason}"),
        }
    }
}
