//! The command line.

use std::fmt;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use clap::error::ErrorKind;
use clap::{CommandFactory as _, Parser};

const EXAMPLES: &str = "\
Let the client connect to the tap instead of its server:

  tap http://127.0.0.1:50051
  tap --only /chat.v1.ChatService/Chat http://127.0.0.1:50051
  tap --quiet --stalled 5s http://127.0.0.1:50051
  tap --proto api/chat.proto http://127.0.0.1:50051
  tap --ca authority.pem https://chat.example.com:443

With https:// there is TLS between the tap and the server. Between the client
and the tap there is none, because the tap could not read it: keep --listen on
this machine. No byte is changed, so :authority has the tap's address unless the
client sets it, as with grpcurl -authority NAME. The server's certificate has to
be for HOST.

Port 0 listens on any free port. A TIME is 500ms, 30s, 2m or 1h.

Exit codes: 0; 1 when the server is not there, its certificate is refused, the
address cannot be listened on, or a file cannot be read; 2 for a bad command
line.

Colour only on a terminal, and never with NO_COLOR.";

/// Stand between any gRPC client and its server, and print the frames that pass
#[derive(Debug, Parser)]
#[command(name = "tap", bin_name = "cargo run -q -- tap", after_help = EXAMPLES)]
pub(super) struct Arguments {
    /// Where the client connects
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:50052")]
    pub listen: SocketAddr,
    /// Print only the calls of this method
    #[arg(long, value_name = "PATH", value_parser = path)]
    pub only: Option<String>,
    /// The events as JSON, one object a line
    #[arg(long)]
    pub json: bool,
    /// No frames: only the diagnosis and the statistics
    #[arg(long)]
    pub quiet: bool,
    /// Diagnose a call after so long a silence
    #[arg(long, value_name = "TIME", default_value = "30s", value_parser = time)]
    pub stalled: Duration,
    /// A .proto file with the types, instead of reflection
    #[arg(long, value_name = "FILE", conflicts_with = "no_reflection")]
    pub proto: Vec<PathBuf>,
    /// A folder in which imports of the files are
    #[arg(long, value_name = "FOLDER", requires = "proto")]
    pub include: Vec<PathBuf>,
    /// Do not ask the server for its types
    #[arg(long)]
    pub no_reflection: bool,
    /// With https://, trust only the authorities in this file
    #[arg(long, value_name = "FILE")]
    pub ca: Option<PathBuf>,
    /// The server: http://HOST:PORT, or https://HOST:PORT
    #[arg(value_name = "SERVER", value_parser = server)]
    pub server: Address,
}

/// Where the server is.
#[derive(Debug, Clone)]
pub(super) struct Address {
    pub host_and_port: String,
    /// Whether it is spoken to over TLS.
    pub is_tls: bool,
}

/// What the transcript's heading says: without a scheme there is no TLS.
impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let scheme = if self.is_tls { "https://" } else { "" };
        write!(f, "{scheme}{}", self.host_and_port)
    }
}

impl Arguments {
    /// What clap cannot see: an option that the address contradicts.
    pub(super) fn checked(self) -> Result<Self, clap::Error> {
        if self.ca.is_some() && !self.server.is_tls {
            let text = "--ca is for a server with TLS. Begin its address with https://";
            return Err(Self::command().error(ErrorKind::ArgumentConflict, text));
        }
        Ok(self)
    }
}

/// A method's path, as `:path` has it.
fn path(text: &str) -> Result<String, String> {
    let path = format!("/{}", text.trim_start_matches('/'));
    match path[1..].split_once('/') {
        Some((service, method)) if !service.is_empty() && !method.is_empty() => Ok(path),
        _ => Err("a method is written /pkg.Service/Method".to_owned()),
    }
}

/// A number and its unit.
fn time(text: &str) -> Result<Duration, String> {
    let advice = || "write a number and its unit: 500ms, 30s, 2m or 1h".to_owned();
    let at = text
        .find(|c: char| !c.is_ascii_digit())
        .ok_or_else(advice)?;
    let (number, unit) = text.split_at(at);
    let number: u64 = number.parse().map_err(|_| advice())?;
    let factor = match unit {
        "ms" => 1,
        "s" => 1_000,
        "m" => 60_000,
        "h" => 3_600_000,
        _ => return Err(advice()),
    };
    match number.checked_mul(factor) {
        Some(0) => Err("it must be longer than nothing".to_owned()),
        Some(milliseconds) => Ok(Duration::from_millis(milliseconds)),
        None => Err(advice()),
    }
}

/// The server's host and port.
fn server(text: &str) -> Result<Address, String> {
    let advice = || "a server is written http://HOST:PORT, or https://HOST:PORT".to_owned();
    let (is_tls, address) = match text.strip_prefix("https://") {
        Some(address) => (true, address),
        None => (false, text.strip_prefix("http://").unwrap_or(text)),
    };
    if is_tls && cfg!(not(feature = "tls")) {
        return Err(format!(
            "this tap was built without TLS. Type: cargo run -q -p workbook-tools --features tls --bin tap -- {text}"
        ));
    }
    let address = address.strip_suffix('/').unwrap_or(address);
    let (host, port) = address.rsplit_once(':').ok_or_else(advice)?;
    let is_host = !host.is_empty() && !host.contains(['/', '@', ' ']);
    match port.parse::<u16>() {
        Ok(1..) if is_host => Ok(Address {
            host_and_port: address.to_owned(),
            is_tls,
        }),
        _ => Err(advice()),
    }
}
