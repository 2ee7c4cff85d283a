//! The tables that the book includes, compared with the run or written by it.

use std::collections::BTreeSet;
use std::env;
use std::fs;
use std::io::{self, BufRead as _, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};

use super::proxies::Running;

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/snapshots/proxies");
/// The header of insta's snapshots: the book includes what is below it.
const HEADER: &str = "---\nsource: .ci/proxies\n---\n";

/// A table of the book.
pub struct Table {
    name: &'static str,
    text: String,
}

impl Table {
    pub fn new<H: ToString>(name: &'static str, head: &[H], rows: Vec<Vec<String>>) -> Self {
        let head: Vec<String> = head.iter().map(ToString::to_string).collect();
        let rule = vec!["---".to_owned(); head.len()];
        let lines = [head, rule].into_iter().chain(rows);
        let text = lines
            .map(|cells| format!("| {} |\n", cells.join(" | ")))
            .collect();
        Self { name, text }
    }
}

/// Writes the tables, or says how they differ from those that the book has; whether all is well. With other
/// versions than the book's a difference is news, and no fault.
pub fn settle(tables: Vec<Table>, accept: bool) -> io::Result<bool> {
    let mut is_well = true;
    for Table { name, text } in tables {
        let path = Path::new(FOLDER).join(format!("{name}.snap"));
        if accept {
            fs::create_dir_all(FOLDER)?;
            fs::write(path, format!("{HEADER}{text}"))?;
            continue;
        }
        let known = fs::read_to_string(&path).unwrap_or_default();
        let known = known.strip_prefix(HEADER).unwrap_or_default();
        if known != text {
            let same_versions = versions(known) == versions(&text);
            is_well &= !same_versions;
            println!("tests/snapshots/proxies/{name}.snap:");
            differ('-', known, &text);
            differ('+', &text, known);
        }
    }
    Ok(is_well)
}

/// The versions of the proxies in a table: the words after their names.
fn versions(table: &str) -> BTreeSet<(&str, &str)> {
    let words: Vec<&str> = table.split([' ', ',', '\n']).collect();
    let pairs = words.windows(2).map(|pair| (pair[0], pair[1]));
    pairs
        .filter(|(name, _)| ["nginx", "haproxy"].contains(name))
        .collect()
}

/// Prints the lines of one that are not in the other.
fn differ(sign: char, one: &str, other: &str) {
    for line in one
        .lines()
        .filter(|line| !other.lines().any(|known| known == *line))
    {
        println!("{sign}{line}");
    }
}

/// The version of tonic, from the lock file.
pub fn tonic() -> io::Result<String> {
    let lock = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.lock"))?;
    let behind = lock.split_once("name = \"tonic\"\nversion = \"");
    let version = behind.and_then(|(_, rest)| rest.split('"').next());
    version
        .map(str::to_owned)
        .ok_or_else(|| io::Error::other("Cargo.lock has no tonic"))
}

/// grpcio's server of `.ci/peers`, its port and its version.
pub fn python_server() -> io::Result<(Running, u16, String)> {
    let python = env::var("PROXIES_PYTHON").map_err(io::Error::other)?;
    let version = Command::new(&python)
        .args(["-c", "import grpc; print(grpc.__version__)"])
        .output()?;
    let version = String::from_utf8_lossy(&version.stdout).trim().to_owned();
    let server = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/.ci/peers_play/python/server.py"
    );
    let mut child = Command::new(python)
        .arg(server)
        // It stops at a line, or at the end of its input.
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .env("GRPC_VERBOSITY", "NONE")
        .spawn()?;
    let said = child.stdout.take().map(BufReader::new);
    let running = Running(child);
    let mut address = String::new();
    if let Some(mut said) = said {
        said.read_line(&mut address)?;
    }
    let port = address
        .trim()
        .rsplit_once(':')
        .and_then(|(_, port)| port.parse().ok());
    let port = port.ok_or_else(|| io::Error::other("grpcio's server says no address"))?;
    Ok((running, port, version))
}
