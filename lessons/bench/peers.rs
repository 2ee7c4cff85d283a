//! Servers in other languages, beside tonic's: of the programs in `peers/`, or at an address.

use std::env;
use std::error::Error;
use std::path::{Path, PathBuf};
use std::rc::Rc;

use tokio::process::Command;

use crate::messages::Sample;
use crate::target::{Target, connect};
use crate::words::Words;

/// The peer that is fast enough to get as many messages as tonic, and that has a client here.
pub const GRPC_GO: &str = "grpc-go";

const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../..");

/// The servers that were asked for.
///
/// # Errors
/// When one is not installed, or none answers at an address; the sentence says what to do.
pub async fn of(words: &Words) -> Result<Vec<Rc<Target>>, Box<dyn Error>> {
    let mut peers = Vec::new();
    for name in &words.peers {
        peers.push(Rc::new(start(name).await?));
    }
    for address in &words.addresses {
        connect(address).await?;
        peers.push(Rc::new(Target::at(address)));
    }
    Ok(peers)
}

/// A new server of that name.
///
/// # Errors
/// When there is no such peer, or it is not installed; the sentence says what to do.
pub async fn start(name: &str) -> Result<Target, Box<dyn Error>> {
    let command = match name {
        "grpcio" => python()?,
        "grpc-js" => node()?,
        GRPC_GO => go()?,
        other => {
            return Err(format!("{other} is no peer: grpcio, grpc-js and {GRPC_GO} are").into());
        }
    };
    let failed = |error| {
        format!(
            "the {name} server did not start: {error}. Run .ci/peers once, which installs what it needs"
        )
    };
    Ok(Target::peer(name, command).await.map_err(failed)?)
}

/// One sample of a client in Go, against that server.
pub async fn sample_in_go(way: &str, count: i32, address: &str) -> Sample {
    let said = said_in_go(&["measure", way, &count.to_string(), address]).await?;
    Ok(said.parse()?)
}

/// The peers whose version is not pinned by a file of ours, with it.
///
/// # Errors
/// When the program does not say it.
pub async fn versions(words: &Words) -> Result<Vec<String>, Box<dyn Error>> {
    if !words.peers.iter().any(|name| name == GRPC_GO) {
        return Ok(Vec::new());
    }
    let version = said_in_go(&["version"]).await?;
    Ok(vec![format!("{GRPC_GO} {version}")])
}

/// What the program in Go prints.
async fn said_in_go(words: &[&str]) -> Result<String, Box<dyn Error>> {
    let ran = go()?.args(words).kill_on_drop(true).output().await?;
    if !ran.status.success() {
        return Err(String::from_utf8_lossy(&ran.stderr).into());
    }
    Ok(String::from_utf8(ran.stdout)?.trim().to_owned())
}

fn target() -> PathBuf {
    let set = env::var_os("CARGO_TARGET_DIR").map(PathBuf::from);
    set.unwrap_or_else(|| Path::new(ROOT).join("target"))
}

fn python() -> Result<Command, Box<dyn Error>> {
    let python = target().join("peers/venv/bin/python");
    if !python.exists() {
        return Err("grpcio is not installed: .ci/peers installs it below target/peers".into());
    }
    let mut command = Command::new(python);
    command.arg(concat!(env!("CARGO_MANIFEST_DIR"), "/peers/server.py"));
    command.env("PYTHONDONTWRITEBYTECODE", "1");
    Ok(command)
}

fn node() -> Result<Command, Box<dyn Error>> {
    let modules = Path::new(ROOT).join(".ci/peers_play/node/node_modules");
    if !modules.exists() {
        return Err(
            "grpc-js is not installed: .ci/peers installs it in .ci/peers_play/node".into(),
        );
    }
    let mut command = Command::new("node");
    command.arg(Path::new(ROOT).join(".ci/peers_play/node/bench.mjs"));
    Ok(command)
}

fn go() -> Result<Command, Box<dyn Error>> {
    let server = target().join("peers/go/bench");
    if !server.exists() {
        return Err("grpc-go is not built: .ci/peers does it, where apt has grpc-go".into());
    }
    Ok(Command::new(server))
}
