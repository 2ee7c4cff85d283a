//! What every lesson program is: scenes to play, services to serve, an exercise to check.
//!
//! `cli` reads the command line and calls `play` (the lab), `live` (loopback TCP), `connect`
//! (servers elsewhere) or `serve`. A [`Scene`] is a cast of hosts; what happens is told to a
//! `Reporter`, which shows it as text or JSON.

mod cli;
mod connect;
mod failure;
mod live;
mod network;
mod panics;
mod play;
mod reporter;
mod scene;
mod serve;
mod standard_services;
mod tcp;

use tonic::transport::server::Router;

pub use failure::{Failure, Outcome};
pub use network::{Listener, Network, ReadWrite, Stream};
pub use scene::{HostRouter, Live, Scene};
pub use tcp::Signal;

use scene::Server;

use crate::grade::Check;
use crate::lab::{SERVER, ServerLayer};
use crate::wire::Speaks;

/// A lesson: what its program does for each command.
pub struct Lesson {
    stem: &'static str,
    title: &'static str,
    scenes: Vec<Scene>,
    services: &'static [&'static str],
    servers: Vec<Server>,
    mine: Option<fn() -> Router>,
    grpcurl: &'static [&'static str],
    also_try: &'static [&'static str],
    check: fn() -> Check,
    speaks: Option<Speaks>,
    commands: Vec<(clap::Command, RunCommand)>,
}

/// What a command of a lesson's own does.
type RunCommand = fn(&clap::ArgMatches) -> Outcome;

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
            servers: vec![Server::new(SERVER.to_owned(), move |_| server())],
            mine: None,
            grpcurl: &[],
            also_try: &[],
            check,
            speaks: None,
            commands: Vec::new(),
        }
    }

    /// A lesson whose programs speak another protocol than gRPC. `serve` runs `program`, and suggests no
    /// grpcurl lines, because grpcurl cannot call it; the scenes' frames are read by `speaks`.
    pub fn without_grpc<F>(
        stem: &'static str,
        title: &'static str,
        speaks: Speaks,
        program: fn(Network, Listener, Signal) -> F,
        check: fn() -> Check,
    ) -> Self
    where
        F: Future<Output = ()> + Send + 'static,
    {
        Self {
            stem,
            title,
            scenes: Vec::new(),
            services: &[],
            servers: vec![Server::program(SERVER.to_owned(), program)],
            mine: None,
            grpcurl: &[],
            also_try: &[],
            check,
            speaks: Some(speaks),
            commands: Vec::new(),
        }
    }

    /// What reads the frames of connections that do not begin as HTTP/2 does. Add the scenes after it.
    #[must_use]
    pub fn also_speaks(mut self, speaks: Speaks) -> Self {
        self.speaks = Some(speaks);
        self
    }

    /// Adds a command of the lesson's own beside `serve` and `connect`: what it teaches, as a program
    /// to use.
    #[must_use]
    pub fn command(
        mut self,
        command: clap::Command,
        run: fn(&clap::ArgMatches) -> Outcome,
    ) -> Self {
        self.commands.push((command, run));
        self
    }

    /// Adds a scene; they are played in the order in which they are added.
    #[must_use]
    pub fn scene(mut self, mut scene: Scene) -> Self {
        scene.speaks = self.speaks;
        self.scenes.push(scene);
        self
    }

    /// What `serve` serves instead, for services that are told when their server ends
    /// ([`Network::shutdown`]), and for a router with layers.
    #[must_use]
    pub fn served_by<L: ServerLayer>(mut self, router: fn(&Network) -> Router<L>) -> Self {
        self.servers[0] = Server::new(SERVER.to_owned(), router);
        self
    }

    /// Another server that `serve` runs beside the first, for lessons with several.
    #[must_use]
    pub fn also_serves(
        mut self,
        host: impl Into<String>,
        router: fn(&Network) -> HostRouter,
    ) -> Self {
        self.servers.push(Server::new(host.into(), router));
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

    /// Other lines that `serve` suggests, behind those of grpcurl: programs that a lesson brings along. `ADDR`
    /// stands for the address.
    #[must_use]
    pub fn also_try(mut self, lines: &'static [&'static str]) -> Self {
        self.also_try = lines;
        self
    }

    /// The number in the stem: "04" of "04_bidi_streaming".
    fn number(&self) -> &'static str {
        self.stem
            .split_once('_')
            .map_or(self.stem, |(number, _)| number)
    }
}
