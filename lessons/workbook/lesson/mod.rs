//! What every lesson program is: scenes to play, services to serve, an exercise to check.

mod cli;
mod connect;
mod failure;
mod live;
mod network;
mod panics;
mod play;
mod serve;
mod signals;
mod tcp;

use std::pin::Pin;
use std::time::Duration;

use tonic::transport::server::Router;

pub use failure::{Failure, Outcome};
pub use network::Network;

use crate::grade::Check;

type Client = Box<dyn Fn(Network) -> Pin<Box<dyn Future<Output = Outcome>>>>;

/// How a scene behaves over TCP and the real clock (`--live`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Live {
    /// The same events in the same order in each lane.
    Same,
    /// The same, up to the given time; the scene is cut there.
    CutAfter(Duration),
    /// Not at all, for the given reason.
    LabOnly(&'static str),
}

/// One scene: a server, and a client that does something with it.
pub struct Scene {
    name: &'static str,
    title: &'static str,
    server: fn() -> Router,
    client: Client,
    live: Live,
    elide_after: Option<usize>,
    shows_opening: bool,
    for_any_server: bool,
}

impl Scene {
    /// A scene that plays the same live, and prints all that is said.
    pub fn new<F>(
        name: &'static str,
        title: &'static str,
        server: fn() -> Router,
        client: fn(Network) -> F,
    ) -> Self
    where
        F: Future<Output = Outcome> + 'static,
    {
        Self {
            name,
            title,
            server,
            client: Box::new(move |network| Box::pin(client(network))),
            live: Live::Same,
            elide_after: None,
            shows_opening: false,
            for_any_server: false,
        }
    }

    /// Says how the scene behaves live.
    #[must_use]
    pub fn live(mut self, live: Live) -> Self {
        self.live = live;
        self
    }

    /// Prints lines that differ only in their numbers this often, and counts them from then on.
    #[must_use]
    pub fn elide_after(mut self, lines: usize) -> Self {
        self.elide_after = Some(lines);
        self
    }

    /// Shows, with `--wire`, how the connection itself is opened; other scenes leave that out.
    #[must_use]
    pub fn shows_opening(mut self) -> Self {
        self.shows_opening = true;
        self
    }

    /// The client works against any server of these services: `connect` plays it.
    #[must_use]
    pub fn for_any_server(mut self) -> Self {
        self.for_any_server = true;
        self
    }
}

/// A lesson: what its program does for each command.
pub struct Lesson {
    stem: &'static str,
    title: &'static str,
    scenes: Vec<Scene>,
    services: &'static [&'static str],
    server: fn() -> Router,
    mine: Option<fn() -> Router>,
    grpcurl: &'static [&'static str],
    check: fn() -> Check,
}

impl Lesson {
    /// A lesson with the services that it serves (`serve`) and the check of its exercise.
    ///
    /// `stem` is the name that folder, chapter, solution and snapshots share.
    pub fn new(
        stem: &'static str,
        title: &'static str,
        services: &'static [&'static str],
        server: fn() -> Router,
        check: fn() -> Check,
    ) -> Self {
        Self {
            stem,
            title,
            scenes: Vec::new(),
            services,
            server,
            mine: None,
            grpcurl: &[],
            check,
        }
    }

    /// Adds a scene; they are played in the order in which they are added.
    #[must_use]
    pub fn scene(mut self, scene: Scene) -> Self {
        self.scenes.push(scene);
        self
    }

    /// The services with the student's exercise in them (`serve --mine`).
    #[must_use]
    pub fn mine(mut self, server: fn() -> Router) -> Self {
        self.mine = Some(server);
        self
    }

    /// What follows `grpcurl -plaintext` in the lines that `serve` suggests; `ADDR` stands for the
    /// address.
    #[must_use]
    pub fn grpcurl(mut self, lines: &'static [&'static str]) -> Self {
        self.grpcurl = lines;
        self
    }

    /// The number in the stem: "04" of "04_bidi_streaming".
    fn number(&self) -> &'static str {
        self.stem
            .split_once('_')
            .map_or(self.stem, |(number, _)| number)
    }
}
