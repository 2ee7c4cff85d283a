//! A small grpcurl: it knows nothing of the services but what reflection tells it.
//!
//! It stands in for the real one where that is not installed, and prints what the real one prints
//! (its flags `-plaintext -d -d @ -H -max-time -emit-defaults`, `list`, and calls).

mod call;
mod dynamic;
mod reflection;
mod words;

use std::time::Duration;

use tokio::time::timeout;
use tonic::transport::Endpoint;
use tonic::{Code, Status};

pub use words::split_words;

/// What a run printed, and its exit code.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Printed {
    /// Standard output and standard error, as a terminal shows them.
    pub text: String,
    /// 0, 1 when there was no call, or 64 plus the status code.
    pub code: i32,
}

/// The flags and arguments of one command line.
#[derive(Debug, Default)]
struct Arguments {
    data: Option<String>,
    headers: Vec<(String, String)>,
    max_time: Option<Duration>,
    emit_defaults: bool,
    rest: Vec<String>,
}

/// Runs `grpcurl` with these words, the first of them behind the program's name.
pub fn run(words: &[String], stdin: &str) -> Printed {
    let arguments = match parse(words, stdin) {
        Ok(arguments) => arguments,
        Err(text) => return Printed { text, code: 2 },
    };
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("the system gives us a runtime");
    runtime.block_on(async {
        let mut printed = Printed::default();
        // Dropped with the call when the time is up, as the real one cancels its context.
        let done = match arguments.max_time {
            None => obey(&arguments, &mut printed).await,
            Some(limit) => match timeout(limit, obey(&arguments, &mut printed)).await {
                Ok(done) => done,
                Err(_) => Err(Failed::Call(Status::new(
                    Code::DeadlineExceeded,
                    "context deadline exceeded",
                ))),
            },
        };
        match done {
            Ok(()) => {}
            Err(Failed::Before(text)) => {
                printed.text.push_str(&text);
                printed.text.push('\n');
                printed.code = 1;
            }
            Err(Failed::Call(status)) => {
                printed.text.push_str(&words::error(&status));
                printed.code = 64 + i32::from(status.code());
            }
        }
        printed
    })
}

/// Why a run did not end well.
enum Failed {
    /// There was no call: what to print.
    Before(String),
    /// The call ended with this status.
    Call(Status),
}

async fn obey(arguments: &Arguments, printed: &mut Printed) -> Result<(), Failed> {
    let [addr, rest @ ..] = arguments.rest.as_slice() else {
        return Err(Failed::Before("Too few arguments.".to_owned()));
    };
    let cannot_dial =
        |why: String| Failed::Before(format!("Failed to dial target host \"{addr}\": {why}"));
    let channel = Endpoint::from_shared(format!("http://{addr}"))
        .map_err(|error| cannot_dial(error.to_string()))?
        .connect()
        .await
        .map_err(|_| cannot_dial("context deadline exceeded".to_owned()))?;
    match rest {
        [verb] if verb == "list" => {
            for name in reflection::services(channel).await.map_err(Failed::Call)? {
                printed.text.push_str(&format!("{name}\n"));
            }
            Ok(())
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
            for method in methods {
                printed.text.push_str(&format!("{method}\n"));
            }
            Ok(())
        }
        [method] => call::invoke(channel, method, arguments, printed).await,
        _ => Err(Failed::Before("Too many arguments.".to_owned())),
    }
}

fn parse(words: &[String], stdin: &str) -> Result<Arguments, String> {
    let mut arguments = Arguments::default();
    let mut words = words.iter();
    let mut plaintext = false;
    while let Some(word) = words.next() {
        let mut value = || {
            words
                .next()
                .cloned()
                .ok_or_else(|| format!("{word} needs a value"))
        };
        match word.as_str() {
            "-plaintext" => plaintext = true,
            "-emit-defaults" => arguments.emit_defaults = true,
            "-d" => {
                let data = value()?;
                arguments.data = Some(if data == "@" { stdin.to_owned() } else { data });
            }
            "-H" => {
                let header = value()?;
                let (name, value) = header.split_once(':').ok_or("-H wants name: value")?;
                arguments
                    .headers
                    .push((name.trim().to_lowercase(), value.trim().to_owned()));
            }
            "-max-time" => {
                let seconds = value()?.parse().map_err(|_| "-max-time wants seconds")?;
                arguments.max_time = Some(Duration::from_secs_f64(seconds));
            }
            flag if flag.starts_with('-') => return Err(format!("{flag} is for the real grpcurl")),
            _ => arguments.rest.push(word.clone()),
        }
    }
    // A list's address comes after flags and before the verb; a call's before its method.
    if plaintext {
        Ok(arguments)
    } else {
        Err("only -plaintext is spoken here".to_owned())
    }
}
