//! The command line.

use std::process::ExitCode;
use std::time::Duration;

use clap::Parser;
use tonic::transport::Endpoint;

/// The exit code of a command line that cannot be carried out.
const USAGE: u8 = 2;
/// How long a connection may take, and how a dead one is found.
const CONNECT: Duration = Duration::from_secs(5);
const KEEPALIVE: (Duration, Duration) = (Duration::from_secs(10), Duration::from_secs(5));

/// Talk in a room of `lesson23 serve`
#[derive(Debug, Clone, Parser)]
#[command(
    name = "chat",
    after_help = "/who lists who is there, /quit, Ctrl-C and Ctrl-D leave."
)]
struct Words {
    /// The room
    #[arg(long, default_value = "lobby", value_parser = name)]
    room: String,
    /// Your name
    #[arg(long = "as", value_parser = name)]
    name: String,
    /// The server
    #[arg(value_name = "URL", default_value = "http://127.0.0.1:50051", value_parser = endpoint)]
    endpoint: Endpoint,
}

/// Where to talk, and as whom.
#[derive(Debug, Clone)]
pub struct Arguments {
    pub room: String,
    pub name: String,
    pub endpoint: Endpoint,
}

impl Arguments {
    /// Reads them; otherwise the exit code, after the reason has been printed.
    pub fn read() -> Result<Self, ExitCode> {
        match Words::try_parse() {
            Ok(Words {
                room,
                name,
                endpoint,
            }) => Ok(Self {
                room,
                name,
                endpoint,
            }),
            Err(error) => {
                // Where the output is closed, the exit code is all that can be told.
                let _ = error.print();
                Err(ExitCode::from(if error.use_stderr() { USAGE } else { 0 }))
            }
        }
    }
}

fn name(text: &str) -> Result<String, String> {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
    if (1..=32).contains(&text.len()) && text.bytes().all(allowed) {
        return Ok(text.to_owned());
    }
    Err("1 to 32 letters, digits, - and _".to_owned())
}

fn endpoint(text: &str) -> Result<Endpoint, String> {
    let is_complete = |endpoint: &Endpoint| {
        let uri = endpoint.uri();
        uri.scheme_str() == Some("http") && uri.port_u16().is_some()
    };
    let endpoint = Endpoint::from_shared(text.to_owned())
        .ok()
        .filter(is_complete);
    let example = "give the server as http://host:port, for example http://127.0.0.1:50051";
    let endpoint = endpoint.ok_or_else(|| example.to_owned())?;
    Ok(endpoint
        .connect_timeout(CONNECT)
        .http2_keep_alive_interval(KEEPALIVE.0)
        .keep_alive_timeout(KEEPALIVE.1))
}
