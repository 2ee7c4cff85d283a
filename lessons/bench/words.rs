//! The command line.

use std::error::Error;

/// What to do when the words make no sense.
pub const USAGE: &str = "\
cargo bench [-- WORDS]

  --quick              few samples, under a minute
  --only NAME          one group alone; may be repeated (--list names them)
  --peer grpcio        a server in Python beside tonic's, from lessons/bench/peers
  --peer grpc-js       a server in Node
  --peer grpc-go       a server in Go
  --peer-addr ADDRESS  a server with the same protos that listens at HOST:PORT
  --accept             writes the ratios that the book includes
  --list               names the groups";

/// What was asked for.
#[derive(Debug, Clone, Default)]
pub struct Words {
    pub quick: bool,
    pub only: Vec<String>,
    pub peers: Vec<String>,
    pub addresses: Vec<String>,
    pub accept: bool,
    pub list: bool,
}

impl Words {
    /// # Errors
    /// When a word is unknown, or its value is missing.
    pub fn parse(words: impl IntoIterator<Item = String>) -> Result<Self, Box<dyn Error>> {
        let mut all = Self::default();
        let mut words = words.into_iter();
        while let Some(word) = words.next() {
            let mut value = || {
                let value = words.next();
                value.ok_or_else(|| format!("{word} needs a value\n\n{USAGE}"))
            };
            match word.as_str() {
                // cargo's own.
                "--bench" => {}
                "--quick" => all.quick = true,
                "--accept" => all.accept = true,
                "--list" => all.list = true,
                "--only" => all.only.push(value()?),
                "--peer" => all.peers.push(value()?),
                "--peer-addr" => all.addresses.push(value()?),
                other => return Err(format!("{other} is unknown\n\n{USAGE}").into()),
            }
        }
        Ok(all)
    }

    /// Whether that group is to be measured.
    pub fn wants(&self, group: &str) -> bool {
        self.only.is_empty() || self.only.iter().any(|name| name == group)
    }
}
