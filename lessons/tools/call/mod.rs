//! `call`: a small grpcurl. All it knows of a service comes from the server's reflection.
//!
//! It is for students who cannot install the real one, and for the tests: it takes the same words
//! (`list`, calls, and some of its flags) and prints what the real one prints.

mod arguments;
mod dynamic;
mod invoke;
mod printing;
pub(crate) mod reflection;
mod requests;
mod unconnected;
mod words;

use std::io::{Read, Write};

use tokio::time::timeout;
use tonic::transport::Endpoint;
use tonic::{Code, Status};

use arguments::Arguments;

/// The exit code for words that make no sense.
const USAGE: u8 = 2;
/// The exit code when there was no call.
const NO_CALL: u8 = 1;
/// The exit code of a call that failed is this much more than its status code.
const STATUS: u8 = 64;

/// Does what grpcurl does with these words, which are those behind the program's name. Returns the
/// exit code.
///
/// `stdin` is where `-d @` reads from: message by message, as the call goes on.
pub fn run(
    words: &[String],
    stdin: impl Read + Send + 'static,
    out: &mut dyn Write,
    err: &mut dyn Write,
) -> u8 {
    let (text, code) = match Arguments::parse(words) {
        Ok(arguments) => match on_a_runtime(&arguments, stdin, out) {
            Ok(()) => return 0,
            Err(Failed::Words(text)) => (format!("{text}\n"), USAGE),
            Err(Failed::Before(text)) => (text + "\n", NO_CALL),
            Err(Failed::Call(status)) => (words::error(&status), STATUS + code(&status)),
            Err(Failed::OutputClosed) => return NO_CALL,
        },
        Err(text) => (text + "\n", USAGE),
    };
    // Where standard error is closed, the exit code is all that can be told.
    let _ = err.write_all(text.as_bytes());
    code
}

/// Why a run did not end well.
enum Failed {
    /// The words make no sense.
    Words(&'static str),
    /// There was no call: what to print.
    Before(String),
    /// The call ended with this status.
    Call(Status),
    /// Standard output is closed.
    OutputClosed,
}

fn on_a_runtime(
    arguments: &Arguments,
    stdin: impl Read + Send + 'static,
    out: &mut dyn Write,
) -> Result<(), Failed> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| Failed::Before(format!("no runtime: {error}")))?;
    runtime.block_on(async {
        let work = execute(arguments, stdin, out);
        let Some(limit) = arguments.max_time else {
            return work.await;
        };
        // Dropped with the call when the time is up, as the real one cancels its context.
        timeout(limit, work).await.unwrap_or_else(|_| {
            let status = Status::new(Code::DeadlineExceeded, "context deadline exceeded");
            Err(Failed::Call(status))
        })
    })
}

async fn execute(
    arguments: &Arguments,
    stdin: impl Read + Send + 'static,
    out: &mut dyn Write,
) -> Result<(), Failed> {
    let [addr, rest @ ..] = arguments.rest.as_slice() else {
        return Err(Failed::Words("Too few arguments."));
    };
    let cannot_dial =
        |why: String| Failed::Before(format!("Failed to dial target host \"{addr}\": {why}"));
    let channel = Endpoint::from_shared(format!("http://{addr}"))
        .map_err(|error| cannot_dial(error.to_string()))?
        .connect()
        .await
        .map_err(|error| cannot_dial(unconnected::why(addr, &error)))?;
    match rest {
        [verb] if verb == "list" => {
            let names = reflection::services(channel).await.map_err(Failed::Call)?;
            print_lines(out, &names)
        }
        [verb, service] if verb == "list" => {
            let descriptor = reflection::service(channel, service).await.map_err(|_| {
                Failed::Before(format!(
                    "Failed to list methods for service \"{service}\": Service not found: {service}"
                ))
            })?;
            let mut methods: Vec<String> = descriptor
                .methods()
                .map(|method| method.full_name().to_owned())
                .collect();
            methods.sort();
            print_lines(out, &methods)
        }
        [verb, ..] if verb == "describe" => {
            Err(Failed::Words("Only the real grpcurl has describe."))
        }
        [method] => invoke::invoke(channel, method, arguments, stdin, out).await,
        [] => Err(Failed::Words("Too few arguments.")),
        _ => Err(Failed::Words("Too many arguments.")),
    }
}

fn print_lines(out: &mut dyn Write, lines: &[String]) -> Result<(), Failed> {
    for line in lines {
        print(out, line)?;
    }
    Ok(())
}

/// A line that is seen at once: a stream may pause before the next.
fn print(out: &mut dyn Write, line: &str) -> Result<(), Failed> {
    writeln!(out, "{line}")
        .and_then(|()| out.flush())
        .map_err(|_| Failed::OutputClosed)
}

fn code(status: &Status) -> u8 {
    // There are 17 of them, 0 to 16.
    u8::try_from(i32::from(status.code())).unwrap_or(u8::MAX - STATUS)
}
