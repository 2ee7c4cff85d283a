//! `cargo run -q -- chat --room lobby --as ada http://127.0.0.1:50051`: a room in a terminal.
//!
//! The network is a thread of its own with the client of lesson 23, and the main thread waits for what is
//! typed. Without a terminal it reads lines from standard input, says them, and leaves at their end.

mod arguments;
mod people;
mod printed;
mod typed;

#[path = "../jitter.rs"]
mod jitter;
#[path = "../place.rs"]
mod place;
#[path = "../session.rs"]
mod session;

use std::io::{self, IsTerminal as _};
use std::process::ExitCode;
use std::sync::mpsc::RecvTimeoutError;
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use tokio::sync::mpsc;
use tonic::Status;

use arguments::Arguments;
use jitter::Jitter;
use people::People;
use printed::Output;
use session::Session;
use typed::{Editor, read_plainly};

/// Lines that were typed and not said yet. The client says four a second.
const LINES: usize = 64;

/// Leaving takes longer than this only when the server does not answer.
const A_MOMENT: Duration = Duration::from_secs(1);

fn main() -> ExitCode {
    let arguments = match Arguments::read() {
        Ok(arguments) => arguments,
        Err(code) => return code,
    };
    match chat(&arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(problem) => {
            anstream::eprintln!("error: {problem}");
            ExitCode::FAILURE
        }
    }
}

/// Types and talks until one of the two ends.
fn chat(arguments: &Arguments) -> Result<(), String> {
    let people = Arc::new(Mutex::new(People::default()));
    let (lines, says) = mpsc::channel(LINES);
    let ended = if io::stdin().is_terminal() && io::stdout().is_terminal() {
        let mut editor = Editor::new(&arguments.name)?;
        let output = Output::above_the_line(editor.printer()?, &arguments.name);
        let (of_network, heard) = (arguments.clone(), Arc::clone(&people));
        let (done, is_done) = std::sync::mpsc::channel();
        let talking = thread::Builder::new()
            .name("network".to_owned())
            .spawn(move || {
                let ended = talk(&of_network, says, output, &heard);
                // Fails when the main thread waits no more.
                let _ = done.send(());
                ended
            });
        let talking = talking.map_err(|error| format!("no thread for the network: {error}"))?;
        editor.until_the_end(&lines, &people)?;
        // Closes the queue: what is in it is said, and then the client leaves.
        drop(lines);
        if let Err(RecvTimeoutError::Timeout) = is_done.recv_timeout(A_MOMENT) {
            println!("* leaves when what you typed has been said; Ctrl-C ends at once");
        }
        let ended = talking.join();
        ended.map_err(|_| "the network's thread has panicked".to_owned())?
    } else {
        read_plainly(lines, Arc::clone(&people));
        talk(arguments, says, Output::plain(), &people)
    };
    ended.map_err(|status| printed::reason(&status))
}

/// Stays in the room until the queue is closed.
fn talk(
    arguments: &Arguments,
    mut says: mpsc::Receiver<String>,
    mut output: Output,
    people: &Mutex<People>,
) -> Result<(), Status> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| Status::internal(format!("no runtime: {error}")))?;
    let ended = runtime.block_on(async {
        // Connects with its first call: a server that is not there yet is called again.
        let channel = arguments.endpoint.connect_lazy();
        let (room, name) = (&arguments.room, &arguments.name);
        let mut session = Session::new(channel, room, name, Jitter::new(None), true);
        let hears = |heard| {
            people::heard(people, &heard);
            output.prints(&heard);
        };
        session.stay(&mut says, hears).await
    });
    if let Err(status) = &ended {
        output.ends(status);
    }
    ended
}
