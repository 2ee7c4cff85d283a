//! What can go wrong with a lesson, in one line that says what to do.

use std::error::Error as StdError;
use std::fmt;
use std::io;

use tonic::{Code, Status};

/// What a scene's client returns.
pub type Outcome = Result<(), Failure>;

/// Why a lesson's program ends with another exit code than 0.
#[derive(Debug)]
pub enum Failure {
    /// The command line makes no sense; exit code 2.
    Usage(String),
    /// A call ended with a status that the lesson did not ask for.
    Call(Box<Status>),
    /// No connection.
    Connect(tonic::transport::Error),
    /// Anything else, as a sentence.
    Other(String),
    /// The check has said all there is to say.
    Findings,
}

impl Failure {
    /// The exit code for a bad command line, as clap's.
    pub(super) const USAGE: u8 = 2;

    pub(super) fn exit_code(&self) -> u8 {
        match self {
            Self::Usage(_) => Self::USAGE,
            _ => 1,
        }
    }

    /// One line on standard error.
    pub(super) fn report(&self) {
        use std::io::Write as _;
        if !matches!(self, Self::Findings) {
            // A closed standard error is no reason to fail in another way.
            let _ = writeln!(anstream::stderr(), "error: {self}");
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Usage(text) | Self::Other(text) => f.write_str(text),
            Self::Call(status) => f.write_str(&call(status)),
            Self::Connect(error) => f.write_str(&connect(error)),
            Self::Findings => f.write_str("the check has findings"),
        }
    }
}

impl From<Status> for Failure {
    fn from(status: Status) -> Self {
        Self::Call(Box::new(status))
    }
}

impl From<tonic::transport::Error> for Failure {
    fn from(error: tonic::transport::Error) -> Self {
        Self::Connect(error)
    }
}

fn call(status: &Status) -> String {
    let what = match status.code() {
        Code::Unimplemented => "the server does not offer this method",
        Code::Unavailable => "the server is not there any more, or not yet",
        Code::DeadlineExceeded => "the call took longer than it may",
        Code::Unauthenticated | Code::PermissionDenied => "the server does not let us",
        _ => "the call failed",
    };
    let name = crate::wire::status_code(&i32::from(status.code()).to_string());
    let mut text = format!("{what}: {name}");
    if !status.message().is_empty() {
        text.push_str(": ");
        text.push_str(&status.message().escape_debug().to_string());
    }
    // A status with a cause was made on this side: no peer has sent it.
    if let Some(cause) = innermost(status) {
        if cause != status.message() {
            text.push_str(&format!(" ({cause})"));
        }
        text.push_str(". Is this a gRPC server?");
    }
    text
}

fn connect(error: &tonic::transport::Error) -> String {
    let refused = causes(error).any(|cause| {
        cause
            .downcast_ref::<io::Error>()
            .is_some_and(|error| error.kind() == io::ErrorKind::ConnectionRefused)
    });
    if refused {
        return format!(
            "nothing listens there. Start a server first, for example with \
             `cargo run --bin {} -- serve`.",
            program()
        );
    }
    let cause = innermost(error).unwrap_or_else(|| error.to_string());
    format!("no connection: {cause}. Are host and port right?")
}

/// The name of this lesson's program.
fn program() -> String {
    let path = std::env::current_exe().unwrap_or_default();
    path.file_stem().map_or_else(
        || "lesson01".to_owned(),
        |stem| stem.to_string_lossy().into_owned(),
    )
}

fn causes<'a>(
    error: &'a (dyn StdError + 'static),
) -> impl Iterator<Item = &'a (dyn StdError + 'static)> {
    let mut next = Some(error);
    std::iter::from_fn(move || {
        let error = next?;
        next = error.source();
        Some(error)
    })
}

fn innermost(error: &(dyn StdError + 'static)) -> Option<String> {
    causes(error).skip(1).last().map(ToString::to_string)
}
