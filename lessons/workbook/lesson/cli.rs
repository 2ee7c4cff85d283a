//! The command line that every lesson has.

use std::net::SocketAddr;
use std::path::Path;
use std::process::ExitCode;

use clap::{Args, CommandFactory as _, FromArgMatches as _, Parser, Subcommand};
use progress::Log;
use tonic::codegen::http::Uri;

use super::reporter::Format;
use super::scene::Server;
use super::{Failure, Lesson, Outcome, Scene, connect, live, play, serve};
use crate::grade::{self, Graded};
use crate::lab::SERVER;

/// What a lesson can be asked for.
#[derive(Parser)]
#[command(args_conflicts_with_subcommands = true, disable_help_subcommand = true)]
struct Arguments {
    #[command(flatten)]
    play: Play,
    #[command(subcommand)]
    command: Option<Command>,
}

/// Playing the lesson's scenes.
#[derive(Args)]
struct Play {
    /// Print the HTTP/2 and gRPC frames between the lines
    #[arg(long)]
    wire: bool,
    /// Print the run's events as JSON, one a line
    #[arg(long, conflicts_with = "wire")]
    json: bool,
    /// Play over loopback TCP and the real clock
    #[arg(long)]
    live: bool,
    /// Play one scene only
    #[arg(long, value_name = "NAME")]
    scene: Option<String>,
}

#[derive(Subcommand)]
enum Command {
    /// Serve the lesson's services, for grpcurl
    Serve {
        /// Where to listen; port 0 is any free port
        #[arg(long, default_value = "127.0.0.1:50051", value_parser = address)]
        addr: SocketAddr,
        /// Serve what this scene serves, faults included
        #[arg(long, value_name = "NAME", conflicts_with = "mine")]
        scene: Option<String>,
        /// Serve my exercise
        #[arg(long)]
        mine: bool,
        /// Print the frames of every connection
        #[arg(long)]
        wire: bool,
        /// Serve nothing: print the lines to type against a server at that address
        #[arg(long, conflicts_with_all = ["scene", "mine", "wire"])]
        lines: bool,
    },
    /// Play the lesson's clients against servers that run elsewhere
    Connect {
        /// The server, for example http://127.0.0.1:50051; one for each server of the scene
        #[arg(required = true, value_name = "URL", value_parser = server_url)]
        urls: Vec<Uri>,
        /// Play one scene only
        #[arg(long, value_name = "NAME")]
        scene: Option<String>,
        /// Print the HTTP/2 and gRPC frames between the lines
        #[arg(long)]
        wire: bool,
        /// Print the run's events as JSON, one a line
        #[arg(long, conflicts_with = "wire")]
        json: bool,
    },
    /// Grade exercise.rs
    Check {
        /// Grade in this very process; the process that was started first watches it
        #[arg(long, hide = true)]
        here: bool,
        /// Report as records, for the runner, which renders them and keeps the verdict
        #[arg(long, hide = true, conflicts_with = "here")]
        records: bool,
    },
}

impl Lesson {
    /// Reads the command line and does what it says. This is a lesson's whole `main`.
    pub fn run(self) -> ExitCode {
        let matches = match self.matches() {
            Ok(matches) => matches,
            Err(error) => {
                // clap prints help to standard output and errors to standard error; where even
                // that is closed there is no reader to tell.
                let _ = error.print();
                return ExitCode::from(if error.use_stderr() {
                    Failure::USAGE
                } else {
                    0
                });
            }
        };
        match self.execute(&matches) {
            Ok(()) => ExitCode::SUCCESS,
            Err(failure) => {
                failure.report();
                ExitCode::from(failure.exit_code())
            }
        }
    }

    fn matches(&self) -> Result<clap::ArgMatches, clap::Error> {
        let scenes: String = self.scenes.iter().map(list_entry).collect();
        let has_mine = self.mine.is_some();
        Arguments::command()
            // Still understood, so that it can be said why it is not there.
            .mut_subcommand("serve", |serve| {
                serve.mut_arg("mine", |mine| mine.hide(!has_mine))
            })
            .name(format!("lesson{}", self.number()))
            .about(format!("Lesson {}: {}", self.number(), self.title))
            .after_help(format!("Scenes:\n{scenes}"))
            .subcommands(self.commands.iter().map(|(command, _)| command.clone()))
            .try_get_matches()
    }

    fn execute(&self, matches: &clap::ArgMatches) -> Outcome {
        if let Some((name, of_command)) = matches.subcommand() {
            let mut own = self.commands.iter();
            let own = own.find(|(command, _)| command.get_name() == name);
            if let Some((_, run)) = own {
                return run(of_command);
            }
        }
        let arguments = Arguments::from_arg_matches(matches)
            .map_err(|error| Failure::Usage(error.to_string()))?;
        match arguments.command {
            None => {
                let Play {
                    wire,
                    json,
                    live,
                    scene,
                } = arguments.play;
                let scenes = self.chosen(scene.as_deref(), |_| true)?;
                if live {
                    live::play(&scenes, format(wire, json))
                } else {
                    play::play(&scenes, format(wire, json))
                }
            }
            Some(Command::Serve {
                addr, lines: true, ..
            }) => serve::lines_only(self, addr),
            Some(Command::Serve {
                addr,
                scene,
                mine,
                wire,
                lines: false,
            }) => {
                let servers = self.served(scene.as_deref(), mine)?;
                serve::serve(self, &servers, addr, wire)
            }
            Some(Command::Connect {
                urls,
                scene,
                wire,
                json,
            }) => {
                let scenes = self.chosen(scene.as_deref(), |scene| scene.for_any_server)?;
                connect::play(&scenes, &urls, format(wire, json))
            }
            Some(Command::Check { here: true, .. }) => graded(grade::here(&(self.check)())),
            Some(Command::Check { records: true, .. }) => {
                graded(grade::in_own_process_as_records().map_err(cannot_be_run)?)
            }
            Some(Command::Check { .. }) => {
                let found = grade::in_own_process(self.stem).map_err(cannot_be_run)?;
                self.note(found);
                graded(found)
            }
        }
    }

    /// Keeps the verdict where the runner finds it. A verdict that cannot be kept is still valid.
    fn note(&self, found: Graded) {
        let log = Log::of(Path::new(env!("CARGO_MANIFEST_DIR")));
        if let Err(error) = log.checked(self.stem, found == Graded::Passed) {
            Failure::Other(format!("your progress is not kept: {error}")).report();
        }
    }

    /// The scene of that name, or all that are `suitable`.
    fn chosen(
        &self,
        name: Option<&str>,
        suitable: impl Fn(&Scene) -> bool,
    ) -> Result<Vec<&Scene>, Failure> {
        let suitable: Vec<&Scene> = self.scenes.iter().filter(|scene| suitable(scene)).collect();
        let Some(name) = name else {
            return Ok(suitable);
        };
        if let Some(scene) = suitable.iter().find(|scene| scene.name() == name) {
            return Ok(vec![*scene]);
        }
        let listed: String = suitable.iter().map(|scene| list_entry(scene)).collect();
        let number = self.number();
        let problem = if self.scenes.iter().any(|scene| scene.name() == name) {
            format!(
                "scene \"{name}\" of lesson{number} needs the server that it brings along. Against any server play"
            )
        } else {
            format!("lesson{number} has no scene \"{name}\". There are")
        };
        Err(Failure::Usage(format!("{problem}:\n{}", listed.trim_end())))
    }

    /// The servers to run: the lesson's, a scene's, or the one with the exercise in it.
    fn served(&self, scene: Option<&str>, mine: bool) -> Result<Vec<Server>, Failure> {
        if mine {
            let mine = self.mine.ok_or_else(|| {
                Failure::Usage(format!(
                    "the exercise of lesson{} is no service: there is nothing of yours to serve.",
                    self.number()
                ))
            })?;
            return Ok(vec![Server::new(SERVER.to_owned(), move |_| mine())]);
        }
        if scene.is_none() {
            return Ok(self.servers.clone());
        }
        let scenes = self.chosen(scene, |_| true)?;
        let servers = scenes.iter().flat_map(|scene| scene.servers());
        let servers: Vec<_> = servers
            .filter(|server| server.speaks_grpc || self.services.is_empty())
            .cloned()
            .collect();
        if servers.is_empty() {
            return Err(Failure::Usage(format!(
                "the server of this scene is a program that ends by itself, and cannot be served alone. Try: cargo run --bin lesson{} -- serve",
                self.number()
            )));
        }
        Ok(servers)
    }
}

fn cannot_be_run(error: std::io::Error) -> Failure {
    Failure::Other(format!("the check cannot be run: {error}"))
}

fn graded(graded: Graded) -> Outcome {
    match graded {
        Graded::Passed => Ok(()),
        Graded::Findings => Err(Failure::Findings),
    }
}

fn format(wire: bool, json: bool) -> Format {
    if json {
        Format::Json
    } else {
        Format::Text { wire }
    }
}

fn list_entry(scene: &Scene) -> String {
    format!("  {:<12} {}\n", scene.head.name, scene.head.title)
}

fn address(text: &str) -> Result<SocketAddr, String> {
    text.parse()
        .map_err(|_| "give an IP address and a port, for example 127.0.0.1:50051".to_owned())
}

fn server_url(text: &str) -> Result<Uri, String> {
    let example = "give the server as http://host:port, for example http://127.0.0.1:50051";
    let url: Uri = text.parse().map_err(|_| example.to_owned())?;
    match (url.scheme_str(), url.port_u16()) {
        (Some("http"), Some(_)) => Ok(url),
        (Some("https"), _) => Err(format!("the lessons speak no TLS; {example}")),
        _ => Err(example.to_owned()),
    }
}
