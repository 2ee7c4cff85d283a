//! Servers in other languages, beside tonic's: of the programs in `peers/`, or at an address.

use std::env;
use std::error::Error;
use std::path::{Path, PathBuf};
use std::rc::Rc;

use tokio::process::Command;

use crate::target::{Target, connect};
use crate::words::Words;

const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../..");

/// The servers that were asked for.
///
/// # Errors
/// When one is not installed, or none answers at an address; the sentence says what to do.
pub async fn of(words: &Words) -> Result<Vec<Rc<Target>>, Box<dyn Error>> {
    let mut peers = Vec::new();
    for name in &words.peers {
        let peer = match name.as_str() {
            "grpcio" => Target::peer(name, python()?).await,
            "grpc-js" => Target::peer(name, node()?).await,
            other => return Err(format!("{other} is no peer: grpcio and grpc-js are").into()),
        };
        let failed = |error| {
            format!(
                "the {name} server did not start: {error}. Run .ci/peers once, which installs what it needs"
            )
        };
        peers.push(Rc::new(peer.map_err(failed)?));
    }
    for address in &words.addresses {
        connect(address).await?;
        peers.push(Rc::new(Target::at(address)));
    }
    Ok(peers)
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
